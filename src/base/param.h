/* Input keys. One row of an X-macro states a key once and yields the struct
   member, default, type and range check, help, reference input and HDF5
   attribute.

       #define ISING_KEYS(KEY)                                              \
           KEY(real, J, "1.0", -1e3, 1e3, NULL, "energy", 0, "coupling")    \
           KEY(text, boundary, "periodic", 0, 0, "periodic|open", "", 0, "..")
       PARAM_STRUCT(ising_keys, ISING_KEYS);      struct ising_keys { ... }
       PARAM_TABLE(static, ising_table, "model", ising_keys, ISING_KEYS);

   Types: integer (int64_t), seed (uint64_t), real (double), flag (bool), text
   (char *), integers, reals, texts (lists), points (list of lists). The
   default is libconfig text, for a text key the raw text. least..most bound
   numbers (each element of a list), inclusive; both 0 means no bound. */
#ifndef TEMPERA_BASE_PARAM_H
#define TEMPERA_BASE_PARAM_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct integers { int count; int64_t *at; };
struct reals { int count; double *at; };
struct texts { int count; char **at; };
struct points { int count, width; double *at; }; /* [count][width] */

enum param_type {
    PARAM_integer, PARAM_seed, PARAM_real, PARAM_flag, PARAM_text,
    PARAM_integers, PARAM_reals, PARAM_texts, PARAM_points
};

enum param_flag {
    PARAM_MAY_CHANGE = 1, /* not physics: may differ when a run goes on */
    PARAM_EXPLICIT = 2    /* giving the default is not leaving it out */
};

#define PARAM_C_integer int64_t
#define PARAM_C_seed uint64_t
#define PARAM_C_real double
#define PARAM_C_flag bool
#define PARAM_C_text char *
#define PARAM_C_integers struct integers
#define PARAM_C_reals struct reals
#define PARAM_C_texts struct texts
#define PARAM_C_points struct points

struct param {
    const char *key;
    enum param_type type;
    size_t offset;       /* of the member in the values struct */
    const char *initial; /* default, libconfig text (raw for text keys) */
    double least, most;
    const char *allowed; /* "a|b|c" for texts, or NULL */
    const char *unit;
    unsigned flags;
    const char *doc;
};

struct param_table {
    const char *section;      /* "model" */
    size_t size;              /* of the values struct */
    int count;
    const struct param *rows;
};

#define PARAM_MEMBER(type, name, ...) PARAM_C_##type name;
#define PARAM_STRUCT(tag, KEYS) struct tag { KEYS(PARAM_MEMBER) }
#define PARAM_TABLE(linkage, table, section_, tag, KEYS)                     \
    enum { table##_count = 0 KEYS(PARAM_ONE) };                              \
    static const struct param table##_rows[] = {KEYS(PARAM_ROW_##tag)};      \
    linkage const struct param_table table = {                               \
        .section = section_, .size = sizeof(struct tag),                     \
        .count = table##_count, .rows = table##_rows}
#define PARAM_ONE(...) +1
/* A file defines PARAM_ROW_<tag> as PARAM_ROW(<tag>, ...): see any model. */
#define PARAM_ROW(tag, ptype, name, initial_, least_, most_, allowed_,       \
                  unit_, flags_, doc_)                                       \
    {.key = #name, .type = PARAM_##ptype,                                    \
     .offset = offsetof(struct tag, name), .initial = initial_,              \
     .least = least_, .most = most_, .allowed = allowed_, .unit = unit_,     \
     .flags = flags_, .doc = doc_},

/* The values of one section: those of the common table (or NULL) and of the
   chosen plug-in's own table (or NULL), in blocks laid out as the tables
   say. */
struct section {
    const char *name;
    const struct param_table *table[2];
    void *values[2];
    bool *given[2];     /* was the key in the input? */
    char **where[2];    /* "file:line" of a given key, else NULL */
};

/* All defaults. Tables may be NULL. */
struct section section_new(const char *name,
                           const struct param_table *common,
                           const struct param_table *own);
void section_free(struct section *section);

/* The row of a key and its block (0 or 1), or NULL. */
const struct param *section_find(const struct section *section,
                                 const char *key, int *block);

/* Where a key was given: "file:line", "command line", or "default". */
const char *section_where(const struct section *section, const char *key);
bool section_given(const struct section *section, const char *key);

/* Values by name, for layers that do not know the plug-in's struct (solvers,
   theory). absent is returned when no table has the key. */
double section_real(const struct section *section, const char *key,
                    double absent);
int64_t section_integer(const struct section *section, const char *key,
                        int64_t absent);
uint64_t section_seed(const struct section *section, const char *key,
                      uint64_t absent);
const char *section_text(const struct section *section, const char *key,
                         const char *absent);
/* Is a text key there and this word? */
bool section_is(const struct section *section, const char *key,
                const char *word);
const struct integers *section_integers(const struct section *section,
                                        const char *key);
const struct reals *section_reals(const struct section *section,
                                  const char *key);

/* Address of a value. */
void *section_value(const struct section *section, const char *key);

/* Frees what a value owns (texts, lists) and zeroes it. */
void param_release(const struct param *row, void *value);

/* Bytes of a value. */
size_t param_size(enum param_type type);

/* Reads a libconfig value (of a text key: the raw text) into *value, which
   holds a value already; it is released first. NULL, or a sentence in the
   caller's memory that says what is wrong; then *value is unchanged. */
char *param_parse(const struct param *row, const char *text, void *value);

/* What a key may be: "1 to 100000 sweeps", "adaptive, linear, list", "" when
   anything of its type; owned by the caller. */
char *param_allowed(const struct param *row);

/* Checks range and allowed words of a value; adds messages
   "where: section.key: ..." ("where: key: ..." when section is NULL). */
void param_check(const struct param *row, const char *section,
                 const void *value, const char *where, struct err *err);

/* The value as libconfig text that reads back to the same value (17 digits
   for reals); owned by the caller. */
char *param_print(const struct param *row, const void *value);

/* Text in double quotes with libconfig's escapes; the shortest decimal that
   reads back to the same double, with a point. Owned by the caller. */
char *param_quote(const char *text);
char *param_real(double value);

#endif

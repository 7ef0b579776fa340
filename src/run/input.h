/* The input of a run: libconfig text plus overrides, checked whole.

   Reading order: a pre-scan of the text (integers that do not fit, 1e400,
   mixed arrays such as [1.8, 3] rewritten with the line numbers kept), then
   libconfig, then the tables. A syntax error is reported alone; all semantic
   errors in one pass, each as "file:line: section.key: ...", exit 2. */
#ifndef TEMPERA_RUN_INPUT_H
#define TEMPERA_RUN_INPUT_H
#include "base/err.h"
#include "base/param.h"
#include "run/keys.h"

struct model;
struct dynamics;
struct protocol;

enum input_section {
    INPUT_RUN, INPUT_MODEL, INPUT_DYNAMICS, INPUT_LADDER, INPUT_EXCHANGE,
    INPUT_RECORD, INPUT_CHECKPOINT, INPUT_SECTIONS
};

struct input {
    char *file; /* name as given, for messages */
    struct section section[INPUT_SECTIONS];
    /* into section[].values[0], by name */
    const struct run_keys *run;
    const struct model_keys *model_common;
    const struct dynamics_keys *dynamics_common;
    const struct ladder_keys *ladder;
    const struct exchange_keys *exchange;
    const struct record_keys *record;
    const struct checkpoint_keys *checkpoint;
    const struct model *model;
    const struct dynamics *dynamics;
    const struct protocol *protocol;
};

/* Reads file, applies overrides ("section.key=value"), checks everything,
   the plug-ins' own check and facets included. On error err tells all and
   the result is NULL. */
struct input *input_read(const char *file, char *const *overrides, int count,
                         struct err *err);

/* The text of an input file, owned by the caller; NULL with a message. */
char *input_text(const char *file, struct err *err);

/* The same from text; name stands for the file in messages. */
struct input *input_parse(const char *name, const char *text,
                          char *const *overrides, int count,
                          struct err *err);

/* Only a model section, for solvers: overrides "model.key=value" on
   defaults, or on those of file when not NULL. */
struct input *input_model(const char *file, char *const *overrides,
                          int count, struct err *err);

void input_free(struct input *input);

/* The effective input: every key with its value, text that reads back to
   the same. Owned by the caller. */
char *input_effective(const struct input *input);

/* A physics key whose values differ; texts live during the call. */
struct input_difference {
    const char *section, *key, *where;
    char *now, *then;
    bool now_default, then_default; /* left out, which means more than the
                                       default given */
};
typedef void input_differs_fn(void *context,
                              const struct input_difference *difference);
void input_differ(const struct input *now, const struct input *then,
                  input_differs_fn *each, void *context);

/* The same as messages (exit 2) naming key and both values. */
void input_compare(const struct input *now, const struct input *then,
                   struct err *err);

/* Parses one value of a key from override text (raw for text keys). */
bool input_value(const struct param *row, const char *text,
                 const char *section, const char *where, void *value,
                 struct err *err);

#endif

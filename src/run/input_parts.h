/* Between the files src/run/input*.c only. */
#ifndef TEMPERA_RUN_INPUT_PARTS_H
#define TEMPERA_RUN_INPUT_PARTS_H
#include "run/input.h"

struct config_setting_t;

extern const char *const input_names[INPUT_SECTIONS + 1];
int input_section_named(const char *name); /* or -1 */

/* One pass over an input. */
struct reading {
    const char *name; /* of the file, for messages */
    struct input *input;
    bool model_only;                /* other sections are passed over */
    bool no_plugin[INPUT_SECTIONS]; /* named one that does not exist: its
                                       keys cannot be judged */
    char *where[INPUT_SECTIONS];    /* NULL: the section is not in the file */
    struct texts bad; /* "section.key" with a message already: checks that
                         would only repeat the trouble leave them out */
    struct err *err;
};

void reading_blame(struct reading *r, enum input_section s, const char *key);
bool reading_bad(const struct reading *r, enum input_section s,
                 const char *key);

/* Where a message about a key points: the key, else its section, else the
   file. */
const char *reading_where(const struct reading *r, enum input_section s,
                          const char *key);

/* One section of the tagged tree, one override. */
void reading_group(struct reading *r, const struct config_setting_t *group);
void reading_override(struct reading *r, const char *argument);

/* "section.key=value" in pieces, of which section owns the memory; false when
   it is not of that form. */
struct override { char *section, *key, *text; };
bool override_split(const char *argument, struct override *o);

/* Raw text without one pair of double quotes around it; the caller's. */
char *override_text(const char *text);

/* "a, b, c" of words that end with NULL; the caller's. */
char *input_joined(const char *const *words);

/* What is beyond the grammar of one value: ranges, words, plug-ins, keys
   against keys. Settles defaults that hang on other keys. */
void input_check(struct reading *r);

/* The ladder's share of it. */
void input_check_ladder(struct reading *r);

#endif

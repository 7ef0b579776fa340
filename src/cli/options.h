/* Words after a command, sorted into options, overrides and files. */
#ifndef TEMPERA_CLI_OPTIONS_H
#define TEMPERA_CLI_OPTIONS_H
#include <stdbool.h>

#include "base/err.h"

struct option {
    const char *name;    /* "--json", "-o" */
    bool *flag;          /* set by an option without a value */
    const char **value;  /* set by one with a value: "-o X" or "--time=X" */
};

struct words {
    int files, overrides;
    char **file, **override; /* arrays, free both; not the strings */
};

/* options ends with name NULL. With `overrides` all words but one file are
   "section.key=value"; else all are files. Errors (EXIT_INPUT) go to err. */
struct words options_sort(int argc, char **argv,
                          const struct option *options, bool overrides,
                          struct err *err);
void words_free(struct words *words);

/* Prints err's messages to standard error; returns its code. Frees it. */
int options_fail(struct err *err);

#endif

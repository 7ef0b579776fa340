/* Errors of the user and of the world travel in a struct err to one place
   (main), which prints them and exits. A broken invariant of ours is an
   assert. All semantic errors of an input file are collected in one pass. */
#ifndef TEMPERA_BASE_ERR_H
#define TEMPERA_BASE_ERR_H
#include <stdarg.h>
#include <stdbool.h>

/* The program's exit codes (CONTRACT). */
enum exit_code {
    EXIT_DONE = 0,
    EXIT_OTHER = 1,     /* internal failure; report --strict not ok */
    EXIT_INPUT = 2,     /* usage or input */
    EXIT_DATA = 3,      /* data, checkpoint, disk, locked */
    EXIT_RESUMABLE = 85 /* stopped cleanly, go on with the same command */
};

/* Zero-initialise; release with err_clear. */
struct err {
    int code;   /* 0 = none, else the exit code of the first message */
    int count;  /* messages so far */
    char *text; /* the messages, each ending in '\n'; NULL when none */
};

/* Adds one message "where: text". where is "file:line", a file, a command or
   NULL. Keeps the first code. */
void err_add(struct err *err, int code, const char *where,
             const char *format, ...) __attribute__((format(printf, 4, 5)));

static inline bool err_any(const struct err *err) { return err->count > 0; }

void err_clear(struct err *err);

/* The candidate nearest to word by edit distance, or NULL when none is near.
   candidates ends with NULL. */
const char *err_nearest(const char *word, const char *const *candidates);

/* A word of a file as a message can show it: printable, and cut short. */
struct err_word { char text[32]; };
struct err_word err_show(const char *word);

#endif

/* One `tempera run`: read the input, take the lock, start or go on. */
#ifndef TEMPERA_RUN_SESSION_H
#define TEMPERA_RUN_SESSION_H
#include <stdbool.h>

#include "base/err.h"

struct session {
    const char *file;        /* the input */
    const char *out;         /* OUT.h5 */
    bool restart;
    char *const *overrides;  /* "section.key=value" */
    int count;
    const char *argv;        /* the command, for /provenance */
};

/* Collective; returns the exit code, messages in err (rank 0's count). */
int session_run(const struct session *session, struct err *err);

#endif

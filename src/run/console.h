/* What a run says while it goes: messages and a table row per burn-in round
   on standard error, one live line on a terminal, a line a minute elsewhere;
   OUT.h5.status for `tempera status`. Rank 0 only. */
#ifndef TEMPERA_RUN_CONSOLE_H
#define TEMPERA_RUN_CONSOLE_H
#include "run/engine.h"

struct console {
    char *out, *status;     /* OUT.h5, OUT.h5.status */
    const char *kernel;
    int ranks, threads;
    bool terminal, live;    /* a live line stands on the screen */
    double started;         /* clock_now() at the session's start, */
    uint64_t started_tick;  /* and where the run was */
    double round_started;
    double said, written;   /* last line, last status */
};

struct console *console_new(const char *out, const struct engine *engine,
                            int ranks, int threads);
void console_free(struct console *console);

void console_say(struct console *console, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Before the first burn-in round; after one, before the rungs move. */
void console_heading(struct console *console);
void console_round(struct console *console, const struct engine *engine);

/* As often as you like: line and status when due. state is "running",
   "complete", "stopped" or "failed"; all but "running" are written at
   once. */
void console_progress(struct console *console, const struct engine *engine,
                      const char *state);

#endif

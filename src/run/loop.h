/* The program's heart: sweep, measure, record, exchange, commit. */
#ifndef TEMPERA_RUN_LOOP_H
#define TEMPERA_RUN_LOOP_H
#include "run/console.h"
#include "run/control.h"
#include "run/lock.h"
#include "run/output.h"

struct loop {
    struct engine *engine;
    struct recorder *recorder;
    struct output *output;
    struct control *control;
    struct console *console; /* NULL but on rank 0 */
    struct lock *lock;       /* likewise */
};

/* To the last sweep or to a stop: EXIT_DONE, EXIT_RESUMABLE, or the code in
   err. Collective. */
int loop_run(const struct loop *loop, struct err *err);

#endif

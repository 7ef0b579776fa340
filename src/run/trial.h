/* What a run will take, before it starts: sizes from the input, time from a
   fraction of a second of real sweeps. */
#ifndef TEMPERA_RUN_TRIAL_H
#define TEMPERA_RUN_TRIAL_H
#include "run/engine.h"

struct trial {
    double sweep_seconds;  /* one sweep of all walkers on this process, with
                              exchange; NAN when not tried */
    double run_seconds;    /* the whole run on `ranks` such processes */
    double memory;         /* bytes, all ranks together: */
    double walker;         /* what each walker has of its own, */
    double shared;         /* what those of a rank share, */
    double scratch;        /* and of every thread that moves them */
    double file;           /* bytes of OUT.h5 when it is complete */
    double checkpoint;     /* bytes */
    int64_t groups, words; /* ranks up to `groups` waste nothing; more than
                              `words` have nothing to do */
};

/* The engine was made for one rank; its walkers are moved by the trial.
   Too large a system is not tried. */
struct trial trial_run(struct engine *engine, int ranks, double bytes);

/* Bytes on the heap; `bytes` above: how many more when the engine was made. */
double trial_heap(void);

#endif

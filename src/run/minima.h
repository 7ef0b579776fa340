/* /minima: the distinct states that a quench ended in.

   Two walkers of one sample met the same minimum when f (core/downhill.h)
   differs by at most run.same times max(1, |f|) and no number of the state by
   more than run.same. Images under a symmetry (a rotation, a permutation of
   hidden units) are states of their own. */
#ifndef TEMPERA_RUN_MINIMA_H
#define TEMPERA_RUN_MINIMA_H
#include "io/h5.h"
#include "run/engine.h"

/* Of a run with engine->quench; states[walkers] by rung, as it stops with. */
void minima_put(struct h5 *file, const struct engine *engine,
                const char *states);

/* Disk it takes, at most. */
int64_t minima_bytes(const struct engine *engine);

#endif

/* The lines that model, dynamics and solvers want drawn (core/guide.h). */
#ifndef TEMPERA_RUN_GUIDES_H
#define TEMPERA_RUN_GUIDES_H
#include "io/h5.h"
#include "run/engine.h"

/* /guides/NUMBER at the rungs as they are. Rank 0. */
void guides_put(struct h5 *file, const struct engine *e);

#endif

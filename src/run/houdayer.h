/* Isoenergetic cluster moves (Houdayer, Eur. Phys. J. B 22, 479 (2001)): of
   two copies on one rung of one sample, a connected cluster of the sites where
   they differ changes hands. The sum of their u stays, so the move is always
   accepted; both marginals stay invariant. For glasses on graphs of few
   neighbours, where such clusters do not span the system.

   Configurations travel between ranks for it, packed. A function of the
   states, the seed and the sweep number alone. */
#ifndef TEMPERA_RUN_HOUDAYER_H
#define TEMPERA_RUN_HOUDAYER_H
#include "run/engine.h"

/* One move for every pair of neighbouring copies (0, 1), (2, 3), ... or, at
   odd `step`, (1, 2), (3, 4), ... (0, 1 when there are but two).
   Collective. */
void houdayer_step(struct engine *e, uint64_t step);

/* Packed states of all walkers, on every rank (core/pack.h); owned by the
   caller. Collective. */
char *houdayer_states(const struct engine *e);

#endif

/* Couplings of any model of Ising spins as a struct pairs: graph, sk,
   hopfield, edwards_anderson and long_range have one; ising and curie_weiss
   get one made, for theory alone (rounded to 31 binary digits of the largest
   coupling or field; their sums are not bounded). */
#ifndef TEMPERA_CORE_ISING_PAIRS_H
#define TEMPERA_CORE_ISING_PAIRS_H
#include "core/model.h"

/* NULL when it has such couplings, and not too many to list; else why not
   (static text). */
const char *ising_pairs_refuses(const struct system *system);

/* The system's own, or made: *made is then to be freed with pairs_free. */
const struct pairs *ising_pairs(const struct system *system,
                                struct pairs **made);

#endif

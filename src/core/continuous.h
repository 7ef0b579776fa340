/* Metropolis and reflections on sites of real numbers, for the dynamics that
   share them: the reference of the kernels for continuous sites. */
#ifndef TEMPERA_CORE_CONTINUOUS_H
#define TEMPERA_CORE_CONTINUOUS_H
#include "core/dynamics.h"

/* Proposes with the rung's step, accepts if U < exp(-lambda.du); counts. */
void continuous_attempt(const struct sweep *sweep, int64_t site);
/* The facet's reflection, always accepted: u stays. */
void continuous_reflect(const struct sweep *sweep, int64_t site);

/* A sweep of facet moves, and its work: 0 bytes of other models. */
void continuous_moves(const struct sweep *sweep);
size_t continuous_work(const struct system *system);

/* For first_step and tune of struct dynamics: 0 for a system that has no
   continuous sites or moves, else towards an acceptance of 1/2 by Swendsen's
   formula (Phys. Procedia 15, 81 (2011)). */
double continuous_first_step(const struct system *system,
                             const struct section *keys);
double continuous_tune(const struct system *system,
                       const struct section *keys, double step,
                       int64_t tries, int64_t hits);

#endif

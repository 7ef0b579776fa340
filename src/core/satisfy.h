/* What the solvers sp_decimation and bp_decimation have in common: their keys,
   the formula these ask for, and what decimation (systems/decimation.h) found
   as results. */
#ifndef TEMPERA_CORE_SATISFY_H
#define TEMPERA_CORE_SATISFY_H
#include "core/solver.h"

/* density: the default of alpha. */
#define SATISFY_KEYS(KEY, density)                                           \
    KEY(text, file, "", 0, 0, NULL, "", 0,                                   \
        "a formula in DIMACS format (cnf); none: a random one")              \
    KEY(integer, N, "2000", 1, 1e7, NULL, "bits", 0, "of a random formula")  \
    KEY(real, alpha, density, 0, 1e4, NULL, "1/site", 0,                       \
        "clauses per bit of a random formula")                               \
    KEY(integer, k, "3", 1, 100, NULL, "literals", 0,                        \
        "of a clause of a random formula")                                   \
    KEY(real, fraction, "0.02", 0, 1, NULL, "1", 0,                          \
        "of the bits not yet set that are set in a step, one at least")      \
    KEY(integer, iterations, "500", 1, 1e9, NULL, "sweeps", 0,              \
        "for messages to converge, at most, in a step")                      \
    KEY(integer, flips, "10000000", 0, 4e9, NULL, "flips", 0,               \
        "of the local search that ends a try, at most")                      \
    KEY(integer, restarts, "2", 0, 1e6, NULL, "tries", 0,                    \
        "tries after a first one that found nothing")                        \
    KEY(seed, seed, "1", 0, 0, NULL, "", 0,                                  \
        "of the random formula and of all choices")

/* rho 1: survey propagation, 0: belief propagation. */
void satisfy_solve(const struct section *keys, double rho,
                   struct solution *solution, struct err *err);

#endif

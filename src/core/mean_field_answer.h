/* What the solvers naive_mf, tap, bp and mf_vi share: keys, disorder samples,
   results, the overlay (systems/mean_field.h has the equations). */
#ifndef TEMPERA_CORE_MEAN_FIELD_ANSWER_H
#define TEMPERA_CORE_MEAN_FIELD_ANSWER_H
#include "core/solver.h"
#include "systems/mean_field.h"

#define MEAN_FIELD_KEYS(KEY, DAMPING, RESTARTS)                              \
    KEY(real, beta, "0.5", -1e9, 1e9, NULL, "1/energy", 0,                   \
        "inverse temperature")                                               \
    KEY(real, damping, DAMPING, 0, 0.999, NULL, "", 0,                       \
        "share of its old value that a number keeps in a sweep")             \
    KEY(real, tolerance, "1e-13", 1e-15, 0.1, NULL, "", 0,                   \
        "converged where a sweep moves nothing farther than that")           \
    KEY(integer, iterations, "2000", 1, 1e8, NULL, "sweeps", 0,              \
        "at most, of each start")                                            \
    KEY(integer, restarts, RESTARTS, 0, 1e5, NULL, "", 0,                    \
        "random starts, besides m = 0, all up (in a field: all down) and "   \
        "the model's planted state")                                         \
    KEY(integer, start_seed, "1", 0, 9e18, NULL, "", 0, "of the random starts")

/* Results of one point; elbo: that is what ln Z is called. */
void mean_field_answer(enum mean_field_kind kind, const struct system *system,
                       const struct section *keys, bool elbo,
                       struct solution *solution, struct err *err);

/* For reports, of models with couplings of their own: NULL when all rungs are
   done in a few seconds. */
const char *mean_field_refuses(enum mean_field_kind kind,
                               const struct system *system, int points);
/* energy, ln_z, entropy; magnetization in a field, abs_magnetization of
   a ferromagnet.
   Nothing at a rung where a sample has no admitted solution. */
void mean_field_overlay(enum mean_field_kind kind,
                        const struct solver_task *task);

#endif

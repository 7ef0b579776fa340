/* Belief propagation on a given instance: Bethe's approximation. */
#include "core/mean_field_answer.h"
#include "core/values_answer.h"

#define BP_KEYS(KEY) MEAN_FIELD_KEYS(KEY, "0.3", "6")
PARAM_STRUCT(bp_keys, BP_KEYS);
#define PARAM_ROW_bp_keys(...) PARAM_ROW(bp_keys, __VA_ARGS__)
PARAM_TABLE(static, bp_table, "solve", bp_keys, BP_KEYS);

static void solve_system(const struct system *system,
                         const struct section *keys,
                         struct solution *solution, struct err *err)
{
    if (values_refuses(system))
        mean_field_answer(MEAN_FIELD_BETHE, system, keys, false, solution,
                          err);
    else
        values_answer(system, keys, solution);
}

static const char *refuses(const struct system *system, int points)
{
    return mean_field_refuses(MEAN_FIELD_BETHE, system, points);
}

static void overlay(const struct solver_task *task)
{
    mean_field_overlay(MEAN_FIELD_BETHE, task);
}

const struct solver solver_bp = {
    .name = "bp",
    .family = FAMILY_MEAN_FIELD,
    .summary = "Ising spins coupled in pairs, potts, clock: belief "
               "propagation, Bethe's free energy on the given instance",
    .source = "Bethe 1935, Proc. R. Soc. A 150, 552; Yedidia, Freeman and "
              "Weiss 2005, IEEE Trans. Inf. Theory 51, 2282; Mezard and "
              "Montanari 2009, Information, Physics, and Computation, ch. 14",
    .holds = "exact on trees; on other graphs an approximation, good where "
             "loops are long and correlations short; spin glasses below "
             "their transition have no stable fixed point",
    .keys = &bp_table,
    .takes_model = true,
    .solve_system = solve_system,
    .refuses = refuses,
    .overlay = overlay,
    .limit = "belief propagation on these couplings: exact on trees; on "
             "sparse random graphs off by order 1 in ln Z, on lattices by "
             "order N; nothing where no fixed point is stable"};

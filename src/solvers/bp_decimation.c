/* A satisfying assignment of a formula, from a file or random, by decimation
   guided by belief propagation, and Bethe's number of solutions:
   systems/surveys.h, systems/decimation.h. */
#include "core/satisfy.h"

#define KEYS(KEY) SATISFY_KEYS(KEY, "3.5")
PARAM_STRUCT(bp_keys, KEYS);
#define PARAM_ROW_bp_keys(...) PARAM_ROW(bp_keys, __VA_ARGS__)
PARAM_TABLE(static, bp_table, "bp_decimation", bp_keys, KEYS);

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    satisfy_solve(keys, 0, solution, err);
}

const struct solver solver_bp_decimation = {
    .name = "bp_decimation",
    .family = FAMILY_CAVITY,
    .summary = "number of solutions, marginals and a satisfying assignment "
               "of a CNF file or random K-SAT formula by belief propagation",
    .source = "Kschischang, Frey and Loeliger 2001, IEEE Trans. Inf. Theory "
              "47, 498; Yedidia, Freeman and Weiss 2005, ibid. 51, 2282 "
              "(Bethe entropy); Montanari, Ricci-Tersenghi and Semerjian "
              "2007 (decimation)",
    .holds = "entropy and marginals are exact where the graph of bits and "
             "clauses has no loop, else Bethe's approximation; what is found "
             "satisfies every clause (checked), not finding proves nothing",
    .keys = &bp_table,
    .solve = solve};

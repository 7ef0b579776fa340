/* A satisfying assignment of a formula, from a file or random, by decimation
   guided by survey propagation: systems/surveys.h, systems/decimation.h. */
#include "core/satisfy.h"

#define KEYS(KEY) SATISFY_KEYS(KEY, "4.0")
PARAM_STRUCT(sp_keys, KEYS);
#define PARAM_ROW_sp_keys(...) PARAM_ROW(sp_keys, __VA_ARGS__)
PARAM_TABLE(static, sp_table, "sp_decimation", sp_keys, KEYS);

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    satisfy_solve(keys, 1, solution, err);
}

const struct solver solver_sp_decimation = {
    .name = "sp_decimation",
    .family = FAMILY_CAVITY,
    .summary = "satisfying assignment of a CNF file or random K-SAT formula "
               "by survey propagation and decimation",
    .source = "Mezard, Parisi and Zecchina 2002, Science 297, 812; "
              "Braunstein, Mezard and Zecchina 2005, Random Struct. "
              "Algorithms 27, 201; local search: Balint and Schoening 2012, "
              "probSAT",
    .holds = "what is found satisfies every clause (checked); not finding "
             "proves nothing; unsatisfiable: propagation of single bits "
             "alone proved it; complexity is exact as the bits of random "
             "formulas become many (1RSB)",
    .keys = &sp_table,
    .solve = solve};

/* Naive mean field of Ising spins coupled in pairs: the product of single-spin
   laws that is nearest to p in KL(q || p). */
#include "core/mean_field_answer.h"

#define NAIVE_MF_KEYS(KEY) MEAN_FIELD_KEYS(KEY, "0.0", "10")
PARAM_STRUCT(naive_mf_keys, NAIVE_MF_KEYS);
#define PARAM_ROW_naive_mf_keys(...) PARAM_ROW(naive_mf_keys, __VA_ARGS__)
PARAM_TABLE(static, naive_mf_table, "solve", naive_mf_keys, NAIVE_MF_KEYS);

static void solve_system(const struct system *system,
                         const struct section *keys,
                         struct solution *solution, struct err *err)
{
    mean_field_answer(MEAN_FIELD_NAIVE, system, keys, false, solution, err);
}

const struct solver solver_naive_mf = {
    .name = "naive_mf",
    .family = FAMILY_MEAN_FIELD,
    .summary = "Ising spins coupled in pairs: m_i = tanh(beta (h_i + sum_j "
               "J_ij m_j)) on the given instance",
    .source = "Weiss 1907, J. Phys. Theor. Appl. 6, 661; Feynman 1972, "
              "Statistical Mechanics, ch. 3: the Gibbs-Bogoliubov bound",
    .holds = "a lower bound to ln Z at any temperature; exact where spins "
             "are uncoupled and for weak couplings of all with all",
    .keys = &naive_mf_table,
    .takes_model = true,
    .solve_system = solve_system};

/* The equations of Thouless, Anderson and Palmer on a given instance: ln Z at
   fixed m_i to second order of beta. */
#include "core/mean_field_answer.h"

#define TAP_KEYS(KEY) MEAN_FIELD_KEYS(KEY, "0.0", "10")
PARAM_STRUCT(tap_keys, TAP_KEYS);
#define PARAM_ROW_tap_keys(...) PARAM_ROW(tap_keys, __VA_ARGS__)
PARAM_TABLE(static, tap_table, "solve", tap_keys, TAP_KEYS);

static void solve_system(const struct system *system,
                         const struct section *keys,
                         struct solution *solution, struct err *err)
{
    mean_field_answer(MEAN_FIELD_TAP, system, keys, false, solution, err);
}

static const char *refuses(const struct system *system, int points)
{
    return mean_field_refuses(MEAN_FIELD_TAP, system, points);
}

static void overlay(const struct solver_task *task)
{
    mean_field_overlay(MEAN_FIELD_TAP, task);
}

const struct solver solver_tap = {
    .name = "tap",
    .family = FAMILY_MEAN_FIELD,
    .summary = "Ising spins coupled in pairs: naive mean field with Onsager's "
               "reaction term on the given instance",
    .source = "Thouless, Anderson and Palmer 1977, Phil. Mag. 35, 593; "
              "Plefka 1982, J. Phys. A 15, 1971: second order of the "
              "expansion and its condition",
    .holds = "exact for N -> infinity in the SK model; elsewhere second "
             "order in beta J; only where plefka < 1 (in the SK model "
             "beta^2 [(1 - m^2)^2] < 1)",
    .keys = &tap_table,
    .takes_model = true,
    .solve_system = solve_system,
    .refuses = refuses,
    .overlay = overlay,
    .limit = "TAP on these couplings: second order of beta J; of N spins in "
             "the SK model ln Z is off by a constant of order 1 above the "
             "transition and more below, on few neighbours by order "
             "(beta J)^3"};

/* Simulated annealing: all walkers go down the schedule of points together,
   pass after pass, each on its own path. u at the end of every point is
   kept, so the work along a path, sum_k (lambda_{k+1} - lambda_k) . u_k, gives
   ln Z by annealed importance sampling when passes start from the exact end
   (Neal 2001); the best state met is kept. run/anneal.h does it. */
#include "core/protocol.h"

#define ANNEALING_KEYS(KEY)                                                  \
    KEY(integer, pass_sweeps, "1000", 1, 1e12, NULL, "sweeps", 0,            \
        "of one pass down the schedule, shared equally by its points")       \
    KEY(real, reheat, "0.0", 0, 1, NULL, "", 0,                              \
        "cyclic: passes after the first start at this fraction of the "      \
        "schedule (0.5: its middle) from the states they have; 0: from new " \
        "states at its hot end")
PARAM_STRUCT(annealing_keys, ANNEALING_KEYS);
#define PARAM_ROW_annealing_keys(...) PARAM_ROW(annealing_keys, __VA_ARGS__)
PARAM_TABLE(static, annealing_table, "run", annealing_keys, ANNEALING_KEYS);

const struct protocol protocol_annealing = {
    .name = "annealing",
    .summary = "every walker down a schedule again and again; best states, "
               "ln Z by annealed importance sampling",
    .source = "Kirkpatrick, Gelatt, Vecchi 1983; Neal, Stat. Comput. 11, "
              "125 (2001)",
    .keys = &annealing_table,
    .schedule = true,
    .adapt = ladder_adapt};

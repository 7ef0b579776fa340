/* From any state to its inherent structure: the minimum below it. No exchange
   and no burn-in; walkers stay on their rung, which says where a state came
   from: run.start = "OUT.h5:/states/last" quenches rung r from rung r's state
   and takes over the rungs' lambda. Rows of /series are training curves.
   run/quench.h does it. */
#include "core/protocol.h"

#define QUENCH_KEYS(KEY)                                                     \
    KEY(real, tolerance, "1e-6", 0, 1e300, NULL, "energy", PARAM_MAY_CHANGE, \
        "a walker has arrived, and stays, when |gradient| of what is "       \
        "minimised is no larger; looked at every record.every sweeps")       \
    KEY(real, same, "1e-3", 0, 1e300, NULL, "", 0,                           \
        "two walkers met the same minimum when no number of their states "   \
        "differs by more, and u by no more than this times max(1, |u|)")
PARAM_STRUCT(quench_keys, QUENCH_KEYS);
#define PARAM_ROW_quench_keys(...) PARAM_ROW(quench_keys, __VA_ARGS__)
PARAM_TABLE(static, quench_table, "run", quench_keys, QUENCH_KEYS);

const struct protocol protocol_quench = {
    .name = "quench",
    .summary = "every walker downhill to its minimum (inherent structure), by "
               "descent, sgd, adam, lbfgs or cg; minima in /minima",
    .source = "Stillinger, Weber, Phys. Rev. A 25, 978 (1982)",
    .keys = &quench_table,
    .quench = true};

/* Gradient descent: x' = x - eta grad u. Stopped after t / eta steps it is
   the filter 1 - (1 - eta l)^(t / eta) -> 1 - exp(-l t) of each mode l of a
   quadratic u: early stopping is a penalty (doc/learning.md). */
#include "core/downhill.h"

#define DESCENT_KEYS(KEY)                                                    \
    KEY(real, step, "0.001", 1e-30, 1e9, NULL, "", 0,                        \
        "learning rate eta of u, a sum over all examples: eta / P of a "     \
        "mean; below 2 / (largest curvature), or it runs away")              \
    DOWNHILL_KEYS(KEY)
PARAM_STRUCT(descent_keys, DESCENT_KEYS);
#define PARAM_ROW_descent_keys(...) PARAM_ROW(descent_keys, __VA_ARGS__)
PARAM_TABLE(static, descent_table, "dynamics", descent_keys, DESCENT_KEYS);

static void sweep(const struct sweep *s)
{
    double eta = s->keys ? section_real(s->keys, "step", 0.001) : 0.001;
    struct downhill d;
    downhill_begin(&d, s);
    downhill_f(&d);
    for (int64_t i = 0; i < d.flow.count; i++)
        d.flow.x[i] -= eta * d.flow.g[i];
    downhill_end(&d);
}

const struct dynamics dynamics_descent = {
    .name = "descent",
    .summary = "gradient descent at a fixed learning rate, a step a sweep",
    .source = "Cauchy, C. R. Acad. Sci. 25, 536 (1847)",
    .downhill = true,
    .needs = FACET_GRAD,
    .keys = &descent_table,
    .work = flow_work,
    .sweep = sweep};

/* Stochastic gradient descent with momentum:

       v' = mu v - eta g,  x' = x + v'

   g is the gradient of u estimated from B of P examples (core/minibatch.h),
   scaled up to all of them. Near a minimum it goes on jumping about by its own
   noise: only with all examples does it arrive. */
#include "core/downhill.h"

#define SGD_KEYS(KEY)                                                        \
    KEY(real, step, "0.001", 1e-30, 1e9, NULL, "", 0,                        \
        "learning rate eta, as of a sum over all examples: eta / P of a "    \
        "mean")                                                              \
    KEY(integer, batch, "32", 0, 1e8, NULL, "", 0,                           \
        "examples a step takes; 0: all")                                     \
    KEY(real, momentum, "0.0", 0, 0.999999, NULL, "", 0,                     \
        "mu of v' = mu v - eta g, x' = x + v'")                              \
    DOWNHILL_KEYS(KEY)
PARAM_STRUCT(sgd_keys, SGD_KEYS);
#define PARAM_ROW_sgd_keys(...) PARAM_ROW(sgd_keys, __VA_ARGS__)
PARAM_TABLE(static, sgd_table, "dynamics", sgd_keys, SGD_KEYS);

/* v */
static int64_t extra(const struct system *system)
{
    return system->model->grad->count(system);
}

static void sweep(const struct sweep *s)
{
    double eta = s->keys ? section_real(s->keys, "step", 0.001) : 0.001;
    double mu = s->keys ? section_real(s->keys, "momentum", 0) : 0;
    double *v = s->extra;
    struct downhill d;
    downhill_begin(&d, s);
    downhill_estimate(&d, s->keys ? section_integer(s->keys, "batch", 32)
                                  : 32);
    for (int64_t i = 0; i < d.flow.count; i++) {
        v[i] = mu * v[i] - eta * d.flow.g[i];
        d.flow.x[i] += v[i];
    }
    downhill_end(&d);
}

const struct dynamics dynamics_sgd = {
    .name = "sgd",
    .summary = "gradient descent by minibatches, with momentum",
    .source = "Robbins, Monro, Ann. Math. Stat. 22, 400 (1951); Polyak, USSR "
              "Comput. Math. Math. Phys. 4, 1 (1964)",
    .downhill = true,
    .needs = FACET_GRAD,
    .keys = &sgd_table,
    .refuses = flow_no_examples,
    .extra = extra,
    .work = flow_batch_work,
    .sweep = sweep};

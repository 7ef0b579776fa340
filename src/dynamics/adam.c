/* Adam: steps of about the same size in every number,

       m' = b1 m + (1 - b1) g,  v' = b2 v + (1 - b2) g^2
       x' = x - eta m'/(1 - b1^t) / (sqrt(v'/(1 - b2^t)) + epsilon)

   so that eta has the unit of x and not of a learning rate. */
#include <math.h>

#include "core/downhill.h"

#define ADAM_KEYS(KEY)                                                       \
    KEY(real, step, "0.001", 1e-30, 1e9, NULL, "", 0,                        \
        "about how far each number goes in a step")                          \
    KEY(real, beta1, "0.9", 0, 0.999999, NULL, "", 0,                        \
        "memory of the gradient")                                            \
    KEY(real, beta2, "0.999", 0, 0.99999999, NULL, "", 0,                    \
        "memory of its square")                                              \
    KEY(real, epsilon, "1e-8", 1e-300, 1e9, NULL, "", 0,                     \
        "in units of the gradient of u, a sum over all examples")            \
    KEY(integer, batch, "0", 0, 1e8, NULL, "", 0,                            \
        "examples a step takes; 0: all")                                     \
    DOWNHILL_KEYS(KEY)
PARAM_STRUCT(adam_keys, ADAM_KEYS);
#define PARAM_ROW_adam_keys(...) PARAM_ROW(adam_keys, __VA_ARGS__)
PARAM_TABLE(static, adam_table, "dynamics", adam_keys, ADAM_KEYS);

/* Steps so far; m; v. */
static int64_t extra(const struct system *system)
{
    return 1 + 2 * system->model->grad->count(system);
}

static double key(const struct sweep *s, const char *name, double initial)
{
    return s->keys ? section_real(s->keys, name, initial) : initial;
}

static void sweep(const struct sweep *s)
{
    double eta = key(s, "step", 0.001), epsilon = key(s, "epsilon", 1e-8);
    double b1 = key(s, "beta1", 0.9), b2 = key(s, "beta2", 0.999);
    double t = ++s->extra[0];
    double of_m = 1 / (1 - pow(b1, t)), of_v = 1 / (1 - pow(b2, t));
    struct downhill d;
    downhill_begin(&d, s);
    downhill_estimate(&d, s->keys ? section_integer(s->keys, "batch", 0) : 0);
    double *m = s->extra + 1, *v = m + d.flow.count;
    for (int64_t i = 0; i < d.flow.count; i++) {
        double g = d.flow.g[i];
        m[i] = b1 * m[i] + (1 - b1) * g;
        v[i] = b2 * v[i] + (1 - b2) * (g * g);
        d.flow.x[i] -= eta * (of_m * m[i]) / (sqrt(of_v * v[i]) + epsilon);
    }
    downhill_end(&d);
}

const struct dynamics dynamics_adam = {
    .name = "adam",
    .summary = "Adam: descent scaled number by number, all examples or "
               "minibatches",
    .source = "Kingma, Ba, ICLR 2015",
    .downhill = true,
    .needs = FACET_GRAD,
    .keys = &adam_table,
    .extra = extra,
    .work = flow_batch_work,
    .sweep = sweep};

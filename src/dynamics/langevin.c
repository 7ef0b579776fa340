/* Overdamped Langevin dynamics, Euler and Maruyama's step:

       w' = w - eta grad(u - T ln m) + sqrt(2 eta T) xi

   eta is the learning rate, T the temperature the rung says. Its law is off
   by a bias of first order in eta: on u = l w^2/2 the variance is
   T / (l (1 - eta l / 2)) (Roberts, Tweedie, Bernoulli 2, 341 (1996)). */
#include <math.h>

#include "core/flow.h"

#define LANGEVIN_KEYS(KEY)                                                   \
    FLOW_KEYS(KEY, "learning rate eta: w' = w - eta grad u + sqrt(2 eta T) " \
              "xi, the same at all rungs", "0.95")
PARAM_STRUCT(langevin_keys, LANGEVIN_KEYS);
#define PARAM_ROW_langevin_keys(...) PARAM_ROW(langevin_keys, __VA_ARGS__)
PARAM_TABLE(static, langevin_table, "dynamics", langevin_keys, LANGEVIN_KEYS);

/* In burn-in a Metropolis test judges the step from x0 along p, p = -h g +
   sqrt(2 h) xi, as mala's would: for tuning, and so that a step too large at
   first throws no walker out. */
static bool judge(struct flow *flow, double h, double phi, double forth)
{
    double after = flow_phi(flow), back = 0;
    for (int64_t i = 0; i < flow->count; i++) {
        double d = flow->p[i] - h * flow->g[i];
        back += d * d;
    }
    return flow_accept(flow, after - phi + (back - forth) / (4 * h));
}

static void sweep(const struct sweep *s)
{
    double h = flow_step(s, 1);
    bool judged = flow_tuning(s);
    if (s->rung->exact) {
        system_draw(s->system, s->sample, s->rung->lambda, &s->draws,
                    RNG_FRESH, s->state);
        return;
    }
    struct flow flow = judged ? flow_begin(s) : flow_begin_here(s);
    double phi = flow_phi(&flow), forth = flow_euler(&flow, h, true);
    if (!judged || judge(&flow, h, phi, forth))
        flow_end(&flow);
}

const struct dynamics dynamics_langevin = {
    .name = "langevin",
    .summary = "overdamped Langevin: gradient descent at the learning rate, "
               "and noise",
    .source = "Rossky, Doll, Friedman, J. Chem. Phys. 69, 4628 (1978)",
    .exact = false,
    .needs = FACET_GRAD,
    .keys = &langevin_table,
    .work = flow_work,
    .sweep = sweep,
    .first_step = flow_first_step,
    .tune = flow_tune,
    .step = "h = eta T, time step of dx = -grad Phi dt' + sqrt(2) dW"};

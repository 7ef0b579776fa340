/* Metropolis-adjusted Langevin: langevin's step as a proposal, accepted so that
   p is left invariant. */
#include <math.h>
#include <string.h>

#include "core/flow.h"

#define MALA_KEYS(KEY)                                                       \
    FLOW_KEYS(KEY, "learning rate eta of the proposal w - eta grad u + "     \
              "sqrt(2 eta T) xi", "0.574")
PARAM_STRUCT(mala_keys, MALA_KEYS);
#define PARAM_ROW_mala_keys(...) PARAM_ROW(mala_keys, __VA_ARGS__)
PARAM_TABLE(static, mala_table, "dynamics", mala_keys, MALA_KEYS);

/* A leapfrog step of length sqrt(2 h) with fresh momenta is the same move, and
   stays one on spheres and at walls. */
static void sweep(const struct sweep *s)
{
    double h = sqrt(2 * flow_step(s, 1));
    if (s->rung->exact) {
        system_draw(s->system, s->sample, s->rung->lambda, &s->draws,
                    RNG_FRESH, s->state);
        return;
    }
    struct flow flow = flow_begin(s);
    flow_normals(&flow, 0, flow.p);
    double before = flow_phi(&flow) + flow_kinetic(&flow);
    flow_kick(&flow, h / 2);
    flow_drift(&flow, h);
    double after = flow_phi(&flow);
    flow_kick(&flow, h / 2);
    after += flow_kinetic(&flow);
    if (flow_accept(&flow, after - before))
        flow_end(&flow);
}

const struct dynamics dynamics_mala = {
    .name = "mala",
    .summary = "Metropolis-adjusted Langevin: gradient and noise, accepted or "
               "not",
    .source = "Roberts, Tweedie, Bernoulli 2, 341 (1996)",
    .exact = true,
    .needs = FACET_GRAD,
    .keys = &mala_table,
    .work = flow_work,
    .sweep = sweep,
    .first_step = flow_first_step,
    .tune = flow_tune,
    .step = "h = eta T, time step of the proposal"};

/* Hybrid (Hamiltonian) Monte Carlo: fresh momenta, a path of leapfrog steps in
   Phi, accepted so that p is left invariant. One sweep is one path; its number
   of steps varies by a quarter, so that no period is met. */
#include <math.h>

#include "core/flow.h"

#define HMC_KEYS(KEY)                                                        \
    FLOW_KEYS(KEY, "time step of dw = p dt, dp = -grad u dt with momenta "   \
              "of variance T", "0.8")                                        \
    KEY(integer, steps, "10", 1, 100000, NULL, "", 0,                        \
        "leapfrog steps of a path, on average")
PARAM_STRUCT(hmc_keys, HMC_KEYS);
#define PARAM_ROW_hmc_keys(...) PARAM_ROW(hmc_keys, __VA_ARGS__)
PARAM_TABLE(static, hmc_table, "dynamics", hmc_keys, HMC_KEYS);

static int path_steps(const struct sweep *s)
{
    int64_t mean = s->keys ? section_integer(s->keys, "steps", 10) : 10;
    uint32_t spread = (uint32_t)(mean / 4);
    return (int)(mean - spread + draws_integer(&s->draws, RNG_PROPOSE, 0,
                                               2 * spread + 1));
}

static void sweep(const struct sweep *s)
{
    double h = flow_step(s, 0.5);
    if (s->rung->exact) {
        system_draw(s->system, s->sample, s->rung->lambda, &s->draws,
                    RNG_FRESH, s->state);
        return;
    }
    struct flow flow = flow_begin(s);
    int steps = path_steps(s);
    flow_normals(&flow, 0, flow.p);
    double phi = flow_phi(&flow), before = phi + flow_kinetic(&flow);
    flow_kick(&flow, h / 2);
    for (int i = 1; i <= steps; i++) {
        flow_drift(&flow, h);
        phi = flow_phi(&flow);
        flow_kick(&flow, i < steps ? h : h / 2);
    }
    if (flow_accept(&flow, phi + flow_kinetic(&flow) - before))
        flow_end(&flow);
}

const struct dynamics dynamics_hmc = {
    .name = "hmc",
    .summary = "hybrid Monte Carlo: fresh momenta, a leapfrog path, accepted "
               "or not",
    .source = "Duane, Kennedy, Pendleton, Roweth, Phys. Lett. B 195, 216 "
              "(1987)",
    .exact = true,
    .needs = FACET_GRAD,
    .keys = &hmc_table,
    .work = flow_work,
    .sweep = sweep,
    .first_step = flow_first_step,
    .tune = flow_tune,
    .step = "time step at unit temperature"};

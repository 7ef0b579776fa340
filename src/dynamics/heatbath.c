/* Single-site heat bath (Glauber, Gibbs sampling) for sites of two values:
   the LESS likely value is drawn when U < its probability 1 / (1 + exp|x|),
   x = lambda.du of a flip; a tie counts the other value as less likely. */
#include <math.h>

#include "base/math.h"
#include "core/dynamics.h"

static double less_likely(double x)
{
    return 1 / (1 + num_exp(fabs(x)));
}

static void update(const struct sweep *s, int64_t site)
{
    const struct model *model = s->system->model;
    const struct local *local = model->local;
    double du[COMPONENTS_MAX];
    int value = local->get(s->system, s->state, site);
    local->delta(s->system, s->sample, s->state, site, !value, du);
    double x = rung_dot(s->rung->lambda, du, model->components);
    bool rare = draws_below(&s->draws, RNG_UPDATE, site, less_likely(x));
    bool leave = x >= 0 ? rare : !rare;
    if (leave)
        local->set(s->system, s->state, site, !value);
}

static void sweep(const struct sweep *s)
{
    dynamics_visit_sites(s, update);
}

static void level(double x, double *p, int *base)
{
    *p = less_likely(x);
    *base = x < 0; /* leaving is likely: it fails when U < p */
}

static const struct binary_rule binary = {.logistic = true, .level = level};

const struct dynamics dynamics_heatbath = {
    .name = "heatbath",
    .summary = "single-site heat bath (Glauber), one draw a site a sweep",
    .source = "Glauber, J. Math. Phys. 4, 294 (1963)",
    .exact = true,
    .needs = FACET_LOCAL,
    .sweep = sweep,
    .binary = &binary};

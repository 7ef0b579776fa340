/* Single-site heat bath (Glauber, Gibbs sampling). Of two values the LESS
   likely is drawn when U < its probability 1 / (1 + exp|x|), x = lambda.du of
   a flip; a tie counts the other value as less likely. Of more values the one
   is drawn in whose share of [0, 1) U falls, the least likely first, so that
   no probability is too small for U. */
#include <math.h>

#include "base/math.h"
#include "core/dynamics.h"

static double cost(const struct sweep *s, int64_t site, int value)
{
    const struct model *model = s->system->model;
    double du[COMPONENTS_MAX];
    model->local->delta(s->system, s->sample, s->state, site, value, du);
    return rung_dot(s->rung->lambda, du, s->system->components);
}

static double less_likely(double x)
{
    return 1 / (1 + num_exp(fabs(x)));
}

static void update_two(const struct sweep *s, int64_t site)
{
    const struct local *local = s->system->model->local;
    int value = local->get(s->system, s->state, site);
    double x = cost(s, site, !value);
    bool rare = draws_below(&s->draws, RNG_UPDATE, site, less_likely(x));
    bool leave = x >= 0 ? rare : !rare;
    if (leave)
        local->set(s->system, s->state, site, !value);
}

/* The values by rising weight exp(-x), ties in their own order. */
static void rank(const double *x, int values, int *order)
{
    for (int v = 0; v < values; v++) {
        int at = v;
        for (; at > 0 && x[order[at - 1]] < x[v]; at--)
            order[at] = order[at - 1];
        order[at] = v;
    }
}

static void update_many(const struct sweep *s, int64_t site)
{
    int values = system_values(s->system), order[VALUES_MAX], k = 0;
    double x[VALUES_MAX], share[VALUES_MAX], sum = 0;
    for (int v = 0; v < values; v++)
        x[v] = cost(s, site, v);
    rank(x, values, order);
    for (int i = 0; i < values; i++)
        share[i] = sum += num_exp(x[order[values - 1]] - x[order[i]]);
    while (k < values - 1 &&
           !draws_below(&s->draws, RNG_UPDATE, site, share[k] / sum))
        k++;
    s->system->model->local->set(s->system, s->state, site, order[k]);
}

static void sweep(const struct sweep *s)
{
    dynamics_visit_sites(s, system_values(s->system) == 2 ? update_two
                                                          : update_many);
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

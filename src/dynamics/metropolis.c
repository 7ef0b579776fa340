/* Single-site Metropolis: propose another value, accept if U < exp(-x),
   x = lambda.du. At rungs where max |x| < 1 checkerboard updates would accept
   everything and oscillate between two states: there a move is also kept only
   where NOT (A AND B), p = 3/4 min(1, exp(-x)), still in detailed balance.
   Continuous sites move at random anyway and need no such rule: theirs is
   core/continuous.h, with a step tuned per rung in burn-in; so are moves that
   the model makes itself (facet moves). */
#include "base/math.h"
#include "core/continuous.h"

/* The next value in cyclic order, a uniform number of steps on. */
static int proposal(const struct sweep *s, int64_t site, int value)
{
    int values = system_values(s->system);
    if (values == 2)
        return !value;
    uint32_t step = draws_integer(&s->draws, RNG_PROPOSE, site,
                                  (uint32_t)values - 1);
    return (int)(((uint32_t)value + 1 + step) % (uint32_t)values);
}

static void update(const struct sweep *s, int64_t site)
{
    const struct model *model = s->system->model;
    const struct local *local = model->local;
    double du[COMPONENTS_MAX];
    int value = local->get(s->system, s->state, site);
    int other = proposal(s, site, value);
    local->delta(s->system, s->sample, s->state, site, other, du);
    double x = rung_dot(s->rung->lambda, du, s->system->components);
    bool accept = x <= 0 || draws_below(&s->draws, RNG_UPDATE, site,
                                        num_exp(-x));
    if (accept && !dynamics_lazy_stays(s, site))
        local->set(s->system, s->state, site, other);
}

static void sweep(const struct sweep *s)
{
    const struct model *model = s->system->model;
    if (model->moves)
        continuous_moves(s);
    else
        dynamics_visit_sites(s, model->local ? update : continuous_attempt);
}

static int reflections(const struct section *keys)
{
    (void)keys;
    return 0;
}

static void level(double x, double *p, int *base)
{
    *p = x > 0 ? num_exp(-x) : 1;
    *base = *p >= 1;
    if (*base)
        *p = 0;
}

static const struct continuous_rule continuous = {.reflections = reflections};
static const struct binary_rule binary = {.lazy = true, .level = level};

const struct dynamics dynamics_metropolis = {
    .name = "metropolis",
    .summary = "single-site Metropolis, one attempt a site a sweep",
    .source = "Metropolis et al, J. Chem. Phys. 21, 1087 (1953)",
    .exact = true,
    .needs = FACET_LOCAL | FACET_CONTINUOUS | FACET_MOVES,
    .sweep = sweep,
    .work = continuous_work,
    .first_step = continuous_first_step,
    .step = "half side of the proposals, in the model's measure",
    .tune = continuous_tune,
    .binary = &binary,
    .continuous = &continuous};

/* Battery, the proof of the proof: chains broken on purpose, put to the very
   checks that the registered ones must pass (tests/checks.h). */
#include "base/math.h"
#include "mutants.h"

/* ---- broken rules -------------------------------------------------------- */

static double cost(const struct sweep *s, int64_t site, int *other)
{
    const struct model *model = s->system->model;
    double du[COMPONENTS_MAX];
    *other = !model->local->get(s->system, s->state, site);
    model->local->delta(s->system, s->sample, s->state, site, *other, du);
    return rung_dot(s->rung->lambda, du, model->components);
}

/* Flips where U < p. */
static void flip_below(const struct sweep *s, int64_t site, double p)
{
    int other = !s->system->model->local->get(s->system, s->state, site);
    if (draws_below(&s->draws, RNG_UPDATE, site, p))
        s->system->model->local->set(s->system, s->state, site, other);
}

static void level_identity(double x, double *p, int *base)
{
    (void)x;
    *p = *base = 0;
}

static void sweep_identity(const struct sweep *s) { (void)s; }

static void level_reluctant(double x, double *p, int *base)
{
    *base = x <= 0;
    *p = x <= 0 ? 0 : 0.98 * num_exp(-x);
}

static void level_sluggish(double x, double *p, int *base)
{
    *base = x <= 0;
    *p = x <= 0 ? 0 : 0.85 * num_exp(-x);
}

static void update_sluggish(const struct sweep *s, int64_t site)
{
    int other;
    double x = cost(s, site, &other);
    flip_below(s, site, x <= 0 ? 1 : 0.85 * num_exp(-x));
}

static void sweep_sluggish(const struct sweep *s)
{
    dynamics_visit_sites(s, update_sluggish);
}

static void level_greedy(double x, double *p, int *base)
{
    (void)x;
    *p = 0;
    *base = 1;
}

static void update_greedy(const struct sweep *s, int64_t site)
{
    flip_below(s, site, 1);
}

static void sweep_greedy(const struct sweep *s)
{
    dynamics_visit_sites(s, update_greedy);
}

/* Metropolis without the lazy rule. */
static void level_eager(double x, double *p, int *base)
{
    registry_dynamics_named("metropolis")->binary->level(x, p, base);
}

static void sweep_eager(const struct sweep *s)
{
    struct rung rung = *s->rung;
    struct sweep eager = *s;
    rung.lazy = false;
    eager.rung = &rung;
    registry_dynamics_named("metropolis")->sweep(&eager);
}

/* Every site looks at the state before the sweep: no colours. */
static void sweep_synchronous(const struct sweep *s)
{
    const struct system *system = s->system;
    char *next = mem_copy(s->state, 1, system->state_bytes);
    for (int64_t i = 0; i < system->sites; i++) {
        int other;
        double p = 1 / (1 + num_exp(cost(s, i, &other)));
        if (draws_below(&s->draws, RNG_UPDATE, i, p))
            system->model->local->set(system, next, i, other);
    }
    memcpy(s->state, next, system->state_bytes);
    free(next);
}

static void update_even(const struct sweep *s, int64_t site)
{
    int other;
    if (s->system->model->local->colour(s->system, site) == 0)
        flip_below(s, site, 1 / (1 + num_exp(cost(s, site, &other))));
}

static void sweep_half(const struct sweep *s)
{
    dynamics_visit_sites(s, update_even);
}

/* The numbers of sweep 1 in every sweep. */
static void stuck_lanes(struct bank *bank, uint64_t tick, int threads)
{
    (void)tick;
    registry_kernel("lanes_u64")->sweep(bank, 1, threads);
}

static void stuck_reference(struct bank *bank, uint64_t tick, int threads)
{
    (void)tick;
    registry_kernel("reference")->sweep(bank, 1, threads);
}

static const struct dynamics identity = {
    .name = "identity", .exact = true, .needs = FACET_LOCAL,
    .sweep = sweep_identity,
    .binary = &(struct binary_rule){.level = level_identity}};
static const struct dynamics reluctant = {
    .name = "reluctant", .exact = true, .needs = FACET_LOCAL,
    .binary = &(struct binary_rule){.level = level_reluctant}};
static const struct dynamics sluggish = {
    .name = "sluggish", .exact = true, .needs = FACET_LOCAL,
    .sweep = sweep_sluggish,
    .binary = &(struct binary_rule){.level = level_sluggish}};
static const struct dynamics greedy = {
    .name = "greedy", .exact = true, .needs = FACET_LOCAL,
    .sweep = sweep_greedy,
    .binary = &(struct binary_rule){.level = level_greedy}};
static const struct dynamics eager = {
    .name = "eager", .exact = true, .needs = FACET_LOCAL,
    .sweep = sweep_eager,
    .binary = &(struct binary_rule){.lazy = false, .level = level_eager}};
static const struct dynamics synchronous = {
    .name = "synchronous", .exact = true, .needs = FACET_LOCAL,
    .sweep = sweep_synchronous};
static const struct dynamics half = {
    .name = "half", .exact = true, .needs = FACET_LOCAL,
    .sweep = sweep_half};

/* ---- their trial --------------------------------------------------------- */

static const struct mutant mutants[] = {
    {"identity kernel", &identity, 0.3, {PASSES, PASSES, FAILS, FAILS},
     NULL, NULL},
    {"uphill moves accepted with 0.98 exp(-x)", &reluctant, 0.2,
     {ANY, FAILS, ANY, ANY}, NULL, NULL},
    {"uphill moves accepted with 0.85 exp(-x)", &sluggish, 0.2,
     {FAILS, FAILS, FAILS, ANY}, NULL, NULL},
    {"every move accepted", &greedy, 0.3, {FAILS, FAILS, FAILS, FAILS}, NULL,
     NULL},
    {"no lazy rule near lambda = 0", &eager, 1e-3,
     {PASSES, ANY, FAILS, ANY}, NULL, NULL},
    {"all sites at once", &synchronous, 0.4, {FAILS, FAILS, ANY, ANY}, NULL,
     NULL},
    {"half the lattice never moves", &half, 0.3, {PASSES, PASSES, FAILS, ANY},
     NULL, NULL},
    {"the same random numbers every sweep", NULL, 0.3,
     {ANY, ANY, FAILS, FAILS}, stuck_lanes, stuck_reference}};

/* A chain of the field -h judged by the law of +h. */
static void try_wrong_field(void)
{
    static const char *const plus[SCENE_KEYS] = {"shape=[2, 4]", "h=0.4"};
    static const char *const minus[SCENE_KEYS] = {"shape=[2, 4]", "h=-0.4"};
    struct subject right, wrong;
    subject_make(&right, "ising", plus);
    subject_make(&wrong, "ising", minus);
    struct rung rung = rung_at(right.system, 0.3);
    struct law *law = law_new(right.system, rung.lambda);
    for (int d = 0; registry_dynamics[d]; d++) {
        struct chain chain = {wrong.system, registry_dynamics[d],
                              registry_kernel("lanes_u64"), STREAM_LANE};
        if (!chain_fits(&chain))
            continue;
        ok(!check_stationary(&chain, law, &rung),
           "mutant rejected: %s with the wrong sign of h by stationarity",
           chain.dynamics->name);
        ok(!check_mixed(&chain, law, &rung),
           "mutant rejected: %s with the wrong sign of h by mixing",
           chain.dynamics->name);
    }
    law_free(law);
    subject_release(&right);
    subject_release(&wrong);
}

int main(void)
{
    static const char *const keys[SCENE_KEYS] = {"shape=[2, 4]", "h=0.1"};
    struct subject subject;
    if (subject_make(&subject, "ising", keys))
        for (size_t m = 0; m < sizeof mutants / sizeof *mutants; m++)
            try_mutant(&mutants[m], subject.system);
    subject_release(&subject);
    try_wrong_field();
    return tap_done();
}

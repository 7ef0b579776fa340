/* Battery, the proof of the proof: chains broken on purpose, put to the very
   checks that the registered ones must pass (tests/checks.h). */
#include "base/math.h"
#include "checks.h"

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

/* ---- broken clusters ----------------------------------------------------- */

/* The named dynamics with eight clusters a sweep at `scale` times lambda:
   bonds active with 1 - exp(-scale x). */
static void sweep_scaled(const struct sweep *s, const char *name,
                         double scale, bool lazy)
{
    struct rung rung = *s->rung;
    struct sweep other = *s;
    for (int k = 0; k < s->system->model->components; k++)
        rung.lambda[k] *= scale;
    rung.lazy = rung.lazy && lazy;
    rung.step = 8;
    other.rung = &rung;
    registry_dynamics_named(name)->sweep(&other);
}

static void sweep_weak_wolff(const struct sweep *s)
{
    sweep_scaled(s, "wolff", 0.9, true);
}

static void sweep_weak_swendsen_wang(const struct sweep *s)
{
    sweep_scaled(s, "swendsen_wang", 0.9, true);
}

static void sweep_eager_wolff(const struct sweep *s)
{
    sweep_scaled(s, "wolff", 1, false);
}

static void no_turn(const struct system *system, void *state, int64_t site,
                    const struct turn *turn, int element)
{
    (void)system;
    (void)state;
    (void)site;
    (void)turn;
    (void)element;
}

/* Clusters grow and stay. */
static void sweep_idle(const struct sweep *s, const char *name)
{
    struct bond bond = *s->system->model->bond;
    struct model model = *s->system->model;
    struct system system = *s->system;
    struct sweep other = *s;
    bond.turn = no_turn;
    model.bond = &bond;
    system.model = &model;
    other.system = &system;
    registry_dynamics_named(name)->sweep(&other);
}

static void sweep_idle_wolff(const struct sweep *s)
{
    sweep_idle(s, "wolff");
}

static void sweep_idle_swendsen_wang(const struct sweep *s)
{
    sweep_idle(s, "swendsen_wang");
}

#define CLUSTERS(name_, sweep_)                                              \
    static const struct dynamics name_ = {                                   \
        .name = #name_, .exact = true, .needs = FACET_BOND, .sweep = sweep_}
CLUSTERS(weak_wolff, sweep_weak_wolff);
CLUSTERS(weak_swendsen_wang, sweep_weak_swendsen_wang);
CLUSTERS(eager_wolff, sweep_eager_wolff);
CLUSTERS(idle_wolff, sweep_idle_wolff);
CLUSTERS(idle_swendsen_wang, sweep_idle_swendsen_wang);

/* ---- broken exchange of neighbours --------------------------------------- */

enum fault { SHARED_BOND, HALF_A_SWAP };

/* Kawasaki on lattices, du of each end as if the other stayed; or one end
   alone changed. */
static void sweep_faulty(const struct sweep *s, enum fault fault)
{
    const struct system *system = s->system;
    const struct local *local = system->model->local;
    for (int64_t i = 0; i < system->sites; i++) {
        uint32_t d = draws_integer(&s->draws, RNG_PROPOSE, i,
                                   2 * (uint32_t)system->lattice->dim);
        int64_t j = lattice_neighbour(system->lattice, i, (int)d);
        int a = local->get(system, s->state, i);
        int b = local->get(system, s->state, j);
        double du[2];
        local->delta(system, 0, s->state, i, b, &du[0]);
        local->delta(system, 0, s->state, j, a, &du[1]);
        double x = s->rung->lambda[0] * (du[0] + du[1]);
        if (!draws_below(&s->draws, RNG_UPDATE, i, fmin(1, num_exp(-x))))
            continue;
        local->set(system, s->state, i, b);
        if (fault != HALF_A_SWAP)
            local->set(system, s->state, j, a);
    }
}

static void sweep_shared_bond(const struct sweep *s)
{
    sweep_faulty(s, SHARED_BOND);
}

static void sweep_half_a_swap(const struct sweep *s)
{
    sweep_faulty(s, HALF_A_SWAP);
}

static void sweep_weak_kawasaki(const struct sweep *s)
{
    sweep_scaled(s, "kawasaki", 0.8, true);
}

static void start_kawasaki(const struct sweep *s)
{
    registry_dynamics_named("kawasaki")->start(s);
}

#define EXCHANGES(name_, sweep_)                                             \
    static const struct dynamics name_ = {                                   \
        .name = #name_, .exact = true, .needs = FACET_LOCAL,                 \
        .sweep = sweep_, .conserves = "values", .start = start_kawasaki}
EXCHANGES(shared_bond, sweep_shared_bond);
EXCHANGES(half_a_swap, sweep_half_a_swap);
EXCHANGES(weak_kawasaki, sweep_weak_kawasaki);
EXCHANGES(idle_kawasaki, sweep_identity);

/* ---- their trial --------------------------------------------------------- */

enum verdict { ANY, PASSES, FAILS };
enum { STATIONARY, MEAN, MIXED, SERIES, CHECKS };

static const struct {
    const char *name;
    bool (*check)(const struct chain *, const struct law *,
                  const struct rung *);
} checks[CHECKS] = {{"stationarity", check_stationary},
                    {"exact mean", check_mean},
                    {"mixing", check_mixed},
                    {"tau_int and error of a series", check_series}};

struct mutant {
    const char *name;
    const struct dynamics *dynamics; /* NULL: metropolis */
    double lambda;
    enum verdict verdict[CHECKS];
    void (*lanes)(struct bank *, uint64_t, int);     /* broken sweeps */
    void (*reference)(struct bank *, uint64_t, int);
};

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

static const struct mutant more_mutants[] = {
    {"wolff with bonds of 0.9 lambda", &weak_wolff, 0.4,
     {FAILS, FAILS, ANY, ANY}, NULL, NULL},
    {"swendsen_wang with bonds of 0.9 lambda", &weak_swendsen_wang, 0.4,
     {FAILS, FAILS, ANY, ANY}, NULL, NULL},
    {"wolff, clusters not turned", &idle_wolff, 0.4,
     {PASSES, PASSES, FAILS, FAILS}, NULL, NULL},
    {"swendsen_wang, clusters not turned", &idle_swendsen_wang, 0.4,
     {PASSES, PASSES, FAILS, FAILS}, NULL, NULL},
    {"kawasaki that forgets the bond between", &shared_bond, 0.4,
     {FAILS, FAILS, ANY, ANY}, NULL, NULL},
    {"kawasaki that changes one end", &half_a_swap, 0.4,
     {FAILS, ANY, FAILS, ANY}, NULL, NULL},
    {"kawasaki at 0.8 lambda", &weak_kawasaki, 0.4,
     {FAILS, FAILS, ANY, ANY}, NULL, NULL},
    {"kawasaki that never swaps", &idle_kawasaki, 0.4,
     {PASSES, PASSES, FAILS, FAILS}, NULL, NULL}};

static const struct mutant parity_mutant = {
    "wolff without the lazy rule near lambda = 0", &eager_wolff, 1e-5,
    {PASSES, ANY, FAILS, ANY}, NULL, NULL};

static void report(const char *name, const char *where, const char *check,
                   enum verdict want, bool passes)
{
    if (want == FAILS)
        ok(!passes, "mutant rejected: %s by %s (%s)", name, check, where);
    else if (want == PASSES)
        ok(passes, "mutant not to be seen by %s: %s (%s)", check, name,
           where);
}

static void try_chain(const struct mutant *mutant, const struct chain *chain,
                      const char *where)
{
    struct rung rung = rung_at(chain->system, mutant->lambda);
    struct law *law = law_for(chain->system, chain->dynamics, 0,
                              rung.lambda);
    for (int c = 0; c < CHECKS; c++)
        if (mutant->verdict[c] != ANY)
            report(mutant->name, where, checks[c].name, mutant->verdict[c],
                   checks[c].check(chain, law, &rung));
    law_free(law);
}

static void try_mutant(const struct mutant *mutant,
                       const struct system *system)
{
    struct kernel kernel = *registry_kernel("reference");
    struct chain chain = {system, mutant->dynamics, &kernel, STREAM_LANE};
    if (!chain.dynamics)
        chain.dynamics = registry_dynamics_named("metropolis");
    if (mutant->reference)
        kernel.sweep = mutant->reference;
    if (chain.dynamics->sweep)
        try_chain(mutant, &chain, "reference");
    if (!chain.dynamics->binary)
        return;
    kernel = *registry_kernel("lanes_u64");
    if (mutant->lanes)
        kernel.sweep = mutant->lanes;
    try_chain(mutant, &chain, "lanes_u64");
    if (mutant->lanes || !chain.dynamics->sweep)
        return;
    kernel = *registry_kernel("sites_u64");
    chain.stream = STREAM_SITE;
    try_chain(mutant, &chain, "sites_u64");
}

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

static void try_more(void)
{
    static const char *const ising[SCENE_KEYS] = {"shape=[2, 4]"};
    static const char *const potts[SCENE_KEYS] = {"shape=[2, 3]"};
    for (int i = 0; i < 2; i++) {
        struct subject subject;
        size_t count = sizeof more_mutants / sizeof *more_mutants;
        if (!subject_make(&subject, i ? "potts" : "ising",
                          i ? potts : ising))
            return;
        for (size_t m = 0; m < count; m++)
            try_mutant(&more_mutants[m], subject.system);
        if (i == 0)
            try_mutant(&parity_mutant, subject.system);
        subject_release(&subject);
    }
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
    try_more();
    return tap_done();
}

/* Battery, the proof of the proof for moves of many sites: clusters and
   exchanges broken on purpose, and what the checks must say of them. */
#include "base/math.h"
#include "mutants.h"

/* ---- broken clusters ----------------------------------------------------- */

/* The named dynamics with eight clusters a sweep at `scale` times lambda:
   bonds active with 1 - exp(-scale x). */
static void sweep_scaled(const struct sweep *s, const char *name,
                         double scale, bool lazy)
{
    struct rung rung = *s->rung;
    struct sweep other = *s;
    for (int k = 0; k < s->system->components; k++)
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

static void sweep_identity(const struct sweep *s) { (void)s; }

#define EXCHANGES(name_, sweep_)                                             \
    static const struct dynamics name_ = {                                   \
        .name = #name_, .exact = true, .needs = FACET_LOCAL,                 \
        .sweep = sweep_, .conserves = "values", .start = start_kawasaki}
EXCHANGES(shared_bond, sweep_shared_bond);
EXCHANGES(half_a_swap, sweep_half_a_swap);
EXCHANGES(weak_kawasaki, sweep_weak_kawasaki);
EXCHANGES(idle_kawasaki, sweep_identity);

/* ---- their trial --------------------------------------------------------- */

static const struct mutant mutants[] = {
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

static void try_all(void)
{
    static const char *const ising[SCENE_KEYS] = {"shape=[2, 4]"};
    static const char *const potts[SCENE_KEYS] = {"shape=[2, 3]"};
    for (int i = 0; i < 2; i++) {
        struct subject subject;
        size_t count = sizeof mutants / sizeof *mutants;
        if (!subject_make(&subject, i ? "potts" : "ising",
                          i ? potts : ising))
            return;
        for (size_t m = 0; m < count; m++)
            try_mutant(&mutants[m], subject.system);
        if (i == 0)
            try_mutant(&parity_mutant, subject.system);
        subject_release(&subject);
    }
}

int main(void)
{
    try_all();
    return tap_done();
}

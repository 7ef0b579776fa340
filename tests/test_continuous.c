/* Chains of continuous sites against exact laws: open chains of unit vectors,
   whose bonds are independent, and two sites of phi^4. States drawn from the
   law stay in it (and their mean u is exact), states from a fixed start reach
   it: by every dynamics and kernel that fits, and by no mutant.

   Numbers that the law makes uniform are counted in 16 cells. For a new seed
   a chi-square fails by chance once in 1e6, a mean once in 16000. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_bessel.h>

#include "base/math.h"
#include "contract.h"
#include "core/continuous.h"
#include "core/rotors.h"

#define CHANCE_LEAST 1e-6
#define Z_MOST 4.0

enum { CELLS = 16, POOL = 8192, STAYS = 16, MIXES = 80, FEW = 4096,
       GRID = 2000 };

struct exact {
    const struct system *system;
    double beta, mean;    /* of u */
    char *pool;           /* [POOL] states drawn from the law */
    double table[GRID + 1]; /* distribution function of what is uniform */
};

/* ---- what is uniform ----------------------------------------------------- */

#define PHI_MOST 6.0 /* phi^4 beyond has weight 1e-40 */

static double phi_weight(const struct exact *e, double x, double y)
{
    double state[2] = {x, y}, u;
    state_u(e->system, 0, state, &u);
    return exp(-e->beta * u);
}

/* Density of what is tabled at place t in [0, 1]: the angle of a bond over
   pi, or phi_0. */
static double density(const struct exact *e, double t)
{
    const struct rotors *rotors = system_rotors(e->system);
    if (rotors)
        return exp(e->beta * rotors->J * cos(M_PI * t)) *
               (rotors->components == 3 ? sin(M_PI * t) : 1);
    double sum = 0, x = PHI_MOST * (2 * t - 1);
    for (int i = 0; i <= 600; i++)
        sum += phi_weight(e, x, PHI_MOST * (i / 300.0 - 1));
    return sum;
}

static void fill_table(struct exact *e)
{
    double before = density(e, 0);
    e->table[0] = 0;
    for (int i = 1; i <= GRID; i++) {
        double here = density(e, (double)i / GRID);
        double middle = density(e, (i - 0.5) / GRID);
        e->table[i] = e->table[i - 1] + before + 4 * middle + here;
        before = here;
    }
    for (int i = 0; i <= GRID; i++)
        e->table[i] /= e->table[GRID];
}

static double tabled(const struct exact *e, double t)
{
    double at = fmax(0, fmin(1, t)) * GRID;
    int i = at < GRID ? (int)at : GRID - 1;
    return e->table[i] + (at - i) * (e->table[i + 1] - e->table[i]);
}

static int uniforms(const struct system *system)
{
    return system_rotors(system) ? (int)system->sites - 1 : 1;
}

static double uniform_of(const struct exact *e, const void *state, int i)
{
    const struct rotors *rotors = system_rotors(e->system);
    if (!rotors)
        return tabled(e, ((const double *)state)[0] / PHI_MOST / 2 + 0.5);
    int n = rotors->components;
    const float *s = (const float *)state + i * n;
    double dot = 0;
    for (int c = 0; c < n; c++)
        dot += (double)s[c] * (double)s[c + n];
    return tabled(e, acos(fmax(-1, fmin(1, dot))) / M_PI);
}

/* ---- the law ------------------------------------------------------------- */

static double rotor_mean(const struct exact *e)
{
    const struct rotors *r = system_rotors(e->system);
    double k = e->beta * r->J, bonds = (double)e->system->sites - 1;
    double dot = r->components == 3
        ? 1 / tanh(k) - 1 / k
        : gsl_sf_bessel_I1(k) / gsl_sf_bessel_I0(k);
    return -r->J * bonds * dot;
}

static double phi_mean(const struct exact *e)
{
    double sum = 0, weight = 0;
    for (int i = 0; i <= 600; i++)
        for (int j = 0; j <= 600; j++) {
            double state[2] = {PHI_MOST * (i / 300.0 - 1),
                               PHI_MOST * (j / 300.0 - 1)}, u;
            state_u(e->system, 0, state, &u);
            sum += u * exp(-e->beta * u);
            weight += exp(-e->beta * u);
        }
    return sum / weight;
}

/* Uniform states, accepted in proportion to exp(-beta (u - least)): the
   model's own draw is not asked. */
static void propose_state(const struct exact *e, uint32_t number, void *state)
{
    const struct rotors *rotors = system_rotors(e->system);
    for (int64_t i = 0; i < e->system->sites; i++) {
        struct rng_quad q = rng_philox(13, RNG_TEST, number, (uint32_t)i, 0,
                                       0);
        double a = rng_unit(q.v[0], q.v[1]), b = rng_unit(q.v[2], q.v[3]);
        if (!rotors) {
            ((double *)state)[i] = 4 * (2 * a - 1);
            continue;
        }
        double z = rotors->components == 3 ? 2 * b - 1 : 0;
        double radius = sqrt(1 - z * z);
        float *s = (float *)state + i * rotors->components;
        s[0] = (float)(radius * cos(2 * M_PI * a));
        s[1] = (float)(radius * sin(2 * M_PI * a));
        if (rotors->components == 3)
            s[2] = (float)z;
    }
}

static void fill_pool(struct exact *e)
{
    const struct rotors *r = system_rotors(e->system);
    size_t bytes = e->system->state_bytes;
    double least = r ? -fabs(r->J) * (double)(e->system->sites - 1) : -0.55;
    e->pool = mem_new(POOL, bytes);
    for (uint32_t number = 0, kept = 0; kept < POOL; number++) {
        char *state = e->pool + kept * bytes;
        struct rng_quad q = rng_philox(14, RNG_TEST, number, 0, 0, 0);
        double u;
        propose_state(e, number, state);
        state_u(e->system, 0, state, &u);
        if (u < least - 1e-5)
            ok(false, "u = %g is below %g", u, least);
        kept += rng_unit(q.v[0], q.v[1]) < exp(-e->beta * (u - least));
    }
}

static struct exact *exact_new(const struct system *system, double beta)
{
    struct exact *e = mem_new(1, sizeof *e);
    *e = (struct exact){.system = system, .beta = beta};
    e->mean = system_rotors(system) ? rotor_mean(e) : phi_mean(e);
    fill_table(e);
    fill_pool(e);
    return e;
}

static void exact_free(struct exact *e)
{
    free(e->pool);
    free(e);
}

/* ---- the checks ---------------------------------------------------------- */

struct tally { double count[CELLS], total, sum, square; int walkers; };

static double chance(const struct tally *t)
{
    double sum = 0, want = t->total / CELLS;
    for (int i = 0; i < CELLS; i++)
        sum += (t->count[i] - want) * (t->count[i] - want) / want;
    return gsl_cdf_chisq_Q(sum, CELLS - 1);
}

static void note(struct tally *t, const struct exact *e,
                 const struct bank *bank, const double *average)
{
    char *state = mem_new(1, e->system->state_bytes);
    for (int lane = 0; lane < bank->spec.lanes; lane++) {
        double off = average[lane] - e->mean;
        bank->kernel->get(bank, lane, state);
        for (int i = 0; i < uniforms(e->system); i++) {
            int cell = (int)(CELLS * uniform_of(e, state, i));
            t->count[cell < CELLS ? cell : CELLS - 1]++;
            t->total++;
        }
        t->sum += off;
        t->square += off * off;
        t->walkers++;
    }
    free(state);
}

/* Walkers from the pool, or all ordered, through so many sweeps. */
static struct tally run_chain(const struct chain *chain,
                              const struct exact *e, bool exact, int walkers,
                              int sweeps)
{
    struct rung rung = rung_at(e->system, e->beta);
    if (chain->dynamics->needs == FACET_GRAD)
        rung.step = 0.25;
    struct bank *bank = chain_bank(chain, &rung, 32, 20250103);
    size_t bytes = e->system->state_bytes;
    char *ordered = mem_new(1, bytes);
    struct tally tally = {.walkers = 0};
    uint64_t tick = 0;
    e->system->model->ordered(e->system, ordered);
    while (tally.walkers < walkers) {
        double average[32] = {0}, statistics[32 * STATISTICS_MAX], u;
        for (int lane = 0; lane < 32; lane++)
            bank->kernel->put(bank, lane, !exact ? ordered : e->pool +
                              (size_t)(tally.walkers + lane) * bytes);
        for (int s = 0; s < sweeps; s++) {
            bank->kernel->sweep(bank, ++tick, 1);
            bank->kernel->measure(bank, statistics, 1);
            for (int lane = 0; lane < 32; lane++) {
                chain->system->model->u(
                    chain->system, statistics + lane *
                    chain->system->model->statistics, &u);
                average[lane] += u / sweeps;
            }
        }
        note(&tally, e, bank, average);
    }
    free(ordered);
    bank_free(bank);
    return tally;
}

static bool stays(const struct chain *chain, const struct exact *e)
{
    struct tally t = run_chain(chain, e, true, POOL, STAYS);
    double mean = t.sum / t.walkers;
    double z = mean / sqrt((t.square / t.walkers - mean * mean) /
                           (t.walkers - 1));
    bool good = chance(&t) > CHANCE_LEAST && fabs(z) < Z_MOST;
    if (!good)
        printf("# stays: chance %.2g, mean of u: z = %.2f\n", chance(&t), z);
    return good;
}

static bool mixes(const struct chain *chain, const struct exact *e)
{
    struct tally t = run_chain(chain, e, false, FEW, MIXES);
    if (chance(&t) <= CHANCE_LEAST)
        printf("# mixes: chance %.2g\n", chance(&t));
    return chance(&t) > CHANCE_LEAST;
}

/* ---- everything registered ----------------------------------------------- */

static const struct scene open_scenes[] = {
    {"xy", {"shape=[4]", "boundary=open"}},
    {"xy", {"shape=[5]", "boundary=open", "J=-0.8"}},
    {"heisenberg", {"shape=[4]", "boundary=open"}},
    {"heisenberg", {"shape=[3]", "boundary=open", "J=-1.0"}},
    {"phi4", {"shape=[2]", "boundary=open", "kappa=0.5"}},
    {"phi4", {"shape=[2]", "boundary=open", "r=0.5", "g=2.0"}}};

static int judged;

static void judge_scene(const struct scene *scene, double beta)
{
    struct subject subject;
    struct chain chain[CHAINS_MOST];
    if (!subject_make(&subject, scene->model, scene->key))
        return;
    struct exact *e = exact_new(subject.system, beta);
    int chains = chains_of(subject.system, NULL, chain);
    for (int c = 0; c < chains; c++) {
        if (!chain[c].dynamics->exact || chain[c].stream == STREAM_LANE)
            continue;
        ok(stays(&chain[c], e) && mixes(&chain[c], e),
           "the law of %s, beta %g: %s, %s", subject.what, beta,
           chain[c].dynamics->name, chain[c].kernel->name);
        judged++;
    }
    exact_free(e);
    subject_release(&subject);
}

/* The same numbers' addresses in another stream; once is enough. */
static void judge_lanes(void)
{
    struct subject subject;
    subject_make(&subject, "xy", open_scenes[0].key);
    struct exact *e = exact_new(subject.system, 1);
    struct chain chain = {subject.system,
                          registry_dynamics_named("metropolis"),
                          registry_kernel("reference"), STREAM_LANE};
    ok(stays(&chain, e), "the law of %s in stream lane", subject.what);
    exact_free(e);
    subject_release(&subject);
}

/* ---- mutants ------------------------------------------------------------- */

static const struct continuous *sound;

/* Numbers only (a turn too many leaves the law of bonds as it is). */
static void one_way(const struct system *system, const struct draws *draws,
                    int64_t site, double step, const double *from, double *to)
{
    sound->propose(system, draws, site, step, from, to);
    to[0] += 0.3;
}

/* Steps that are longer on one side: there more easily than back. */
static void uneven(const struct system *system, const struct draws *draws,
                   int64_t site, double step, const double *from, double *to)
{
    sound->propose(system, draws, site, from[0] > 0.3 ? step : 0.2 * step,
                   from, to);
}

static void cold_delta(const struct system *system, int sample,
                       const void *state, int64_t site, const double *value,
                       double *du)
{
    sound->delta(system, sample, state, site, value, du);
    du[0] *= 1.1;
}

/* 1.9 instead of 2. */
static void short_mirror(const struct system *system, int sample,
                         const void *state, int64_t site, double *value)
{
    double old[CONTINUOUS_MOST];
    sound->get(system, state, site, old);
    sound->reflect(system, sample, state, site, value);
    for (int c = 0; c < sound->dim; c++)
        value[c] = (double)(float)(0.95 * (value[c] + old[c]) - old[c]);
}

static void idle(const struct sweep *s) { (void)s; }

/* exp(-x) taken for every move, uphill and downhill: always below 1. */
static void timid_attempt(const struct sweep *s, int64_t site)
{
    double from[CONTINUOUS_MOST], to[CONTINUOUS_MOST], du;
    sound->get(s->system, s->state, site, from);
    sound->propose(s->system, &s->draws, site, s->rung->step, from, to);
    sound->delta(s->system, s->sample, s->state, site, to, &du);
    double p = num_exp(-s->rung->lambda[0] * du);
    if (draws_below(&s->draws, RNG_UPDATE, site, p > 1 ? 0.8 : p))
        sound->set(s->system, s->state, site, to);
}

static void timid(const struct sweep *s)
{
    dynamics_visit_sites(s, timid_attempt);
}

struct mutant {
    const char *name;
    struct continuous facet; /* what differs from the sound one */
    void (*sweep)(const struct sweep *);
    const char *dynamics;
    bool seen;               /* by `stays`; else by `mixes` */
};

static const struct mutant mutants[] = {
    {"proposals that go one way", {.propose = one_way}, NULL, "metropolis",
     true},
    {"proposals of uneven width", {.propose = uneven}, NULL, "metropolis",
     true},
    {"du 10 % off", {.delta = cold_delta}, NULL, "metropolis", true},
    {"downhill moves accepted with 0.8", {.dim = 0}, timid, "metropolis",
     true},
    {"nothing ever moves", {.dim = 0}, idle, "metropolis", false},
    {"over-relaxation by 1.9", {.reflect = short_mirror}, NULL,
     "overrelaxation", true}};

static void try_mutant(const struct mutant *m, const struct exact *e)
{
    struct continuous facet = *sound;
    struct model model = *e->system->model;
    struct system broken = *e->system;
    struct dynamics dynamics = *registry_dynamics_named(m->dynamics);
    struct chain chain = {&broken, &dynamics, registry_kernel("reference"),
                          STREAM_WORD};
    if (m->facet.propose)
        facet.propose = m->facet.propose;
    if (m->facet.delta)
        facet.delta = m->facet.delta;
    if (m->facet.reflect)
        facet.reflect = m->facet.reflect;
    if (m->sweep)
        dynamics.sweep = m->sweep;
    model.continuous = &facet;
    broken.model = &model;
    ok(m->seen ? !stays(&chain, e) : stays(&chain, e) && !mixes(&chain, e),
       "mutant rejected: %s (%s)", m->name, e->system->model->name);
}

static void try_mutants(const struct scene *scene)
{
    struct subject subject;
    if (!subject_make(&subject, scene->model, scene->key))
        return;
    sound = subject.system->model->continuous;
    struct exact *e = exact_new(subject.system, 1.5);
    for (size_t m = 0; m < sizeof mutants / sizeof *mutants; m++)
        if ((sound->reflect || !mutants[m].facet.reflect) &&
            (sound->dim == 1 || mutants[m].facet.propose != one_way))
            try_mutant(&mutants[m], e);
    exact_free(e);
    subject_release(&subject);
}

int main(void)
{
    for (size_t i = 0; i < sizeof open_scenes / sizeof *open_scenes; i++) {
        judge_scene(&open_scenes[i], 0.4);
        judge_scene(&open_scenes[i], 1.5);
    }
    judge_lanes();
    ok(judged >= 16, "%d chains were judged", judged);
    try_mutants(&open_scenes[0]);
    try_mutants(&open_scenes[2]);
    try_mutants(&open_scenes[4]);
    return tap_done();
}

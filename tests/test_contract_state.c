/* Battery, states: delta is u(after) - u(before), the flip facet agrees with
   it, kernels give back what was put, and agree with the reference bit for
   bit for every model and dynamics (test_kernels has more scenes). */
#include "core/links.h"
#include "contract.h"

/* ---- delta, flip, bound -------------------------------------------------- */

enum { STATES = 40 };

/* Integers times a power of two: exact; else to rounding. */
static bool same_u(const struct system *system, double a, double b)
{
    int exponent;
    bool exact = system->model->u_integer &&
                 frexp(system->resolution, &exponent) == 0.5;
    return exact ? a == b : fabs(a - b) <= 1e-10 * (1 + fabs(b));
}

/* One state: every site, every value. */
static bool delta_holds(const struct system *system, int sample, void *state)
{
    const struct model *model = system->model;
    double before[COMPONENTS_MAX], after[COMPONENTS_MAX], du[COMPONENTS_MAX];
    bool good = true;
    state_u(system, sample, state, before);
    for (int64_t i = 0; i < system->sites; i++) {
        int old = model->local->get(system, state, i);
        for (int value = 0; value < system_values(system); value++) {
            model->local->delta(system, sample, state, i, value, du);
            model->local->set(system, state, i, value);
            good = good && model->local->get(system, state, i) == value;
            state_u(system, sample, state, after);
            model->local->set(system, state, i, old);
            for (int k = 0; k < model->components; k++)
                good = good && same_u(system, du[k], after[k] - before[k]);
        }
    }
    return good;
}

static bool check_delta(const struct system *system)
{
    char *state = mem_new(1, system->state_bytes);
    bool good = true;
    for (uint32_t n = 0; n < STATES; n++) {
        state_random(system, n, state);
        good = good && delta_holds(system, (int)n % system->samples, state);
    }
    free(state);
    return good;
}

/* ---- continuous sites ---------------------------------------------------- */

/* Rounding of a single-precision state shows in u relative to its terms. */
static double slack(const struct system *system)
{
    return system->model->fields[0].type == FIELD_FLOAT ? 2e-5 : 1e-9;
}

static bool near_u(const struct system *system, const double *a,
                   const double *b)
{
    bool good = true;
    for (int k = 0; k < system->model->components; k++)
        good = good && fabs(a[k] - b[k]) <= slack(system) * (1 + fabs(b[k]));
    return good;
}

/* One proposal a site: du is the change of u, set and get agree. */
static bool moves_hold(const struct system *system, int sample,
                       uint32_t number, void *state)
{
    const struct continuous *c = system->model->continuous;
    const struct draws draws = {.kind = STREAM_WORD, .seed = 8,
                                .walker = number};
    double before[COMPONENTS_MAX], after[COMPONENTS_MAX], du[COMPONENTS_MAX];
    double from[CONTINUOUS_MOST], to[CONTINUOUS_MOST], got[CONTINUOUS_MOST];
    bool good = true;
    for (int64_t i = 0; i < system->sites; i++) {
        state_u(system, sample, state, before);
        c->get(system, state, i, from);
        c->propose(system, &draws, i, 0.01 + number % 7 * 0.3, from, to);
        c->delta(system, sample, state, i, to, du);
        c->set(system, state, i, to);
        c->get(system, state, i, got);
        state_u(system, sample, state, after);
        for (int k = 0; k < system->model->components; k++)
            du[k] += before[k];
        good = good && near_u(system, du, after) && memcmp(from, to,
               (size_t)c->dim * sizeof *to) &&
               !memcmp(got, to, (size_t)c->dim * sizeof *to);
        c->delta(system, sample, state, i, to, du);
        good = good && du[0] == 0;
    }
    return good;
}

/* A reflection moves, leaves u, and done twice leads back. */
static bool reflections_hold(const struct system *system, int sample,
                             void *state)
{
    const struct continuous *c = system->model->continuous;
    double before[COMPONENTS_MAX], after[COMPONENTS_MAX];
    double from[CONTINUOUS_MOST], to[CONTINUOUS_MOST], back[CONTINUOUS_MOST];
    double moved = 0;
    bool good = true;
    for (int64_t i = 0; i < system->sites; i++) {
        state_u(system, sample, state, before);
        c->get(system, state, i, from);
        c->reflect(system, sample, state, i, to);
        c->set(system, state, i, to);
        state_u(system, sample, state, after);
        c->reflect(system, sample, state, i, back);
        good = good && near_u(system, before, after);
        for (int k = 0; k < c->dim; k++) {
            moved += fabs(to[k] - from[k]);
            good = good && fabs(back[k] - from[k]) < 1e-4;
        }
    }
    return good && moved > 0.1;
}

static bool check_moves(const struct system *system)
{
    char *state = mem_new(1, system->state_bytes);
    bool good = true;
    for (uint32_t n = 0; n < STATES; n++) {
        int sample = (int)n % system->samples;
        state_random(system, n, state);
        good = good && moves_hold(system, sample, n, state);
        if (system->model->continuous->reflect)
            good = good && reflections_hold(system, sample, state);
    }
    free(state);
    return good;
}

/* No random state has a larger |lambda . du| than the bound. */
static bool check_bound(const struct system *system)
{
    const struct model *model = system->model;
    char *state = mem_new(1, system->state_bytes);
    struct rung rung = rung_at(system, 0.7);
    double bound = model->local->bound(system, rung.lambda), most = 0;
    for (uint32_t n = 0; n < STATES; n++) {
        state_random(system, n, state);
        for (int64_t i = 0; i < system->sites; i++)
            for (int value = 0; value < system_values(system); value++) {
                double du[COMPONENTS_MAX];
                model->local->delta(system, (int)n % system->samples, state,
                                    i, value, du);
                most = fmax(most, fabs(rung_dot(rung.lambda, du,
                                                model->components)));
            }
    }
    free(state);
    return most <= bound * (1 + 1e-12) && most > 0;
}

/* Agreeing bonds are added to twice. */
static bool flip_holds(const struct system *system, const struct links *links,
                       const void *state, int64_t site, int64_t *twice)
{
    const struct model *model = system->model;
    double du[COMPONENTS_MAX], flip[COMPONENTS_MAX];
    int bit = model->local->get(system, state, site), agree = 0, degree = 0;
    for (int d = 0; d < links->degree; d++) {
        int64_t at = site * links->degree + d;
        bool negative = links->bond && links->bond[at] >= 0 &&
                        system->pairs->J[links->bond[at]] < 0;
        if (links->other[at] < 0)
            continue;
        int other = model->local->get(system, state, links->other[at]);
        agree += (other == bit) != negative;
        degree++;
    }
    *twice += agree;
    model->local->delta(system, 0, state, site, !bit, du);
    model->binary->flip(system, bit, agree, degree, flip);
    return !memcmp(du, flip, (size_t)model->components * sizeof *du);
}

/* The flip facet against delta, and its promise on the statistics. */
static bool check_flip(const struct system *system)
{
    const struct model *model = system->model;
    char *state = mem_new(1, system->state_bytes);
    struct links *links = links_new(system);
    bool good = true;
    for (uint32_t n = 0; n < STATES; n++) {
        double statistics[STATISTICS_MAX], counted[STATISTICS_MAX];
        int64_t twice = 0, up = 0;
        state_random(system, n, state);
        for (int64_t i = 0; i < system->sites; i++) {
            good = good && flip_holds(system, links, state, i, &twice);
            up += model->local->get(system, state, i);
        }
        model->measure(system, 0, state, statistics);
        model->binary->statistics(system, twice / 2, up, counted);
        good = good && !memcmp(statistics, counted,
                               (size_t)model->statistics * sizeof(double));
    }
    links_free(links);
    free(state);
    return good;
}

/* ---- kernels ------------------------------------------------------------- */

/* Random states into all lanes, in an order of its own, and out again. */
static bool round_trip(const struct chain *chain)
{
    const struct rung rung = rung_at(chain->system, 0.4);
    struct bank *bank = chain_bank(chain, &rung, chain_lanes(chain), 5);
    size_t bytes = chain->system->state_bytes;
    char *want = mem_new(1, bytes), *got = mem_new(1, bytes);
    int lanes = bank->spec.lanes, step = lanes > 1 ? 7 : 1;
    bool good = true;
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < lanes; i++) {
            int lane = i * step % lanes;
            state_random(chain->system, (uint32_t)(1000 * pass + lane), want);
            bank->kernel->put(bank, lane, want);
        }
        for (int lane = 0; lane < lanes; lane++) {
            state_random(chain->system, (uint32_t)(1000 * pass + lane), want);
            bank->kernel->get(bank, lane, got);
            good = good && !memcmp(want, got, bytes);
        }
    }
    free(want);
    free(got);
    bank_free(bank);
    return good;
}

static struct bank *reference_for(const struct chain *chain,
                                  const struct rung *rung, int rungs)
{
    struct bank_spec spec = chain_spec(chain, rung, rungs, 99);
    return bank_new(registry_kernel("reference"), &spec);
}

static bool same_lanes(const struct bank *a, const struct bank *b)
{
    static double x[256 * STATISTICS_MAX], y[256 * STATISTICS_MAX];
    const struct system *system = a->spec.system;
    char *one = mem_new(1, system->state_bytes);
    char *two = mem_new(1, system->state_bytes);
    int statistics = system->model->statistics;
    bool same = true;
    for (int lane = 0; lane < a->spec.lanes && same; lane++) {
        a->kernel->get(a, lane, one);
        b->kernel->get(b, lane, two);
        same = !memcmp(one, two, system->state_bytes);
    }
    a->kernel->measure(a, x, 1);
    b->kernel->measure(b, y, 1);
    for (int i = 0; i < a->spec.lanes * statistics; i++)
        same = same && (system->model->u_integer ? x[i] == y[i]
                                                 : same_u(system, x[i],
                                                          y[i]));
    free(one);
    free(two);
    return same;
}

/* Ten sweeps over the rungs exact, lazy, warm and cold, labels moving. */
static bool equals_reference(const struct chain *chain)
{
    struct rung rung[4];
    int label[256];
    bool same = true;
    const double strength[4] = {0, 1e-3, 0.3, 1};
    for (int r = 0; r < 4; r++)
        rung[r] = rung_at(chain->system, strength[r]);
    struct bank_spec spec = chain_spec(chain, rung, 4, 99);
    struct bank *fast = bank_new(chain->kernel, &spec);
    struct bank *slow = reference_for(chain, rung, 4);
    char *state = mem_new(1, chain->system->state_bytes);
    for (int lane = 0; lane < spec.lanes; lane++) {
        state_random(chain->system, (uint32_t)lane, state);
        fast->kernel->put(fast, lane, state);
        slow->kernel->put(slow, lane, state);
    }
    for (uint64_t t = 0; t < 10 && same; t++) {
        for (int lane = 0; lane < spec.lanes; lane++)
            label[lane] = (int)((uint64_t)lane * 3 + t / 2) % 4;
        fast->kernel->relabel(fast, label, t == 0 || t == 6);
        slow->kernel->relabel(slow, label, t == 0 || t == 6);
        fast->kernel->sweep(fast, t + 1, 1);
        slow->kernel->sweep(slow, t + 1, 1);
        same = same_lanes(fast, slow);
    }
    free(state);
    bank_free(fast);
    bank_free(slow);
    return same;
}

static int trips, compared;

static void visit(const struct subject *subject)
{
    const struct system *system = subject->system;
    struct chain chain[CHAINS_MOST];
    int chains = chains_of(system, NULL, chain);
    if (system->model->local) {
        ok(check_delta(system), "delta is the change of u: %s",
           subject->what);
        ok(check_bound(system), "no |lambda . du| above the bound: %s",
           subject->what);
    }
    if (system->model->continuous)
        ok(check_moves(system), "moves and reflections: %s", subject->what);
    if (system_binary(system))
        ok(check_flip(system), "flip and statistics agree: %s",
           subject->what);
    for (int c = 0; c < chains; c++) {
        const char *kernel = chain[c].kernel->name;
        ok(round_trip(&chain[c]), "put, get: %s, %s, %s, %s", subject->what,
           chain[c].dynamics->name, kernel, stream_names[chain[c].stream]);
        trips++;
        if (!strcmp(kernel, "reference"))
            continue;
        ok(equals_reference(&chain[c]), "as the reference: %s, %s, %s",
           subject->what, chain[c].dynamics->name, kernel);
        compared++;
    }
}

/* ---- mutants ------------------------------------------------------------- */

static void wrong_field_delta(const struct system *system, int sample,
                              const void *state, int64_t site, int value,
                              double *du)
{
    const struct model *ising = registry_model("ising");
    double h = section_real(system->keys, "h", 0);
    int old = ising->local->get(system, state, site);
    ising->local->delta(system, sample, state, site, value, du);
    du[0] += 4 * h * (value - old);
}

static void wrong_flip(const struct system *system, int bit, int agree,
                       int degree, double *du)
{
    registry_model("ising")->binary->flip(system, bit, agree, degree, du);
    du[0] *= agree == degree ? 1 + 0x1p-52 : 1;
}

static double small_bound(const struct system *system, const double *lambda)
{
    return 0.5 * registry_model("ising")->local->bound(system, lambda);
}

static void forgetful_get(const struct bank *bank, int lane, void *state)
{
    registry_kernel("lanes_u64")->get(bank, lane, state);
    bank->spec.system->model->local->set(bank->spec.system, state, 0, 0);
}

static void nearly_metropolis(double x, double *p, int *base)
{
    registry_dynamics_named("metropolis")->binary->level(x, p, base);
    *p *= 1 + 0x1p-7;
}

static void mutant_models(const struct system *system)
{
    struct local local = *system->model->local;
    struct binary binary = *system->model->binary;
    struct model model = *system->model;
    struct system broken = *system;
    model.local = &local;
    broken.model = &model;
    local.delta = wrong_field_delta;
    ok(!check_delta(&broken),
       "mutant rejected: wrong sign of h in delta by delta");
    local = *system->model->local;
    local.bound = small_bound;
    ok(!check_bound(&broken), "mutant rejected: half the bound by bound");
    model = *system->model;
    binary.flip = wrong_flip;
    model.binary = &binary;
    ok(!check_flip(&broken),
       "mutant rejected: a flip off in the last bit by flip");
}

static const struct continuous *sound;

static void wrong_delta(const struct system *system, int sample,
                        const void *state, int64_t site, const double *value,
                        double *du)
{
    sound->delta(system, sample, state, site, value, du);
    du[0] *= 1.001;
}

static void wrong_reflect(const struct system *system, int sample,
                          const void *state, int64_t site, double *value)
{
    double old[CONTINUOUS_MOST];
    sound->get(system, state, site, old);
    sound->reflect(system, sample, state, site, value);
    for (int k = 0; k < sound->dim; k++) /* 1.001 (s.h / h.h) h instead of 2 */
        value[k] = 1.001 * (value[k] + old[k]) - old[k];
}

static void mutant_continuous(const struct system *system)
{
    struct continuous facet = *system->model->continuous;
    struct model model = *system->model;
    struct system broken = *system;
    sound = system->model->continuous;
    model.continuous = &facet;
    broken.model = &model;
    ok(check_moves(&broken), "a copy of the facet passes");
    facet.delta = wrong_delta;
    ok(!check_moves(&broken), "mutant rejected: du 0.1 %% off by moves");
    facet = *sound;
    facet.reflect = wrong_reflect;
    ok(!check_moves(&broken),
       "mutant rejected: over-relaxation 0.1 %% off by reflections");
}

static void mutant_kernels(const struct system *system)
{
    struct kernel kernel = *registry_kernel("lanes_u64");
    struct dynamics dynamics = *registry_dynamics_named("metropolis");
    const struct binary_rule rule = {.lazy = true,
                                     .level = nearly_metropolis};
    struct chain chain = {system, &dynamics, &kernel, STREAM_LANE};
    dynamics.binary = &rule;
    ok(!equals_reference(&chain),
       "mutant rejected: p 1 %% off by the comparison with the reference");
    kernel.get = forgetful_get;
    ok(!round_trip(&chain), "mutant rejected: a lost site by put, get");
}

int main(void)
{
    static const char *const keys[SCENE_KEYS] = {"shape=[4, 4]", "h=0.25"};
    static const char *const square[SCENE_KEYS] = {"shape=[4, 4]"};
    struct subject subject;
    for_subjects(visit);
    ok(trips >= 60 && compared >= 40, "%d round trips, %d comparisons",
       trips, compared);
    if (subject_make(&subject, "ising", keys)) {
        mutant_models(subject.system);
        mutant_kernels(subject.system);
    }
    subject_release(&subject);
    if (subject_make(&subject, "xy", square))
        mutant_continuous(subject.system);
    subject_release(&subject);
    return tap_done();
}

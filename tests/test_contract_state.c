/* Battery, states: delta is u(after) - u(before), the flip facet and the
   continuous ones agree with it. */
#include "core/links.h"
#include "contract.h"

/* ---- delta, flip, bound -------------------------------------------------- */

enum { STATES = 40 };

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
            for (int k = 0; k < system->components; k++)
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
    for (int k = 0; k < system->components; k++)
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
        for (int k = 0; k < system->components; k++)
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

/* ---- gradient ------------------------------------------------------------ */

/* A direction of length 1, along the spheres where there are any. */
static void direction_of(const struct system *system, uint32_t number,
                         const double *x, double *v)
{
    const struct grad *grad = system->model->grad;
    const struct draws draws = {.kind = STREAM_WORD, .seed = 9, .tick = 1,
                                .walker = number};
    int64_t count = grad->count(system), part = count;
    double square = 0;
    bool flat = !grad->sphere || !grad->sphere(system);
    if (!flat)
        part = grad->sphere(system);
    draws_normals(&draws, RNG_TEST, 0, count, v);
    for (int64_t i = 0; i < count && !flat; i += part) {
        double along = 0, all = 0;
        for (int64_t k = i; k < i + part; k++) {
            along += x[k] * v[k];
            all += x[k] * x[k];
        }
        for (int64_t k = i; k < i + part; k++)
            v[k] -= along / all * x[k];
    }
    for (int64_t i = 0; i < count; i++)
        square += v[i] * v[i];
    for (int64_t i = 0; i < count; i++)
        v[i] /= sqrt(square);
}

/* Phi off by `by` times v from x. */
static double phi_moved(const struct system *system, struct grad_at at,
                        const double *v, double by)
{
    const struct grad *grad = system->model->grad;
    size_t count = (size_t)grad->count(system);
    double *x = mem_copy(at.x, count, sizeof *x);
    for (size_t i = 0; i < count; i++)
        x[i] += by * v[i];
    at.x = x;
    double phi = grad->phi(system, &at, NULL);
    free(x);
    return phi;
}

/* Phi changes with lambda as lambda . u does, and along a direction as its
   gradient says: central differences, errors of third order and rounding. */
static bool phi_holds(const struct system *system, int sample,
                      uint32_t number, const void *state)
{
    const struct grad *grad = system->model->grad;
    const struct model *model = system->model;
    const struct rung rung = rung_at(system, 0.7), zero = rung_at(system, 0);
    size_t count = (size_t)grad->count(system);
    double *x = mem_new(3 * count, sizeof *x), *v = x + count, *g = v + count;
    struct grad_at at = {.sample = sample, .lambda = rung.lambda, .x = x};
    double statistics[STATISTICS_MAX], u[COMPONENTS_MAX], slope = 0, size = 0;
    at.work = mem_new(1, grad->work ? grad->work(system) : 0);
    if (grad->get)
        grad->get(system, state, x);
    else
        memcpy(x, state, count * sizeof *x);
    model->measure(system, sample, state, statistics);
    model->u(system, statistics, u);
    double phi = grad->phi(system, &at, g), h = 1e-4;
    direction_of(system, number, x, v);
    for (size_t i = 0; i < count; i++) {
        slope += g[i] * v[i];
        size += g[i] * g[i];
    }
    double step = (phi_moved(system, at, v, h) -
                   phi_moved(system, at, v, -h)) / (2 * h);
    at.lambda = zero.lambda;
    double linear = phi - grad->phi(system, &at, NULL);
    double x_u = rung_dot(rung.lambda, u, system->components);
    free(at.work);
    free(x);
    return fabs(linear - x_u) <= slack(system) * fmax(1, fabs(x_u)) &&
           fabs(step - slope) <= 1e-3 * sqrt(size) + 1e-5;
}

static bool check_gradient(const struct system *system)
{
    char *state = mem_new(1, system->state_bytes);
    bool good = true;
    for (uint32_t n = 0; n < STATES; n++) {
        int sample = (int)n % system->samples;
        state_random(system, n, state);
        good = good && phi_holds(system, sample, n, state);
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
                                                system->components)));
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
    return !memcmp(du, flip, (size_t)system->components * sizeof *du);
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

static int seen;

static void visit(const struct subject *subject)
{
    const struct system *system = subject->system;
    if (system->model->local) {
        ok(check_delta(system), "delta is the change of u: %s",
           subject->what);
        ok(check_bound(system), "no |lambda . du| above the bound: %s",
           subject->what);
    }
    if (system->model->continuous)
        ok(check_moves(system), "moves and reflections: %s", subject->what);
    if (model_grad(system->model, system->keys))
        ok(check_gradient(system), "gradient: %s", subject->what);
    if (system_binary(system))
        ok(check_flip(system), "flip and statistics agree: %s",
           subject->what);
    seen++;
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

static const struct grad *sound_grad;

static double wrong_gradient(const struct system *system,
                             const struct grad_at *at, double *gradient)
{
    double phi = sound_grad->phi(system, at, gradient);
    for (int64_t i = 0; gradient && i < sound_grad->count(system); i++)
        gradient[i] *= 1.02;
    return phi;
}

static void mutant_grad(const struct system *system)
{
    struct grad facet = *system->model->grad;
    struct model model = *system->model;
    struct system broken = *system;
    sound_grad = system->model->grad;
    model.grad = &facet;
    broken.model = &model;
    facet.phi = wrong_gradient;
    ok(!check_gradient(&broken),
       "mutant rejected: gradient 2 %% off by gradient");
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

int main(void)
{
    static const char *const keys[SCENE_KEYS] = {"shape=[4, 4]", "h=0.25"};
    static const char *const square[SCENE_KEYS] = {"shape=[4, 4]"};
    struct subject subject;
    for_subjects(visit);
    ok(seen >= 20, "%d systems seen", seen);
    if (subject_make(&subject, "ising", keys))
        mutant_models(subject.system);
    subject_release(&subject);
    if (subject_make(&subject, "xy", square))
        mutant_continuous(subject.system), mutant_grad(subject.system);
    subject_release(&subject);
    return tap_done();
}

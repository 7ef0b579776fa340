/* Kernels of stream word on systems of hundreds of sites, long enough that
   what 16 digits of U leave open comes up (once in 65536 updates where bytes
   are compared, once in 10^4 where the quick exp is), against the reference
   bit for bit; the batches of sites they take at once; the error of the quick
   exp. Exact comparisons: no statistics. */
#include <math.h>

#include "contract.h"
#include "core/batches.h"
#include "graph_files.h"
#include "kernels/accept.h"

enum { LANES = 20, FIRST = 37, RUNGS = 5, SWEEPS = 12 };

/* One for every body: integers of 8, 16, 32 bits, rows of both widths;
   couplings +-1, equal for all lanes, any; sites all alike or not; fields;
   clamps. */
static const struct scene large[] = {
    {"graph", {"N=500", "degree=2"}},
    {"graph", {"N=500", "degree=3"}},
    {"graph", {"N=500", "degree=4"}},
    {"graph", {"N=500", "degree=5", "couplings=antiferromagnet"}},
    {"graph", {"N=500", "degree=6"}},
    {"graph", {"N=500", "degree=9"}},
    {"graph", {"N=500", "generate=erdos_renyi"}},
    {"graph", {"N=500", "generate=erdos_renyi", "degree=9"}},
    {"graph", {"N=500", "h=1.0"}},
    {"graph", {"N=500", "h=0.25", "clamp_up=[3, 17]"}},
    {"graph", {"N=500", "h=0.001953125"}},
    {"graph", {"N=500", "degree=6", "couplings=gaussian"}},
    {"graph", {"N=500", "couplings=gaussian", "clamp_down=[0, 499]"}},
    {"edwards_anderson", {"shape=[6, 6, 6]", "samples=4"}},
    {"edwards_anderson", {"shape=[8, 9]", "samples=4",
                          "couplings=gaussian"}},
    {"curie_weiss", {"N=300", "h=0.125"}},
    {"sk", {"N=100", "samples=2"}},
    {"sk", {"N=300"}},
    {"graph", {"N=200", "degree=120", "couplings=gaussian"}},
    {"graph", {"N=130", "degree=80", "couplings=gaussian", "h=0.3",
               "clamp_up=[3, 64, 127]"}},
    {"perceptron", {"N=129", "examples=100"}},
    {"perceptron", {"N=129", "examples=100", "reference=random"}},
    {"perceptron", {"N=65", "examples=70", "loss=hinge", "samples=2",
                    "reference=planted"}},
    {"perceptron", {"N=100", "examples=60", "labels=random", "kappa=-0.35",
                    "samples=2"}},
    {"perceptron", {"N=41", "examples=300", "kappa=0.6"}},
    {"perceptron", {"N=37", "examples=1030"}},
    {"perceptron", {"N=63", "examples=520", "kappa=-12.0"}},
    {"perceptron", {"N=65", "examples=70", "loss=symmetric", "kappa=0.4"}},
    {"perceptron", {"N=70", "examples=65", "loss=symmetric", "kappa=1.0",
                    "samples=2"}},
    {"perceptron", {"N=65", "examples=70", "kappa=0.35",
                    "loss=perceptron"}},
    {"perceptron", {"N=65", "examples=70", "loss=hinge", "samples=2"}},
    {"perceptron", {"N=65", "examples=70", "loss=logistic"}},
    {"perceptron", {"N=40", "examples=30", "loss=logistic",
                    "inputs=gaussian"}},
    {"perceptron", {"N=65", "examples=70", "inputs=gaussian"}},
    {"perceptron", {"N=65", "examples=70", "inputs=gaussian",
                    "loss=symmetric", "kappa=1.0"}},
    {"perceptron", {"N=65", "examples=70", "inputs=gaussian",
                    "loss=hinge"}},
    {"committee", {"N=99", "examples=40", "samples=2"}},
    {"committee", {"N=30", "K=4", "tree=false", "loss=hinge"}},
    {"committee", {"N=60", "K=3", "inputs=gaussian", "loss=logistic"}},
    {"graph", {"file=wide.txt"}}};

/* ---- the same numbers ---------------------------------------------------- */

static struct bank *start(const struct kernel *kernel,
                          const struct bank_spec *spec)
{
    struct bank *bank = bank_new(kernel, spec);
    char *state = mem_new(1, spec->system->state_bytes);
    for (int lane = 0; lane < spec->lanes; lane++) {
        struct draws draws = {.kind = STREAM_WORD, .seed = 11,
                              .walker = lane};
        spec->system->model->draw(spec->system, spec->sample[lane], &draws,
                                  RNG_START, state);
        kernel->put(bank, lane, state);
    }
    free(state);
    return bank;
}

static bool same(const struct bank *a, const struct bank *b)
{
    const struct system *system = a->spec.system;
    double x[LANES * STATISTICS_MAX], y[LANES * STATISTICS_MAX];
    char *one = mem_new(1, system->state_bytes);
    char *two = mem_new(1, system->state_bytes);
    bool equal = true;
    a->kernel->measure(a, x, 1);
    b->kernel->measure(b, y, 1);
    for (int i = 0; i < a->spec.lanes * system->model->statistics; i++)
        equal = equal && x[i] == y[i];
    for (int lane = 0; lane < a->spec.lanes && equal; lane++) {
        a->kernel->get(a, lane, one);
        b->kernel->get(b, lane, two);
        equal = !memcmp(one, two, system->state_bytes);
    }
    free(one);
    free(two);
    return equal;
}

/* Rungs exact, lazy, warm, cold, and one at which energy is sought. */
static bool as_reference(const struct system *system,
                         const struct dynamics *dynamics,
                         const struct kernel *kernel, bool negative,
                         uint64_t other_seed)
{
    const double beta[RUNGS] = {0, 0.01, 0.3, 1.2, negative ? -0.7 : 3};
    struct rung rung[RUNGS];
    int sample[LANES], label[LANES];
    bool equal = true;
    for (int r = 0; r < RUNGS; r++)
        rung[r] = rung_at(system, beta[r]);
    if (system->components > 1) /* exact on a tether */
        rung[0] = system_rung(system, (double[COMPONENTS_MAX]){0, 0.7});
    for (int lane = 0; lane < LANES; lane++)
        sample[lane] = lane % system->samples;
    struct bank_spec spec = {
        .system = system, .dynamics = dynamics, .stream = STREAM_WORD,
        .seed = 5, .lanes = LANES, .first_walker = FIRST, .sample = sample,
        .rungs = RUNGS, .rung = rung};
    struct bank *fast = start(kernel, &spec);
    spec.seed += other_seed;
    struct bank *slow = start(registry_kernel("reference"), &spec);
    for (uint64_t t = 0; t < SWEEPS && equal; t++) {
        for (int lane = 0; lane < LANES; lane++)
            label[lane] = (int)((uint64_t)lane * 3 + t / 2) % RUNGS;
        fast->kernel->relabel(fast, label, t % 6 == 0);
        slow->kernel->relabel(slow, label, t % 6 == 0);
        fast->kernel->sweep(fast, t + 1, 1);
        slow->kernel->sweep(slow, t + 1, 1);
        equal = same(fast, slow);
    }
    bank_free(fast);
    bank_free(slow);
    return equal;
}

static void check_kernel(const struct subject *subject,
                         const struct dynamics *dynamics,
                         const struct kernel *kernel)
{
    struct chain chain = {subject->system, dynamics, kernel, STREAM_WORD};
    if (!dynamics->binary || kernel->rank == 0 || !chain_fits(&chain))
        return;
    for (int negative = 0; negative < 2; negative++)
        ok(as_reference(subject->system, dynamics, kernel, negative, 0),
           "as the reference: %s, %s, %s%s", subject->what, dynamics->name,
           kernel->name, negative ? ", beta < 0" : "");
    ok(!as_reference(subject->system, dynamics, kernel, false, 1),
       "mutant rejected: another seed");
}

static void check_kernels(const struct subject *subject)
{
    for (int d = 0; registry_dynamics[d]; d++)
        for (int k = 0; registry_kernels[k]; k++)
            check_kernel(subject, registry_dynamics[d], registry_kernels[k]);
}

/* ---- batches ------------------------------------------------------------- */

/* When site i moves: its batch; -1: never. */
static int64_t *times_of(const struct batches *b, int64_t sites)
{
    int64_t *time = mem_new((size_t)sites, sizeof *time);
    for (int64_t i = 0; i < sites; i++)
        time[i] = -1;
    for (int64_t n = 0; n < b->count; n++)
        for (int64_t at = b->start[n]; at < b->start[n + 1]; at++)
            time[b->site[at]] = n;
    return time;
}

static bool before(const struct system *system, int64_t i, int64_t j)
{
    int a = system->model->local->colour(system, i);
    int b = system->model->local->colour(system, j);
    return a < b || (a == b && i < j);
}

/* Coupled sites in the reference's order, each site once or clamped. late: a
   site that is put off to the end. */
static bool batches_hold(const struct system *system, int most, int64_t late)
{
    const struct pairs *p = system->pairs;
    struct batches *b = batches_new(system, most);
    int64_t *time = times_of(b, p->sites), moving = 0;
    bool good = b->start[b->count] == b->sites;
    if (late >= 0)
        time[late] = b->count;
    for (int64_t n = 0; n < b->count; n++)
        good = good && b->start[n + 1] > b->start[n] &&
               b->start[n + 1] - b->start[n] <= most;
    for (int64_t i = 0; i < p->sites; i++) {
        moving += time[i] >= 0;
        good = good && (time[i] >= 0) == !(p->clamp && p->clamp[i]);
        for (int64_t k = p->start[i]; k < p->start[i + 1]; k++) {
            int64_t j = p->other[k];
            if (time[i] >= 0 && time[j] >= 0 && before(system, i, j))
                good = good && time[i] < time[j];
        }
    }
    good = good && moving == b->sites;
    free(time);
    batches_free(b);
    return good;
}

/* Does the site move before a neighbour? */
static bool leads(const struct system *system, int64_t i)
{
    const struct pairs *p = system->pairs;
    bool any = false;
    for (int64_t k = p->start[i]; k < p->start[i + 1]; k++)
        any |= before(system, i, p->other[k]) &&
               !(p->clamp && (p->clamp[i] || p->clamp[p->other[k]]));
    return any;
}

static void check_batches(const struct subject *subject)
{
    const struct system *system = subject->system;
    if (!system->pairs)
        return;
    ok(batches_hold(system, 7, -1) && batches_hold(system, 64, -1),
       "batches keep the order of coupled sites: %s", subject->what);
    int64_t first = 0;
    while (!leads(system, first))
        first++;
    ok(!batches_hold(system, 7, first),
       "mutant rejected: a site comes too late");
}

/* ---- the quick exp ------------------------------------------------------- */

/* Largest relative error of p for scale m, m = 0, -1, ... down to 2^-100,
   taken with the scale stretched by `stretch`. */
static double exp_error(double lambda, double stretch)
{
    struct near_slope slope = {.most = {0}};
    double worst = 0;
    for (int i = 0; i < NEAR_LANES; i++)
        near_set_slope(&slope, i, lambda * stretch, 0.5, false);
    double scale = lambda / M_LN2;
    int32_t last = (int32_t)(100 / scale);
    for (int32_t m = 0; m <= last; m += 1 + last / 100000) {
        near_int cell = (near_int){0} + m;
        near_real y = __builtin_convertvector(cell, near_real) * slope.scale;
        near_real p;
        near_exp2(&y, 1, &p);
        double exact = exp2(16 - scale * m);
        worst = fmax(worst, fabs((double)p[0] / exact - 1));
    }
    return worst;
}

static void check_exp(void)
{
    const double lambda[] = {1e-5, 7e-4, 0.013, 0.31, 0.9999, 2.5};
    for (size_t i = 0; i < sizeof lambda / sizeof *lambda; i++) {
        double error = exp_error(lambda[i], 1);
        ok(error < 0.9 * (double)NEAR, "quick exp at lambda %g: error %.2g",
           lambda[i], error);
        ok(exp_error(lambda[i], 1.00001) > (double)NEAR,
           "mutant rejected: a scale off by 1e-5");
    }
}

/* All pairs of 90 sites, couplings k 2^-18 with k odd and up to 2^15: rows
   that do not fit 16 bits. */
static void write_wide(void)
{
    FILE *out = fopen("wide.txt", "w");
    uint32_t k = 1;
    fprintf(out, "90 4005\n");
    for (int i = 1; i <= 90; i++)
        for (int j = i + 1; j <= 90; j++) {
            k = k * 1664525u + 1013904223u;
            fprintf(out, "%d %d %.17g\n", i, j,
                    ldexp((int32_t)(k >> 16 | 1) - 32768, -18));
        }
    fclose(out);
}

int main(void)
{
    const char *const files[] = {"wide.txt"};
    if (!files_begin())
        return 1;
    write_wide();
    for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
        struct subject subject;
        if (!subject_make(&subject, large[i].model, large[i].key))
            continue;
        check_kernels(&subject);
        check_batches(&subject);
        subject_release(&subject);
    }
    check_exp();
    return tap_done() | !files_done(files, 1);
}

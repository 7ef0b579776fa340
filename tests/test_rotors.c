/* The kernels of unit vectors: the quick exp within its bound, and the
   reference's bits on lattices of every kind, in whole and partial banks, by
   one thread and several; directions drawn at lambda = 0 are uniform. */
#include <gsl/gsl_cdf.h>

#define FLOATS 4
#include "contract.h"
#include "core/rotors.h"
#include "kernels/floats.h"

/* ---- the quick exp ------------------------------------------------------- */

/* Every so manieth float between -24 and -2^-26, all in a lane of four;
   relative: an error of x, as the kernels may make. */
static double worst_exp(double relative)
{
    double worst = 0;
    for (uint32_t bits = 0xb2800000; bits <= 0xc1c00000; bits += 997) {
        float x;
        memcpy(&x, &bits, sizeof x);
        float used = (float)(x * (1 + relative));
        floats got = floats_exp2_24(floats_all(used));
        worst = fmax(worst, fabs((double)got[bits % FLOATS] -
                                 ldexp(exp2((double)x), 24)));
    }
    return worst;
}

static void check_exp(void)
{
    double worst = fmax(worst_exp(0x1p-22), worst_exp(-0x1p-22));
    ok(worst <= FLOATS_EXP_ERROR / 2,
       "quick exp: off by %.1f of 2^24, bound %g", worst, FLOATS_EXP_ERROR);
    ok(worst_exp(1e-4) > FLOATS_EXP_ERROR,
       "mutant rejected: x off by 1e-4 by the bound");
    floats ends = floats_exp2_24((floats){0, 1e30f, -1e30f, -100});
    ok(ends[0] >= 0x1p24f - FLOATS_EXP_ERROR && ends[1] >= 0x1p24f &&
       ends[2] > 0 && ends[2] < 1e-6f && ends[2] == ends[3],
       "quick exp far out");
}

/* ---- kernels against the reference --------------------------------------- */

enum { RUNGS = 5, SWEEPS = 40 };

struct bout {
    const char *model, *key[SCENE_KEYS], *dynamics;
    int first, lanes, threads;
};

static const struct bout bouts[] = {
    {"xy", {"shape=[16, 16]"}, "metropolis", 0, 32, 1},
    {"xy", {"shape=[16, 16]"}, "overrelaxation", 0, 32, 3},
    {"xy", {"shape=[6, 10]", "boundary=open"}, "overrelaxation", 0, 32, 2},
    {"xy", {"shape=[5, 7]", "J=-0.7"}, "overrelaxation", 37, 20, 2},
    {"xy", {"shape=[4, 4, 6]", "J=0.3"}, "metropolis", 64, 5, 1},
    {"xy", {"shape=[40]", "boundary=open"}, "metropolis", 3, 29, 4},
    {"xy", {"shape=[2, 2, 3, 2]"}, "overrelaxation", 31, 1, 1},
    {"heisenberg", {"shape=[4, 6, 4]"}, "overrelaxation", 0, 32, 1},
    {"heisenberg", {"shape=[8, 6]", "J=-1.0"}, "metropolis", 32, 17, 3},
    {"heisenberg", {"shape=[9]"}, "overrelaxation", 8, 24, 1},
    {"heisenberg", {"shape=[3, 4, 5]", "boundary=open"}, "metropolis", 20,
     12, 2}};

static bool same_now(const struct bank *a, const struct bank *b)
{
    static double x[32 * STATISTICS_MAX], y[32 * STATISTICS_MAX];
    const struct system *system = a->spec.system;
    char *one = mem_new(1, system->state_bytes);
    char *two = mem_new(1, system->state_bytes);
    bool same = true;
    for (int lane = 0; lane < a->spec.lanes && same; lane++) {
        a->kernel->get(a, lane, one);
        b->kernel->get(b, lane, two);
        same = !memcmp(one, two, system->state_bytes) &&
               a->success[lane].tries == b->success[lane].tries &&
               a->success[lane].hits == b->success[lane].hits;
    }
    a->kernel->measure(a, x, 2);
    b->kernel->measure(b, y, 1);
    same = same && !memcmp(x, y, (size_t)(a->spec.lanes *
                                          system->model->statistics) *
                                     sizeof *x);
    free(one);
    free(two);
    return same;
}

/* Both through the same sweeps, labels moving; on rungs[0] and [1]. */
static bool run_alike(struct bank *bank[2], int threads)
{
    int label[32];
    bool same = true;
    char *state = mem_new(1, bank[0]->spec.system->state_bytes);
    for (int lane = 0; lane < bank[0]->spec.lanes; lane++) {
        state_random(bank[0]->spec.system, (uint32_t)lane, state);
        for (int b = 0; b < 2; b++)
            bank[b]->kernel->put(bank[b], lane, state);
    }
    for (uint64_t t = 0; t < SWEEPS && same; t++) {
        for (int lane = 0; lane < bank[0]->spec.lanes; lane++)
            label[lane] = (int)((uint64_t)lane * 3 + t / 2) % RUNGS;
        for (int b = 0; b < 2; b++) {
            bank[b]->kernel->relabel(bank[b], label, t == 0);
            bank[b]->kernel->sweep(bank[b], t + 1, b ? 1 : threads);
        }
        same = same_now(bank[0], bank[1]);
    }
    free(state);
    return same;
}

/* Steps of the fast kernel times `error`. */
static bool equal(const struct system *system, const struct bout *bout,
                  const char *kernel, double error)
{
    struct rung rung[2][RUNGS];
    struct bank *bank[2];
    const double strength[RUNGS] = {0, 0.3, 1, 3, 20};
    for (int r = 0; r < RUNGS; r++) {
        rung[0][r] = rung_at(system, strength[r]);
        rung[0][r].step = 1.5 / (1 + r);
        rung[1][r] = rung[0][r];
        rung[0][r].step *= error;
    }
    for (int b = 0; b < 2; b++) {
        struct bank_spec spec = {
            .system = system, .stream = STREAM_WORD, .seed = 5,
            .dynamics = registry_dynamics_named(bout->dynamics),
            .first_walker = bout->first, .lanes = bout->lanes,
            .sample = samples_zero, .rungs = RUNGS, .rung = rung[b]};
        bank[b] = bank_new(registry_kernel(b ? "reference" : kernel), &spec);
    }
    bool same = run_alike(bank, bout->threads);
    bank_free(bank[0]);
    bank_free(bank[1]);
    return same;
}

static void check_bout(const struct bout *bout)
{
    static const char *const kernels[] = {"rotors_u64", "rotors_avx2"};
    struct subject subject;
    if (!subject_make(&subject, bout->model, bout->key))
        return;
    for (int k = 0; k < 2; k++)
        if (registry_kernel(kernels[k])->cpu()) {
            ok(equal(subject.system, bout, kernels[k], 1),
               "%s as the reference: %s, %s, walkers %d to %d, %d threads",
               kernels[k], subject.what, bout->dynamics, bout->first,
               bout->first + bout->lanes - 1, bout->threads);
            if (bout == bouts)
                ok(!equal(subject.system, bout, kernels[k], 1 + 0x1p-22),
                   "mutant rejected: a step 2e-7 larger by %s", kernels[k]);
        }
    subject_release(&subject);
}

/* ---- lengths and directions ---------------------------------------------- */

static double worst_length(const struct system *system, const float *spin,
                           int n)
{
    double worst = 0;
    for (int64_t i = 0; i < system->sites; i++) {
        double square = 0;
        for (int c = 0; c < n; c++)
            square += (double)spin[i * n + c] * (double)spin[i * n + c];
        worst = fmax(worst, fabs(sqrt(square) - 1));
    }
    return worst;
}

/* Every `stride`th tick: 1 comes by those that restore lengths. */
static double length_after(const struct system *system, int n, int sweeps,
                           uint64_t stride)
{
    struct chain chain = {system, registry_dynamics_named("overrelaxation"),
                          registry_kernel("rotors_u64"), STREAM_WORD};
    struct rung rung = rung_at(system, 1);
    struct bank *bank = chain_bank(&chain, &rung, 1, 3);
    float *spin = mem_new(1, system->state_bytes);
    system->model->ordered(system, spin);
    bank->kernel->put(bank, 0, spin);
    for (int t = 1; t <= sweeps; t++)
        bank->kernel->sweep(bank, (uint64_t)t * stride + stride / 16, 1);
    bank->kernel->get(bank, 0, spin);
    double worst = worst_length(system, spin, n);
    bank_free(bank);
    free(spin);
    return worst;
}

static void check_lengths(const struct system *system, int n)
{
    double kept = length_after(system, n, 20000, 1);
    double drifted = length_after(system, n, 20000, 16);
    ok(kept < 1e-5, "%d components: lengths are 1 to %.1e after 20000 sweeps",
       n, kept);
    ok(drifted > 1e-5, "mutant rejected: lengths never restored (%.1e)",
       drifted);
}

/* Chi-square of uniform numbers in 32 cells. */
static double uniform_chance(const int *count, double total)
{
    double sum = 0;
    for (int i = 0; i < 32; i++)
        sum += pow(count[i] - total / 32, 2) / (total / 32);
    return gsl_cdf_chisq_Q(sum, 31);
}

/* The angle in the first two components, and the height. False alarm of a
   new seed 1e-6 each. */
static void check_directions(const struct system *system, int n)
{
    const double pi = 3.14159265358979323846;
    enum { DRAWS = 2000 };
    int angle[32] = {0}, height[32] = {0};
    float *spin = mem_new(1, system->state_bytes);
    double worst = 0, total = DRAWS * (double)system->sites;
    for (uint32_t w = 0; w < DRAWS; w++) {
        state_random(system, w, spin);
        worst = fmax(worst, worst_length(system, spin, n));
        for (int64_t i = 0; i < system->sites; i++) {
            const float *s = spin + i * n;
            double turn = (atan2((double)s[1], (double)s[0]) + pi) / (2 * pi);
            angle[(int)fmin(31, 32 * turn)]++;
            if (n == 3)
                height[(int)fmin(31, 16 * ((double)s[2] + 1))]++;
        }
    }
    ok(worst < 5e-7 && uniform_chance(angle, total) > 1e-6 &&
       (n == 2 || uniform_chance(height, total) > 1e-6),
       "%d components: directions are uniform, of length 1 to %.1e", n,
       worst);
    angle[3] += (int)(0.08 * total / 32);
    ok(uniform_chance(angle, total) < 1e-6,
       "mutant rejected: one direction in 32 8 %% too often");
    free(spin);
}

static void check_model(const char *model, int n)
{
    static const char *const keys[SCENE_KEYS] = {"shape=[16, 16]"};
    struct subject subject;
    if (subject_make(&subject, model, keys)) {
        check_lengths(subject.system, n);
        check_directions(subject.system, n);
    }
    subject_release(&subject);
}

int main(void)
{
    check_exp();
    for (size_t i = 0; i < sizeof bouts / sizeof *bouts; i++)
        check_bout(&bouts[i]);
    check_model("xy", 2);
    check_model("heisenberg", 3);
    return tap_done();
}

/* Dropout: the masks; the mean weights of a linear regression under sgld,
   which solve (X'X + p/(1-p) diag(X'X) + l2 + T/s^2) w = X'y. Fixed seeds; z
   is the largest of four counts, beyond 5 by chance once in 10^5 seeds, or of
   six means, beyond 4 once in a thousand. */
#include <math.h>

#include "contract.h"
#include "core/dynamics.h"
#include "systems/dropout.h"

static struct dropout dropout_of(double p, uint64_t tick)
{
    return (struct dropout){
        .p = p, .times = 1 / (1 - p),
        .address = {.seed = 5, .tick = tick, .purpose = RNG_DROPOUT,
                    .stream = 2}};
}

/* ---- masks --------------------------------------------------------------- */

/* z of the number of units left out, and of pairs of neighbours, examples and
   steps that agree; the largest. INFINITY: times are not 0 or 1 / (1 - p) */
static double masks_off(double p, double told)
{
    enum { UNITS = 1000, ROWS = 500 };
    static double row[2][UNITS], later[UNITS];
    double out = 0, pairs = 0, agree[3] = {0}, n = UNITS * ROWS;
    struct dropout now = dropout_of(p, 1), next = dropout_of(p, 2);
    for (int e = 0; e < ROWS; e++) {
        double *x = row[e % 2], *last = row[1 - e % 2];
        dropout_times(&now, e, UNITS, 0, UNITS, x);
        dropout_times(&next, e, UNITS, 0, UNITS, later);
        for (int i = 0; i < UNITS; i++) {
            if (x[i] != 0 && x[i] != now.times)
                return INFINITY;
            out += x[i] == 0;
            agree[0] += (x[i] == 0) == (x[(i + 1) % UNITS] == 0);
            agree[1] += e == 0 || (x[i] == 0) == (last[i] == 0);
            agree[2] += (x[i] == 0) == (later[i] == 0);
        }
    }
    pairs = told * told + (1 - told) * (1 - told);
    double worst = fabs(out - n * told) / sqrt(n * told * (1 - told));
    agree[1] -= UNITS * (1 - pairs);
    for (int k = 0; k < 3; k++)
        worst = fmax(worst, fabs(agree[k] - n * pairs) /
                                sqrt(2 * n * pairs * (1 - pairs)));
    return worst;
}

static void check_masks(void)
{
    double piece[16], all[300];
    struct dropout d = dropout_of(0.4, 3);
    for (double p = 0.1; p < 0.95; p += 0.2) {
        double z = masks_off(p, p);
        ok(z < 5, "p = %g: so many are left out, independently (z %.2f)", p,
           z);
    }
    ok(masks_off(0.3, 0.305) > 5, "mutant rejected: p = 0.305");
    dropout_times(&d, 7, 300, 0, 300, all);
    dropout_times(&d, 7, 300, 264, 16, piece);
    ok(!memcmp(all + 264, piece, sizeof piece), "in pieces: the same");
}

/* ---- linear: a ridge ----------------------------------------------------- */

enum { N = 6, EXAMPLES_OF = 30, STEPS = 60000, BLOCK = 1000 };
#define P 0.35
#define ETA 0.03
#define BETA 2.0

/* A step of sgld with all examples, `times` that which is kept counts. */
static void step(const struct system *system, const struct rung *rung,
                 double times, uint64_t tick, double *w, void *work)
{
    double g[N], noise[N];
    int64_t all[EXAMPLES_OF];
    struct dropout dropout = dropout_of(P, tick);
    struct draws draws = {.kind = STREAM_WORD, .seed = 6, .tick = tick};
    struct grad_at at = {.lambda = rung->lambda, .x = w, .work = work,
                         .batch = all, .batch_size = EXAMPLES_OF,
                         .dropout = &dropout};
    dropout.times = times;
    for (int i = 0; i < EXAMPLES_OF; i++)
        all[i] = i;
    system->model->grad->phi(system, &at, g);
    draws_normals(&draws, RNG_NOISE, 0, N, noise);
    for (int i = 0; i < N; i++)
        w[i] += sqrt(2 * ETA / BETA) * noise[i] - ETA / BETA * g[i];
}

/* A solved for b, by elimination; A is spoilt. */
static void solve(double A[N][N], double *b)
{
    for (int k = 0; k < N; k++)
        for (int i = 0; i < N; i++) {
            double f = i == k ? 0 : A[i][k] / A[k][k];
            for (int j = 0; j < N; j++)
                A[i][j] -= f * A[k][j];
            b[i] -= f * b[k];
        }
    for (int k = 0; k < N; k++)
        b[k] /= A[k][k];
}

/* The mean weights: X'X and X'y from gradients of Phi without dropout. */
static void exact_mean(const struct system *system, const struct rung *rung,
                       void *work, double *mean)
{
    double w[N] = {0}, g[N], A[N][N], l2 = 0.3, prior = 1 / BETA;
    struct grad_at at = {.lambda = rung->lambda, .x = w, .work = work};
    system->model->grad->phi(system, &at, mean);
    for (int k = 0; k < N; k++) {
        w[k] = 1;
        system->model->grad->phi(system, &at, g);
        w[k] = 0;
        for (int i = 0; i < N; i++)
            A[i][k] = (g[i] - mean[i]) / BETA;
    }
    for (int k = 0; k < N; k++) {
        mean[k] /= -BETA;
        A[k][k] += P / (1 - P) * (A[k][k] - l2 - prior);
    }
    solve(A, mean);
}

/* Largest z of the mean weights; times 0: by sgld itself. */
static double mean_off(const struct system *system, double times)
{
    enum { BLOCKS = STEPS / BLOCK };
    const struct dynamics *sgld = registry_dynamics_named("sgld");
    struct section keys = section_new("dynamics", NULL, sgld->keys);
    struct rung rung = rung_at(system, BETA);
    double w[N] = {0}, mean[N], sum[N] = {0}, square[N] = {0}, worst = 0;
    void *work = mem_new(1, sgld->work(system));
    struct sweep s = {.system = system, .rung = &rung, .state = w,
                      .keys = &keys, .work = work,
                      .draws = {.kind = STREAM_WORD, .seed = 9}};
    *(double *)section_value(&keys, "step") = ETA;
    *(double *)section_value(&keys, "dropout") = P;
    exact_mean(system, &rung, work, mean);
    for (int block = -1; block < BLOCKS; block++) {
        double here[N] = {0};
        for (int t = 0; t < BLOCK; t++) {
            s.draws.tick++;
            if (times > 0)
                step(system, &rung, times, s.draws.tick, w, work);
            else
                sgld->sweep(&s);
            for (int i = 0; i < N; i++)
                here[i] += w[i] / BLOCK;
        }
        for (int i = 0; i < N && block >= 0; i++) {
            sum[i] += here[i] / BLOCKS;
            square[i] += here[i] * here[i] / BLOCKS;
        }
    }
    for (int i = 0; i < N; i++)
        worst = fmax(worst, fabs(sum[i] - mean[i]) /
                                sqrt((square[i] - sum[i] * sum[i]) /
                                     (BLOCKS - 1)));
    free(work);
    section_free(&keys);
    return worst;
}

static void check_ridge(void)
{
    const char *key[SCENE_KEYS] = {"N=6", "examples=30", "l2=0.3"};
    struct subject subject;
    subject_make(&subject, "linear", key);
    double z = mean_off(subject.system, 0);
    ok(z < 4, "sgld with dropout on linear: the means of the ridge, z %.2f",
       z);
    z = mean_off(subject.system, 1 / (1 - P));
    ok(z < 4, "by a loop of the test's own, too: z %.2f", z);
    z = mean_off(subject.system, 1);
    ok(z > 8, "mutant rejected: what is kept counts once, z %.1f", z);
    subject_release(&subject);
    subject_make(&subject, "wells", (const char *[SCENE_KEYS]){"dim=2"});
    const struct dynamics *sgld = registry_dynamics_named("sgld");
    struct section keys = section_new("dynamics", NULL, sgld->keys);
    ok(!sgld->refuses_keys(subject.system, &keys), "no dropout, no refusal");
    *(double *)section_value(&keys, "dropout") = P;
    ok(sgld->refuses_keys(subject.system, &keys) != NULL,
       "a model without units is refused");
    section_free(&keys);
    subject_release(&subject);
}

int main(void)
{
    check_masks();
    check_ridge();
    return tap_done();
}

/* Vector approximate message passing for y = A x + w, A = U S V' with U, V
   uniform among orthogonal matrices and any spectrum of mean s^2 = 1 (Rangan,
   Schniter, Fletcher 2019, algorithm 1). Two estimators hand each other a
   normal law of x: the prior, and the measurements with precision c = 1/noise.
   State evolution in the precisions of these laws,
     V = <1/(c s^2 + g2)>,  g1 = 1/V - g2,
     E = mmse(1/g1),        g2 = 1/E - g1,
   whose fixed points E = V are the replica prediction, for iid normal A those
   of message passing: 1/g1 = noise + V/delta. They are stationary points of
     i = I(x; x + z/sqrt(g1)) + <ln((c s^2 + g2)/(g1 + g2))>/2,
   whose least value is the mutual information per component.

   With a normal prior one step of the measurements is exact, for any strength
   lambda of the ridge: xhat = (A'A + lambda)^-1 A'y,
     variance = <1/(s^2 + lambda)>,
     mse = lambda^2 <(s^2 + lambda)^-2> + noise <s^2 (s^2 + lambda)^-2>. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/evolution.h"
#include "stat/channel.h"
#include "stat/eigen_law.h"
#include "stat/root.h"
#include "systems/amp.h"
#include "systems/rotated.h"
#include "systems/signal.h"

#define VAMP_KEYS(KEY)                                                       \
    KEY(real, delta, "0.5", 1e-3, 20, NULL, "measurements/component", 0,     \
        "measurements")                                                      \
    KEY(real, rho, "0.1", 1e-6, 1, NULL, "1", 0,                             \
        "share of components that are not 0 (prior = bernoulli_gauss)")      \
    KEY(real, noise, "1e-4", 1e-10, 1e6, NULL, "1", 0,                       \
        "variance of the noise of a measurement")                            \
    KEY(text, spectrum, "geometric", 0, 0,                                   \
        "marchenko_pastur|row_orthogonal|geometric", "", 0,                  \
        "iid normal entries, orthogonal rows, ln s uniform")                 \
    KEY(real, condition, "30.0", 1.001, 1e6, NULL, "1", 0,                   \
        "largest / smallest singular value (spectrum = geometric)")          \
    KEY(text, prior, "bernoulli_gauss", 0, 0, "bernoulli_gauss|gaussian",    \
        "", 0, "0 or N(0, 1); N(0, 1)")                                      \
    KEY(real, lambda, "0.0", 0, 1e6, NULL, "1", 0,                           \
        "ridge: prior variance taken for noise/lambda; 0: known "            \
        "(prior = gaussian)")                                                \
    EVOLUTION_KEYS(KEY, "0", 5e3, "30")
PARAM_STRUCT(vamp_keys, VAMP_KEYS);
#define PARAM_ROW_vamp_keys(...) PARAM_ROW(vamp_keys, __VA_ARGS__)
PARAM_TABLE(static, vamp_table, "solve", vamp_keys, VAMP_KEYS);

enum { GRID = 600 };

struct problem {
    double noise, lambda; /* lambda: noise that the estimate assumes */
    struct channel prior;
    struct eigen_law law;
};

static bool is_ridge(const struct problem *p)
{
    return p->prior.prior == CHANNEL_GAUSSIAN;
}

/* ---- fixed points -------------------------------------------------------- */

/* g2 that the prior hands on. */
static double handed(const struct problem *p, double g1)
{
    return fmax(1 / channel_mmse(p->prior, 1 / g1) - g1, 1e-300);
}

static double next_precision(const struct problem *p, double g1)
{
    return eigen_average(p->law, 1 / p->lambda, handed(p, g1)).precision;
}

static double misfit(double ln_g1, void *with)
{
    double g1 = exp(ln_g1);
    return next_precision(with, g1) / g1 - 1;
}

/* Two estimates of ln((c s^2 + g2)/(g1 + g2)). */
static double information(const struct problem *p, double g1)
{
    double g2 = handed(p, g1);
    return channel_information(p->prior, 1 / g1) +
           (eigen_average(p->law, 1 / p->lambda, g2).log - log(g1 + g2)) / 2;
}

/* g1 in rising order. All lie between its value of no knowledge of x and that
   of full knowledge, c <s^2>. */
struct fixed_points { int count; struct root g1[3]; };

static struct fixed_points fixed_points_of(const struct problem *p)
{
    struct problem own = *p;
    struct fixed_points f = {.count = 0};
    double c = 1 / p->lambda, power = channel_power(p->prior);
    double low = log(eigen_average(p->law, c, 1 / power).precision) - 1e-6;
    double step = (log(c) + 1e-6 - low) / GRID, before = misfit(low, &own);
    for (int i = 1; i <= GRID && f.count < 3; i++) {
        double x = low + i * step, now = misfit(x, &own);
        if ((now > 0) != (before > 0)) {
            struct root r = root_between(misfit, &own, x - step, x);
            if (r.found)
                f.g1[f.count++] = (struct root){
                    exp(r.x), exp(r.x) * (r.width + 1e-14), true};
        }
        before = now;
    }
    return f;
}

/* ---- runs ---------------------------------------------------------------- */

struct instance { struct rotated A; double *x, *y; };

static struct instance instance_new(const struct section *keys,
                                    const struct problem *p, int k)
{
    int64_t N = section_integer(keys, "N", 0);
    uint64_t seed = section_seed(keys, "seed", 1);
    struct instance in = {
        .A = rotated_new(p->law, seed, k, N),
        .x = signal_draw((struct signal_law){p->prior.rho, 0, false}, seed,
                         k, N)};
    struct linear_map map = rotated_map(&in.A);
    in.y = signal_noise(seed, k, INSTANCE_NOISE, map.rows, p->noise);
    double *exact = mem_new((size_t)map.rows, sizeof *exact);
    map.times(map.with, in.x, exact);
    for (int64_t i = 0; i < map.rows; i++)
        in.y[i] += exact[i];
    free(exact);
    return in;
}

/* Precisions that one estimate may leave to the other. */
static double left(double all, double given)
{
    return fmin(fmax(all - given, 1e-12 * all), 1e12 * given);
}

/* What the estimate knows beyond what it was given. */
static void extrinsic(int64_t n, double all, double given, const double *mean,
                      double *r)
{
    double rest = left(all, given);
    for (int64_t i = 0; i < n; i++)
        r[i] = (all * mean[i] - given * r[i]) / rest;
}

static void run_vamp(const struct problem *p, const struct instance *in,
                     int steps, double *mse)
{
    int64_t n = in->A.columns;
    size_t size = (size_t)n;
    double *r = mem_new(size, sizeof *r), *mean = mem_new(size, sizeof *mean);
    double *scratch = mem_new(4 * size, sizeof *scratch);
    double c = 1 / p->lambda, g2 = 1 / channel_power(p->prior);
    mse[0] = mean_square_apart(mean, in->x, n);
    for (int t = 1; t < steps; t++) {
        double all = 1 / rotated_posterior(&in->A, c, g2, in->y, r, mean,
                                           scratch);
        extrinsic(n, all, g2, mean, r);
        double g1 = left(all, g2);
        all = 1 / channel_denoise(p->prior, 1 / g1, n, r, mean);
        mse[t] = mean_square_apart(mean, in->x, n);
        extrinsic(n, all, g1, mean, r);
        g2 = left(all, g1);
    }
    free(r);
    free(mean);
    free(scratch);
}

static double denoise(const void *with, double S, int64_t count,
                      const double *r, double *mean)
{
    const struct problem *p = with;
    return channel_denoise(p->prior, S, count, r, mean) / S;
}

/* Message passing for iid matrices, on this one. */
static void run_amp(const struct problem *p, const struct instance *in,
                    int steps, double *mse)
{
    struct amp amp = {.map = rotated_map(&in->A), .y = in->y,
                      .denoise = denoise, .with = p};
    amp_begin(&amp, NULL);
    for (int t = 0; t < steps; t++) {
        if (t)
            amp_step(&amp);
        mse[t] = amp_mse(&amp, in->x);
        if (!(mse[t] < 1e6)) { /* it diverges */
            for (; t < steps; t++)
                mse[t] = INFINITY;
        }
    }
    amp_end(&amp);
}

static void run(const struct section *keys, const struct problem *p, int k,
                struct evolution *e, struct evolution *amp)
{
    struct instance in = instance_new(keys, p, k);
    run_vamp(p, &in, e->steps, e->run + k * e->steps);
    if (amp->instances)
        run_amp(p, &in, amp->steps, amp->run + k * amp->steps);
    rotated_free(&in.A);
    free(in.x);
    free(in.y);
}

/* ---- the point ----------------------------------------------------------- */

static double ridge_error(const struct problem *p)
{
    double l = p->lambda;
    struct eigen_average v = eigen_average(p->law, 1, l);
    /* <(s^2 + l)^-2> = -slope, <s^2 (s^2 + l)^-2> = V + l slope */
    return -l * l * v.slope + p->noise * (v.variance + l * v.slope);
}

static void evolve(const struct problem *p, struct evolution *e)
{
    double g2 = 1 / channel_power(p->prior);
    e->theory[0] = 1 / g2;
    for (int t = 1; t < e->steps; t++) {
        double g1 = eigen_average(p->law, 1 / p->lambda, g2).precision;
        e->theory[t] = is_ridge(p) ? ridge_error(p)
                                   : channel_mmse(p->prior, 1 / g1);
        g2 = handed(p, g1);
    }
}

static void add_curves(const struct section *keys, const struct problem *p,
                       struct solution *solution)
{
    static const struct evolution_names names = {
        "mse_evolution", "mse_run", "mse_run_error", "run_mse",
        "run_deviation", "mse after each iteration, the start first", "1"},
        amp_names = {"", "amp_mse_run", "amp_mse_run_error", "amp_run_mse",
                     "", "mse of AMP for iid matrices on the same ones", "1"};
    struct evolution e = evolution_new(keys), amp = evolution_new(keys);
    evolve(p, &e);
    if (p->lambda != p->noise) /* AMP would find the Bayes estimate */
        amp.instances = 0;
#pragma omp parallel for schedule(dynamic)
    for (int k = 0; k < e.instances; k++)
        run(keys, p, k, &e, &amp);
    evolution_report(&e, &names, solution);
    int before = solution->warnings;
    evolution_report(&amp, &amp_names, solution);
    if (solution->warnings > before)
        snprintf(solution->warning[before], WARNING_SIZE,
                 "AMP for iid matrices diverged on these");
    evolution_free(&e);
    evolution_free(&amp);
}

static void add_ridge(const struct problem *p, struct solution *solution)
{
    double c = 1 / p->lambda;
    struct eigen_average v = eigen_average(p->law, 1, p->lambda);
    double mse = ridge_error(p);
    solution_add(solution, "mse", mse, 1e-14 * mse, "1");
    solution_add(solution, "variance", v.variance, 1e-14 * v.variance, "1");
    if (p->lambda == p->noise)
        solution_add(solution, "mutual_information",
                     eigen_average(p->law, c, 1).log / 2, 1e-14, "nats");
    solution->phase = "easy: one step is exact";
}

static void add_state(const struct problem *p, struct root g1,
                      const char *name, struct solution *solution)
{
    double mse = channel_mmse(p->prior, 1 / g1.x);
    double next = channel_mmse(p->prior, 1 / (g1.x + g1.width));
    solution_add(solution, name, mse, fabs(next - mse) + 1e-14 * mse, "1");
}

static void add_states(const struct problem *p, struct solution *solution)
{
    struct fixed_points f = fixed_points_of(p);
    if (f.count != 1 && f.count != 3) {
        solution_warn(solution, "state evolution was not solved, or lies too "
                      "near where two states merge");
        return;
    }
    struct root amp = f.g1[0], best = f.g1[f.count - 1], truth = amp;
    double gap = information(p, amp.x) - information(p, best.x);
    if (f.count == 3 && gap > 0)
        truth = best;
    add_state(p, truth, "mmse", solution);
    add_state(p, amp, "mse", solution);
    if (f.count == 3)
        add_state(p, best, "informed_mse", solution);
    solution_add(solution, "tau2", 1 / amp.x, amp.width / (amp.x * amp.x),
                 "1");
    solution_add(solution, "mutual_information", information(p, truth.x),
                 1e-12, "nats");
    if (f.count == 3)
        solution_add(solution, "free_entropy_gap", gap, 1e-12, "nats");
    solution->phase =
        f.count == 1 ? "easy: message passing is optimal"
        : gap > 0    ? "hard: message passing is stuck, more is known"
                     : "impossible: message passing is optimal, a better "
                       "state is metastable";
}

static struct problem problem_of(const struct section *keys)
{
    const char *spectrum = section_text(keys, "spectrum", "");
    double lambda = section_real(keys, "lambda", 0);
    struct problem p = {
        .noise = section_real(keys, "noise", 0),
        .law = {!strcmp(spectrum, "geometric")        ? EIGEN_GEOMETRIC
                : !strcmp(spectrum, "row_orthogonal") ? EIGEN_ORTHOGONAL
                                                      : EIGEN_MARCHENKO_PASTUR,
                section_real(keys, "delta", 0),
                section_real(keys, "condition", 0)}};
    bool normal = section_is(keys, "prior", "gaussian");
    p.prior = normal ? (struct channel){CHANNEL_GAUSSIAN, 1}
                     : (struct channel){CHANNEL_BERNOULLI_GAUSS,
                                        section_real(keys, "rho", 1)};
    p.lambda = lambda > 0 ? lambda : p.noise;
    return p;
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    struct problem p = problem_of(keys);
    if (!is_ridge(&p) && p.lambda != p.noise) {
        err_add(err, EXIT_INPUT, NULL, "lambda: goes with prior = gaussian");
        return;
    }
    if (is_ridge(&p))
        add_ridge(&p, solution);
    else
        add_states(&p, solution);
    add_curves(keys, &p, solution);
}

const struct solver solver_vamp = {
    .name = "vamp",
    .family = FAMILY_INFERENCE,
    .summary = "vector approximate message passing: sparse signals and ridge "
               "by rotationally invariant matrices of any spectrum",
    .source = "Rangan, Schniter and Fletcher 2019, IEEE Trans. Inf. Theory "
              "65, 6664: algorithm 1, state evolution; Tulino, Caire, Verdu "
              "and Shamai 2013, IEEE Trans. Inf. Theory 59, 4243: replica "
              "prediction",
    .holds = "N -> infinity, singular vectors uniform on the sphere, at a "
             "fixed number of iterations; ridge: exact after one. Runs of N "
             "components lie off by order 1/sqrt(N)",
    .keys = &vamp_table,
    .teams = true,
    .solve = solve};

/* The LASSO, min |y - A x|^2/2 + lambda |x|_1, by approximate message passing,
   A of iid normal entries of variance 1/n, n = delta N. With the threshold
   theta = a tau the components see normal noise of variance
     tau^2 = noise + mse/delta,  mse = <(eta(x + tau z; a tau) - x)^2>
   (Donoho, Maleki, Montanari 2011), and the fixed point solves the LASSO at
     lambda = a tau (1 - P(|x + tau z| > a tau)/delta)
   (Bayati, Montanari 2012, eq. 1.9). All is in closed form but one root in
   tau: noise/tau^2 + (mse/tau^2)/delta = 1, whose left side falls with tau.
   Without noise tau = 0 where mse/tau^2 < delta as tau -> 0. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/evolution.h"
#include "stat/root.h"
#include "stat/soft.h"
#include "systems/amp.h"
#include "systems/signal.h"

#define AMP_LASSO_KEYS(KEY)                                                  \
    KEY(real, delta, "0.64", 1e-3, 100, NULL, "measurements/component", 0,   \
        "measurements")                                                      \
    KEY(real, rho, "0.128", 1e-6, 1, NULL, "1", 0,                           \
        "share of components that are not 0")                                \
    KEY(real, noise, "0.2", 0, 1e6, NULL, "1", 0,                            \
        "variance of the noise of a measurement")                            \
    KEY(text, law, "values", 0, 0, "values|gauss", "", 0,                    \
        "components that are not 0: -1, +1 (non-negative: 1) or N(0, 1)")    \
    KEY(flag, nonnegative, "false", 0, 0, NULL, "", 0,                       \
        "the signal is known not to be negative")                            \
    KEY(real, threshold, "0.0", 0, 30, NULL, "tau", 0,                       \
        "a; 0: from lambda, or else that of least mse")                      \
    KEY(real, lambda, "0.0", 0, 1e6, NULL, "1", 0,                           \
        "penalty, where no threshold is given")                              \
    KEY(real, damping, "0.0", 0, 0.99, NULL, "1", 0,                         \
        "share of the old values that runs keep; state evolution: none")     \
    EVOLUTION_KEYS(KEY, "0", 1e4, "30")
PARAM_STRUCT(amp_lasso_keys, AMP_LASSO_KEYS);
#define PARAM_ROW_amp_lasso_keys(...) PARAM_ROW(amp_lasso_keys, __VA_ARGS__)
PARAM_TABLE(static, amp_lasso_table, "solve", amp_lasso_keys,
            AMP_LASSO_KEYS);

enum { A_MOST = 30 };

/* ---- fixed point -------------------------------------------------------- */

struct problem {
    double delta, noise;
    struct soft soft;
    double a, lambda; /* what is looked for */
};

static double balance(double ln_tau, void *with)
{
    const struct problem *p = with;
    double tau = exp(ln_tau);
    return p->noise / (tau * tau) +
           soft_risk(p->soft, p->a, tau).ratio / p->delta - 1;
}

/* tau at p->a; 0 when the signal is found. Not found: tau grows without
   bounds. */
static struct root noise_level(const struct problem *p)
{
    struct problem own = *p;
    double most = soft_risk(p->soft, p->a, INFINITY).ratio;
    double least = soft_risk(p->soft, p->a, 0).ratio;
    double low = p->noise > 0 ? log(p->noise) / 2 : -40, high = fmax(low, 0);
    if (most >= p->delta)
        return (struct root){NAN, NAN, false};
    if (p->noise == 0 && least <= p->delta)
        return (struct root){0, 0, true};
    while (balance(high, &own) > 0 && high < 300)
        high += 1;
    struct root x = root_between(balance, &own, low, high);
    double tau = exp(x.x);
    return (struct root){tau, tau * (x.width + 4e-16), x.found};
}

static double error_at(const struct problem *p, double tau)
{
    return tau > 0 ? tau * tau * soft_risk(p->soft, p->a, tau).ratio : 0;
}

static double lambda_at(const struct problem *p, double tau)
{
    return p->a * tau *
           (1 - soft_risk(p->soft, p->a, tau).active / p->delta);
}

/* ---- thresholds ---------------------------------------------------------- */

static double spread(double a, void *with)
{
    const struct problem *p = with;
    return soft_risk(p->soft, a, INFINITY).ratio - p->delta;
}

/* The least threshold at which tau is finite. */
static double least_threshold(const struct problem *p)
{
    struct problem own = *p;
    struct root a = root_between(spread, &own, 0, A_MOST);
    return a.found ? a.x : 0;
}

static double lambda_misfit(double a, void *with)
{
    struct problem p = *(const struct problem *)with;
    p.a = a;
    struct root tau = noise_level(&p);
    return tau.found ? lambda_at(&p, tau.x) - p.lambda
                     : p.delta < 1 ? -INFINITY : NAN;
}

/* lambda rises with a from least_threshold on. */
static struct root threshold_of_lambda(const struct problem *p)
{
    struct problem own = *p;
    double low = least_threshold(p), step = 1e-8, high = low + 1;
    while (!isfinite(lambda_misfit(low + step, &own)) && step < 1)
        step *= 2;
    while (lambda_misfit(high, &own) < 0 && high < A_MOST)
        high += 1;
    struct root a = root_between(lambda_misfit, &own, low + step, high);
    /* Without noise lambda may rise faster than digits of a can follow. */
    a.found = a.found && fabs(lambda_misfit(a.x, &own)) < 1e-6 * p->lambda;
    return a;
}

static double gain(double a, void *with)
{
    struct problem p = *(const struct problem *)with;
    p.a = a;
    struct root tau = noise_level(&p);
    return tau.found ? -log(error_at(&p, tau.x)) : -INFINITY;
}

static double contraction(double a, void *with)
{
    const struct problem *p = with;
    return -soft_risk(p->soft, a, 0).ratio;
}

/* Of least mse. Where all errors can vanish: that of the fastest decay. */
static struct root best_threshold(const struct problem *p)
{
    struct problem own = *p;
    struct root fast = peak_between(contraction, &own, 1e-6, A_MOST, 400);
    if (!fast.found) /* rho = 1 */
        fast = (struct root){1e-6, 0, true};
    if (p->noise == 0 && -contraction(fast.x, &own) < p->delta)
        return fast;
    return peak_between(gain, &own, fmax(1e-3, least_threshold(p)), A_MOST,
                        200);
}

static struct root threshold_of(const struct problem *p, double a)
{
    return a > 0           ? (struct root){a, 0, true}
           : p->lambda > 0 ? threshold_of_lambda(p) : best_threshold(p);
}

/* ---- runs ---------------------------------------------------------------- */

static double denoise(const void *with, double S, int64_t count,
                      const double *r, double *mean)
{
    const struct problem *p = with;
    return soft_denoise(p->soft.one_sided, p->a * sqrt(S), count, r, mean);
}

struct found { double lambda, kkt, cost; };

/* The LASSO that x of the last step solves, how far the gradient A'(y - A x)
   is from lambda sign(x) or the band |.| <= lambda, in units of lambda, and
   the cost per component. */
static struct found optimality(struct amp *amp, bool one_sided, double a)
{
    int64_t n = amp->map.rows, N = amp->map.columns;
    struct found f = {.kkt = 0};
    double sum = 0;
    f.lambda = a * sqrt(amp->S) *
               (1 - amp->slope * (double)N / (double)n);
    amp->map.times(amp->map.with, amp->x, amp->out);
    for (int64_t i = 0; i < n; i++) {
        amp->out[i] = amp->y[i] - amp->out[i];
        sum += amp->out[i] * amp->out[i] / 2;
    }
    amp->map.back(amp->map.with, amp->out, amp->r);
    for (int64_t j = 0; j < N; j++) {
        double g = amp->r[j], x = amp->x[j];
        double over = x != 0 ? fabs(g - copysign(f.lambda, x))
                             : fmax(0, (one_sided ? g : fabs(g)) - f.lambda);
        f.kkt = fmax(f.kkt, over / fabs(f.lambda));
        sum += f.lambda * fabs(x);
    }
    f.cost = sum / (double)N;
    return f;
}

static struct found run(const struct section *keys, const struct problem *p,
                        int k, struct evolution *e, struct solution *solution)
{
    int64_t N = section_integer(keys, "N", 0);
    int64_t n = (int64_t)fmax(1, nearbyint(p->delta * (double)N));
    struct signal_law law = {p->soft.rho, p->soft.law == SOFT_VALUES,
                             p->soft.one_sided};
    struct measured m = measured_new(law, section_seed(keys, "seed", 1), k, n,
                                     N, p->noise);
    struct amp amp = {.map = normal_matrix_map(&m.A), .y = m.y,
                      .denoise = denoise, .with = p,
                      .damping = section_real(keys, "damping", 0)};
    double *mse = e->run + k * e->steps;
    amp_begin(&amp, NULL);
    for (int t = 0; t < e->steps; t++) {
        if (t)
            amp_step(&amp);
        mse[t] = amp_mse(&amp, m.truth);
    }
    struct found f = optimality(&amp, p->soft.one_sided, p->a);
    if (k == 0) {
        evolution_curve(solution, "estimate", "1",
                        "x of the first instance", N, amp.x);
        evolution_curve(solution, "signal", "1", "what it should be", N,
                        m.truth);
    }
    amp_end(&amp);
    measured_free(&m);
    return f;
}

static void add_runs(const struct section *keys, const struct problem *p,
                     struct evolution *e, struct solution *solution)
{
    double worst = 0, cost = 0;
    if (!e->instances)
        return;
    double *lambda = mem_new((size_t)e->instances, sizeof *lambda);
    for (int k = 0; k < e->instances; k++) {
        struct found f = run(keys, p, k, e, solution);
        lambda[k] = f.lambda;
        worst = fmax(worst, f.kkt);
        cost = k == 0 ? f.cost : cost;
    }
    struct evolution_mean mean = evolution_mean(lambda, e->instances, 1);
    if (isfinite(mean.mean)) {
        solution_add(solution, "run_lambda", mean.mean, mean.error, "1");
        solution_add(solution, "run_kkt", worst, 0, "lambda");
        solution_add(solution, "run_cost", cost, 0, "1");
    }
    if (p->noise > 0 && mean.mean > 0 && worst > 1e-3)
        solution_warn(solution, "the runs have not settled: A'(y - A x) is "
                      "%.2g lambda off lambda sign(x)", worst);
    free(lambda);
}

/* ---- the point ----------------------------------------------------------- */

static void evolve(const struct problem *p, struct evolution *e)
{
    double mse = p->soft.rho;
    for (int t = 0; t < e->steps; t++) {
        e->theory[t] = mse;
        mse = error_at(p, sqrt(p->noise + mse / p->delta));
    }
}

static void add_fixed_point(const struct problem *p, struct root a,
                            struct root tau, struct solution *solution)
{
    struct problem moved = *p;
    moved.a += a.width;
    struct root next = noise_level(&moved);
    double t = tau.x, u = (next.found ? next.x : t) + tau.width;
    double mse = error_at(p, t), lambda = lambda_at(p, t);
    solution_add(solution, "threshold", p->a, a.width, "tau");
    solution_add(solution, "lambda", lambda,
                 fabs(lambda_at(&moved, u) - lambda) + 1e-15 * p->a * t, "1");
    solution_add(solution, "tau2", t * t, fabs(u * u - t * t), "1");
    solution_add(solution, "mse", mse,
                 fabs(error_at(&moved, u) - mse) + 1e-15 * mse, "1");
    solution_add(solution, "active", soft_risk(p->soft, p->a, t).active,
                 a.width + tau.width / fmax(t, 1e-300) + 1e-15, "1");
    if (lambda < 0)
        solution_warn(solution, "lambda < 0 at so low a threshold: no "
                      "LASSO's solution");
}

static void add_transition(const struct problem *p, struct root least,
                           struct solution *solution)
{
    struct soft_transition t = {.found = false};
    if (p->delta < 1)
        t = soft_transition(p->delta, p->soft.one_sided);
    if (t.found) {
        solution_add(solution, "sparsity_c", t.sparsity, t.width,
                     "non-zeros/measurement");
        solution_add(solution, "density_c", p->delta * t.sparsity,
                     p->delta * t.width, "1");
        solution_add(solution, "threshold_c", t.threshold, 1e-15, "tau");
    }
    if (least.found)
        solution_add(solution, "delta_c", least.x, least.width,
                     "measurements/component");
}

static const char *phase_of(const struct problem *p, double tau,
                            struct root least)
{
    bool below = least.found && p->delta > least.x;
    if (p->noise > 0)
        return below ? "recovery: mse falls with the noise"
                     : "failure: mse stays where the noise vanishes";
    return tau == 0 ? "success"
           : below  ? "failure: at this threshold" : "failure";
}

static struct problem problem_of(const struct section *keys)
{
    const bool *nonnegative = section_value(keys, "nonnegative");
    return (struct problem){
        .delta = section_real(keys, "delta", 0),
        .noise = section_real(keys, "noise", 0),
        .lambda = section_real(keys, "lambda", 0),
        .soft = {!section_is(keys, "law", "gauss")
                     ? SOFT_VALUES : SOFT_GAUSS,
                 section_real(keys, "rho", 0), *nonnegative}};
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    struct problem p = problem_of(keys);
    if (p.soft.law == SOFT_GAUSS && p.soft.one_sided) {
        err_add(err, EXIT_INPUT, NULL, "law: normal values are negative as "
                "often as positive; nonnegative = true goes with values");
        return;
    }
    double N = (double)section_integer(keys, "N", 0);
    if (!evolution_fits(p.delta * N * N, err))
        return;
    struct root least = soft_least_delta(p.soft.rho, p.soft.one_sided);
    struct root a = threshold_of(&p, section_real(keys, "threshold", 0));
    p.a = a.x;
    struct root tau = a.found ? noise_level(&p) : a;
    if (tau.found) {
        static const struct evolution_names names = {
            "mse_evolution", "mse_run", "mse_run_error", "run_mse",
            "run_deviation", "mse after each iteration, the start first",
            "1"};
        struct evolution e = evolution_new(keys);
        add_fixed_point(&p, a, tau, solution);
        evolve(&p, &e);
        add_runs(keys, &p, &e, solution);
        evolution_report(&e, &names, solution);
        solution->phase = phase_of(&p, tau.x, least);
        evolution_free(&e);
    } else
        solution_warn(solution, a.found
                          ? "no fixed point: at this threshold tau grows "
                            "without bounds (the least is %.6g)"
                          : "no threshold was found (above %.6g)",
                      least_threshold(&p));
    add_transition(&p, least, solution);
}

const struct solver solver_amp_lasso = {
    .name = "amp_lasso",
    .family = FAMILY_INFERENCE,
    .summary = "LASSO on random equations by approximate message passing: "
               "state evolution, l1 transition, runs beside it",
    .source = "Donoho, Maleki and Montanari 2009, PNAS 106, 18914: message "
              "passing, eq. (1) and (2), transition; 2011, IEEE Trans. Inf. "
              "Theory 57, 6920: noise; Bayati and Montanari 2012, IEEE "
              "Trans. Inf. Theory 58, 1997: lambda, eq. (1.9)",
    .holds = "iid normal matrices, N -> infinity at a fixed number of "
             "iterations; exact there. Runs of N components lie off by order "
             "1/sqrt(N)",
    .keys = &amp_lasso_table,
    .teams = true,
    .solve = solve};

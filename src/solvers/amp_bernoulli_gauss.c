/* Bayes-optimal approximate message passing for y = A x + w, A of iid normal
   entries of variance 1/n, n = delta N; x is 0 with weight 1 - rho, else
   N(0, 1). State evolution, S = noise + mmse(S)/delta for the noise that a
   component sees (Krzakala, Mezard, Sausset, Sun, Zdeborova 2012), whose fixed
   points are the stationary points of the potential
     phi(S) = I(x; x + sqrt(S) z) + (delta/2) [ln S + noise/S],
   minus the replica free entropy up to a constant; the least is the mutual
   information per component and the Bayes-optimal error (Reeves, Pfister 2016;
   Barbier, Dia, Macris, Krzakala 2016).

   Solved backwards: delta(S) = mmse(S)/(S - noise). Where it falls throughout
   there is one fixed point; else there are three between its least and its
   largest turning value, the spinodals. Without noise S = 0 is a fixed point
   too, where all is known. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/evolution.h"
#include "stat/channel.h"
#include "stat/root.h"
#include "stat/soft.h"
#include "systems/amp.h"
#include "systems/signal.h"

#define BG_KEYS(KEY)                                                         \
    KEY(real, delta, "0.3", 1e-3, 100, NULL, "measurements/component", 0,    \
        "measurements (alpha)")                                              \
    KEY(real, rho, "0.2", 1e-6, 1, NULL, "1", 0,                             \
        "share of components that are not 0")                                \
    KEY(real, noise, "1e-8", 0, 1e6, NULL, "1", 0,                           \
        "variance of the noise of a measurement")                            \
    KEY(text, start, "uninformed", 0, 0, "uninformed|informed", "", 0,       \
        "runs start at x = 0, or at the signal")                             \
    KEY(real, damping, "0.0", 0, 0.99, NULL, "1", 0,                         \
        "share of the old values that runs keep; state evolution: none")     \
    EVOLUTION_KEYS(KEY, "0", 1e4, "50")
PARAM_STRUCT(bg_keys, BG_KEYS);
#define PARAM_ROW_bg_keys(...) PARAM_ROW(bg_keys, __VA_ARGS__)
PARAM_TABLE(static, bg_table, "solve", bg_keys, BG_KEYS);

/* Where searches start without noise. */
static const double S_LEAST = 1e-16, NOISE_LEAST = 1e-30;

struct problem { double delta, noise; struct channel prior; };

/* ---- fixed points -------------------------------------------------------- */

/* In excess = S - noise, so that nothing cancels: mmse(S)/excess. */
static double delta_at(double excess, void *with)
{
    const struct problem *p = with;
    return channel_mmse(p->prior, p->noise + excess) / excess;
}

static double minus_delta(double excess, void *with)
{
    return -delta_at(excess, with);
}

static double misfit(double ln_excess, void *with)
{
    const struct problem *p = with;
    return delta_at(exp(ln_excess), with) / p->delta - 1;
}

static double potential(const struct problem *p, double S)
{
    return channel_information(p->prior, S) +
           p->delta / 2 * (log(S) + p->noise / S);
}

/* Where delta(S) turns: it comes from infinity (without noise from rho), falls
   to its least value at bottom (without noise at 0), rises to top, falls. */
struct turns {
    bool found;
    double bottom, top; /* excess */
    double least, most; /* delta */
};

static struct root turning(double (*f)(double, void *), struct problem *p,
                           double x, double ratio)
{
    return peak_between(f, p, x / ratio, x * ratio, 9);
}

static struct turns turns_of(struct problem p)
{
    double ratio = exp(0.08), x = p.noise > 0 ? p.noise * 1e-6 : S_LEAST;
    double before = delta_at(x, &p), low = 0, high = 0;
    struct turns t = {.found = false, .least = p.prior.rho};
    if (p.prior.rho == 1)
        return t;
    for (; x < 1e4 && high == 0; x *= ratio) {
        double now = delta_at(x * ratio, &p);
        if (low == 0 && now > before)
            low = x;
        if (low > 0 && now < before)
            high = x;
        before = now;
    }
    if (high == 0)
        return t;
    struct root top = turning(delta_at, &p, high, ratio);
    struct root bottom = {0, 0, true};
    if (p.noise > 0)
        bottom = turning(minus_delta, &p, low, ratio);
    t.found = top.found && bottom.found;
    t.top = top.x;
    t.bottom = bottom.x;
    t.most = delta_at(top.x, &p);
    if (p.noise > 0)
        t.least = delta_at(bottom.x, &p);
    return t;
}

struct fixed_points {
    int count; /* up to 3, in order of rising S; the middle one of 3, the
                  lower one of 2 without noise are unstable */
    struct root excess[3];
    bool exact; /* no noise: S = 0 is stable besides those */
};

static void add_point(struct fixed_points *f, struct problem *p, double low,
                      double high)
{
    struct root r = root_between(misfit, p, log(low), log(high));
    if (r.found)
        f->excess[f->count++] = (struct root){
            exp(r.x), exp(r.x) * (r.width + 1e-15), true};
}

/* One in each stretch between turns that reaches delta. */
static struct fixed_points fixed_points_of(const struct problem *p,
                                           const struct turns *t)
{
    struct problem own = *p;
    double rho = p->prior.rho;
    struct fixed_points f = {
        .exact = p->noise == 0 &&
                 (p->delta > rho || (rho == 1 && p->delta == 1))};
    /* mmse(S) >= rho S/(1 + S) bounds the excess from below */
    double low = p->noise > 0
                     ? rho * p->noise / (1 + p->noise) / p->delta / 3
                     : S_LEAST;
    double high = rho / p->delta * (1 + 1e-9);
    if (!t->found) {
        if (!f.exact)
            add_point(&f, &own, low, high);
        return f;
    }
    if (p->noise > 0 && p->delta > t->least)
        add_point(&f, &own, low, t->bottom);
    if (p->delta > t->least && p->delta < t->most)
        add_point(&f, &own, fmax(low, t->bottom), t->top);
    if (p->delta < t->most)
        add_point(&f, &own, t->top, high);
    return f;
}

/* ---- lines --------------------------------------------------------------- */

struct level { struct problem problem; const struct turns *turns; };

/* potential(informed) - potential(uninformed) at delta. */
static double advantage(double delta, void *with)
{
    const struct level *level = with;
    struct problem p = level->problem;
    p.delta = delta;
    struct fixed_points f = fixed_points_of(&p, level->turns);
    if (f.count < 3)
        return NAN;
    return potential(&p, p.noise + f.excess[0].x) -
           potential(&p, p.noise + f.excess[2].x);
}

/* With noise: between which delta there are two states, and where both
   potentials are equal. */
static void add_spinodals(const struct problem *p, const struct turns *t,
                          struct solution *solution)
{
    struct level level = {*p, t};
    double gap = t->most - t->least;
    solution_add(solution, "delta_amp", t->most, 1e-13 * (1 + t->most),
                 "measurements/component");
    solution_add(solution, "delta_informed", t->least,
                 1e-13 * (1 + t->least), "measurements/component");
    struct root even = root_between(advantage, &level,
                                    t->least + 1e-7 * gap,
                                    t->most - 1e-7 * gap);
    if (even.found)
        solution_add(solution, "delta_c", even.x, even.width + 1e-12,
                     "measurements/component");
}

/* Of the noiseless problem. */
static void add_thresholds(const struct problem *p, struct solution *solution)
{
    struct turns t = turns_of((struct problem){p->delta, 0, p->prior});
    struct root l1 = soft_least_delta(p->prior.rho, false);
    double bp = t.found ? t.most : p->prior.rho;
    solution_add(solution, "alpha_bp", bp, t.found ? 1e-13 * bp : 0,
                 "measurements/component");
    if (l1.found)
        solution_add(solution, "alpha_l1", l1.x, l1.width,
                     "measurements/component");
    solution_add(solution, "alpha_opt", p->prior.rho, 0,
                 "measurements/component");
}

/* ---- runs ---------------------------------------------------------------- */

/* Derivative of the posterior mean: its variance over S. */
static double denoise(const void *with, double S, int64_t count,
                      const double *r, double *mean)
{
    const struct problem *p = with;
    return channel_denoise(p->prior, S, count, r, mean) / S;
}

static void run(const struct section *keys, const struct problem *p, int k,
                bool informed, struct evolution *e)
{
    int64_t N = section_integer(keys, "N", 0);
    int64_t n = (int64_t)fmax(1, nearbyint(p->delta * (double)N));
    struct measured m = measured_new((struct signal_law){p->prior.rho, 0,
                                                         false},
                                     section_seed(keys, "seed", 1), k, n, N,
                                     p->noise);
    struct amp amp = {.map = normal_matrix_map(&m.A), .y = m.y,
                      .denoise = denoise, .with = p,
                      .damping = section_real(keys, "damping", 0)};
    double *mse = e->run + k * e->steps;
    amp_begin(&amp, informed ? m.truth : NULL);
    for (int t = 0; t < e->steps; t++) {
        if (t)
            amp_step(&amp);
        mse[t] = amp_mse(&amp, m.truth);
    }
    amp_end(&amp);
    measured_free(&m);
}

static void evolve(const struct problem *p, double mse, struct evolution *e)
{
    for (int t = 0; t < e->steps; t++) {
        double S = p->noise + mse / p->delta;
        e->theory[t] = mse;
        mse = S > 0 ? channel_mmse(p->prior, S) : 0;
    }
}

static void add_curves(const struct section *keys, const struct problem *p,
                       struct solution *solution)
{
    static const struct evolution_names names = {
        "mse_evolution", "mse_run", "mse_run_error", "run_mse",
        "run_deviation", "mse after each iteration, the start first", "1"};
    struct evolution e = evolution_new(keys);
    bool informed = section_is(keys, "start", "informed");
    evolve(p, informed ? 0 : p->prior.rho, &e);
    for (int k = 0; k < e.instances; k++)
        run(keys, p, k, informed, &e);
    evolution_report(&e, &names, solution);
    evolve(p, informed ? p->prior.rho : 0, &e);
    evolution_curve(solution, informed ? "mse_evolution_uninformed"
                                       : "mse_evolution_informed",
                    "1", "the same from the other start", e.steps, e.theory);
    evolution_free(&e);
}

/* ---- the point ----------------------------------------------------------- */

/* Mean square error and mutual information; with noise only. */
static double information(const struct problem *p, double S)
{
    return potential(p, S) - p->delta / 2 * (log(p->noise) + 1);
}

static void add_state(const struct problem *p, struct root excess,
                      const char *name, struct solution *solution)
{
    /* mse = delta excess at a fixed point, whose slope is not 1 */
    solution_add(solution, name, p->delta * excess.x,
                 p->delta * excess.width, "1");
}

static const char *phase_of(const struct problem *p,
                            const struct fixed_points *f, double gap)
{
    if (p->noise == 0 && !f->exact)
        return "impossible: fewer measurements than non-zeros";
    if (f->count < 2)
        return "easy: message passing is optimal";
    return gap > 0 ? "hard: message passing is stuck, more is known"
                   : "impossible: message passing is optimal, a better state "
                     "is metastable";
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    struct problem p = {section_real(keys, "delta", 0),
                        section_real(keys, "noise", 0),
                        {CHANNEL_BERNOULLI_GAUSS,
                         section_real(keys, "rho", 0)}};
    if (p.noise > 0 && p.noise < NOISE_LEAST) {
        err_add(err, EXIT_INPUT, NULL, "noise: 0, or at least %g",
                NOISE_LEAST);
        return;
    }
    double N = (double)section_integer(keys, "N", 0);
    if (!evolution_fits(p.delta * N * N, err))
        return;
    struct turns turns = turns_of(p);
    struct fixed_points f = fixed_points_of(&p, &turns);
    struct root zero = {0, 0, true};
    if (!f.exact && f.count != 1 && f.count != 3) {
        solution_warn(solution, "state evolution was not solved");
        add_thresholds(&p, solution);
        return;
    }
    struct root amp = f.count ? f.excess[f.count - 1] : zero;
    struct root best = f.exact ? zero : f.excess[0], truth = amp;
    bool two = f.exact ? f.count > 0 : f.count > 1;
    double gap = f.exact ? INFINITY : 0;
    if (two && p.noise > 0)
        gap = potential(&p, p.noise + amp.x) -
              potential(&p, p.noise + best.x);
    if (two && gap > 0)
        truth = best;
    add_state(&p, truth, "mmse", solution);
    add_state(&p, amp, "mse", solution);
    if (two)
        add_state(&p, best, "informed_mse", solution);
    solution_add(solution, "tau2", p.noise + amp.x,
                 amp.width + 1e-15 * p.noise, "1");
    if (p.noise > 0)
        solution_add(solution, "mutual_information",
                     information(&p, p.noise + truth.x),
                     1e-13 + truth.width, "nats");
    if (two && p.noise > 0)
        solution_add(solution, "free_entropy_gap", gap, 1e-13, "nats");
    solution->phase = phase_of(&p, &f, gap);
    add_thresholds(&p, solution);
    if (p.noise > 0 && turns.found)
        add_spinodals(&p, &turns, solution);
    add_curves(keys, &p, solution);
}

const struct solver solver_amp_bernoulli_gauss = {
    .name = "amp_bernoulli_gauss",
    .family = FAMILY_INFERENCE,
    .summary = "Bayes-optimal message passing for sparse signals: state "
               "evolution from both starts, easy, hard, impossible",
    .source = "Krzakala, Mezard, Sausset, Sun and Zdeborova 2012, Phys. Rev. "
              "X 2, 021005; J. Stat. Mech. P08009: state evolution, "
              "potential, alpha_BP; Reeves and Pfister 2016, Barbier, Dia, "
              "Macris and Krzakala 2016: proof",
    .holds = "iid normal matrices, N -> infinity at a fixed number of "
             "iterations, prior and noise known; exact there. Runs of N "
             "components lie off by order 1/sqrt(N), more near spinodals",
    .keys = &bg_table,
    .teams = true,
    .solve = solve};

/* A rank-one matrix in noise, Y = sqrt(lambda/N) x x' + W, W symmetric, its
   entries off the diagonal of variance 1, x of independent components of
   variance 1. Bayes-optimal state evolution (Deshpande, Abbe, Montanari 2017;
   Lesieur, Krzakala, Zdeborova 2017)
     q = 1 - mmse(1/gamma),  gamma = lambda q,
   for the scalar channel of signal-to-noise ratio gamma; q = <x xhat>, the
   matrix MMSE 1 - q^2. Fixed points are stationary points of
     i(q) = (lambda/4) (1 - q)^2 + I(gamma),
   whose least value is the mutual information per N. PCA: the top eigenvalue
   of Y/sqrt(N) leaves the bulk, [-2, 2], at lambda = 1 (Baik, Ben Arous, Peche
   2005), with squared overlap 1 - 1/lambda.

   Solved backwards: lambda(gamma) = gamma/q(gamma) rises from 1; where it has
   turning points several states coexist. q = 0 is stable for lambda < 1. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/evolution.h"
#include "stat/channel.h"
#include "stat/root.h"
#include "systems/spiked.h"

#define SPIKED_KEYS(KEY)                                                     \
    KEY(real, lambda, "2.0", 0, 1e4, NULL, "1", 0, "signal to noise ratio")  \
    KEY(text, prior, "rademacher", 0, 0, "rademacher|gaussian|sparse", "",   \
        0, "components -1, +1; N(0, 1); or 0, +-1/sqrt(rho)")                \
    KEY(real, rho, "0.05", 1e-4, 1, NULL, "1", 0,                            \
        "share of components that are not 0 (prior = sparse)")               \
    KEY(text, start, "spectral", 0, 0, "spectral|random|informed", "", 0,    \
        "runs start at the top eigenvector, at noise, or at the signal")     \
    EVOLUTION_KEYS(KEY, "0", 8e3, "30")
PARAM_STRUCT(spiked_keys, SPIKED_KEYS);
#define PARAM_ROW_spiked_keys(...) PARAM_ROW(spiked_keys, __VA_ARGS__)
PARAM_TABLE(static, spiked_table, "solve", spiked_keys, SPIKED_KEYS);

struct problem { double lambda; struct channel prior; };

/* ---- fixed points -------------------------------------------------------- */

static double overlap_at(struct channel prior, double gamma)
{
    return gamma > 0 ? channel_known(prior, 1 / gamma) : 0;
}

static double lambda_at(double gamma, void *with)
{
    const struct problem *p = with;
    return gamma / overlap_at(p->prior, gamma);
}

static double minus_lambda(double gamma, void *with)
{
    return -lambda_at(gamma, with);
}

static double misfit(double gamma, void *with)
{
    const struct problem *p = with;
    return lambda_at(gamma, with) - p->lambda;
}

static double information(const struct problem *p, double q)
{
    double gamma = p->lambda * q;
    return p->lambda / 4 * (1 - q) * (1 - q) +
           (gamma > 0 ? channel_information(p->prior, 1 / gamma) : 0);
}

/* Between the turning points lambda falls from most, at gamma = top, to
   least, at bottom. */
struct turns { bool found; double top, bottom, most, least; };

static struct turns turns_of(struct problem p)
{
    struct turns t = {.found = false};
    double ratio = exp(0.03), low = 0, high = 0;
    double x = p.prior.rho * p.prior.rho / 10;
    double before = lambda_at(x, &p);
    if (p.prior.prior != CHANNEL_SPARSE_RADEMACHER)
        return t;
    for (; x < 1e4 && low == 0; x *= ratio) {
        double now = lambda_at(x * ratio, &p);
        if (high == 0 && now < before)
            high = x;
        if (high > 0 && now > before)
            low = x;
        before = now;
    }
    if (low == 0)
        return t;
    struct root top = peak_between(lambda_at, &p, high / ratio, high * ratio,
                                   9);
    struct root bottom = peak_between(minus_lambda, &p, low / ratio,
                                      low * ratio, 9);
    t.found = top.found && bottom.found;
    t.top = top.x;
    t.bottom = bottom.x;
    t.most = lambda_at(top.x, &p);
    t.least = lambda_at(bottom.x, &p);
    return t;
}

/* Stable states: the one reached without knowledge, the best known one. */
struct states { struct root low, high; bool two, solved; };

/* gamma = lambda q to q; lambda(gamma) is good to 1e-14 or so. */
static struct root overlap_of(struct problem *p, double low, double high)
{
    struct root g = root_between(misfit, p, low, high);
    double h = 1e-4 * g.x;
    double slope = (lambda_at(g.x + h, p) - lambda_at(g.x - h, p)) / (2 * h);
    double rounding = 1e-15 + 1e-14 / fmax(fabs(slope), 1e-7);
    return (struct root){g.x / p->lambda,
                         g.width / p->lambda + fmin(rounding, 1), g.found};
}

static struct states states_of(struct problem p, const struct turns *t)
{
    struct root zero = {0, 0, true};
    struct states s = {zero, zero, false, true};
    /* q is at least that of a linear estimate, gamma/(1 + gamma): lambda - 1
       < gamma */
    double least = (p.lambda - 1) / 2;
    double most = p.lambda * (1 + 1e-12);
    if (!t->found) {
        if (p.lambda > 1)
            s.low = s.high = overlap_of(&p, least, most);
        s.solved = s.low.found;
        return s;
    }
    if (p.lambda > 1 && p.lambda < t->most)
        s.low = overlap_of(&p, fmin(least, t->top / 2), t->top);
    if (p.lambda > t->least) {
        s.high = overlap_of(&p, t->bottom, most);
        s.two = p.lambda < t->most;
    } else
        s.high = s.low;
    if (p.lambda >= t->most)
        s.low = s.high;
    s.solved = s.low.found && s.high.found;
    return s;
}

struct level { struct problem problem; const struct turns *turns; };

/* information(informed) - information(uninformed). */
static double advantage(double lambda, void *with)
{
    const struct level *level = with;
    struct problem p = level->problem;
    p.lambda = lambda;
    struct states s = states_of(p, level->turns);
    return s.solved && s.two
               ? information(&p, s.high.x) - information(&p, s.low.x) : NAN;
}

/* ---- runs ---------------------------------------------------------------- */

enum { SELF, MATRIX, EIGENVALUE, SEEN };

/* One instance: overlaps by iteration; what else is seen at the end. */
static void run(const struct section *keys, const struct problem *p, int k,
                struct evolution *e, double seen[SEEN])
{
    const char *start = section_text(keys, "start", "");
    struct spiked s = spiked_new(p->lambda, p->prior,
                                 section_seed(keys, "seed", 1), k,
                                 section_integer(keys, "N", 0));
    double *overlap = e->run + k * e->steps;
    seen[EIGENVALUE] =
        spiked_begin(&s, !strcmp(start, "informed")   ? SPIKED_INFORMED
                         : !strcmp(start, "spectral") ? SPIKED_SPECTRAL
                                                      : SPIKED_RANDOM);
    for (int t = 0; t < e->steps; t++) {
        if (t)
            spiked_step(&s);
        overlap[t] = fabs(spiked_mean(&s, s.xhat, s.x));
    }
    double m = overlap[e->steps - 1], full = spiked_mean(&s, s.x, s.x);
    seen[SELF] = spiked_mean(&s, s.xhat, s.xhat);
    seen[MATRIX] = full * full - 2 * m * m + seen[SELF] * seen[SELF];
    spiked_free(&s);
}

static void add_runs(const struct section *keys, const struct problem *p,
                     struct evolution *e, struct solution *solution)
{
    static const char *const name[SEEN] = {"run_self_overlap",
                                           "run_matrix_mse",
                                           "run_top_eigenvalue"};
    if (!e->instances)
        return;
    double(*seen)[SEEN] = mem_new((size_t)e->instances, sizeof *seen);
    for (int k = 0; k < e->instances; k++)
        run(keys, p, k, e, seen[k]);
    for (int i = 0; i < SEEN; i++) {
        struct evolution_mean mean = evolution_mean(seen[0] + i,
                                                    e->instances, SEEN);
        if (isfinite(mean.mean))
            solution_add(solution, name[i], mean.mean, mean.error, "1");
    }
    free(seen);
}

static void evolve(const struct section *keys, const struct problem *p,
                   struct evolution *e)
{
    const char *start = section_text(keys, "start", "");
    int64_t N = section_integer(keys, "N", 0);
    double q = 1 - 1 / p->lambda;
    if (!strcmp(start, "informed"))
        q = 1;
    else if (strcmp(start, "spectral") || !(q > 0))
        q = N > 0 ? 1 / (double)N : 1e-3;
    for (int t = 0; t < e->steps; t++) {
        e->theory[t] = q;
        q = overlap_at(p->prior, p->lambda * q);
    }
}

/* ---- the point ----------------------------------------------------------- */

static void add_state(const struct problem *p, struct root q,
                      const char *const name[3], struct solution *solution)
{
    solution_add(solution, name[0], q.x, q.width, "1");
    solution_add(solution, name[1], 1 - q.x * q.x, 2 * q.x * q.width, "1");
    solution_add(solution, name[2], information(p, q.x),
                 1e-14 * (1 + p->lambda), "nats");
}

static void add_lines(const struct problem *p, const struct turns *t,
                      struct solution *solution)
{
    struct level level = {*p, t};
    double gap = t->most - t->least;
    solution_add(solution, "lambda_c", 1, 0, "1");
    if (!t->found)
        return;
    solution_add(solution, "lambda_amp", t->most, 1e-13 * t->most, "1");
    solution_add(solution, "lambda_informed", t->least, 1e-13 * t->least,
                 "1");
    struct root even = root_between(advantage, &level, t->least + 1e-7 * gap,
                                    t->most - 1e-7 * gap);
    if (even.found)
        solution_add(solution, "lambda_it", even.x, even.width + 1e-12, "1");
}

static const char *phase_of(const struct states *s, double gap)
{
    if (s->two)
        return gap > 0 ? "hard: message passing is stuck, more is known"
               : s->low.x > 0 ? "detectable, a better state is metastable"
                              : "impossible, a better state is metastable";
    return s->low.x > 0 ? "detectable" : "impossible: q = 0";
}

static struct problem problem_of(const struct section *keys)
{
    const char *prior = section_text(keys, "prior", "");
    bool sparse = !strcmp(prior, "sparse");
    enum channel_prior kind = sparse ? CHANNEL_SPARSE_RADEMACHER
                              : strcmp(prior, "gaussian")
                                  ? CHANNEL_RADEMACHER : CHANNEL_GAUSSIAN;
    return (struct problem){section_real(keys, "lambda", 0),
                            {kind, sparse ? section_real(keys, "rho", 1)
                                          : 1}};
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    static const char *const best[] = {"q", "matrix_mmse",
                                       "mutual_information"};
    static const char *const amp[] = {"amp_q", "amp_matrix_mse",
                                      "amp_mutual_information"};
    static const char *const other[] = {"informed_q", "informed_matrix_mse",
                                        "informed_mutual_information"};
    static const struct evolution_names names = {
        "overlap_evolution", "overlap_run", "overlap_run_error",
        "run_overlap", "run_deviation",
        "|x xhat|/N after each iteration, the start first", "1"};
    struct problem p = problem_of(keys);
    struct turns turns = turns_of(p);
    struct states s = states_of(p, &turns);
    struct evolution e = evolution_new(keys);
    double l = p.lambda, gap = 0;
    (void)err;
    if (s.solved) {
        gap = s.two ? information(&p, s.low.x) - information(&p, s.high.x)
                    : 0;
        add_state(&p, gap > 0 ? s.high : s.low, best, solution);
        if (s.two)
            add_state(&p, gap > 0 ? s.low : s.high, gap > 0 ? amp : other,
                      solution);
        solution->phase = phase_of(&s, gap);
    } else
        solution_warn(solution, "q was not solved");
    solution_add(solution, "pca_overlap_2", l > 1 ? 1 - 1 / l : 0, 0, "1");
    solution_add(solution, "top_eigenvalue",
                 l > 1 ? sqrt(l) + 1 / sqrt(l) : 2, 0, "1");
    add_lines(&p, &turns, solution);
    evolve(keys, &p, &e);
    add_runs(keys, &p, &e, solution);
    evolution_report(&e, &names, solution);
    evolution_free(&e);
}

const struct solver solver_spiked_wigner = {
    .name = "spiked_wigner",
    .family = FAMILY_INFERENCE,
    .summary = "rank-one matrix in noise: overlap, MMSE, mutual information, "
               "PCA; message passing beside its state evolution",
    .source = "Deshpande, Abbe and Montanari 2017, Inf. Inference 6, 125: "
              "state evolution, mutual information; Lesieur, Krzakala and "
              "Zdeborova 2017, J. Stat. Mech. 073403: sparse priors, "
              "message passing; Baik, Ben Arous and Peche 2005, Ann. Probab. "
              "33, 1643: top eigenvalue",
    .holds = "N -> infinity, independent components of a known law; exact "
             "there. Runs of N components lie off by order 1/sqrt(N), more "
             "near lambda = 1",
    .keys = &spiked_table,
    .teams = true,
    .solve = solve};

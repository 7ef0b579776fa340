/* Random K-SAT of M = alpha N clauses, N -> infinity: survey propagation
   (Mezard, Parisi and Zecchina, Science 297, 812 (2002); Mezard and Zecchina,
   Phys. Rev. E 66, 056126 (2002); Mertens, Mezard and Zecchina, Random Struct.
   Algorithms 28, 340 (2006)), one step of replica symmetry breaking for
   clusters of solutions, all of equal weight.

   eta, the survey a clause sends: the share of clusters in which its other
   bits all violate it. w, of a bit to a clause: the share in which the others
   of its clauses force it to violate this one, among those without
   contradiction. With A_s, A_u the products of 1 - eta over Poisson(K alpha/2)
   clauses that want the bit as this one does, and otherwise,
       w = (1 - A_u) A_s / (A_s + A_u - A_s A_u),   eta = w_1 ... w_(K-1)
   in distribution. The complexity, ln(number of clusters) / N, is
       Sigma = <ln(A_s + A_u - A_s A_u)> + alpha <ln(1 - w_1 ... w_K)>
               - K alpha <ln(1 - eta w)>,
   stationary in the laws of eta and w: to first order no error of the pool
   moves it, and d Sigma / d alpha = <ln(1 - w_1 ... w_K)>.
   doc/satisfiability.md derives all. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "core/solver.h"
#include "stat/population.h"

#define KSAT_SP_KEYS(KEY)                                                    \
    KEY(integer, k, "3", 3, 7, NULL, "literals", 0,                          \
        "literals of a clause")                                              \
    KEY(real, alpha, "4.2", 0, 150, NULL, "1/site", 0, "clauses per bit")    \
    KEY(integer, population, "20000", 100, 1e7, NULL, "members", 0,          \
        "surveys in the pool")                                               \
    KEY(integer, iterations, "200", 20, 1e6, NULL, "steps", 0,               \
        "of the pool that are averaged over, after as many to settle")       \
    KEY(flag, threshold, "false", 0, 0, NULL, "", 0,                         \
        "go on to the alpha where the complexity vanishes")                  \
    KEY(seed, seed, "1", 0, 0, NULL, "", 0, "of the random numbers")
PARAM_STRUCT(ksat_sp_keys, KSAT_SP_KEYS);
#define PARAM_ROW_ksat_sp_keys(...) PARAM_ROW(ksat_sp_keys, __VA_ARGS__)
PARAM_TABLE(static, ksat_sp_table, "ksat_sp", ksat_sp_keys, KSAT_SP_KEYS);

/* Below TRIVIAL surveys are on their way to zero: where clusters exist their
   mean is above 0.01. Pools that drift, or know their mean survey to no
   better than VAGUE of it (as those do that pass by where a solution is about
   to appear), run on, PATIENCE times at most.

   Members share ancestors: that bias of Sigma was found to be -1/members (K =
   5) to -4/members (K = 3, 4) by pools of 1000 to 100000 at alpha_s. */
#define TRIVIAL 1e-4
#define BIAS 5.0
/* A survey above is certain. There are none where Sigma has a meaning, and
   far above alpha_s pools fill with them. */
#define CERTAINLY (1 - 1e-6)
#define VAGUE 0.02
enum { PATIENCE = 6, NEWTON_STEPS = 10, TABLE = 1024, DRAWN = 8 };

/* A member: w of some bit, and -ln(1 - eta) of some clause. */
enum { W, T, WIDTH };
enum { SITE, CLAUSE, EDGE, SURVEY, CERTAIN, OBSERVABLES };

struct formula {
    int k;
    double alpha;
    double below[TABLE]; /* P(Poisson(k alpha / 2) <= n) */
};

static struct formula formula_of(int k, double alpha)
{
    struct formula f = {.k = k, .alpha = alpha};
    double mean = k * alpha / 2, term = exp(-mean), sum = 0;
    for (int n = 0; n < TABLE; n++) {
        sum += term;
        f.below[n] = sum;
        term *= mean / (n + 1);
    }
    return f;
}

/* ---- the pool ------------------------------------------------------------ */

static int poisson(const struct formula *f, struct chance *chance)
{
    double unit = chance_unit(chance);
    int low = 0, high = TABLE - 1; /* the first with below >= unit */
    while (low < high) {
        int middle = (low + high) / 2;
        if (f->below[middle] < unit)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* -ln A of one sign. */
static double pull(const struct population *pool, struct chance *chance,
                   const struct formula *f)
{
    double sum = 0;
    for (int n = poisson(f, chance); n > 0; n--)
        sum += population_any(pool, chance)[T];
    return sum;
}

static double product(const struct population *pool, struct chance *chance,
                      int count)
{
    double w = 1;
    for (int i = 0; i < count; i++)
        w *= population_any(pool, chance)[W];
    return w;
}

/* eta may round to 1. */
static double log_less(double eta) { return log1p(-fmin(eta, 1 - 0x1p-53)); }

static void start(struct chance *chance, double *member, const void *with)
{
    (void)with;
    member[W] = chance_unit(chance);
    member[T] = -log_less(chance_unit(chance));
}

/* The two halves are independent: each generation of w comes from surveys of
   the one before, and the other way round. */
static double make(const struct population *old, struct chance *chance,
                   double *member, const void *with)
{
    const struct formula *f = with;
    double same = pull(old, chance, f), other = pull(old, chance, f);
    member[W] = -expm1(-other) / (1 + exp(same - other) - exp(-other));
    member[T] = -log_less(product(old, chance, f->k - 1));
    return 1;
}

/* Means over DRAWN surveys and as many w: of 1 - eta w over all pairs, which
   is the noisiest term by far; of 1 - w_1 ... w_K over runs of K. */
static void observe_edges(const struct population *now,
                          struct chance *chance, int k, double *value)
{
    double eta[DRAWN], w[DRAWN];
    value[CLAUSE] = value[EDGE] = value[SURVEY] = value[CERTAIN] = 0;
    for (int i = 0; i < DRAWN; i++) {
        eta[i] = -expm1(-population_any(now, chance)[T]);
        w[i] = population_any(now, chance)[W];
    }
    for (int i = 0; i < DRAWN; i++) {
        double all = 1, none = 1;
        for (int j = 0; j < k; j++)
            all *= w[(i + j) % DRAWN];
        for (int j = 0; j < DRAWN; j++)
            none *= 1 - eta[i] * w[j];
        value[CLAUSE] += log_less(all) / DRAWN;
        value[EDGE] += log(fmax(none, 0x1p-1000)) / (DRAWN * DRAWN);
        value[SURVEY] += eta[i] / DRAWN;
        value[CERTAIN] += (eta[i] > CERTAINLY) / (double)DRAWN;
    }
}

static void observe(const struct population *now, struct chance *chance,
                    double *value, const void *with)
{
    const struct formula *f = with;
    double one = pull(now, chance, f), two = pull(now, chance, f);
    double less = fmin(one, two), more = fmax(one, two);
    value[SITE] = -less + log1p(exp(less - more) - exp(-more));
    observe_edges(now, chance, f->k, value);
}

/* ---- complexity ---------------------------------------------------------- */

struct answer {
    struct population_mean complexity, slope, survey;
    bool trivial, settled;
    bool broken; /* warnings that are certain: they contradict each other */
};

static struct answer averages(const struct formula *f,
                              const struct population_series *series)
{
    double sigma[OBSERVABLES] = {[SITE] = 1, [CLAUSE] = f->alpha,
                                 [EDGE] = -f->k * f->alpha};
    struct answer a = {.complexity = population_mean(series, sigma),
                       .slope = population_observable(series, CLAUSE),
                       .survey = population_observable(series, SURVEY),
                       .broken =
                           population_observable(series, CERTAIN).mean > 0};
    a.trivial = a.survey.mean < TRIVIAL;
    a.settled = population_settled(series) &&
                a.survey.error < VAGUE * a.survey.mean;
    return a;
}

static bool can_tell(struct answer a)
{
    return a.trivial || a.settled || a.broken;
}

static struct answer answer_at(struct population *pool, double alpha, int k,
                               int64_t steps)
{
    struct formula *f = mem_new(1, sizeof *f);
    struct answer a = {.settled = false};
    *f = formula_of(k, alpha);
    struct population_rule rule = {
        .width = WIDTH, .with = f, .start = start, .make = make,
        .observables = OBSERVABLES, .observe = observe};
    for (int t = 0; t < PATIENCE && !can_tell(a); t++) {
        struct population_series series =
            population_run(pool, &rule, t ? 0 : steps, steps, pool->members);
        a = averages(f, &series);
        a.complexity.error = hypot(a.complexity.error,
                                   BIAS / (double)pool->members);
        population_series_free(&series);
    }
    free(f);
    return a;
}

static struct population pool_of(const struct section *keys)
{
    struct population_rule rule = {.width = WIDTH, .start = start};
    return population_new(&rule, section_integer(keys, "population", 0),
                          section_seed(keys, "seed", 1));
}

/* ---- where it vanishes --------------------------------------------------- */

/* By Newton's method; a broken pool is given up for a new one further down. */
static double next_alpha(const struct section *keys, struct population *pool,
                         struct answer a, double alpha)
{
    double longest = 0.05 * alpha;
    if (a.broken) {
        population_free(pool);
        *pool = pool_of(keys);
        return alpha - longest;
    }
    double step = -a.complexity.mean / a.slope.mean;
    return alpha + fmax(-longest, fmin(longest, step));
}

/* A step that is short, or hardly longer than its error, is the last; one that
   was cut, of 0.05 alpha, is not. The pool is carried along. */
static void add_threshold(const struct section *keys, struct population *pool,
                          struct answer a, double alpha,
                          struct solution *solution)
{
    int k = (int)section_integer(keys, "k", 3);
    for (int n = 0; n < NEWTON_STEPS && !a.trivial && can_tell(a); n++) {
        double next = next_alpha(keys, pool, a, alpha);
        double error = fabs(a.complexity.error / a.slope.mean);
        double near = fmin(fmax(3 * error, 1e-3 * alpha), 0.04 * alpha);
        if (!a.broken && fabs(next - alpha) < near) {
            solution_add(solution, "alpha_s", next, error, "1/site");
            return;
        }
        alpha = next;
        a = answer_at(pool, alpha, k, section_integer(keys, "iterations", 0));
    }
    solution_warn(solution, "the threshold was not found: at alpha = %.4g %s",
                  alpha, a.trivial ? "surveys are trivial; start higher"
                  : can_tell(a) ? "it is still far; start nearer"
                                : "the pool had not settled; more iterations");
}

static void add_answer(struct answer a, struct solution *solution)
{
    double clear = 2 * a.complexity.error;
    solution_add(solution, "survey", a.trivial ? 0 : a.survey.mean,
                 a.trivial ? 0 : a.survey.error, "1");
    if (a.trivial) {
        solution->phase = "no clusters of frozen bits: surveys are trivial";
        return;
    }
    if (a.broken) {
        solution->phase = "unsatisfiable";
        solution_warn(solution, "far above the threshold: surveys that are "
                      "certain contradict each other, complexity is left "
                      "out");
        return;
    }
    solution_add(solution, "complexity", a.complexity.mean,
                 a.complexity.error, "nats");
    solution_add(solution, "complexity_slope", a.slope.mean, a.slope.error,
                 "nats");
    solution->phase = a.complexity.mean > clear ? "satisfiable, clustered"
                    : a.complexity.mean < -clear ? "unsatisfiable"
                    : "at the threshold within the error";
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    int k = (int)section_integer(keys, "k", 3);
    double alpha = section_real(keys, "alpha", 0);
    const bool *threshold = section_value(keys, "threshold");
    (void)err;
    struct population pool = pool_of(keys);
    struct answer a = answer_at(&pool, alpha, k,
                                section_integer(keys, "iterations", 0));
    if (can_tell(a))
        add_answer(a, solution);
    else
        solution_warn(solution, "the pool was still moving after %u steps: "
                      "complexity is left out; more iterations", pool.step);
    solution_add(solution, "alpha_first_moment",
                 -0x1.62e42fefa39efp-1 / log1p(-exp2(-k)), 0, "1/site");
    if (*threshold)
        add_threshold(keys, &pool, a, alpha, solution);
    population_free(&pool);
}

const struct solver solver_ksat_sp = {
    .name = "ksat_sp",
    .family = FAMILY_CAVITY,
    .summary = "random K-SAT by survey propagation: complexity and the "
               "satisfiability threshold",
    .source = "Mezard and Zecchina 2002, Phys. Rev. E 66, 056126; Mertens, "
              "Mezard and Zecchina 2006, Random Struct. Algorithms 28, 340",
    .holds = "infinitely many bits, one step of replica symmetry breaking, "
             "clusters counted alike whatever their size; where surveys are "
             "trivial it says nothing; the threshold is proven for large k "
             "only (Ding, Sly and Sun 2015)",
    .keys = &ksat_sp_table,
    .teams = true,
    .solve = solve};

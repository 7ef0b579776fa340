/* The symmetric binary perceptron, weights -1, +1 with |w.x| / sqrt(N) <= kappa
   for alpha N random examples x (Aubin, Perkins, Zdeborova, J. Phys. A 52,
   294003 (2019)): solutions at a distance from a typical one. A constraint
   holds with chance p_1 = P(|z| <= kappa); for weights that differ in a
   fraction d of places, two of them at once with

     p_2 = P(|z| <= kappa, |z'| <= kappa), <z z'> = 1 - 2d
         = p_1 - (2/pi) int_0^asin(sqrt d) dv [e^(-kappa^2 / 2 cos^2 v)
                                             - e^(-kappa^2 / 2 sin^2 v)].

   The average number of solutions is the typical one (the model is
   contiguous to its planted form: Abbe, Li, Sly 2021), so that

     s = ln 2 + alpha ln p_1,        alpha_c = -ln 2 / ln p_1,
     s(d) = -d ln d - (1 - d) ln(1 - d) + alpha ln(p_2/p_1),

   the Franz-Parisi entropy: of those at distance d from a typical solution.
   At small d it is negative, -alpha c sqrt(d), for any alpha > 0: a typical
   solution is alone. Its sign changes at distance_isolated. */
#include <gsl/gsl_integration.h>
#include <string.h>

#include "base/alloc.h"
#include "core/solver.h"
#include "stat/root.h"
#include "systems/patterns.h"

#define FRANZ_PARISI_KEYS(KEY)                                               \
    KEY(real, alpha, "1.0", 0, 1e6, NULL, "examples/weight", 0,              \
        "load: constraints per weight")                                      \
    KEY(real, kappa, "1.0", 1e-3, 6, NULL, "", 0, "half-width of a "         \
        "constraint")                                                        \
    KEY(real, x, "0.05", 0, 1, NULL, "", 0,                                  \
        "distance of the pair: the fraction of weights that differ")
PARAM_STRUCT(franz_parisi_keys, FRANZ_PARISI_KEYS);
#define PARAM_ROW_franz_parisi_keys(...)                                     \
    PARAM_ROW(franz_parisi_keys, __VA_ARGS__)
PARAM_TABLE(static, franz_parisi_table, "franz_parisi", franz_parisi_keys,
            FRANZ_PARISI_KEYS);

enum { GRID = 161, SCAN = 1500, EXTREMA = 8 };
static const double PI = 0x1.921fb54442d18p1,
                    ROOT_HALF = 0x1.6a09e667f3bcdp-1;

struct point { double alpha, kappa; };

/* ---- chances ------------------------------------------------------------- */

static double chance_of_one(double kappa)
{
    return erf(kappa * ROOT_HALF);
}

/* (2/pi) [...] at v */
static double loss_rate(double kappa, double v)
{
    double c = cos(v), s = sin(v), half = kappa * kappa / 2;
    return 2 / PI * (exp(-half / (c * c)) - exp(-half / (s * s)));
}

/* p_1 - p_2 for d <= 1/2: panels that halve down to where the second term,
   of width kappa, is gone. */
static double lost(double kappa, double d)
{
    gsl_integration_glfixed_table *rule =
        gsl_integration_glfixed_table_alloc(20);
    double high = asin(sqrt(d)), sum = 0;
    for (bool last = false; !last; high /= 2) {
        last = high < kappa / 12;
        for (size_t i = 0; i < 20; i++) {
            double v, weight;
            gsl_integration_glfixed_point(last ? 0 : high / 2, high, i, &v,
                                          &weight, rule);
            sum += weight * loss_rate(kappa, v);
        }
    }
    gsl_integration_glfixed_table_free(rule);
    return sum;
}

/* ---- the entropy --------------------------------------------------------- */

static double pair_entropy(const struct point *p, double x)
{
    double d = fmin(x, 1 - x); /* w and -w are both solutions */
    if (d == 0)
        return 0;
    return -d * log(d) - (1 - d) * log1p(-d) +
           p->alpha * log1p(-lost(p->kappa, d) / chance_of_one(p->kappa));
}

static double entropy_by_ln(double ln_d, void *with)
{
    return pair_entropy(with, exp(ln_d));
}

/* ds/dd, times sqrt(d) so that it stays finite. */
static double slope(double ln_d, void *with)
{
    const struct point *p = with;
    double d = exp(ln_d), root = sqrt(d);
    double left = chance_of_one(p->kappa) - lost(p->kappa, d);
    return root * (log1p(-d) - ln_d) -
           p->alpha * loss_rate(p->kappa, asin(root)) /
               (2 * sqrt(1 - d) * left);
}

/* ---- the shape ----------------------------------------------------------- */

struct extrema { int count; struct root ln_d[EXTREMA]; };

/* Where s(d) turns for 0 < d < 1/2: a minimum first. */
static struct extrema turns(const struct point *p)
{
    struct extrema e = {0};
    double low = -70, high = log(0.5) - 1e-7;
    double last = slope(low, (void *)p);
    for (int i = 1; i <= SCAN && e.count < EXTREMA; i++) {
        double to = low + (high - low) * i / SCAN;
        double now = slope(to, (void *)p);
        if ((now > 0) != (last > 0))
            e.ln_d[e.count++] = root_between(
                slope, (void *)p, low + (high - low) * (i - 1) / SCAN, to);
        last = now;
    }
    return e;
}

static void add_at(const char *where, const char *height,
                   const struct point *p, struct root ln_d,
                   struct solution *solution)
{
    double d = exp(ln_d.x);
    solution_add(solution, where, d, d * (ln_d.width + 1e-11), "1");
    solution_add(solution, height, pair_entropy(p, d), 1e-14 * (1 + p->alpha),
                 "nats");
}

/* A typical solution is alone up to where s(d) crosses 0 after its minimum. */
static void add_shape(const struct point *p, struct solution *solution)
{
    struct extrema e = turns(p);
    double half = log(0.5);
    if (!e.count) {
        if (p->alpha > 0)
            solution_warn(solution, "no extremum of the pair entropy was "
                          "found at distances above 1e-30");
        return;
    }
    add_at("distance_min", "pair_entropy_min", p, e.ln_d[0], solution);
    double next = e.count > 1 ? e.ln_d[1].x : half;
    struct root zero = root_between(entropy_by_ln, (void *)p, e.ln_d[0].x,
                                    next);
    if (zero.found)
        solution_add(solution, "distance_isolated", exp(zero.x),
                     exp(zero.x) * (zero.width + 1e-14), "1");
    if (e.count > 1) /* before 1/2 */
        add_at("distance_max", "pair_entropy_max", p, e.ln_d[1], solution);
    if (e.count > 2)
        solution_warn(solution, "the pair entropy turns %d times between 0 "
                      "and 1/2: see the curve", e.count);
}

static void add_curves(const struct point *p, struct solution *solution)
{
    double *x = mem_new(GRID, sizeof *x), *s = mem_new(GRID, sizeof *s);
    for (int i = 0; i < GRID; i++) {
        double part = (double)i / (GRID - 1);
        x[i] = 0.5 * part * part * part;
        s[i] = pair_entropy(p, x[i]);
    }
    solution_add_curve(solution, (struct solution_curve){
        "distance", "1", "fraction of weights that differ from a typical "
        "solution's, up to 1/2: s(1 - x) = s(x)", GRID, x, NULL});
    solution_add_curve(solution, (struct solution_curve){
        "pair_entropies", "nats", "of solutions at that distance, per "
        "weight", GRID, s, "distance"});
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    struct point p = {section_real(keys, "alpha", 0),
                      section_real(keys, "kappa", 1)};
    double x = section_real(keys, "x", 0), one = chance_of_one(p.kappa);
    /* ln p_1 near 1 from its complement */
    double ln_one = p.kappa > 1 ? log1p(-erfc(p.kappa * ROOT_HALF))
                                : log(one);
    double most = -log(2) / ln_one, entropy = log(2) + p.alpha * ln_one;
    double pair = pair_entropy(&p, x);
    (void)err;
    solution_add(solution, "alpha_c", most, 0, "examples/weight");
    /* p_2 is a difference: of a small kappa its rounding is that of p_1. */
    double d = fmin(x, 1 - x), both = one - (d > 0 ? lost(p.kappa, d) : 0);
    solution_add(solution, "pair_entropy", pair,
                 1e-15 * (1 + p.alpha) + 1e-14 * p.alpha * (one / both - 1),
                 "nats");
    if (p.alpha <= most)
        solution_add(solution, "entropy_per_site", entropy, 0, "nats");
    add_shape(&p, solution);
    add_curves(&p, solution);
    solution->phase = p.alpha > most ? "unsatisfiable"
                    : p.alpha > 0 ? "satisfiable, typical solutions isolated"
                                  : "no constraints";
    if (p.alpha > most)
        solution_warn(solution, "beyond alpha_c there are no solutions: the "
                      "pair entropy is that around a planted one");
}

/* ---- the overlay --------------------------------------------------------- */

static const char *refuses(const struct system *system, int points)
{
    (void)points;
    if (strcmp(system->model->name, "perceptron") || !system->patterns ||
        !section_is(system->keys, "loss", "symmetric"))
        return "franz_parisi knows the symmetric binary perceptron only";
    if (section_is(system->keys, "labels", "file"))
        return "franz_parisi knows random examples only";
    if (section_is(system->keys, "labels", "teacher") &&
        section_is(system->keys, "inputs", "pm1") &&
        system->sites % 2 == 0)
        return "a teacher's even number of inputs leaves undecided ones out";
    return system->components > 1 ? "a tether acts" : NULL;
}

/* The chance that a random example is inside, of N signs the binomial one. */
static double chance_inside(const struct system *system)
{
    double n = (double)system->sites, sum = 0;
    int64_t bar = system->patterns->margin.bar, sites = system->sites;
    if (section_is(system->keys, "inputs", "gaussian"))
        return chance_of_one(section_real(system->keys, "kappa", 0));
    for (int64_t m = -bar + (bar + sites) % 2; m <= bar; m += 2) {
        double up = (n + (double)m) / 2;
        if (up >= 0 && up <= n)
            sum += exp(lgamma(n + 1) - lgamma(up + 1) - lgamma(n - up + 1) -
                       n * log(2));
    }
    return fmin(sum, 1);
}

/* [Z] = 2^N (p_1 + (1 - p_1) e^-beta)^P, while its entropy is not negative. */
static void overlay(const struct solver_task *task)
{
    double n = (double)task->system->sites;
    double examples = (double)task->system->patterns->train;
    double inside = chance_inside(task->system);
    for (int i = 0; i < task->points; i++) {
        double beta = task->lambda[i], broken = (1 - inside) * exp(-beta);
        double ln_z = n * log(2) + examples * log(inside + broken);
        double chance = broken / (inside + broken), u = examples * chance;
        struct solution *solution = &task->solution[i];
        if (ln_z + beta * u < 0)
            continue;
        solution_add(solution, "ln_z", ln_z, 0, "1");
        solution_add(solution, "entropy", ln_z + beta * u, 0, "nats");
        solution_add(solution, "energy", u / n, 0, "loss");
        solution_add(solution, "specific_heat",
                     beta * beta * u * (1 - chance) / n, 0, "1");
    }
}

const struct solver solver_franz_parisi = {
    .name = "franz_parisi",
    .family = FAMILY_REPLICA,
    .summary = "symmetric binary perceptron: entropy of solutions at a "
               "distance from a typical one (Franz-Parisi), capacity",
    .source = "Aubin, Perkins and Zdeborova 2019, J. Phys. A 52, 294003: "
              "first and second moment; Abbe, Li and Sly 2021, "
              "arXiv:2102.13069: contiguity with the planted model",
    .holds = "infinitely many weights, alpha up to alpha_c: exact, averages "
             "over examples may be taken before the logarithm",
    .keys = &franz_parisi_table,
    .solve = solve,
    .refuses = refuses,
    .overlay = overlay,
    .limit = "the average over examples is taken before the logarithm: ln Z "
             "of a sample scatters around it, or below, by a number of order "
             "1 however large N is, more where its entropy is nearly 0"};

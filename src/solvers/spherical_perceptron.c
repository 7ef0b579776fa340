/* Weights |w|^2 = N that give alpha N random examples stabilities y w.x /
   sqrt(N) > kappa: how many there are (Gardner, J. Phys. A 21, 257 (1988);
   Gardner and Derrida, J. Phys. A 21, 271 (1988)). Replica symmetric, q the
   overlap of two solutions, x = (kappa - sqrt(q) z) / sqrt(1 - q),

     s = ln(fraction of the sphere) / N
       = [ln(1 - q) + q/(1 - q)] / 2 + alpha int Dz ln H(x),
     alpha = q / ((1 - q) int Dz R(x)^2),
     replicon = 1 - alpha int Dz R'(x)^2,
     p(D) = int Dz exp(-(D - sqrt(q) z)^2 / 2(1 - q)) /
            (sqrt(2 pi (1 - q)) H(x)),   D > kappa.

   Beyond alpha_c, where q = 1, the fewest errors: an example that lies less
   than a below kappa is moved up to it, one further below is given up,

     alpha int_{kappa - a}^kappa Dz (kappa - z)^2 = 1,
     ground_energy = alpha Phi(kappa - a) errors per weight.

   Replica symmetry is broken there (the gap in the stabilities makes the
   replicon minus infinity), and for kappa < 0 wherever the replicon is
   negative. */
#include <gsl/gsl_integration.h>

#include "base/alloc.h"
#include "core/solver.h"
#include "stat/probit.h"
#include "stat/root.h"

#define SPHERICAL_KEYS(KEY)                                                  \
    KEY(real, alpha, "1.0", 0, 1e6, NULL, "examples/weight", 0,              \
        "load: examples per weight")                                         \
    KEY(real, kappa, "0.0", -8, 1e3, NULL, "", 0, "stability asked for")
PARAM_STRUCT(spherical_keys, SPHERICAL_KEYS);
#define PARAM_ROW_spherical_keys(...) PARAM_ROW(spherical_keys, __VA_ARGS__)
PARAM_TABLE(static, spherical_table, "spherical_perceptron", spherical_keys,
            SPHERICAL_KEYS);

enum { GRID = 161, PANELS = 24, SCAN = 1572 };

struct point {
    double alpha, kappa;
    int finer;
    double gap, root, at; /* of the density: 1 - q, sqrt(q), the stability */
};

/* ---- below capacity ------------------------------------------------------ */

/* By t = ln((1 - q)/q). */
static double gap_of(double t)
{
    return t > 0 ? 1 / (1 + exp(-t)) : exp(t) / (1 + exp(t));
}

static double load_misfit(double t, void *with)
{
    const struct point *p = with;
    struct probit_examples e = probit_examples(p->kappa, gap_of(t), INFINITY,
                                               0);
    return log(p->alpha * e.square) + t;
}

enum { Q, S, REPLICON, RESULTS };

static void quantities(const struct point *p, double t, int finer,
                       double value[RESULTS])
{
    double gap = gap_of(t);
    struct probit_examples e = probit_examples(p->kappa, gap, INFINITY,
                                               finer);
    value[Q] = gap_of(-t);
    value[S] = 0.5 * (log(gap) + exp(-t)) + p->alpha * e.ln;
    value[REPLICON] = 1 - p->alpha * e.slope2;
}

static void density_at(double z, void *with, double *value)
{
    const struct point *p = with;
    double scale = sqrt(p->gap), h = p->root * z;
    double x = (p->kappa - h) / scale, d = (p->at - h) / scale;
    value[0] = exp((x - d) * (x + d) / 2) * probit_hazard(x) / scale;
}

static double density(struct point *p, double at)
{
    struct probit_grid grid = probit_grid_of(p->kappa, p->gap, INFINITY);
    double value;
    p->at = at;
    grid.kink[1] = at / fmax(p->root, 1e-300);
    grid.width[1] = grid.width[0];
    probit_average(grid, density_at, p, 1, &value);
    return value;
}

/* ---- the stabilities ----------------------------------------------------- */

/* Closest near `from`, where the density is steep. */
static double *row(double from, double to)
{
    double *x = mem_new(GRID, sizeof *x);
    for (int i = 0; i < GRID; i++) {
        double part = (double)i / (GRID - 1);
        x[i] = from + (to - from) * part * part * part;
    }
    return x;
}

static void add_curves(double *x, double *y, struct solution *solution)
{
    solution_add_curve(solution, (struct solution_curve){
        "stability", "1", "y w.x / sqrt(N), where density is", GRID, x,
        NULL});
    solution_add_curve(solution, (struct solution_curve){
        "density", "1", "of stabilities of the examples, without those that "
        "have exactly kappa (support_fraction)", GRID, y, "stability"});
}

static void satisfiable(struct point p, double t, struct solution *solution)
{
    double *x = row(p.kappa, fmax(p.kappa, 0) + 5);
    double *y = mem_new(GRID, sizeof *y);
    p.gap = gap_of(t);
    p.root = sqrt(gap_of(-t));
    for (int i = 0; i < GRID; i++)
        y[i] = density(&p, x[i]);
    add_curves(x, y, solution);
}

/* ---- beyond it ----------------------------------------------------------- */

/* int_{kappa - a}^kappa Dz (kappa - z)^2 by panels in d = kappa - z. */
static double moved(double kappa, double a)
{
    gsl_integration_glfixed_table *rule =
        gsl_integration_glfixed_table_alloc(20);
    double low = fmax(0, kappa - 12), width = (a - low) / PANELS, sum = 0;
    for (int i = 0; i < 20 * PANELS && width > 0; i++) {
        double d, weight, from = low + width * (i / 20);
        gsl_integration_glfixed_point(from, from + width, (size_t)(i % 20),
                                      &d, &weight, rule);
        sum += weight * d * d * probit_density(kappa - d);
    }
    gsl_integration_glfixed_table_free(rule);
    return sum;
}

static double reach_misfit(double a, void *with)
{
    const struct point *p = with;
    return p->alpha * moved(p->kappa, a) - 1;
}

static void add_stabilities_beyond(const struct point *p, double a,
                                   struct solution *solution)
{
    double *x = mem_new(GRID, sizeof *x), *y = mem_new(GRID, sizeof *y);
    double low = fmin(p->kappa - a, 0) - 5, high = fmax(p->kappa, 0) + 5;
    for (int i = 0; i < GRID; i++) {
        x[i] = low + (high - low) * i / (GRID - 1);
        y[i] = x[i] > p->kappa - a && x[i] <= p->kappa
                   ? 0 : probit_density(x[i]);
    }
    add_curves(x, y, solution);
}

static void unsatisfiable(const struct point *p, struct solution *solution)
{
    double high = fmax(p->kappa, 0) + 12;
    solution->phase = "unsatisfiable";
    if (reach_misfit(high, (void *)p) <= 1e-12) { /* at capacity */
        solution_add(solution, "ground_energy", 0, 1e-12, "errors");
        return;
    }
    struct root a = root_between(reach_misfit, (void *)p, 0, high);
    if (!a.found) {
        solution_warn(solution, "the equation of ground_energy was not "
                      "solved");
        return;
    }
    double c = p->kappa - a.x, wrong = probit_tail(-c);
    double error = (a.width + 1e-15 * (1 + a.x)) * probit_density(c) +
                   1e-15 * wrong;
    solution_warn(solution, "beyond the capacity: ground_energy is replica "
                  "symmetric and too low, the symmetry is broken");
    solution_add(solution, "ground_energy", p->alpha * wrong,
                 p->alpha * error, "errors");
    solution_add(solution, "training_error", wrong, error, "1");
    solution_add(solution, "support_fraction", probit_tail(-p->kappa) - wrong,
                 error + 1e-15, "1");
    solution_add(solution, "stability_gap", a.x, a.width + 1e-14, "1");
    add_stabilities_beyond(p, a.x, solution);
}

/* ---- answers ------------------------------------------------------------- */

/* Errors: what the root's width and finer panels change, and rounding of terms
   of order 1/(1 - q). */
static void add_results(const struct point *p, struct root t,
                        struct solution *solution)
{
    static const char *const name[RESULTS] = {"q", "entropy_per_site",
                                              "replicon"};
    static const char *const unit[RESULTS] = {"1", "nats", "1"};
    double value[RESULTS], next[RESULTS], finer[RESULTS];
    quantities(p, t.x, 0, value);
    quantities(p, t.x + t.width, 0, next);
    quantities(p, t.x, 1, finer);
    for (int i = 0; i < RESULTS; i++)
        solution_add(solution, name[i], value[i],
                     fabs(next[i] - value[i]) + fabs(finer[i] - value[i]) +
                         (i == S ? 1e-15 * (1 + exp(-t.x)) : 1e-15),
                     unit[i]);
    solution->phase = value[REPLICON] < -1e-9
                          ? "satisfiable, replica symmetry broken"
                          : "satisfiable";
    if (value[REPLICON] < -1e-9)
        solution_warn(solution, "replica symmetry is broken (replicon %.3g < "
                      "0): an approximation", value[REPLICON]);
}

/* Of several solutions (kappa < -2.87: alpha is not monotonic in q) the one of
   least s; s is stationary, and a minimum in q. */
static struct root overlap(struct point *p, struct solution *solution)
{
    struct root best = {NAN, NAN, false};
    double least = INFINITY, value[RESULTS];
    int found = 0;
    if (p->kappa >= -2)
        return root_between(load_misfit, p, -46, 740);
    for (int i = 0; i < SCAN; i++) {
        struct root t = root_between(load_misfit, p, -46 + 0.5 * i,
                                     -45.5 + 0.5 * i);
        if (!t.found)
            continue;
        quantities(p, t.x, 0, value);
        found++;
        if (value[S] < least) {
            least = value[S];
            best = t;
        }
    }
    if (found > 1)
        solution_warn(solution, "%d solutions for q: that of least entropy "
                      "is given", found);
    return best;
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    struct point p = {.alpha = section_real(keys, "alpha", 0),
                      .kappa = section_real(keys, "kappa", 0)};
    double most = 1 / probit_excess(p.kappa);
    (void)err;
    solution_add(solution, "alpha_c", most, 0, "examples/weight");
    if (p.kappa < 0)
        solution_warn(solution, "kappa < 0: the solutions are no convex set, "
                      "alpha_c is above the true capacity "
                      "(perceptron_capacity has the line where replica "
                      "symmetry breaks)");
    if (p.alpha >= most) {
        unsatisfiable(&p, solution);
        return;
    }
    struct root t = {INFINITY, 0, true}; /* q = 0 */
    if (p.alpha > 0)
        t = overlap(&p, solution);
    if (!t.found) {
        solution_warn(solution, "q was not found");
        return;
    }
    add_results(&p, t, solution);
    satisfiable(p, t.x, solution);
}

const struct solver solver_spherical_perceptron = {
    .name = "spherical_perceptron",
    .family = FAMILY_REPLICA,
    .summary = "spherical perceptron, random labels: the volume of weights "
               "without errors, their overlap and stabilities; the fewest "
               "errors beyond capacity",
    .source = "Gardner 1988, J. Phys. A 21, 257; Gardner and Derrida 1988, "
              "J. Phys. A 21, 271: saddle point of q, minimal errors",
    .holds = "infinitely many weights; exact below capacity for kappa >= 0; "
             "where the replicon is negative (kappa < 0) and beyond capacity "
             "replica symmetry is broken: an approximation",
    .keys = &spherical_table,
    .solve = solve};

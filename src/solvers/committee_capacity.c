/* How many random labels a committee tree can learn: K units, each a spherical
   perceptron with N/K inputs of its own, output the majority of their signs;
   alpha = P/N examples a weight.

   Replica symmetric, q -> 1 (Barkai, Hansel, Sompolinsky, Phys. Rev. A 45, 4146
   (1992)): with normal fields t_k, the cheapest way to make the output right
   moves the smallest |t_k| among the wrong ones to 0, as many as a majority
   needs,

     1/alpha = <cost>, cost = sum of t_k^2 over those moved
             = K int_0^inf dx phi(x) x^2 P(n >= (K - 1)/2):

   unit k at -x is moved if at least (K - 1)/2 of the others, n of K - 1 with
   chance H(x) each, are wrong by more. 2 at K = 1 (Gardner), sqrt(72 K / pi) at
   large K, which exceeds the bound of order ln K (Mitchison and Durbin 1989):
   symmetry is broken. One step of breaking, inner overlap q_1 -> 1 and w =
   m/(1 - q_1) (solved for K = 3):

     alpha = -[ln(1 + w(1 - q)) + w q/(1 + w(1 - q))] /
             (2 int Du ln int Dv e^(-w cost/2)),  t = sqrt(q) u + sqrt(1 - q) v,

   least over q and w (w = 0: replica symmetric). At large K the capacity grows
   like (16/pi) sqrt(ln K) (Monasson and Zecchina 1996, cond-mat/9601122). */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_sf_gamma.h>

#include "base/alloc.h"
#include "core/solver.h"
#include "stat/probit.h"

#define COMMITTEE_CAPACITY_KEYS(KEY)                                         \
    KEY(integer, K, "3", 1, 1e6, NULL, "units", 0,                           \
        "hidden units of the tree")
PARAM_STRUCT(committee_capacity_keys, COMMITTEE_CAPACITY_KEYS);
#define PARAM_ROW_committee_capacity_keys(...)                               \
    PARAM_ROW(committee_capacity_keys, __VA_ARGS__)
PARAM_TABLE(static, committee_capacity_table, "committee_capacity",
            committee_capacity_keys, COMMITTEE_CAPACITY_KEYS);

static const double PI = 0x1.921fb54442d18p1;

/* ---- replica symmetric --------------------------------------------------- */

/* P(n >= (K - 1)/2), n of K - 1 with chance H(x). */
static double chance_moved(double K, double x)
{
    double half = (K - 1) / 2;
    return half > 0 ? gsl_sf_beta_inc(half, half + 1, probit_tail(x)) : 1;
}

/* <cost>, in `panels` parts up to where the chance, of width sqrt(pi/2K), or
   phi is gone. */
static double cost(double K, int panels)
{
    gsl_integration_glfixed_table *rule =
        gsl_integration_glfixed_table_alloc(20);
    double high = fmin(12, 14 / sqrt(K)), width = high / panels, sum = 0;
    for (int i = 0; i < 20 * panels; i++) {
        double x, weight, from = width * (i / 20);
        gsl_integration_glfixed_point(from, from + width, (size_t)(i % 20),
                                      &x, &weight, rule);
        sum += weight * K * probit_density(x) * x * x * chance_moved(K, x);
    }
    gsl_integration_glfixed_table_free(rule);
    return sum;
}

/* ---- one step, K = 3 ----------------------------------------------------- */

enum { FIELDS_MOST = 80, MOVES = 40 };

/* At u[i] and x[j]: density of a unit at -x times e^(-w x^2 / 2), the chance
   that it is wrong by more than x, and that it is right or moved from above
   -x, weighed. */
struct table {
    int fields;
    double weight[FIELDS_MOST], right[FIELDS_MOST];
    double at[FIELDS_MOST][MOVES], worse[FIELDS_MOST][MOVES],
        settled[FIELDS_MOST][MOVES];
};

/* The chance of -a < t < 0 with weight e^(-w t^2/2) for t of mean m and
   variance v is that of a narrower normal number. */
static void fill(struct table *t, int i, double m, double v, double w,
                 const double *x, const double *dx)
{
    double root = sqrt(v), c = sqrt(1 / v + w), middle = -m / (v * c * c);
    double scale = exp(-m * m * w / (2 * (1 + w * v))) / (root * c);
    t->right[i] = probit_tail(-m / root);
    for (int j = 0; j < MOVES; j++) {
        t->worse[i][j] = probit_tail((x[j] + m) / root);
        t->at[i][j] = dx[j] * exp(-w * x[j] * x[j] / 2) *
                      probit_density((x[j] + m) / root) / root;
        t->settled[i][j] =
            t->right[i] + scale * (probit_tail(-middle * c) -
                                   probit_tail((x[j] - middle) * c));
    }
}

static void tabulate(struct table *t, double q, double w, double step)
{
    gsl_integration_glfixed_table *rule =
        gsl_integration_glfixed_table_alloc(MOVES);
    double x[MOVES], dx[MOVES];
    for (size_t j = 0; j < MOVES; j++)
        gsl_integration_glfixed_point(0, 12 / sqrt(1 + w), j, &x[j], &dx[j],
                                      rule);
    gsl_integration_glfixed_table_free(rule);
    int half = (int)(6.5 / step);
    t->fields = 2 * half + 1;
    for (int i = 0; i < t->fields; i++) {
        double u = (i - half) * step;
        t->weight[i] = step * probit_density(u);
        fill(t, i, sqrt(q) * u, 1 - q, w, x, dx);
    }
}

/* int Dv e^(-w cost/2) at three fields: at most one wrong; or one is the last
   to be moved, of the others one is wrong by more and one settled. */
static double inner(const struct table *t, const int unit[3])
{
    double r[3], sum = 0;
    for (int k = 0; k < 3; k++)
        r[k] = t->right[unit[k]];
    double most = r[0] * r[1] + r[1] * r[2] + r[2] * r[0] -
                  2 * r[0] * r[1] * r[2];
    for (int k = 0; k < 3; k++) {
        int a = unit[k], b = unit[(k + 1) % 3], c = unit[(k + 2) % 3];
        for (int j = 0; j < MOVES; j++)
            sum += t->at[a][j] * (t->worse[b][j] * t->settled[c][j] +
                                  t->settled[b][j] * t->worse[c][j]);
    }
    return most + sum;
}

/* int Du ln inner: fields in order, each set of three as often as it occurs. */
static double outer(const struct table *t)
{
    double sum = 0;
    for (int a = 0; a < t->fields; a++)
        for (int b = a; b < t->fields; b++)
            for (int c = b; c < t->fields; c++) {
                double weight = t->weight[a] * t->weight[b] * t->weight[c] *
                                (a == c ? 1 : a == b || b == c ? 3 : 6);
                if (weight > 1e-17)
                    sum += weight * log(inner(t, (int[]){a, b, c}));
            }
    return sum;
}

/* At v = (ln(q/(1 - q)), ln w); with: the step. */
static double load(const gsl_vector *v, void *with)
{
    struct table *t = mem_new(1, sizeof *t);
    double q = 1 / (1 + exp(-gsl_vector_get(v, 0)));
    double w = exp(gsl_vector_get(v, 1)), inside = 1 + w * (1 - q);
    tabulate(t, q, w, *(double *)with);
    double alpha = -(log(inside) + w * q / inside) / (2 * outer(t));
    free(t);
    return alpha;
}

static bool least(gsl_vector *v, double step)
{
    gsl_multimin_fminimizer *search =
        gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, 2);
    gsl_multimin_function f = {.f = load, .n = 2, .params = &step};
    gsl_vector *size = gsl_vector_alloc(2);
    bool found = false;
    gsl_vector_set_all(size, 0.02);
    int status = gsl_multimin_fminimizer_set(search, &f, v, size);
    for (int i = 0; i < 200 && !status && !found; i++) {
        status = gsl_multimin_fminimizer_iterate(search);
        found = gsl_multimin_test_size(gsl_multimin_fminimizer_size(search),
                                       1e-5) == GSL_SUCCESS;
    }
    gsl_vector_memcpy(v, gsl_multimin_fminimizer_x(search));
    gsl_multimin_fminimizer_free(search);
    gsl_vector_free(size);
    return found;
}

/* ---- answers ------------------------------------------------------------- */

static void add_one_step(struct solution *solution)
{
    double step = 0.4, finer = 0.25;
    gsl_vector *v = gsl_vector_alloc(2);
    gsl_vector_set(v, 0, 0.57); /* near by */
    gsl_vector_set(v, 1, 3.05);
    if (least(v, step)) {
        double alpha = load(v, &finer);
        double change = fabs(load(v, &step) - alpha);
        solution_add(solution, "alpha_1rsb", alpha, change + 1e-10,
                     "examples/weight");
        solution_add(solution, "q_1rsb", 1 / (1 + exp(-gsl_vector_get(v, 0))),
                     1e-5, "1");
        solution_add(solution, "w_1rsb", exp(gsl_vector_get(v, 1)), 1e-3,
                     "1");
    } else
        solution_warn(solution, "the one-step minimum was not found");
    gsl_vector_free(v);
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    double K = (double)section_integer(keys, "K", 3);
    (void)err;
    gsl_set_error_handler_off(); /* for good: threads share it */
    if (K > 1)
        solution_add(solution, "alpha_c_law", 16 / PI * sqrt(log(K)), 0,
                     "examples/weight");
    if (fmod(K, 2) == 1) {
        double sum = cost(K, 24), finer = cost(K, 48);
        solution_add(solution, "alpha_rs", 1 / finer,
                     fabs(1 / sum - 1 / finer) + 1e-14 / finer,
                     "examples/weight");
    } else
        solution_warn(solution, "an even number of units can tie: alpha_rs "
                      "is left out");
    if (K == 3)
        add_one_step(solution);
    if (K > 1)
        solution_warn(solution, K == 3
                      ? "replica symmetry is broken: alpha_rs is above the "
                        "capacity, alpha_1rsb nearer; alpha_c_law is for K "
                        "-> infinity"
                      : "replica symmetry is broken: alpha_rs is far above "
                        "the capacity; alpha_c_law is for K -> infinity; "
                        "one step of breaking is computed for K = 3 only");
    solution->phase = K > 1 ? "replica symmetry broken" : "replica symmetric";
}

const struct solver solver_committee_capacity = {
    .name = "committee_capacity",
    .family = FAMILY_REPLICA,
    .summary = "how many random labels a committee tree of K units can learn",
    .source = "Barkai, Hansel and Sompolinsky 1992, Phys. Rev. A 45, 4146 "
              "(replica symmetric; one step at K = 3); Monasson and Zecchina "
              "1996, cond-mat/9601122 (law of large K)",
    .holds = "infinitely many weights, real, on a sphere for each unit. "
             "alpha_rs and alpha_1rsb are solved and, for K > 1, above the "
             "capacity; alpha_c_law is leading order at large K, quoted, not "
             "solved",
    .keys = &committee_capacity_table,
    .solve = solve};

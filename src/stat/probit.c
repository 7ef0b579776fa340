#include "stat/probit.h"

#include <assert.h>
#include <gsl/gsl_integration.h>
#include <math.h>

static const double ROOT_HALF = 0x1.6a09e667f3bcdp-1,
                    ROOT_2PI = 0x1.40d931ff62706p1,
                    LN_ROOT_2PI = 0x1.d67f1c864beb5p-1;

double probit_density(double x)
{
    return exp(-x * x / 2) / ROOT_2PI;
}

double probit_tail(double x)
{
    return 0.5 * erfc(x * ROOT_HALF);
}

/* Laplace: R = x + 1/(x + 2/(x + 3/(x + ...))); this is 2/(x + 3/(x + ...)),
   good to rounding from x = 2 with some 400/x^2 terms. */
static double laplace(double x)
{
    double rest = x;
    for (int n = 12 + (int)fmin(400 / (x * x), 150); n > 2; n--)
        rest = x + n / rest;
    return 2 / rest;
}

/* R - x */
static double beyond(double x)
{
    return x < 3 ? probit_density(x) / probit_tail(x) - x
                 : 1 / (x + laplace(x));
}

double probit_hazard(double x)
{
    return x < 3 ? probit_density(x) / probit_tail(x) : x + beyond(x);
}

double probit_hazard_slope(double x)
{
    return probit_hazard(x) * beyond(x);
}

double probit_ln_tail(double x)
{
    if (x < -1)
        return log1p(-probit_tail(-x));
    if (x < 5)
        return log(probit_tail(x));
    return -x * x / 2 - LN_ROOT_2PI - log(probit_hazard(x));
}

/* Below k = 0 with x = -k: H (1 - x (R - x)). */
double probit_excess(double k)
{
    if (k > -2)
        return (1 + k * k) * probit_tail(-k) + k * probit_density(k);
    double c = laplace(-k);
    return probit_tail(-k) * c / (c - k);
}

/* With right = (1 - e^-beta) H / W: r = right R, and in its slope the
   difference of large numbers is taken before. */
struct probit_soft probit_soft(double x, double beta)
{
    double less = -expm1(-beta), more = beyond(x), R = x + more;
    double ln_tail = x < 3 ? probit_ln_tail(x)
                           : -x * x / 2 - LN_ROOT_2PI - log(R);
    double ln_right = log(less) + ln_tail;
    double odds = exp(-beta - ln_right), right = 1 / (1 + odds);
    double unlike = odds < 1 ? odds * right : 1 - right;
    R = x < 3 ? probit_hazard(x) : R;
    struct probit_soft soft = {.hazard = right * R};
    soft.slope = soft.hazard * (more - R * unlike);
    soft.ln = x < 0 ? log1p(-less * probit_tail(-x))
                    : fmax(-beta, ln_right) +
                          log1p(exp(-fabs(beta + ln_right)));
    soft.wrong = exp(-beta - soft.ln) * probit_tail(-x);
    return soft;
}

double probit_soft_edge(double beta)
{
    double x = sqrt(2 * beta);
    for (int i = 0; i < 60; i++)
        x += (probit_ln_tail(x) + beta) / probit_hazard(x);
    return x;
}

/* ---- averages ------------------------------------------------------------ */

enum { POINTS = 20 };
static const double CUT = 12; /* e^-72 */

struct probit_grid probit_grid_of(double kappa, double gap, double beta)
{
    double root = sqrt(1 - gap), scale = sqrt(gap);
    struct probit_grid grid = {.width = {INFINITY, INFINITY}};
    if (root == 0)
        return grid;
    grid.kink[0] = kappa / root;
    grid.width[0] = scale / root;
    if (isfinite(beta) && beta > 2) {
        double x = probit_soft_edge(beta);
        grid.kink[1] = (kappa - scale * x) / root;
        grid.width[1] = scale / (root * x);
    }
    return grid;
}

/* How far a panel may reach from z. */
static double panel(const struct probit_grid *grid, double z)
{
    double length = 1;
    for (int k = 0; k < PROBIT_KINKS; k++) {
        double apart = z - grid->kink[k];
        double most = fmax(2 * grid->width[k],
                           apart < 0 ? -apart / 2 : apart);
        length = grid->width[k] > 0 ? fmin(length, most) : length;
    }
    return length;
}

void probit_average(struct probit_grid grid,
                    void (*f)(double z, void *with, double *value),
                    void *with, int count, double *out)
{
    gsl_integration_glfixed_table *rule =
        gsl_integration_glfixed_table_alloc(POINTS);
    int parts = 1 << grid.finer;
    assert(count <= PROBIT_COUNT_MAX);
    for (int i = 0; i < count; i++)
        out[i] = 0;
    for (double low = -CUT, high; low < CUT; low = high) {
        high = fmin(CUT, low + panel(&grid, low));
        for (int p = 0; p < parts * POINTS; p++) {
            double width = (high - low) / parts, z, weight;
            double from = low + width * (p / POINTS);
            double value[PROBIT_COUNT_MAX];
            gsl_integration_glfixed_point(from, from + width,
                                          (size_t)(p % POINTS), &z, &weight,
                                          rule);
            weight *= probit_density(z);
            f(z, with, value);
            for (int i = 0; i < count; i++)
                out[i] += weight * value[i];
        }
    }
    gsl_integration_glfixed_table_free(rule);
}

struct example { double kappa, root, scale, beta; };

static void example(double z, void *with, double *value)
{
    const struct example *e = with;
    struct probit_soft soft =
        probit_soft((e->kappa - e->root * z) / e->scale, e->beta);
    value[0] = soft.ln;
    value[1] = soft.hazard * soft.hazard;
    value[2] = soft.slope * soft.slope;
    value[3] = soft.wrong;
}

struct probit_examples probit_examples(double kappa, double gap, double beta,
                                       int finer)
{
    struct example e = {kappa, sqrt(1 - gap), sqrt(gap), beta};
    struct probit_grid grid = probit_grid_of(kappa, gap, beta);
    double out[4];
    grid.finer = finer;
    probit_average(grid, example, &e, 4, out);
    return (struct probit_examples){out[0], out[1], out[2], out[3]};
}

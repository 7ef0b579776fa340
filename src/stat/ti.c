#include "stat/ti.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/alloc.h"

/* Means and variances of x at both ends of every segment, and their
   influence series. End e = 0, 1 of segment s is number 2 s + e. */
struct ends {
    const double *lambda;
    int components, segments;
    int64_t bins;
    double *mean, *variance;  /* [2 segments] */
    double *mean_influence, *variance_influence; /* [bins][2 segments] */
};

double ti_segment(double a0, double a1, double v0, double v1)
{
    return -(a0 + a1) / 2 + (v0 - v1) / 12;
}

/* lambda_{r+1} - lambda_r, component k */
static double delta(const struct ends *ends, int r, int k)
{
    int width = ends->components;
    return ends->lambda[(r + 1) * width + k] - ends->lambda[r * width + k];
}

/* x = u . delta at end i, row t, copy c. */
static double value(const struct ends *ends, const struct series_view *view,
                    int64_t t, int c, int i)
{
    const double *u = view->at + t * view->row_stride +
                      c * view->copy_stride + (i + 1) / 2 * view->components;
    double x = 0;
    for (int k = 0; k < view->components; k++)
        x += delta(ends, i / 2, k) * u[k];
    return x;
}

static void find_means(struct ends *ends, const struct series_view *view)
{
    double samples = (double)view->rows * view->copies;
    int count = 2 * ends->segments;
    double *origin = mem_new((size_t)count, sizeof *origin);
    for (int i = 0; i < count; i++)
        origin[i] = value(ends, view, 0, 0, i);
    for (int64_t t = 0; t < view->rows; t++)
        for (int c = 0; c < view->copies; c++)
            for (int i = 0; i < count; i++)
                ends->mean[i] += value(ends, view, t, c, i) - origin[i];
    for (int i = 0; i < count; i++)
        ends->mean[i] = origin[i] + ends->mean[i] / samples;
    free(origin);
}

/* Variances, and per bin the means of d = x - mean and of d^2 (a constant
   off the influence series of the variance, which does not matter). */
static void find_variances(struct ends *ends, const struct series_view *view,
                           int64_t bin)
{
    double samples = (double)view->rows * view->copies;
    double per_bin = (double)bin * view->copies;
    int count = 2 * ends->segments;
    for (int64_t t = 0; t < view->rows; t++) {
        bool binned = t / bin < ends->bins;
        double *first = ends->mean_influence + t / bin * count;
        double *second = ends->variance_influence + t / bin * count;
        for (int c = 0; c < view->copies; c++)
            for (int i = 0; i < count; i++) {
                double d = value(ends, view, t, c, i) - ends->mean[i];
                ends->variance[i] += d * d / samples;
                if (binned) {
                    first[i] += d / per_bin;
                    second[i] += d * d / per_bin;
                }
            }
    }
}

static struct ends ends_new(const struct series_view *view,
                            const double *lambda, int64_t bin)
{
    struct ends ends = {.lambda = lambda,
                        .components = view->components,
                        .segments = view->rungs - 1,
                        .bins = view->rows / bin};
    size_t count = 2 * (size_t)ends.segments, bins = (size_t)ends.bins;
    ends.mean = mem_new(count, sizeof *ends.mean);
    ends.variance = mem_new(count, sizeof *ends.variance);
    ends.mean_influence = mem_new(bins * count, sizeof(double));
    ends.variance_influence = mem_new(bins * count, sizeof(double));
    find_means(&ends, view);
    find_variances(&ends, view, bin);
    return ends;
}

static void ends_free(struct ends *ends)
{
    free(ends->mean);
    free(ends->variance);
    free(ends->mean_influence);
    free(ends->variance_influence);
}

static void integrate(struct ti *ti, const struct ends *ends)
{
    int count = 2 * ends->segments;
    for (int s = 0; s < ends->segments; s++) {
        const double *a = ends->mean + 2 * s, *v = ends->variance + 2 * s;
        ti->ln_z[s + 1] = ti->ln_z[s] + ti_segment(a[0], a[1], v[0], v[1]);
    }
    for (int64_t b = 0; b < ends->bins; b++) {
        double *phi = ti->influence + b * ti->rungs;
        for (int s = 0; s < ends->segments; s++) {
            const double *a = ends->mean_influence + b * count + 2 * s;
            const double *v = ends->variance_influence + b * count + 2 * s;
            phi[s + 1] = phi[s] + ti_segment(a[0], a[1], v[0], v[1]);
        }
    }
}

/* ---- quadrature error -------------------------------------------------- */

/* Length of segment s; if the next one continues it, *next is its length,
   else 0. */
static double lengths(const struct ends *ends, int s, double *next)
{
    double first = 0, second = 0, product = 0;
    bool more = s + 1 < ends->segments;
    for (int k = 0; k < ends->components; k++) {
        double a = delta(ends, s, k), b = more ? delta(ends, s + 1, k) : 0;
        first += a * a;
        second += b * b;
        product += a * b;
    }
    double lengths = sqrt(first * second);
    *next = lengths > 0 && product > (1 - 1e-9) * lengths ? sqrt(second) : 0;
    return sqrt(first);
}

/* One rule over segments s and s + 1 less two: g = length of s over that of
   both, h of s + 1. The same combination of moments and of influences. */
static double doubled_less_two(const double *a, const double *v, double g,
                               double h)
{
    return ti_segment(a[0] / g, a[3] / h, v[0] / (g * g), v[3] / (h * h)) -
           ti_segment(a[0], a[1], v[0], v[1]) -
           ti_segment(a[2], a[3], v[2], v[3]);
}

/* |x| less what its noise explains. */
static double significant(double x, double error)
{
    return sqrt(fmax(0, x * x - error * error));
}

/* Constant of the rule's error: |error of a segment| = kappa length^5, as
   segments s and s + 1 show it. */
static double pair_kappa(const struct ends *ends, int s, double length,
                         double next, struct gamma_plan *plan,
                         double *series)
{
    double both = length + next, g = length / both, h = next / both;
    int count = 2 * ends->segments;
    double x = doubled_less_two(ends->mean + 2 * s, ends->variance + 2 * s,
                                g, h);
    for (int64_t b = 0; b < ends->bins; b++) {
        int64_t at = b * count + 2 * s;
        series[b] = doubled_less_two(ends->mean_influence + at,
                                     ends->variance_influence + at, g, h);
    }
    double seen = significant(x, gamma_estimate(plan, series, 1).error);
    return seen / (pow(both, 5) - pow(length, 5) - pow(next, 5));
}

/* The whole correction to the trapezoid, for a segment without a
   neighbour in line. */
static double lone_error(const struct ends *ends, int s,
                         struct gamma_plan *plan, double *series)
{
    int count = 2 * ends->segments;
    const double *v = ends->variance + 2 * s;
    for (int64_t b = 0; b < ends->bins; b++) {
        const double *phi = ends->variance_influence + b * count + 2 * s;
        series[b] = ti_segment(0, 0, phi[0], phi[1]);
    }
    return significant(ti_segment(0, 0, v[0], v[1]),
                       gamma_estimate(plan, series, 1).error);
}

static void judge(struct ti *ti, const struct ends *ends)
{
    struct gamma_plan *plan = gamma_plan_new(ends->bins);
    double *series = mem_new((size_t)ends->bins, sizeof *series);
    double before = 0; /* kappa of the pair (s - 1, s) */
    bool paired_before = false;
    for (int s = 0; s < ends->segments; s++) {
        double next, length = lengths(ends, s, &next), error = 0;
        bool paired = next > 0;
        double after = paired ? pair_kappa(ends, s, length, next, plan,
                                           series) : 0;
        int pairs = paired_before + paired;
        if (pairs)
            error = (before + after) / pairs * pow(length, 5);
        else if (length > 0)
            error = lone_error(ends, s, plan, series);
        ti->quadrature[s + 1] = ti->quadrature[s] + error;
        before = after;
        paired_before = paired;
    }
    free(series);
    gamma_plan_free(plan);
}

/* ---- whole ------------------------------------------------------------- */

struct ti *ti_new(const struct series_view *view, const double *lambda,
                  int64_t bin)
{
    struct ti *ti = mem_new(1, sizeof *ti);
    struct ends ends = ends_new(view, lambda, bin);
    size_t rungs = (size_t)view->rungs, bins = (size_t)ends.bins;
    ti->rungs = view->rungs;
    ti->bins = ends.bins;
    ti->ln_z = mem_new(rungs, sizeof *ti->ln_z);
    ti->quadrature = mem_new(rungs, sizeof *ti->quadrature);
    ti->influence = mem_new(bins * rungs, sizeof *ti->influence);
    integrate(ti, &ends);
    judge(ti, &ends);
    ends_free(&ends);
    return ti;
}

void ti_free(struct ti *ti)
{
    if (!ti)
        return;
    free(ti->ln_z);
    free(ti->quadrature);
    free(ti->influence);
    free(ti);
}

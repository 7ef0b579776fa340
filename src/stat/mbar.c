#include "stat/mbar.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* ---- linear algebra: small, symmetric, positive definite --------------- */

/* In place, lower triangle. False when a pivot vanishes against its
   diagonal element: singular to rounding. */
static bool cholesky(double *a, int n)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++) {
            double sum = a[i * n + j], diagonal = sum;
            for (int k = 0; k < j; k++)
                sum -= a[i * n + k] * a[j * n + k];
            if (j < i)
                a[i * n + j] = sum / a[j * n + j];
            else if (sum > 1e-13 * diagonal)
                a[i * n + i] = sqrt(sum);
            else
                return false;
        }
    return true;
}

static void cholesky_solve(const double *a, int n, double *x)
{
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < i; k++)
            x[i] -= a[i * n + k] * x[k];
        x[i] /= a[i * n + i];
    }
    for (int i = n - 1; i >= 0; i--) {
        for (int k = i + 1; k < n; k++)
            x[i] -= a[k * n + i] * x[k];
        x[i] /= a[i * n + i];
    }
}

/* ---- the equations ----------------------------------------------------- */

/* Below this a sample's probability to belong to a rung is dropped: its sum
   over samples is N_k >= 1. */
static const double NEGLIGIBLE = 1e-20;

static double dot(const double *a, const double *b, int components)
{
    double sum = 0;
    for (int k = 0; k < components; k++)
        sum += a[k] * b[k];
    return sum;
}

/* -lambda_k . u_n */
static double exponent(const struct mbar *m, int k, int64_t n)
{
    int width = m->points->components;
    return -dot(m->lambda + k * width, m->points->u + n * width, width);
}

/* ln_d[P] of trial values ln_z. Returns the convex objective whose minimum
   is the solution, sum_n ln D(u_n) + sum_k N_k ln Z_k. */
static double mixture(const struct mbar *m, const double *ln_z,
                      double *ln_d)
{
    double objective = 0;
    double *x = mem_new((size_t)m->rungs, sizeof *x);
    for (int64_t n = 0; n < m->points->count; n++) {
        double top = -INFINITY, sum = 0;
        for (int k = 0; k < m->rungs; k++) {
            x[k] = m->ln_n[k] - ln_z[k] + exponent(m, k, n);
            top = fmax(top, x[k]);
        }
        for (int k = 0; k < m->rungs; k++)
            if (x[k] - top > -50)
                sum += exp(x[k] - top);
        ln_d[n] = top + log(sum);
        objective += m->points->weight[n] * ln_d[n];
    }
    for (int k = 0; k < m->rungs; k++)
        objective += m->samples[k] * ln_z[k];
    free(x);
    return objective;
}

/* p_k(n) of the present ln_z, ln_d at p[k]; they are not negligible in
   [first, last] only. */
static void belonging(const struct mbar *m, int64_t n, double *p, int *first,
                      int *last)
{
    *first = m->rungs;
    *last = -1;
    for (int k = 0; k < m->rungs; k++) {
        double x = m->ln_n[k] - m->ln_z[k] + exponent(m, k, n) - m->ln_d[n];
        p[k] = x > -50 ? exp(x) : 0;
        if (p[k] < NEGLIGIBLE)
            p[k] = 0;
        else
            *last = k;
        if (p[k] > 0 && *first > k)
            *first = k;
    }
}

/* gradient[k-1] = sum_n p_k - N_k and the matrix H of rungs 1.., factored.
   False when singular. */
static bool linearise(struct mbar *m, double *gradient)
{
    int rungs = m->rungs, rows = rungs - 1, first, last;
    double *h = m->factor, *p = mem_new((size_t)rungs, sizeof *p);
    memset(h, 0, (size_t)(rows * rows) * sizeof *h);
    for (int k = 1; k < rungs; k++)
        gradient[k - 1] = -m->samples[k];
    for (int64_t n = 0; n < m->points->count; n++) {
        double weight = m->points->weight[n];
        belonging(m, n, p, &first, &last);
        for (int k = first > 1 ? first : 1; k <= last; k++) {
            double *row = h + (k - 1) * rows, wp = weight * p[k];
            gradient[k - 1] += wp;
            for (int l = first > 1 ? first : 1; l < k; l++)
                row[l - 1] -= wp * p[l];
            row[k - 1] += wp * (1 - p[k]);
        }
    }
    free(p);
    return m->regular = cholesky(h, rows);
}

/* One self-consistent iteration, ln Z_k = ln sum_n exp(-lambda_k.u_n)/D. */
static void iterate(const struct mbar *m, double *next)
{
    const struct mbar_points *points = m->points;
    for (int k = 0; k < m->rungs; k++) {
        double top = -INFINITY, sum = 0;
        for (int64_t n = 0; n < points->count; n++)
            top = fmax(top, exponent(m, k, n) - m->ln_d[n]);
        for (int64_t n = 0; n < points->count; n++)
            sum += points->weight[n] *
                   exp(exponent(m, k, n) - m->ln_d[n] - top);
        next[k] = top + log(sum);
    }
    for (int k = m->rungs - 1; k >= 0; k--)
        next[k] -= next[0];
}

/* ---- the solver -------------------------------------------------------- */

static double largest(const double *x, int n)
{
    double most = 0;
    for (int i = 0; i < n; i++)
        most = fmax(most, fabs(x[i]));
    return most;
}

/* Moves to trial if its objective is the lowest so far. */
static void consider(const struct mbar *m, const double *trial, double *ln_d,
                     double *best, double *best_ln_z)
{
    double objective = mixture(m, trial, ln_d);
    if (objective < *best) {
        *best = objective;
        memcpy(best_ln_z, trial, (size_t)m->rungs * sizeof *trial);
    }
}

static void advance(const struct mbar *m, const double *step, double scale,
                    double *next)
{
    next[0] = 0;
    for (int k = 1; k < m->rungs; k++)
        next[k] = m->ln_z[k] + scale * step[k - 1];
}

/* Far from the solution: the best of a self-consistent iteration, a Newton
   step and a Newton step shortened to size 1. Returns the size of the move. */
static double far_move(struct mbar *m, const double *step, double size)
{
    size_t rungs = (size_t)m->rungs;
    double *scratch = mem_new((size_t)m->points->count, sizeof *scratch);
    double *trial = mem_new(rungs, sizeof *trial);
    double *best_ln_z = mem_new(rungs, sizeof *best_ln_z);
    iterate(m, best_ln_z);
    double best = mixture(m, best_ln_z, scratch);
    for (int i = 0; m->regular && isfinite(size) && i < 2; i++) {
        advance(m, step, i && size > 1 ? 1 / size : 1, trial);
        consider(m, trial, scratch, &best, best_ln_z);
    }
    double moved = 0;
    for (size_t k = 0; k < rungs; k++)
        moved = fmax(moved, fabs(best_ln_z[k] - m->ln_z[k]));
    memcpy(m->ln_z, best_ln_z, rungs * sizeof *best_ln_z);
    free(scratch);
    free(trial);
    free(best_ln_z);
    return moved;
}

/* Newton's steps smaller than NEAR change H by less than a percent: no guard
   is needed any more. Converged when a step is below tolerance, or when
   rounding keeps small steps from shrinking further. */
static void solve(struct mbar *m)
{
    enum { ITERATIONS_MAX = 300 };
    static const double NEAR = 1e-3, ROUNDING = 1e-9;
    int rows = m->rungs - 1;
    double *step = mem_new((size_t)m->rungs, sizeof *step);
    double previous = INFINITY;
    mixture(m, m->ln_z, m->ln_d);
    while (!m->converged && m->iterations++ < ITERATIONS_MAX) {
        double scale = fmax(1, largest(m->ln_z, m->rungs)), size = INFINITY;
        if (linearise(m, step)) {
            cholesky_solve(m->factor, rows, step);
            size = largest(step, rows);
        }
        if (size < NEAR)
            advance(m, step, 1, m->ln_z);
        else
            size = far_move(m, step, size);
        mixture(m, m->ln_z, m->ln_d);
        m->converged = size <= 1e-12 * scale ||
                       (size < ROUNDING * scale && size > previous / 2);
        previous = size;
    }
    linearise(m, step);
    free(step);
}

/* Keeps p_k(n) where it counts, and measures the bridges. */
static void keep_belonging(struct mbar *m)
{
    int64_t count = m->points->count, room = 0;
    double *p = mem_new((size_t)m->rungs, sizeof *p);
    m->start = mem_new((size_t)count + 1, sizeof *m->start);
    m->first = mem_new((size_t)count, sizeof *m->first);
    for (int64_t n = 0; n < count; n++) {
        int first, last;
        belonging(m, n, p, &first, &last);
        int64_t end = m->start[n] + (last >= first ? last - first + 1 : 0);
        if (end > room)
            m->p = mem_grow(m->p, (size_t)(room = 2 * end), sizeof *m->p);
        m->first[n] = first;
        m->start[n + 1] = end;
        double below = 0;
        for (int k = first; k <= last; k++) {
            m->p[m->start[n] + k - first] = p[k];
            below += p[k];
            if (k < last)
                m->bridge[k] += m->points->weight[n] * below *
                                fmax(0, 1 - below);
        }
    }
    free(p);
}

struct mbar *mbar_solve(const struct mbar_points *points, int rungs,
                        const double *lambda, const double *samples,
                        const double *guess)
{
    struct mbar *m = mem_new(1, sizeof *m);
    size_t count = (size_t)rungs;
    m->points = points;
    m->rungs = rungs;
    m->lambda = mem_copy(lambda, count * (size_t)points->components,
                         sizeof *lambda);
    m->samples = mem_new(count, sizeof *m->samples);
    m->ln_n = mem_new(count, sizeof *m->ln_n);
    m->ln_z = mem_new(count, sizeof *m->ln_z);
    m->ln_d = mem_new((size_t)points->count, sizeof *m->ln_d);
    m->factor = mem_new(count * count, sizeof *m->factor);
    m->bridge = mem_new(count, sizeof *m->bridge);
    double all = (double)points->rows * (double)points->per_row;
    for (int k = 0; k < rungs; k++) {
        m->samples[k] = samples ? samples[k] : all / rungs;
        m->ln_n[k] = log(m->samples[k]);
        if (guess && isfinite(guess[k] - guess[0]))
            m->ln_z[k] = guess[k] - guess[0];
    }
    solve(m);
    keep_belonging(m);
    m->ok = m->converged && (m->regular || rungs == 1);
    m->weakest = rungs > 1 ? 0 : -1;
    for (int e = 0; e < rungs - 1; e++) {
        m->ok = m->ok && m->bridge[e] >= MBAR_BRIDGE;
        if (m->bridge[e] < m->bridge[m->weakest])
            m->weakest = e;
    }
    return m;
}

void mbar_free(struct mbar *m)
{
    if (!m)
        return;
    free(m->lambda);
    free(m->samples);
    free(m->ln_n);
    free(m->ln_z);
    free(m->ln_d);
    free(m->factor);
    free(m->bridge);
    free(m->start);
    free(m->first);
    free(m->p);
    free(m);
}

void mbar_apply(const struct mbar *m, double *x)
{
    cholesky_solve(m->factor, m->rungs - 1, x);
}

#include "stat/leading.h"

#include <gsl/gsl_eigen.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

enum { CYCLE = 24 };

/* ---- sums, in one order -------------------------------------------------- */

static double dot(int64_t n, const double *a, const double *b)
{
    enum { LANES = 4 };
    double sum[LANES] = {0};
    int64_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (int k = 0; k < LANES; k++)
            sum[k] += a[i + k] * b[i + k];
    for (; i < n; i++)
        sum[0] += a[i] * b[i];
    return sum[0] + sum[1] + (sum[2] + sum[3]);
}

static void add(int64_t n, double factor, const double *a, double *to)
{
    for (int64_t i = 0; i < n; i++)
        to[i] += factor * a[i];
}

static void scale(int64_t n, double factor, double *a)
{
    for (int64_t i = 0; i < n; i++)
        a[i] *= factor;
}

/* ---- Lanczos ------------------------------------------------------------- */

struct cycle {
    int64_t size;
    int steps;
    double *basis; /* [CYCLE][size] */
    double alpha[CYCLE], beta[CYCLE];
};

static double *basis(const struct cycle *c, int j)
{
    return c->basis + j * c->size;
}

/* From v in basis 0 until the space is invariant or CYCLE steps are done. */
static void build(struct cycle *c, const struct symmetric *matrix)
{
    double *w = mem_new((size_t)c->size, sizeof *w), norm = 0;
    for (c->steps = 0; c->steps < CYCLE;) {
        int j = c->steps++;
        matrix->times(matrix->context, basis(c, j), w);
        norm = fmax(norm, sqrt(dot(c->size, w, w)));
        c->alpha[j] = dot(c->size, basis(c, j), w);
        for (int pass = 0; pass < 2; pass++)
            for (int i = 0; i <= j; i++)
                add(c->size, -dot(c->size, basis(c, i), w), basis(c, i), w);
        c->beta[j] = sqrt(dot(c->size, w, w));
        if (c->beta[j] <= 1e-15 * norm) {
            c->beta[j] = 0;
            break;
        }
        if (j + 1 < CYCLE) {
            memcpy(basis(c, j + 1), w, (size_t)c->size * sizeof *w);
            scale(c->size, 1 / c->beta[j], basis(c, j + 1));
        }
    }
    free(w);
}

/* The best vector of the space goes to v. */
static struct leading best(const struct cycle *c, double *v)
{
    size_t m = (size_t)c->steps, top = 0;
    gsl_matrix *t = gsl_matrix_calloc(m, m), *vectors = gsl_matrix_alloc(m, m);
    gsl_vector *value = gsl_vector_alloc(m);
    gsl_eigen_symmv_workspace *work = gsl_eigen_symmv_alloc(m);
    for (size_t j = 0; j < m; j++) {
        gsl_matrix_set(t, j, j, c->alpha[j]);
        if (j + 1 < m)
            gsl_matrix_set(t, j + 1, j, c->beta[j]);
    }
    gsl_eigen_symmv(t, value, vectors, work);
    for (size_t j = 1; j < m; j++)
        if (gsl_vector_get(value, j) > gsl_vector_get(value, top))
            top = j;
    memset(v, 0, (size_t)c->size * sizeof *v);
    for (size_t j = 0; j < m; j++)
        add(c->size, gsl_matrix_get(vectors, j, top), basis(c, (int)j), v);
    struct leading l = {
        .value = gsl_vector_get(value, top),
        .residual = c->beta[m - 1] * fabs(gsl_matrix_get(vectors, m - 1, top))};
    gsl_eigen_symmv_free(work);
    gsl_vector_free(value);
    gsl_matrix_free(vectors);
    gsl_matrix_free(t);
    return l;
}

struct leading leading_pair(const struct symmetric *matrix, double *v,
                            double tolerance, int most)
{
    struct leading l = {.found = false};
    struct cycle c = {.size = matrix->size};
    c.basis = mem_new((size_t)c.size * CYCLE, sizeof *c.basis);
    for (int cycle = 0; cycle < most && !l.found; cycle++) {
        scale(c.size, 1 / sqrt(dot(c.size, v, v)), v);
        memcpy(c.basis, v, (size_t)c.size * sizeof *v);
        build(&c, matrix);
        l = best(&c, v);
        l.found = l.residual <= tolerance * fabs(l.value);
    }
    scale(c.size, 1 / sqrt(dot(c.size, v, v)), v);
    free(c.basis);
    return l;
}

/* ---- conjugate gradients ------------------------------------------------- */

static void project(int64_t n, const double *v, double *x)
{
    add(n, -dot(n, v, x), v, x);
}

static void times_shifted(const struct symmetric *matrix, double shift,
                          const double *v, const double *x, double *out)
{
    matrix->times(matrix->context, x, out);
    for (int64_t i = 0; i < matrix->size; i++)
        out[i] = shift * x[i] - out[i];
    project(matrix->size, v, out);
}

bool leading_solve(const struct symmetric *matrix, double shift,
                   const double *v, const double *b, double *x,
                   double tolerance, int most)
{
    int64_t n = matrix->size;
    double *r = mem_new((size_t)n, sizeof *r);
    double *p = mem_new((size_t)n, sizeof *p);
    double *q = mem_new((size_t)n, sizeof *q);
    memcpy(p, b, (size_t)n * sizeof *p);
    project(n, v, p);
    project(n, v, x);
    double goal = tolerance * tolerance * dot(n, p, p);
    times_shifted(matrix, shift, v, x, q);
    for (int64_t i = 0; i < n; i++)
        r[i] = p[i] - q[i];
    memcpy(p, r, (size_t)n * sizeof *p);
    double rr = dot(n, r, r);
    for (int step = 0; step < most && rr > goal; step++) {
        times_shifted(matrix, shift, v, p, q);
        double bend = dot(n, p, q), before = rr;
        if (!(bend > 0)) /* shift is no farther than rounding */
            break;
        add(n, rr / bend, p, x);
        add(n, -rr / bend, q, r);
        rr = dot(n, r, r);
        scale(n, rr / before, p);
        add(n, 1, r, p);
    }
    free(r);
    free(p);
    free(q);
    return rr <= goal;
}

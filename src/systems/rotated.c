#include "systems/rotated.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/chance.h"
#include "base/loops.h"

static struct chance item(uint64_t seed, int instance,
                          enum instance_step step, int64_t i)
{
    return chance_of(seed, RNG_INSTANCE,
                     (uint32_t)(instance * INSTANCE_STEPS + (int)step),
                     (uint32_t)i);
}

/* ---- V ------------------------------------------------------------------- */

/* Reflection k acts on the last N - k components. */
static double *mirror_of(const struct rotated *a, int64_t k)
{
    return a->mirror + k * a->columns - k * (k - 1) / 2;
}

/* The factor Q of the QR decomposition of a matrix of normal numbers, R of
   positive diagonal: reflection k takes a normal vector x to -sign(x_0) |x|
   e_0, its v is x + sign(x_0) |x| e_0. */
static void draw_mirrors(struct rotated *a, uint64_t seed, int instance)
{
    int64_t N = a->columns;
    a->mirror = mem_new((size_t)(N * (N + 1) / 2), sizeof(double));
    a->scale = mem_new((size_t)N, sizeof(double));
    a->sign = mem_new((size_t)N, sizeof(double));
    for (int64_t k = 0; k < N; k++) {
        struct chance chance = item(seed, instance, INSTANCE_MATRIX, k);
        double *v = mirror_of(a, k);
        chance_normals(&chance, N - k, v);
        double length = sqrt(loops_best()->dot(v, v, N - k));
        a->sign[k] = k < N - 1 ? -copysign(1, v[0]) : copysign(1, v[0]);
        v[0] += copysign(length, v[0]);
        a->scale[k] = 2 / loops_best()->dot(v, v, N - k);
    }
}

static void reflect(const struct rotated *a, int64_t k, double *x)
{
    const double *v = mirror_of(a, k);
    int64_t count = a->columns - k;
    double step = a->scale[k] * loops_best()->dot(v, x + k, count);
    for (int64_t i = 0; i < count; i++)
        x[k + i] -= step * v[i];
}

/* x = V x and x = V' x */
static void turn(const struct rotated *a, double *x)
{
    for (int64_t k = 0; k < a->columns; k++)
        x[k] *= a->sign[k];
    for (int64_t k = a->columns - 2; k >= 0; k--)
        reflect(a, k, x);
}

static void turn_back(const struct rotated *a, double *x)
{
    for (int64_t k = 0; k < a->columns - 1; k++)
        reflect(a, k, x);
    for (int64_t k = 0; k < a->columns; k++)
        x[k] *= a->sign[k];
}

/* ---- B ------------------------------------------------------------------- */

/* Length of a vector of `freedom` normal numbers. */
static double chi(struct chance *chance, int64_t freedom)
{
    double sum = 0;
    for (int64_t i = 0; i < freedom; i++) {
        double z = chance_normal(chance);
        sum += z * z;
    }
    return sqrt(sum);
}

static void draw_bidiagonal(struct rotated *a, uint64_t seed, int instance)
{
    double unit = 1 / sqrt((double)a->rows);
    for (int64_t k = 0; k < a->rank; k++) {
        struct chance chance = item(seed, instance, INSTANCE_MORE, k);
        a->diagonal[k] = unit * chi(&chance, a->rows - k);
        a->above[k] = unit * chi(&chance, a->columns - 1 - k);
    }
}

static void set_diagonal(struct rotated *a, struct eigen_law law)
{
    double top = eigen_largest(law), sum = 0;
    for (int64_t k = 0; k < a->rank; k++) {
        double t = ((double)k + 0.5) / (double)a->rank;
        double s2 = law.kind == EIGEN_GEOMETRIC
                        ? top * pow(law.condition, -2 * t) : top;
        a->diagonal[k] = s2;
        sum += s2;
    }
    for (int64_t k = 0; k < a->rank; k++) /* of mean 1, exactly */
        a->diagonal[k] = sqrt(a->diagonal[k] * (double)a->columns / sum);
}

struct rotated rotated_new(struct eigen_law law, uint64_t seed, int instance,
                           int64_t columns)
{
    int64_t rows = (int64_t)fmax(1, nearbyint(law.delta * (double)columns));
    struct rotated a = {.rows = rows, .columns = columns,
                        .rank = rows < columns ? rows : columns};
    a.diagonal = mem_new((size_t)a.rank, sizeof(double));
    a.above = mem_new((size_t)a.rank, sizeof(double));
    draw_mirrors(&a, seed, instance);
    if (law.kind == EIGEN_MARCHENKO_PASTUR)
        draw_bidiagonal(&a, seed, instance);
    else
        set_diagonal(&a, law);
    return a;
}

void rotated_free(struct rotated *rotated)
{
    free(rotated->diagonal);
    free(rotated->above);
    free(rotated->mirror);
    free(rotated->scale);
    free(rotated->sign);
}

/* ---- products ------------------------------------------------------------ */

static void times(const void *with, const double *in, double *out)
{
    const struct rotated *a = with;
    double *x = mem_copy(in, (size_t)a->columns, sizeof *x);
    turn_back(a, x);
    for (int64_t k = 0; k < a->rows; k++)
        out[k] = k < a->rank ? a->diagonal[k] * x[k] : 0;
    for (int64_t k = 0; k < a->rank && k + 1 < a->columns; k++)
        out[k] += a->above[k] * x[k + 1];
    free(x);
}

/* B' y */
static void fold(const struct rotated *a, const double *y, double *out)
{
    memset(out, 0, (size_t)a->columns * sizeof *out);
    for (int64_t k = 0; k < a->rank; k++) {
        out[k] += a->diagonal[k] * y[k];
        if (k + 1 < a->columns)
            out[k + 1] += a->above[k] * y[k];
    }
}

static void back(const void *with, const double *in, double *out)
{
    fold(with, in, out);
    turn(with, out);
}

struct linear_map rotated_map(const struct rotated *rotated)
{
    return (struct linear_map){rotated->rows, rotated->columns, times, back,
                               rotated};
}

/* ---- posterior ----------------------------------------------------------- */

/* M = c B'B + g: diagonal and what is next to it. */
static void tridiagonal(const struct rotated *a, double c, double g, double *m,
                        double *next)
{
    for (int64_t k = 0; k < a->columns; k++) {
        m[k] = g;
        next[k] = 0;
    }
    for (int64_t k = 0; k < a->rank; k++) {
        m[k] += c * a->diagonal[k] * a->diagonal[k];
        if (k + 1 < a->columns) {
            m[k + 1] += c * a->above[k] * a->above[k];
            next[k] = c * a->diagonal[k] * a->above[k];
        }
    }
}

/* (M^-1)_kk = 1/(d_k + e_k - M_kk), d and e the pivots from above and from
   below. */
double rotated_posterior(const struct rotated *a, double c, double g,
                         const double *y, const double *r, double *mean,
                         double *scratch)
{
    int64_t N = a->columns;
    double *m = scratch, *next = m + N, *d = next + N, *v = d + N, sum = 0;
    tridiagonal(a, c, g, m, next);
    fold(a, y, v);
    memcpy(mean, r, (size_t)N * sizeof *mean);
    turn_back(a, mean);
    for (int64_t k = 0; k < N; k++)
        v[k] = c * v[k] + g * mean[k];
    d[0] = m[0];
    for (int64_t k = 1; k < N; k++) {
        double share = next[k - 1] / d[k - 1];
        d[k] = m[k] - share * next[k - 1];
        v[k] -= share * v[k - 1];
    }
    double e = m[N - 1];
    for (int64_t k = N - 1; k >= 0; k--) {
        if (k < N - 1)
            e = m[k] - next[k] * next[k] / e;
        mean[k] = (v[k] - (k < N - 1 ? next[k] * mean[k + 1] : 0)) / d[k];
        sum += 1 / (d[k] + e - m[k]);
    }
    turn(a, mean);
    return sum / (double)N;
}

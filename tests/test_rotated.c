/* systems/rotated.h and stat/eigen_law.h: V is orthogonal, products are
   adjoint, the posterior solves its equations, averages over many matrices
   are those of the law; systems/operator.h: the same for whole matrices. */
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_matrix.h>
#include <math.h>
#include <stdlib.h>

#include "base/chance.h"
#include "systems/rotated.h"
#include "tap.h"

enum { N = 40 };

static double product(const double *a, const double *b, int64_t n)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static void fill(double *x, int64_t n, uint32_t step)
{
    struct chance c = chance_of(11, RNG_TEST, step, 0);
    chance_normals(&c, n, x);
}

static void adjoint(struct linear_map map, const char *what)
{
    double x[4 * N], y[4 * N], ax[4 * N], ay[4 * N];
    fill(x, map.columns, 1);
    fill(y, map.rows, 2);
    map.times(map.with, x, ax);
    map.back(map.with, y, ay);
    near(product(ax, y, map.rows), product(x, ay, map.columns), 1e-12, what);
}

/* Eigenvalues of A'A by its columns. */
static void spectrum(struct linear_map map, double *value)
{
    size_t n = (size_t)map.columns;
    gsl_matrix *G = gsl_matrix_alloc(n, n);
    gsl_vector *found = gsl_vector_alloc(n);
    gsl_eigen_symm_workspace *w = gsl_eigen_symm_alloc(n);
    for (size_t j = 0; j < n; j++) {
        double e[4 * N] = {0}, y[4 * N], column[4 * N];
        e[j] = 1;
        map.times(map.with, e, y);
        map.back(map.with, y, column);
        for (size_t i = 0; i < n; i++)
            gsl_matrix_set(G, i, j, column[i]);
    }
    gsl_eigen_symm(G, found, w);
    for (size_t i = 0; i < n; i++)
        value[i] = gsl_vector_get(found, i);
    gsl_eigen_symm_free(w);
    gsl_vector_free(found);
    gsl_matrix_free(G);
}

/* Gradient of the exponent at the mean; mean of 1/(c s^2 + g). */
static void posterior(struct eigen_law law)
{
    struct rotated a = rotated_new(law, 3, 0, N);
    struct linear_map map = rotated_map(&a);
    double y[4 * N], r[N], mean[N], scratch[4 * N], res[4 * N], grad[N];
    double value[N], c = 2.5, g = 0.7, worst = 0, sum = 0;
    fill(y, map.rows, 3);
    fill(r, N, 4);
    double variance = rotated_posterior(&a, c, g, y, r, mean, scratch);
    map.times(map.with, mean, res);
    for (int64_t i = 0; i < map.rows; i++)
        res[i] -= y[i];
    map.back(map.with, res, grad);
    for (int i = 0; i < N; i++)
        worst = fmax(worst, fabs(c * grad[i] + g * (mean[i] - r[i])));
    ok(worst < 1e-12, "kind %d delta %g: mean solves its equations (%.1e)",
       (int)law.kind, law.delta, worst);
    adjoint(map, "adjoint");
    spectrum(map, value);
    for (int i = 0; i < N; i++)
        sum += 1 / (c * value[i] + g) / N;
    near(variance, sum, 1e-12, "average variance");
    rotated_free(&a);
}

/* Averages over matrices against the law: 5 standard errors of 400 matrices
   (false alarm 6e-7) and the bias 2/N of the finite size; another law (delta
   20 % larger) is rejected. */
static void law_of_normal(double delta)
{
    enum { MATRICES = 400 };
    struct eigen_law law = {EIGEN_MARCHENKO_PASTUR, delta, 1};
    double mean = 0, square = 0, value[N], wrong;
    for (int k = 0; k < MATRICES; k++) {
        struct rotated a = rotated_new(law, 5, k, N);
        spectrum(rotated_map(&a), value);
        double sum = 0;
        for (int i = 0; i < N; i++)
            sum += 1 / (value[i] + 0.5) / N;
        mean += sum / MATRICES;
        square += sum * sum / MATRICES;
        rotated_free(&a);
    }
    double error = 5 * sqrt((square - mean * mean) / MATRICES) + 0.05 / N;
    near(mean, eigen_average(law, 1, 0.5).variance, error, "normal entries");
    law.delta *= 1.2;
    wrong = eigen_average(law, 1, 0.5).variance;
    ok(fabs(mean - wrong) > error, "rejected: other delta");
}

/* Moments of 3 x 3 orthogonal matrices, uniform: 5 standard errors of 4000
   (false alarm 6e-7 each); those of rotations alone (determinant 1) are
   rejected. */
static void uniform(void)
{
    enum { DRAWS = 4000, MOMENTS = 6 };
    static const double wanted[MOMENTS] = {0,   1.0 / 3,  1.0 / 5,
                                           0, 2.0 / 15, 0};
    static const char *const what[MOMENTS] = {
        "<V00> = 0", "<V00^2> = 1/3", "<V00^4> = 1/5", "<V00 V11> = 0",
        "<V00^2 V11^2> = 2/15", "determinants of both signs"};
    double sum[MOMENTS] = {0}, square[MOMENTS] = {0};
    for (int k = 0; k < DRAWS; k++) {
        struct rotated a = rotated_new(
            (struct eigen_law){EIGEN_ORTHOGONAL, 1, 1}, 7, k, 3);
        struct linear_map map = rotated_map(&a);
        double v[3][3], e[3];
        for (int j = 0; j < 3; j++) {
            for (int i = 0; i < 3; i++)
                e[i] = i == j;
            map.times(map.with, e, v[j]);
        }
        double both = v[0][0] * v[1][1];
        double one = v[0][0] * v[0][0];
        double det = v[0][0] * (v[1][1] * v[2][2] - v[1][2] * v[2][1]) -
                     v[0][1] * (v[1][0] * v[2][2] - v[1][2] * v[2][0]) +
                     v[0][2] * (v[1][0] * v[2][1] - v[1][1] * v[2][0]);
        double value[MOMENTS] = {v[0][0], one,  one * one,
                                 both, both * both, det};
        for (int m = 0; m < MOMENTS; m++) {
            sum[m] += value[m] / DRAWS;
            square[m] += value[m] * value[m] / DRAWS;
        }
        rotated_free(&a);
    }
    for (int m = 0; m < MOMENTS; m++)
        near(sum[m], wanted[m],
             5 * sqrt((square[m] - sum[m] * sum[m]) / DRAWS), what[m]);
    ok(fabs(sum[MOMENTS - 1] - 1) > 5 / sqrt(DRAWS), "rejected: rotations");
}

struct at { struct eigen_law law; double c, g; };

static double term(double t, void *with)
{
    const struct at *a = with;
    double f = fmin(a->law.delta, 1);
    double s2 = eigen_largest(a->law) * pow(a->law.condition, -2 * t);
    return f / (a->c * s2 + a->g) + (1 - f) / a->g;
}

static double log_term(double t, void *with)
{
    const struct at *a = with;
    double f = fmin(a->law.delta, 1);
    double s2 = eigen_largest(a->law) * pow(a->law.condition, -2 * t);
    return f * log(a->c * s2 + a->g) + (1 - f) * log(a->g);
}

static double integral(double (*f)(double, void *), struct at *a)
{
    double value, error;
    size_t evaluations;
    gsl_function g = {f, a};
    gsl_integration_qng(&g, 0, 1, 1e-12, 1e-12, &value, &error, &evaluations);
    return value;
}

static void averages(struct eigen_law law)
{
    struct at a = {law, 3, 0.4};
    struct eigen_average v = eigen_average(law, a.c, a.g);
    double h = 1e-5;
    struct eigen_average up = eigen_average(law, a.c, a.g + h);
    struct eigen_average down = eigen_average(law, a.c, a.g - h);
    if (law.kind == EIGEN_GEOMETRIC) {
        near(v.variance, integral(term, &a), 1e-10, "variance");
        near(v.log, integral(log_term, &a), 1e-10, "log");
    }
    near((up.variance - down.variance) / (2 * h), v.slope, 1e-7, "slope");
    near((up.log - down.log) / (2 * h), v.variance, 1e-8, "d log/dg = V");
    near(v.precision, 1 / v.variance - a.g, 1e-12, "precision");
    near(eigen_average(law, 1e-9, 1).log, 1e-9, 1e-15, "mean eigenvalue 1");
}

int main(void)
{
    static const double delta[] = {0.4, 1, 1.5};
    for (int k = 0; k < 3; k++)
        for (int i = 0; i < 3; i++) {
            struct eigen_law law = {(enum eigen_kind)k, delta[i], 20};
            posterior(law);
            averages(law);
        }
    uniform();
    law_of_normal(0.5);
    law_of_normal(1.5);
    struct normal_matrix m = normal_matrix_new(1, 0, 30, 70);
    adjoint(normal_matrix_map(&m), "whole matrix");
    near(product(m.at, m.at, 30 * 70) / 70, 1, 5 * sqrt(2.0 / 2100),
         "entries have variance 1/rows");
    normal_matrix_free(&m);
    m = normal_matrix_symmetric(1, 0, 40);
    bool same = true;
    for (int i = 0; i < 40; i++)
        for (int j = 0; j < 40; j++)
            same = same && m.at[i * 40 + j] == m.at[j * 40 + i];
    ok(same, "symmetric");
    normal_matrix_free(&m);
    return tap_done();
}

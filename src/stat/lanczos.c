#include "stat/lanczos.h"

#include <gsl/gsl_cblas.h> /* its names are BLAS's: OpenBLAS is linked */
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_sort_vector.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"

/* Absent where another BLAS is linked. Sums must not depend on the number of
   threads. */
extern void openblas_set_num_threads(int) __attribute__((weak));

static void one_thread(void)
{
    if (openblas_set_num_threads)
        openblas_set_num_threads(1);
}

/* ---- vectors of a seed --------------------------------------------------- */

/* Signs +1, -1: 128 a draw. */
static void signs(uint64_t seed, int number, int64_t size, double *v)
{
    for (int64_t i = 0; i < size; i += 128) {
        struct rng_quad bits = rng_philox(seed, RNG_PROBE,
                                          (uint32_t)(i / 128),
                                          (uint32_t)number, 0, 0);
        for (int64_t k = 0; k < 128 && i + k < size; k++)
            v[i + k] = bits.v[k / 32] >> (k % 32) & 1 ? 1 : -1;
    }
}

/* Uniform in (-1, 1) */
static void uniform(uint64_t seed, int number, int64_t size, double *v)
{
    for (int64_t i = 0; i < size; i++) {
        struct rng_quad bits = rng_philox(seed, RNG_PROBE,
                                          (uint32_t)(i / 4),
                                          (uint32_t)number, 1, 0);
        v[i] = ((double)bits.v[i % 4] + 0.5) * 0x1p-31 - 1;
    }
}

/* ---- Lanczos' recurrence ------------------------------------------------- */

struct krylov {
    const struct symmetric *matrix;
    uint64_t seed;
    int steps, room;      /* done; vectors there is memory for */
    int fresh;            /* vectors made from the seed */
    double *v;            /* [steps + 1][size] orthonormal */
    double *alpha, *beta; /* [steps]; beta[j] couples j and j + 1 */
    double scale;         /* of A, as far as seen */
    bool broke;           /* the last step found an invariant space */
};

static double *vector(const struct krylov *k, int j)
{
    return k->v + j * k->matrix->size;
}

/* Room for vectors 0 to `last`. */
static void make_room(struct krylov *k, int last)
{
    if (last < k->room)
        return;
    k->room = last + 1 + last / 2;
    k->v = mem_grow(k->v, (size_t)(k->room * k->matrix->size),
                    sizeof *k->v);
    k->alpha = mem_grow(k->alpha, (size_t)k->room, sizeof *k->alpha);
    k->beta = mem_grow(k->beta, (size_t)k->room, sizeof *k->beta);
}

/* Takes the first `count` vectors' parts out of w, twice: then they are gone
   to rounding. */
static void orthogonalise(const struct krylov *k, int count, double *w)
{
    int n = (int)k->matrix->size;
    double *part = mem_new((size_t)count + 1, sizeof *part);
    for (int pass = 0; pass < 2 && count; pass++) {
        cblas_dgemv(CblasRowMajor, CblasNoTrans, count, n, 1, k->v, n, w, 1,
                    0, part, 1);
        cblas_dgemv(CblasRowMajor, CblasTrans, count, n, -1, k->v, n, part,
                    1, 1, w, 1);
    }
    free(part);
}

static double length(const struct krylov *k, const double *w)
{
    return cblas_dnrm2((int)k->matrix->size, w, 1);
}

static void scale_by(const struct krylov *k, double *w, double factor)
{
    cblas_dscal((int)k->matrix->size, factor, w, 1);
}

/* Vector j at random, orthogonal to those before. */
static void start(struct krylov *k, int j)
{
    double *w = vector(k, j), size;
    do {
        uniform(k->seed, k->fresh++, k->matrix->size, w);
        scale_by(k, w, 1 / length(k, w));
        orthogonalise(k, j, w);
        size = length(k, w);
    } while (size < 1e-8);
    scale_by(k, w, 1 / size);
    orthogonalise(k, j, w);
    scale_by(k, w, 1 / length(k, w));
}

/* One product. Where the space is invariant a step goes on from a fresh
   vector; after `size` steps there is none. */
static void step(struct krylov *k)
{
    int j = k->steps++, n = (int)k->matrix->size;
    make_room(k, j + 1);
    double *v = vector(k, j), *w = vector(k, j + 1);
    k->matrix->times(k->matrix->context, v, w);
    k->alpha[j] = cblas_ddot(n, v, 1, w, 1);
    k->scale = fmax(k->scale, length(k, w));
    orthogonalise(k, j + 1, w);
    k->beta[j] = length(k, w);
    k->broke = k->steps == n || !(k->beta[j] > 1e-12 * k->scale);
    if (!k->broke) {
        scale_by(k, w, 1 / k->beta[j]);
        return;
    }
    k->beta[j] = 0;
    if (k->steps < n)
        start(k, j + 1);
}

static void krylov_release(struct krylov *k)
{
    free(k->v);
    free(k->alpha);
    free(k->beta);
}

/* ---- the tridiagonal matrix ---------------------------------------------- */

/* Its eigenvalues ascending, eigenvectors as columns. */
struct tridiagonal {
    gsl_vector *value;
    gsl_matrix *vector;
};

static struct tridiagonal diagonalise(const struct krylov *k)
{
    size_t m = (size_t)k->steps;
    struct tridiagonal t = {gsl_vector_alloc(m), gsl_matrix_alloc(m, m)};
    gsl_matrix *matrix = gsl_matrix_calloc(m, m);
    gsl_eigen_symmv_workspace *work = gsl_eigen_symmv_alloc(m);
    for (size_t j = 0; j < m; j++) {
        gsl_matrix_set(matrix, j, j, k->alpha[j]);
        if (j + 1 < m)
            gsl_matrix_set(matrix, j + 1, j, k->beta[j]);
    }
    gsl_eigen_symmv(matrix, t.value, t.vector, work);
    gsl_eigen_symmv_sort(t.value, t.vector, GSL_EIGEN_SORT_VAL_ASC);
    gsl_eigen_symmv_free(work);
    gsl_matrix_free(matrix);
    return t;
}

static void tridiagonal_release(struct tridiagonal *t)
{
    gsl_vector_free(t->value);
    gsl_matrix_free(t->vector);
}

/* ---- the ends of the spectrum -------------------------------------------- */

struct ends {
    const struct lanczos_wanted *wanted;
    struct ritz *top, *bottom;
    double *then;  /* values at the last invariant space */
    bool broken;   /* there was one */
};

/* Value number i of those wanted, the largest first, then the smallest. */
static struct ritz *wanted_at(const struct ends *e, int i)
{
    return i < e->wanted->top ? &e->top[i] : &e->bottom[i - e->wanted->top];
}

static size_t column_of(const struct ends *e, int i, int steps)
{
    return (size_t)(i < e->wanted->top ? steps - 1 - i
                                       : i - e->wanted->top);
}

/* Values as they are now, residuals as the recurrence has them. */
static bool small(struct ends *e, const struct krylov *k,
                  const struct tridiagonal *t)
{
    int last = k->steps - 1, all = e->wanted->top + e->wanted->bottom;
    double most = fmax(fabs(gsl_vector_get(t->value, 0)),
                       fabs(gsl_vector_get(t->value, (size_t)last)));
    bool good = true;
    for (int i = 0; i < all; i++) {
        struct ritz *r = wanted_at(e, i);
        size_t column = column_of(e, i, k->steps);
        r->value = gsl_vector_get(t->value, column);
        r->residual = k->beta[last] *
                      fabs(gsl_matrix_get(t->vector, (size_t)last, column));
        good = good && r->residual <= e->wanted->tolerance * most;
    }
    return good;
}

/* Once a space was invariant, copies of eigenvalues may lie outside: only a
   whole further one that changes nothing ends the search. */
static bool settled(struct ends *e, const struct krylov *k, bool good)
{
    int all = e->wanted->top + e->wanted->bottom;
    bool same = e->broken;
    if (!k->broke)
        return good && !e->broken;
    for (int i = 0; i < all; i++) {
        double value = wanted_at(e, i)->value;
        same = same && fabs(value - e->then[i]) <=
                           e->wanted->tolerance * k->scale;
        e->then[i] = value;
    }
    e->broken = true;
    return good && same;
}

/* The residuals as they are: one product each. */
static void measure(struct ends *e, const struct krylov *k,
                    const struct tridiagonal *t)
{
    int n = (int)k->matrix->size, all = e->wanted->top + e->wanted->bottom;
    double *y = mem_new((size_t)n, sizeof *y);
    double *Ay = mem_new((size_t)n, sizeof *Ay);
    for (int i = 0; i < all; i++) {
        struct ritz *r = wanted_at(e, i);
        memset(y, 0, (size_t)n * sizeof *y);
        for (int j = 0; j < k->steps; j++)
            cblas_daxpy(n, gsl_matrix_get(t->vector, (size_t)j,
                                          column_of(e, i, k->steps)),
                        vector(k, j), 1, y, 1);
        k->matrix->times(k->matrix->context, y, Ay);
        cblas_daxpy(n, -r->value, y, 1, Ay, 1);
        r->residual = length(k, Ay);
    }
    free(y);
    free(Ay);
}

bool lanczos_ends(const struct symmetric *matrix,
                  const struct lanczos_wanted *wanted, struct ritz *top,
                  struct ritz *bottom, int *steps)
{
    struct krylov k = {.matrix = matrix, .seed = wanted->seed};
    int all = wanted->top + wanted->bottom, next = all < 8 ? 8 : all;
    int most = matrix->size < wanted->steps ? (int)matrix->size
                                            : wanted->steps;
    struct ends e = {wanted, top, bottom,
                     mem_new((size_t)all, sizeof(double)), false};
    bool done = false;
    one_thread();
    make_room(&k, 1);
    start(&k, 0);
    while (!done && k.steps < most) {
        step(&k);
        bool look = k.steps >= next || k.broke || k.steps == most;
        if (!look || k.steps < all)
            continue;
        struct tridiagonal t = diagonalise(&k);
        done = settled(&e, &k, small(&e, &k, &t)) ||
               k.steps == matrix->size;
        if (done || k.steps == most)
            measure(&e, &k, &t);
        tridiagonal_release(&t);
        next = k.steps + k.steps / 3 + 1;
    }
    *steps = k.steps;
    krylov_release(&k);
    free(e.then);
    return done;
}

/* ---- all of it ----------------------------------------------------------- */

void symmetric_spectrum(const struct symmetric *matrix, double *value)
{
    size_t n = (size_t)matrix->size;
    double *unit = mem_new(n, sizeof *unit);
    double *A = mem_new(n * n, sizeof *A);
    for (size_t i = 0; i < n; i++) {
        unit[i] = 1;
        matrix->times(matrix->context, unit, A + i * n);
        unit[i] = 0;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            A[i * n + j] = (A[i * n + j] + A[j * n + i]) / 2;
    gsl_matrix_view view = gsl_matrix_view_array(A, n, n);
    gsl_vector_view out = gsl_vector_view_array(value, n);
    gsl_eigen_symm_workspace *work = gsl_eigen_symm_alloc(n);
    gsl_eigen_symm(&view.matrix, &out.vector, work);
    gsl_sort_vector(&out.vector);
    gsl_eigen_symm_free(work);
    free(unit);
    free(A);
}

int lanczos_quadrature(const struct symmetric *matrix, uint64_t seed,
                       int probe, int steps, double *node, double *weight,
                       double *trace)
{
    struct krylov k = {.matrix = matrix, .seed = seed};
    one_thread();
    make_room(&k, 1);
    signs(seed, probe, matrix->size, k.v);
    scale_by(&k, k.v, 1 / sqrt((double)matrix->size));
    do
        step(&k);
    while (k.steps < steps && !k.broke);
    struct tridiagonal t = diagonalise(&k);
    for (int j = 0; j < k.steps; j++) {
        double first = gsl_matrix_get(t.vector, 0, (size_t)j);
        node[j] = gsl_vector_get(t.value, (size_t)j);
        weight[j] = first * first;
    }
    *trace = (double)matrix->size * k.alpha[0];
    steps = k.steps;
    tridiagonal_release(&t);
    krylov_release(&k);
    return steps;
}

/* ---- the trace ----------------------------------------------------------- */

static double diagonal_sum(const struct symmetric *matrix, double *v,
                           double *w)
{
    double sum = 0;
    memset(v, 0, (size_t)matrix->size * sizeof *v);
    for (int64_t i = 0; i < matrix->size; i++) {
        v[i] = 1;
        matrix->times(matrix->context, v, w);
        v[i] = 0;
        sum += w[i];
    }
    return sum;
}

double hutchinson(const struct symmetric *matrix, uint64_t seed, int probes,
                  double *error)
{
    int64_t n = matrix->size;
    double mean = 0, sum = 0;
    double *v = mem_new((size_t)n, sizeof *v);
    double *w = mem_new((size_t)n, sizeof *w);
    bool whole = probes >= n;
    one_thread();
    for (int p = 0; p < probes && !whole; p++) {
        signs(seed, p, n, v);
        matrix->times(matrix->context, v, w);
        double one = cblas_ddot((int)n, v, 1, w, 1), off = one - mean;
        mean += off / (p + 1);
        sum += off * (one - mean);
    }
    if (whole)
        mean = diagonal_sum(matrix, v, w);
    if (error)
        *error = whole ? 0 : probes > 1 ? sqrt(sum / (probes - 1) / probes)
                                        : NAN;
    free(v);
    free(w);
    return mean;
}

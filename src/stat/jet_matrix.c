#include "stat/jet_matrix.h"

#include <assert.h>
#include <cblas.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

struct jet_matrix jet_matrix_new(int size)
{
    struct jet_matrix matrix = {.size = size};
    for (int k = 0; k < 3; k++)
        matrix.at[k] = mem_new((size_t)size * (size_t)size,
                               sizeof *matrix.at[k]);
    return matrix;
}

void jet_matrix_release(struct jet_matrix *matrix)
{
    for (int k = 0; k < 3; k++)
        free(matrix->at[k]);
}

/* c = factor a b + keep c */
static void multiply(int size, double factor, const double *a,
                     const double *b, double keep, double *c)
{
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, size, size, size,
                factor, a, size, b, size, keep, c, size);
}

static void add_transpose(int size, double *m)
{
    for (ptrdiff_t i = 0; i < size; i++)
        for (ptrdiff_t j = 0; j <= i; j++)
            m[i * size + j] = m[j * size + i] =
                m[i * size + j] + m[j * size + i];
}

/* Largest element in [1, 2), by a power of two: no rounding. */
static void rescale(struct jet_matrix *m)
{
    int count = m->size * m->size;
    double most = m->at[0][cblas_idamax(count, m->at[0], 1)];
    if (!(most > 0))
        return;
    int power = ilogb(most);
    for (int k = 0; k < 3; k++)
        cblas_dscal(count, ldexp(1, -power), m->at[k], 1);
    m->ln_scale += power * 0x1.62e42fefa39efp-1;
}

/* (a a)' = a a' + transpose; (a a)'' = a a'' + a' a' + transpose */
static void square(const struct jet_matrix *a, struct jet_matrix *to)
{
    int size = a->size;
    multiply(size, 1, a->at[0], a->at[0], 0, to->at[0]);
    multiply(size, 1, a->at[0], a->at[1], 0, to->at[1]);
    add_transpose(size, to->at[1]);
    multiply(size, 1, a->at[0], a->at[2], 0, to->at[2]);
    multiply(size, 1, a->at[1], a->at[1], 1, to->at[2]);
    add_transpose(size, to->at[2]);
    to->ln_scale = 2 * a->ln_scale;
    rescale(to);
}

static void times(const struct jet_matrix *a, const struct jet_matrix *b,
                  struct jet_matrix *to)
{
    int size = a->size;
    multiply(size, 1, a->at[0], b->at[0], 0, to->at[0]);
    multiply(size, 1, a->at[0], b->at[1], 0, to->at[1]);
    multiply(size, 1, a->at[1], b->at[0], 1, to->at[1]);
    multiply(size, 1, a->at[0], b->at[2], 0, to->at[2]);
    multiply(size, 2, a->at[1], b->at[1], 1, to->at[2]);
    multiply(size, 1, a->at[2], b->at[0], 1, to->at[2]);
    to->ln_scale = a->ln_scale + b->ln_scale;
    rescale(to);
}

static void exchange(struct jet_matrix *a, struct jet_matrix *b)
{
    struct jet_matrix c = *a;
    *a = *b;
    *b = c;
}

/* Binary digits of the exponent (>= 1) from the left. */
static struct jet_matrix raised(const struct jet_matrix *base,
                               int64_t exponent)
{
    struct jet_matrix power = jet_matrix_new(base->size);
    struct jet_matrix next = jet_matrix_new(base->size);
    size_t elements = (size_t)base->size * (size_t)base->size;
    int bit = 62 - __builtin_clzll((unsigned long long)exponent);
    power.general = next.general = base->general;
    power.ln_scale = base->ln_scale;
    for (int k = 0; k < 3; k++)
        memcpy(power.at[k], base->at[k], elements * sizeof(double));
    for (; bit >= 0; bit--) {
        if (base->general)
            times(&power, &power, &next);
        else
            square(&power, &next);
        exchange(&power, &next);
        if (exponent >> bit & 1) {
            times(&power, base, &next);
            exchange(&power, &next);
        }
    }
    jet_matrix_release(&next);
    return power;
}

/* Tr(a b) of derivatives number i and j */
static double trace(const struct jet_matrix *a, int i,
                    const struct jet_matrix *b, int j)
{
    ptrdiff_t size = a->size;
    double sum = 0;
    for (ptrdiff_t row = 0; row < size; row++)
        sum += cblas_ddot(a->size, &a->at[i][row * size], 1,
                          b->general ? &b->at[j][row]
                                     : &b->at[j][row * size],
                          b->general ? b->size : 1);
    return sum;
}

/* ln Tr(a b): no product needed. */
static struct jet ln_trace_of_product(const struct jet_matrix *a,
                                      const struct jet_matrix *b)
{
    struct jet t = {trace(a, 0, b, 0), trace(a, 1, b, 0) + trace(a, 0, b, 1),
                    trace(a, 2, b, 0) + 2 * trace(a, 1, b, 1) +
                        trace(a, 0, b, 2)};
    t = jet_log(t);
    t.v += a->ln_scale + b->ln_scale;
    return t;
}

struct jet jet_matrix_ln_trace(const struct jet_matrix *base,
                               int64_t exponent)
{
    assert(exponent >= 2);
    bool even = exponent % 2 == 0;
    struct jet_matrix power = raised(base, even ? exponent / 2
                                               : exponent - 1);
    struct jet t = ln_trace_of_product(&power, even ? &power : base);
    jet_matrix_release(&power);
    return t;
}

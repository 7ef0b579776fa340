#include "systems/operator.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/chance.h"
#include "base/loops.h"

enum { BLOCK = 64 }; /* columns together: a cache line times eight */

static struct normal_matrix empty(int64_t rows, int64_t columns)
{
    return (struct normal_matrix){
        rows, columns, mem_new((size_t)(rows * columns), sizeof(double))};
}

static struct chance row_chance(uint64_t seed, int instance, int64_t row)
{
    return chance_of(seed, RNG_INSTANCE,
                     (uint32_t)(instance * INSTANCE_STEPS + INSTANCE_MATRIX),
                     (uint32_t)row);
}

struct normal_matrix normal_matrix_new(uint64_t seed, int instance,
                                       int64_t rows, int64_t columns)
{
    struct normal_matrix m = empty(rows, columns);
    double scale = 1 / sqrt((double)rows);
#pragma omp parallel for
    for (int64_t i = 0; i < rows; i++) {
        struct chance chance = row_chance(seed, instance, i);
        double *row = m.at + i * columns;
        chance_normals(&chance, columns, row);
        for (int64_t j = 0; j < columns; j++)
            row[j] *= scale;
    }
    return m;
}

struct normal_matrix normal_matrix_symmetric(uint64_t seed, int instance,
                                             int64_t n)
{
    struct normal_matrix m = empty(n, n);
#pragma omp parallel for schedule(dynamic, 16)
    for (int64_t i = 0; i < n; i++) {
        struct chance chance = row_chance(seed, instance, i);
        chance_normals(&chance, n - i, m.at + i * n + i);
        m.at[i * n + i] *= 0x1.6a09e667f3bcdp0; /* sqrt 2 */
    }
#pragma omp parallel for schedule(dynamic, 16)
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < i; j++)
            m.at[i * n + j] = m.at[j * n + i];
    return m;
}

void normal_matrix_free(struct normal_matrix *matrix)
{
    free(matrix->at);
    matrix->at = NULL;
}

static void times(const void *with, const double *in, double *out)
{
    const struct normal_matrix *m = with;
    const struct loops *loops = loops_best();
#pragma omp parallel for
    for (int64_t i = 0; i < m->rows; i++)
        out[i] = loops->dot(m->at + i * m->columns, in, m->columns);
}

/* Every column adds its rows in order, whoever does it. */
static void back(const void *with, const double *in, double *out)
{
    const struct normal_matrix *m = with;
#pragma omp parallel for
    for (int64_t start = 0; start < m->columns; start += BLOCK) {
        int64_t count = m->columns - start < BLOCK ? m->columns - start
                                                   : BLOCK;
        double sum[BLOCK] = {0};
        for (int64_t i = 0; i < m->rows; i++) {
            const double *row = m->at + i * m->columns + start;
            if (count == BLOCK)
                for (int j = 0; j < BLOCK; j++)
                    sum[j] += in[i] * row[j];
            else
                for (int64_t j = 0; j < count; j++)
                    sum[j] += in[i] * row[j];
        }
        for (int64_t j = 0; j < count; j++)
            out[start + j] = sum[j];
    }
}

struct linear_map normal_matrix_map(const struct normal_matrix *matrix)
{
    return (struct linear_map){matrix->rows, matrix->columns, times, back,
                               matrix};
}

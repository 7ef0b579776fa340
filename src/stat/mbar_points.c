#include "stat/mbar_points.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

struct table { /* open addressing; slots hold point + 1, 0 = free */
    size_t size; /* power of two, at least twice the points */
    int32_t *slot;
};

/* Splitmix64's mixer (Steele, Lea, Flood 2014): small integers as doubles
   differ in few, high bits. */
static uint64_t hash(const double *u, int components)
{
    uint64_t h = 0;
    for (int k = 0; k < components; k++) {
        uint64_t bits;
        double value = u[k] + 0.0; /* -0 becomes 0 */
        memcpy(&bits, &value, sizeof bits);
        h = h * 3 ^ bits;
        h = (h ^ h >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
        h = (h ^ h >> 27) * UINT64_C(0x94D049BB133111EB);
        h ^= h >> 31;
    }
    return h;
}

static bool same(const double *a, const double *b, int components)
{
    for (int k = 0; k < components; k++)
        if (a[k] != b[k])
            return false;
    return true;
}

/* The slot of u, free if u is new. */
static int32_t *lookup(const struct table *table,
                       const struct mbar_points *points, const double *u)
{
    size_t mask = table->size - 1;
    size_t at = hash(u, points->components) & mask;
    while (table->slot[at] &&
           !same(points->u + (table->slot[at] - 1) * points->components, u,
                 points->components))
        at = (at + 1) & mask;
    return &table->slot[at];
}

/* Doubles the table and the room for points. */
static void enlarge(struct table *table, struct mbar_points *points)
{
    free(table->slot);
    table->size = table->size ? 2 * table->size : 1024;
    table->slot = mem_new(table->size, sizeof *table->slot);
    size_t room = table->size / 2, width = (size_t)points->components;
    points->u = mem_grow(points->u, room * width, sizeof *points->u);
    points->weight = mem_grow(points->weight, room, sizeof *points->weight);
    for (int32_t n = 0; n < points->count; n++)
        *lookup(table, points, points->u + n * points->components) = n + 1;
}

static int32_t place(struct table *table, struct mbar_points *points,
                     const double *u)
{
    if (points->count == (int64_t)table->size / 2)
        enlarge(table, points);
    int32_t *slot = lookup(table, points, u);
    if (!*slot) {
        assert(points->count < 1 << 30);
        int32_t n = (int32_t)points->count++;
        *slot = n + 1;
        memcpy(points->u + n * points->components, u,
               (size_t)points->components * sizeof *u);
        points->weight[n] = 0;
    }
    points->weight[*slot - 1] += 1;
    return *slot - 1;
}

struct mbar_points *mbar_points_new(const struct series_view *view)
{
    struct mbar_points *points = mem_new(1, sizeof *points);
    points->rows = view->rows;
    points->per_row = (int64_t)view->copies * view->rungs;
    points->components = view->components;
    points->index = mem_new((size_t)(view->rows * points->per_row),
                            sizeof *points->index);
    struct table table = {0};
    int32_t *index = points->index;
    for (int64_t t = 0; t < view->rows; t++)
        for (int c = 0; c < view->copies; c++) {
            const double *u = view->at + t * view->row_stride +
                              c * view->copy_stride;
            for (int r = 0; r < view->rungs; r++)
                *index++ = place(&table, points, u + r * view->components);
        }
    free(table.slot);
    return points;
}

void mbar_points_free(struct mbar_points *points)
{
    if (!points)
        return;
    free(points->u);
    free(points->weight);
    free(points->index);
    free(points);
}

void mbar_component(const struct mbar_points *points, int k, double *a)
{
    for (int64_t n = 0; n < points->count; n++)
        a[n] = points->u[n * points->components + k];
}

static double reach(const struct series_view *view, int64_t t, int c,
                    int rung, const double *from, const double *to)
{
    const double *u = view->at + t * view->row_stride +
                      c * view->copy_stride + rung * view->components;
    double sum = 0;
    for (int k = 0; k < view->components; k++)
        sum += (from[k] - to[k]) * u[k];
    return sum;
}

double reweighting_fraction(const struct series_view *view, int rung,
                            const double *from, const double *to)
{
    double top = -INFINITY, sum = 0, squares = 0;
    for (int64_t t = 0; t < view->rows; t++)
        for (int c = 0; c < view->copies; c++)
            top = fmax(top, reach(view, t, c, rung, from, to));
    for (int64_t t = 0; t < view->rows; t++)
        for (int c = 0; c < view->copies; c++) {
            double w = exp(reach(view, t, c, rung, from, to) - top);
            sum += w;
            squares += w * w;
        }
    return sum * sum / (squares * (double)view->rows * view->copies);
}

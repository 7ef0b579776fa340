#include "run/anneal.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/param.h"
#include "core/rung.h"

struct anneal *anneal_new(const struct section *run, int points,
                          int components, int64_t walkers)
{
    struct anneal *a = mem_new(1, sizeof *a);
    double reheat = section_real(run, "reheat", 0);
    *a = (struct anneal){.points = points, .components = components,
                         .walkers = walkers,
                         .pass = section_integer(run, "pass_sweeps", 1000),
                         .again = (int)(reheat * (points - 1))};
    size_t count = (size_t)points * (size_t)walkers * (size_t)components;
    a->u = mem_new(count, sizeof *a->u);
    for (size_t i = 0; i < count; i++)
        a->u[i] = NAN;
    return a;
}

void anneal_free(struct anneal *a)
{
    if (!a)
        return;
    free(a->u);
    free(a);
}

static int point_of(const struct anneal *a, int first, int64_t j, int64_t s)
{
    return first + (int)(j * (a->points - first) / s);
}

struct anneal_sweep anneal_at(const struct anneal *a, int64_t done,
                              int64_t length)
{
    int64_t s = length ? length : a->pass, j = done % s;
    int first = !length && done >= s ? a->again : 0;
    struct anneal_sweep now = {.point = point_of(a, first, j, s),
                               .starts = j == 0, .ends = j == s - 1};
    now.afresh = now.starts && first == 0;
    now.leaves = now.ends || point_of(a, first, j + 1, s) != now.point;
    return now;
}

/* Spread of u . delta over the walkers at a point. */
static double spread(const struct anneal *a, int point, const double *delta)
{
    const double *u = a->u + (int64_t)point * a->walkers * a->components;
    double sum = 0, square = 0, n = (double)a->walkers;
    for (int64_t w = 0; w < a->walkers; w++)
        sum += rung_dot(delta, u + w * a->components, a->components) / n;
    for (int64_t w = 0; w < a->walkers; w++) {
        double d = rung_dot(delta, u + w * a->components, a->components) -
                   sum;
        square += d * d / n;
    }
    return square;
}

void anneal_lengths(const struct anneal *a, const double *lambda,
                    double *length)
{
    for (int e = 0; e + 1 < a->points; e++) {
        double delta[COMPONENTS_MAX];
        const double *here = lambda + e * a->components;
        for (int k = 0; k < a->components; k++)
            delta[k] = here[a->components + k] - here[k];
        double square = (spread(a, e, delta) + spread(a, e + 1, delta)) / 2;
        length[e] = isfinite(square) ? sqrt(square) : 0;
    }
}

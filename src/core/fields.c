#include "core/fields.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "stat/context_tree.h"

int fields_modes(const struct system *system)
{
    return spectrum_modes(system->spectrum);
}

int fields_distances(const struct system *system)
{
    return spectrum_distances(system->spectrum);
}

void fields_structure(const struct system *system, int sample,
                      const void *state, double *out)
{
    (void)sample;
    spectrum_power(system->spectrum, state, out);
}

void fields_correlation(const struct system *system, int sample,
                        const void *state, double *out)
{
    (void)sample;
    spectrum_correlation(system->spectrum, state, out);
}

static int8_t *overlap_field(const struct system *system, const int8_t *a,
                             const int8_t *b)
{
    int8_t *q = mem_new((size_t)system->sites, 1);
    for (int64_t i = 0; i < system->sites; i++)
        q[i] = (int8_t)(a[i] * b[i]);
    return q;
}

void fields_overlap_structure(const struct system *system, int sample,
                              const void *a, const void *b, double *out)
{
    int8_t *q = overlap_field(system, a, b);
    (void)sample;
    spectrum_power(system->spectrum, q, out);
    free(q);
}

void fields_overlap_correlation(const struct system *system, int sample,
                                const void *a, const void *b, double *out)
{
    int8_t *q = overlap_field(system, a, b);
    (void)sample;
    spectrum_correlation(system->spectrum, q, out);
    free(q);
}

/* ---- entropy by compression --------------------------------------------- */

/* Sites that predict the next, and how far they may be along an axis in 1 to
   4 dimensions: those before it in the order of sites, the nearest first. */
enum { DEPTH = 10, CANDIDATES_MOST = 4096 };
static const int REACH[LATTICE_DIM] = {10, 3, 2, 1};

struct candidate { int64_t distance, offset; };

static int nearer(const void *a, const void *b)
{
    const struct candidate *p = a, *q = b;
    if (p->distance != q->distance)
        return p->distance < q->distance ? -1 : 1;
    return (p->offset > q->offset) - (p->offset < q->offset);
}

/* Step number n of the box of `width`^dim around a site. */
static struct candidate step_of(const struct lattice *l, int n, int width)
{
    struct candidate c = {0, 0};
    int64_t stride = 1;
    for (int a = l->dim - 1; a >= 0; a--, n /= width) {
        int64_t x = n % width - width / 2;
        c.distance += x * x;
        c.offset -= x * stride;
        stride *= l->size[a];
    }
    return c;
}

/* offset[depth] */
static int contexts(const struct lattice *l, int64_t *offset)
{
    struct candidate list[CANDIDATES_MOST];
    int width = 2 * REACH[l->dim - 1] + 1, box = 1, count = 0, depth = 0;
    for (int a = 0; a < l->dim; a++)
        box *= width;
    for (int n = 0; n < box; n++) {
        struct candidate c = step_of(l, n, width);
        if (c.offset > 0)
            list[count++] = c;
    }
    qsort(list, (size_t)count, sizeof *list, nearer);
    for (int i = 0; i < count && depth < DEPTH; i++) {
        bool known = false;
        for (int d = 0; d < depth; d++)
            known |= offset[d] == list[i].offset;
        if (!known)
            offset[depth++] = list[i].offset;
    }
    return depth;
}

void fields_compressed(const struct system *system, int sample,
                       const void *state, double *out)
{
    int64_t offset[DEPTH];
    int depth = contexts(system->lattice, offset);
    (void)sample;
    *out = context_tree_length(state, system->sites, offset, depth) /
           (double)system->sites;
}

/* ---- lengths ------------------------------------------------------------ */

double fields_length(const struct system *system, const double *lambda,
                     const double *means)
{
    double half = spectrum_wave(system->spectrum, 1) / 2;
    (void)lambda;
    return sqrt(means[0] / means[1] - 1) / (2 * sin(half));
}

double fields_length_ratio(const struct system *system, const double *lambda,
                           const double *means)
{
    return fields_length(system, lambda, means) /
           (double)spectrum_length(system->spectrum);
}

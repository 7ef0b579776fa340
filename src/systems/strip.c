#include "systems/strip.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "systems/lattice.h"

static int longest(const int64_t *size, int dim)
{
    int axis = 0;
    for (int a = 1; a < dim; a++)
        if (size[a] > size[axis])
            axis = a;
    return axis;
}

int strip_layer_sites(const int64_t *size, int dim, int most)
{
    int64_t n = 1;
    for (int a = 0; a < dim; a++)
        if (a != longest(size, dim) && n <= most)
            n *= size[a] <= most ? size[a] : most + 1;
    return n <= most ? (int)n : most + 1;
}

static int digit(const struct strip *strip, int s, int64_t site)
{
    for (int64_t i = 0; i < site; i++)
        s /= strip->q;
    return s % strip->q;
}

static void add_bond(struct strip *strip, int64_t i, int64_t j)
{
    double unequal = strip->kind == STRIP_POTTS ? 0 : -1;
    for (int s = 0; s < strip->states; s++)
        strip->bonds[s] += digit(strip, s, i) == digit(strip, s, j)
                               ? 1 : unequal;
}

static void add_bonds(struct strip *strip, const int64_t *size, int dim)
{
    int64_t layer[LATTICE_DIM];
    int axes = 0;
    for (int a = 0; a < dim; a++)
        if (a != longest(size, dim))
            layer[axes++] = size[a];
    if (axes == 0 || strip->kind == STRIP_ICE)
        return;
    struct lattice *l = lattice_new(layer, axes, strip->periodic);
    for (int64_t i = 0; i < l->sites; i++)
        for (int a = 0; a < axes; a++)
            if (lattice_neighbour(l, i, 2 * a + 1) >= 0)
                add_bond(strip, i, lattice_neighbour(l, i, 2 * a + 1));
    free(l);
}

struct strip strip_new(enum strip_kind kind, int q, const int64_t *size,
                       int dim, bool periodic, double J, double h)
{
    struct strip strip = {.kind = kind, .q = q,
                          .n = strip_layer_sites(size, dim, 30),
                          .states = 1, .length = size[longest(size, dim)],
                          .periodic = periodic, .J = J, .h = h};
    for (int i = 0; i < strip.n; i++)
        strip.states *= q;
    strip.bonds = mem_new((size_t)strip.states, sizeof *strip.bonds);
    strip.spins = mem_new((size_t)strip.states, sizeof *strip.spins);
    if (kind == STRIP_ISING || kind == STRIP_TRIANGULAR)
        for (int s = 0; s < strip.states; s++)
            strip.spins[s] = 2 * __builtin_popcount((unsigned)s) - strip.n;
    add_bonds(&strip, size, dim);
    return strip;
}

void strip_release(struct strip *strip)
{
    free(strip->bonds);
    free(strip->spins);
}

double strip_layer_weight(const struct strip *strip, int s)
{
    return strip->J * strip->bonds[s] + strip->h * strip->spins[s];
}

double strip_best_layer(const struct strip *strip)
{
    double best = strip_layer_weight(strip, 0);
    for (int s = 1; s < strip->states; s++)
        best = fmax(best, strip_layer_weight(strip, s));
    return best;
}

double strip_bond(const struct strip *strip, bool equal)
{
    if (strip->kind == STRIP_ICE)
        return 0;
    if (strip->kind == STRIP_POTTS)
        return equal ? strip->J : 0;
    return equal ? strip->J : -strip->J;
}

/* Sites at which two layers have the same value. */
static int equal_sites(const struct strip *strip, int i, int j)
{
    if (strip->q == 2)
        return strip->n - __builtin_popcount((unsigned)(i ^ j));
    int equal = 0;
    for (int site = 0; site < strip->n; site++) {
        equal += i % strip->q == j % strip->q;
        i /= strip->q;
        j /= strip->q;
    }
    return equal;
}

/* Site x of the result is site x + 1 of the binary layer s. */
static int shifted(const struct strip *strip, int s)
{
    return s >> 1 | (s & 1) << (strip->n - 1);
}

double strip_across(const struct strip *strip, int i, int j)
{
    int equal = equal_sites(strip, i, j), bonds = strip->n;
    if (strip->kind == STRIP_TRIANGULAR) {
        equal += equal_sites(strip, i, shifted(strip, j));
        bonds += strip->n;
    }
    return equal * strip_bond(strip, true) +
           (bonds - equal) * strip_bond(strip, false);
}

double strip_best_across(const struct strip *strip)
{
    int bonds = strip->n * (strip->kind == STRIP_TRIANGULAR ? 2 : 1);
    return bonds * fmax(strip_bond(strip, true), strip_bond(strip, false));
}

/* Ice: vertical arrows i below and j above, horizontal arrows h to the right;
   two in and two out is i_x + h_x = j_x + h_(x+1). Tries both h_0. */
int strip_ways(const struct strip *strip, int i, int j)
{
    int ways = 0;
    if (strip->kind != STRIP_ICE)
        return 1;
    for (int start = 0; start < 2; start++) {
        int h = start, x = 0;
        for (; x < strip->n && (h == 0 || h == 1); x++)
            h += (i >> x & 1) - (j >> x & 1);
        ways += x == strip->n && h == start;
    }
    return ways;
}

struct ground strip_ground(const struct strip *strip)
{
    size_t states = (size_t)strip->states;
    struct ground *step = mem_new(states * states, sizeof *step);
    for (int i = 0; i < strip->states; i++)
        for (int j = 0; j < strip->states; j++) {
            int ways = strip_ways(strip, i, j);
            double weight = strip_across(strip, i, j) +
                            0.5 * (strip_layer_weight(strip, i) +
                                   strip_layer_weight(strip, j));
            step[(size_t)i * states + (size_t)j] = (struct ground){
                ways > 0 ? weight : -INFINITY, ways};
        }
    struct ground ground = ground_trace(
        step, strip->states, strip->length,
        1e-9 * (fabs(strip->J) + fabs(strip->h)));
    free(step);
    return ground;
}

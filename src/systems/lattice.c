#include "systems/lattice.h"

#include <assert.h>

#include "base/alloc.h"

/* ---- tiling ---------------------------------------------------------------
   Of all ways to cut the axes into equal tiles of even extent with at most
   256 tiles, the one with most tiles; among those the one whose tiles have
   the least surface (rows whose neighbours lie in another lane). A function
   of the shape alone: it is the address of stream "site". */

struct search {
    const struct lattice *lattice;
    int tiles[LATTICE_DIM];
    struct tiling best;
    double least_surface;
};

static void judge(struct search *search, int lanes)
{
    const struct lattice *l = search->lattice;
    double surface = 0;
    for (int a = 0; a < l->dim; a++)
        if (search->tiles[a] > 1)
            surface += (double)search->tiles[a] / (double)l->size[a];
    if (lanes < search->best.lanes ||
        (lanes == search->best.lanes && surface >= search->least_surface))
        return;
    search->least_surface = surface;
    search->best.lanes = lanes;
    for (int a = 0; a < l->dim; a++)
        search->best.tiles[a] = search->tiles[a];
}

static void try_axes(struct search *search, int axis, int lanes)
{
    const struct lattice *l = search->lattice;
    if (axis == l->dim) {
        judge(search, lanes);
        return;
    }
    for (int n = 1; n * lanes <= 256 && 2 * n <= l->size[axis]; n++)
        if (l->size[axis] % (2 * n) == 0) {
            search->tiles[axis] = n;
            try_axes(search, axis + 1, lanes * n);
        }
}

static struct tiling best_tiling(const struct lattice *l)
{
    struct search search = {.lattice = l};
    try_axes(&search, 0, 1);
    struct tiling t = search.best;
    t.rows = 1;
    for (int a = 0; a < l->dim; a++)
        t.size[a] = (int)(l->size[a] / t.tiles[a]);
    for (int a = 0; a < l->dim - 1; a++)
        t.rows *= t.size[a];
    t.words = t.size[l->dim - 1] / 2;
    return t;
}

/* ---- the lattice ------------------------------------------------------- */

struct lattice *lattice_new(const int64_t *size, int dim, bool periodic)
{
    assert(dim >= 1 && dim <= LATTICE_DIM);
    struct lattice *l = mem_new(1, sizeof *l);
    bool even = true;
    *l = (struct lattice){.dim = dim, .periodic = periodic, .sites = 1};
    for (int a = 0; a < dim; a++) {
        l->size[a] = size[a];
        l->sites *= size[a];
        even = even && size[a] % 2 == 0;
    }
    for (int64_t a = dim - 1, stride = 1; a >= 0; a--) {
        l->stride[a] = stride;
        stride *= size[a];
    }
    for (int a = 0; a < dim; a++)
        l->bonds += lattice_axis_bonds(l, a);
    l->colours = even || !periodic ? 2 : 1;
    l->tiled = even && (dim == 2 || dim == 3);
    if (l->tiled)
        l->tiling = best_tiling(l);
    return l;
}

void lattice_coordinates(const struct lattice *l, int64_t site,
                         int64_t *coordinate)
{
    for (int a = l->dim - 1; a >= 0; a--) {
        coordinate[a] = site % l->size[a];
        site /= l->size[a];
    }
}

static int64_t site_at(const struct lattice *l, const int64_t *coordinate)
{
    int64_t site = 0;
    for (int a = 0; a < l->dim; a++)
        site = site * l->size[a] + coordinate[a];
    return site;
}

/* Division of 32 bits takes a fraction of the time. */
static int64_t coordinate(const struct lattice *l, int64_t site, int axis)
{
    int64_t stride = l->stride[axis], size = l->size[axis];
    if (l->sites > UINT32_MAX)
        return site / stride % size;
    return (uint32_t)site / (uint32_t)stride % (uint32_t)size;
}

int64_t lattice_neighbour(const struct lattice *l, int64_t site,
                          int direction)
{
    int axis = direction / 2;
    int64_t stride = l->stride[axis], last = l->size[axis] - 1;
    int64_t here = coordinate(l, site, axis);
    if (direction % 2)
        return here < last ? site + stride
               : l->periodic ? site - last * stride : -1;
    return here > 0 ? site - stride
           : l->periodic ? site + last * stride : -1;
}

int lattice_degree(const struct lattice *l, int64_t site)
{
    int degree = 0;
    for (int d = 0; d < 2 * l->dim; d++)
        degree += lattice_neighbour(l, site, d) >= 0;
    return degree;
}

int lattice_parity(const struct lattice *l, int64_t site)
{
    int64_t c[LATTICE_DIM], sum = 0;
    lattice_coordinates(l, site, c);
    for (int a = 0; a < l->dim; a++)
        sum += c[a];
    return (int)(sum % 2);
}

int lattice_colour(const struct lattice *l, int64_t site)
{
    return l->colours == 1 ? 0 : lattice_parity(l, site);
}

void lattice_address(const struct lattice *l, int64_t site, uint32_t *block,
                     int *lane)
{
    const struct tiling *t = &l->tiling;
    int64_t c[LATTICE_DIM], row = 0, colour = 0;
    int last = l->dim - 1;
    lattice_coordinates(l, site, c);
    *lane = 0;
    for (int a = 0; a <= last; a++) {
        colour += c[a];
        *lane = *lane * t->tiles[a] + (int)(c[a] / t->size[a]);
        if (a < last)
            row = row * t->size[a] + c[a] % t->size[a];
    }
    int64_t r = c[last] % t->size[last] / 2;
    *block = (uint32_t)(((colour % 2) * t->rows + row) * t->words + r);
}

int64_t lattice_site(const struct lattice *l, uint32_t block, int lane)
{
    const struct tiling *t = &l->tiling;
    int64_t c[LATTICE_DIM], sum = 0;
    int last = l->dim - 1;
    int64_t number = block, r = number % t->words;
    int64_t row = number / t->words % t->rows;
    int64_t colour = number / t->words / t->rows;
    for (int a = last; a >= 0; a--) {
        c[a] = (int64_t)(lane % t->tiles[a]) * t->size[a];
        lane /= t->tiles[a];
        if (a < last) {
            c[a] += row % t->size[a];
            row /= t->size[a];
            sum += c[a];
        }
    }
    c[last] += 2 * r + (colour + sum) % 2;
    return site_at(l, c);
}

int64_t lattice_axis_bonds(const struct lattice *l, int axis)
{
    int64_t size = l->size[axis];
    return l->periodic ? l->sites : l->sites / size * (size - 1);
}

double lattice_axis_variance(const struct lattice *l, int axis)
{
    double bonds = (double)lattice_axis_bonds(l, axis);
    return l->periodic && l->size[axis] == 2 ? 2 * bonds : bonds;
}

double lattice_bond_variance(const struct lattice *l)
{
    double variance = 0;
    for (int a = 0; a < l->dim; a++)
        variance += lattice_axis_variance(l, a);
    return variance;
}

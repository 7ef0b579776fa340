#include "core/links.h"

#include <stdlib.h>

#include "base/alloc.h"

static void from_lattice(struct links *k, const struct lattice *l)
{
    for (int i = 0; i < k->sites; i++)
        for (int d = 0; d < k->degree; d++) {
            int32_t other = (int32_t)lattice_neighbour(l, i, d);
            k->other[i * k->degree + d] = other;
            k->missing[i] = (int8_t)(k->missing[i] + (other < 0));
        }
}

static void from_pairs(struct links *k, const struct pairs *p)
{
    k->bond = mem_new((size_t)k->sites * (size_t)k->degree,
                      sizeof *k->bond);
    for (int64_t i = 0; i < k->sites; i++) {
        int64_t degree = p->start[i + 1] - p->start[i];
        for (int d = 0; d < k->degree; d++) {
            int64_t at = i * k->degree + d, from = p->start[i] + d;
            k->other[at] = d < degree ? p->other[from] : -1;
            k->bond[at] = d < degree ? p->bond[from] : -1;
        }
        k->missing[i] = (int8_t)(k->degree - degree);
    }
}

static void set_order(struct links *k, const struct lattice *l)
{
    int placed = 0;
    for (int colour = 0; colour < k->colours; colour++) {
        for (int i = 0; i < k->sites; i++)
            if (k->colours == 1 || lattice_colour(l, i) == colour)
                k->order[placed++] = (uint32_t)i;
        k->colour_start[colour + 1] = placed;
    }
}

struct links *links_new(const struct system *system)
{
    struct links *k = mem_new(1, sizeof *k);
    const struct pairs *p = system->pairs;
    *k = (struct links){.sites = (int)system->sites,
                        .degree = p ? p->degree : 2 * system->lattice->dim,
                        .colours = system->colours};
    size_t sites = (size_t)k->sites;
    k->other = mem_new(sites * (size_t)k->degree, sizeof *k->other);
    k->missing = mem_new(sites, sizeof *k->missing);
    k->order = mem_new(sites, sizeof *k->order);
    if (p)
        from_pairs(k, p);
    else
        from_lattice(k, system->lattice);
    for (int i = 0; i < k->sites; i++)
        if (k->missing[i] > k->missing_most)
            k->missing_most = k->missing[i];
    set_order(k, system->lattice);
    return k;
}

void links_free(struct links *k)
{
    if (!k)
        return;
    free(k->other);
    free(k->bond);
    free(k->missing);
    free(k->order);
    free(k);
}

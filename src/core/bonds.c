#include "core/bonds.h"

/* On a lattice bond site * dim + axis leads forward from its site. */

int64_t bonds_limit(const struct system *system)
{
    const struct lattice *l = system->lattice;
    if (system->pairs)
        return system->pairs->bonds;
    return l ? l->sites * l->dim : 0;
}

bool bonds_ends(const struct system *system, int64_t bond, int64_t end[2])
{
    const struct lattice *l = system->lattice;
    const struct pairs *p = system->pairs;
    if (p) {
        end[0] = p->ends[2 * bond];
        end[1] = p->ends[2 * bond + 1];
        return true;
    }
    end[0] = bond / l->dim;
    end[1] = lattice_neighbour(l, end[0], 2 * (int)(bond % l->dim) + 1);
    return end[1] >= 0;
}

int bonds_places(const struct system *system, int64_t site)
{
    const struct pairs *p = system->pairs;
    return p ? (int)(p->start[site + 1] - p->start[site])
             : 2 * system->lattice->dim;
}

int64_t bonds_across(const struct system *system, int64_t site, int place,
                     int64_t *bond)
{
    const struct lattice *l = system->lattice;
    const struct pairs *p = system->pairs;
    if (p) {
        *bond = p->bond[p->start[site] + place];
        return p->other[p->start[site] + place];
    }
    int64_t other = lattice_neighbour(l, site, place);
    *bond = (place % 2 ? site : other) * l->dim + place / 2;
    return other;
}

int bonds_axis(const struct system *system, int64_t bond)
{
    return (int)(bond % system->lattice->dim);
}

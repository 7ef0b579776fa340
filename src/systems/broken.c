#include "systems/broken.h"

#include <assert.h>

#include "base/alloc.h"

/* Neighbours as bit masks; `twice` those across a double bond. */
struct walk {
    int sites, bonds;
    uint32_t near[BROKEN_SITES_MOST], twice[BROKEN_SITES_MOST];
    int degree[BROKEN_SITES_MOST];
    uint64_t *histogram; /* [bonds + 1][sites + 1]: broken bonds, spins up */
};

static void walk_bonds(struct walk *walk, const struct lattice *l)
{
    for (int i = 0; i < walk->sites; i++)
        for (int d = 0; d < 2 * l->dim; d++) {
            int64_t other = lattice_neighbour(l, i, d);
            if (other < 0)
                continue;
            uint32_t bit = 1u << other;
            walk->twice[i] |= walk->near[i] & bit;
            walk->near[i] |= bit;
            walk->degree[i]++;
        }
}

/* From all down. State number t differs from the one before in the site that
   counts the trailing zeros of t. */
static void walk_all(struct walk *walk)
{
    uint32_t state = 0;
    int broken = 0, up = 0;
    walk->histogram[0]++;
    for (uint32_t t = 1; t >> walk->sites == 0; t++) {
        int i = __builtin_ctz(t);
        bool bit = state >> i & 1;
        uint32_t unlike = bit ? ~state : state;
        int crossed = __builtin_popcount(unlike & walk->near[i]) +
                      __builtin_popcount(unlike & walk->twice[i]);
        broken += walk->degree[i] - 2 * crossed;
        up += bit ? -1 : 1;
        state ^= 1u << i;
        walk->histogram[broken * (walk->sites + 1) + up]++;
    }
}

uint64_t *broken_bonds(const struct lattice *lattice)
{
    struct walk walk = {.sites = (int)lattice->sites,
                        .bonds = (int)lattice->bonds};
    assert(walk.sites <= BROKEN_SITES_MOST);
    walk.histogram = mem_new((size_t)((walk.bonds + 1) * (walk.sites + 1)),
                             sizeof *walk.histogram);
    walk_bonds(&walk, lattice);
    walk_all(&walk);
    return walk.histogram;
}

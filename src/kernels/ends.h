/* Places of spins and signs as offsets in words, which operands take as they
   are: of each site's neighbours, and of the ends of all bonds; counts of
   bonds whose ends differ. */
#ifndef TEMPERA_KERNELS_ENDS_H
#define TEMPERA_KERNELS_ENDS_H
#include "base/alloc.h"
#include "core/links.h"
#include "kernels/vector.h"

/* [sites][1 + 2 degree]: a site's own spin, its neighbours' spins, its bonds'
   signs; rows in the order given. For graphs from pairs; nothing useful where
   a bond is missing. */
static inline uint32_t *around_new(const struct links *links,
                                   const uint32_t *order)
{
    int z = links->degree;
    uint32_t *around = mem_new((size_t)links->sites * (size_t)(1 + 2 * z),
                               sizeof *around), *at = around;
    for (int i = 0; i < links->sites; i++) {
        int64_t site = order ? order[i] : (uint32_t)i, first = site * z;
        *at++ = VECTOR_WORDS * (uint32_t)site;
        for (int d = 0; d < z; d++)
            *at++ = VECTOR_WORDS * (uint32_t)links->other[first + d];
        for (int d = 0; d < z; d++)
            *at++ = VECTOR_WORDS * (uint32_t)links->bond[first + d];
    }
    return around;
}

struct ends {
    int64_t bonds;
    uint32_t *place; /* [bonds][2] */
};

static inline VECTOR ends_at(const void *words, uint32_t place)
{
    return *(const VECTOR *)(const void *)((const uint64_t *)words + place);
}

/* Of system->pairs in their order, else of the lattice. */
static inline struct ends ends_new(const struct system *system,
                                   const struct links *links)
{
    const struct pairs *p = system->pairs;
    int64_t most = p ? p->bonds : (int64_t)links->sites * links->degree / 2;
    struct ends ends = {.place = mem_new((size_t)most, 2 * sizeof(uint32_t))};
    uint32_t *place = ends.place;
    if (p) {
        for (int64_t i = 0; i < 2 * p->bonds; i++)
            *place++ = VECTOR_WORDS * (uint32_t)p->ends[i];
    } else {
        for (int i = 0; i < links->sites; i++)
            for (int d = 1; d < links->degree; d += 2) {
                int32_t other = links->other[i * links->degree + d];
                if (other < 0)
                    continue;
                *place++ = VECTOR_WORDS * (uint32_t)i;
                *place++ = VECTOR_WORDS * (uint32_t)other;
            }
    }
    ends.bonds = (place - ends.place) / 2;
    return ends;
}

/* Bonds whose ends are unequal, or equal where the bond's sign is set. */
static inline void ends_tally(struct ends ends, const VECTOR *spin,
                              const VECTOR *sign, struct tally *differ)
{
    const uint32_t *place = ends.place;
    int64_t b = 0;
    for (; b + TALLY_BLOCK <= ends.bonds; b += TALLY_BLOCK) {
        VECTOR x[TALLY_BLOCK];
        for (int k = 0; k < TALLY_BLOCK; k++, place += 2) {
            x[k] = ends_at(spin, place[0]) ^ ends_at(spin, place[1]);
            if (sign)
                x[k] ^= sign[b + k];
        }
        tally_block(differ, x);
    }
    for (; b < ends.bonds; b++, place += 2) {
        VECTOR x = ends_at(spin, place[0]) ^ ends_at(spin, place[1]);
        if (sign)
            x ^= sign[b];
        tally_add(differ, x);
    }
}

static inline void ends_tally_up(const VECTOR *spin, int sites,
                                 struct tally *up)
{
    int i = 0;
    for (; i + TALLY_BLOCK <= sites; i += TALLY_BLOCK)
        tally_block(up, spin + i);
    for (; i < sites; i++)
        tally_add(up, spin[i]);
}

#endif

/* Lane geometry of the one-lattice kernels: rotating the 256 lanes by one
   tile along an axis, and which lanes lie at the lattice's edge. Plain 64-bit
   words, the same for every instruction set. */
#ifndef TEMPERA_KERNELS_TILES_H
#define TEMPERA_KERNELS_TILES_H
#include <stdint.h>
#include <string.h>

#include "systems/lattice.h"

/* The lane `by` away begins at bit `bit` of the word `word` away. */
struct tiles_step { int word, bit; };

struct tiles {
    int count[LATTICE_DIM];             /* tiles along each axis */
    int stride[LATTICE_DIM];            /* lanes between neighbours */
    uint64_t edge[LATTICE_DIM][2][4];   /* lanes in the first, last tile */
    uint64_t live[4];                   /* lanes in use */
    /* from a lane to that of the next tile; at the edge, round the axis */
    struct tiles_step near[LATTICE_DIM][2], far[LATTICE_DIM][2];
};

static inline struct tiles_step tiles_step(int by)
{
    return (struct tiles_step){.word = (by + 256) / 64 - 4,
                               .bit = (by + 256) % 64};
}

static inline void tiles_init(struct tiles *g, const struct lattice *l)
{
    const struct tiling *t = &l->tiling;
    memset(g, 0, sizeof *g);
    int stride = 1;
    for (int a = l->dim - 1; a >= 0; a--) {
        g->count[a] = t->tiles[a];
        g->stride[a] = stride;
        for (int forward = 0; forward < 2; forward++) {
            int step = forward ? stride : -stride;
            g->near[a][forward] = tiles_step(step);
            g->far[a][forward] = tiles_step(-step * (g->count[a] - 1));
        }
        stride *= t->tiles[a];
    }
    for (int lane = 0; lane < t->lanes; lane++) {
        uint64_t bit = UINT64_C(1) << (lane % 64);
        g->live[lane / 64] |= bit;
        for (int a = 0; a < l->dim; a++) {
            int at = lane / g->stride[a] % g->count[a];
            if (at == 0)
                g->edge[a][0][lane / 64] |= bit;
            if (at == g->count[a] - 1)
                g->edge[a][1][lane / 64] |= bit;
        }
    }
}

static inline uint64_t tiles_lanes(const uint64_t *word,
                                   struct tiles_step step)
{
    const uint64_t *at = word + step.word;
    return at[0] >> step.bit | at[1] << 1 << (63 - step.bit);
}

/* Each lane gets the value of the tile after (forward = 1) or before (0) it
   along the axis, cyclically. The words next to those of `in` are read, too,
   but not used. */
static inline void tiles_rotate(const struct tiles *g, int axis, int forward,
                                const uint64_t *in, uint64_t *out, int words)
{
    const struct tiles_step near = g->near[axis][forward];
    const struct tiles_step far = g->far[axis][forward];
    const uint64_t *edge = g->edge[axis][forward];
    for (int r = 0; r < words; r++) {
        uint64_t turned[4];
        for (int i = 0; i < 4; i++) {
            uint64_t n = tiles_lanes(in + 4 * r + i, near);
            uint64_t f = tiles_lanes(in + 4 * r + i, far);
            turned[i] = ((n & ~edge[i]) | (f & edge[i])) & g->live[i];
        }
        memcpy(out + 4 * r, turned, sizeof turned);
    }
}

/* A whole row. What lies beyond its ends may be in use by another thread. */
static inline void tiles_rotate_row(const struct tiles *g, int axis,
                                    int forward, const uint64_t *in,
                                    uint64_t *out, int words)
{
    uint64_t copy[12] = {0};
    for (int r = 0; r < words; r += words > 1 ? words - 1 : 1) {
        memcpy(copy + 4, in + 4 * r, 4 * sizeof *in);
        tiles_rotate(g, axis, forward, copy + 4, out + 4 * r, 1);
    }
    tiles_rotate(g, axis, forward, in + 4, out + 4, words - 2);
}

#endif

/* Lane geometry of the one-lattice kernels: rotating the 256 lanes by one
   tile along an axis, and which lanes lie at the lattice's edge. Plain 64-bit
   words, the same for every instruction set. */
#ifndef TEMPERA_KERNELS_TILES_H
#define TEMPERA_KERNELS_TILES_H
#include <stdint.h>
#include <string.h>

#include "systems/lattice.h"

struct tiles {
    int count[LATTICE_DIM];             /* tiles along each axis */
    int stride[LATTICE_DIM];            /* lanes between neighbours */
    uint64_t edge[LATTICE_DIM][2][4];   /* lanes in the first, last tile */
    uint64_t live[4];                   /* lanes in use */
};

static inline void tiles_init(struct tiles *g, const struct lattice *l)
{
    const struct tiling *t = &l->tiling;
    memset(g, 0, sizeof *g);
    int stride = 1;
    for (int a = l->dim - 1; a >= 0; a--) {
        g->count[a] = t->tiles[a];
        g->stride[a] = stride;
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

/* out = in shifted so that lane i gets lane i + by (zero outside). */
static inline void lanes_shift(const uint64_t in[4], int by, uint64_t out[4])
{
    int words = by >= 0 ? by / 64 : -(-by / 64);
    int bits = by >= 0 ? by % 64 : -by % 64;
    for (int i = 0; i < 4; i++) {
        int near = i + words, far = by >= 0 ? near + 1 : near - 1;
        uint64_t a = near >= 0 && near < 4 ? in[near] : 0;
        uint64_t b = far >= 0 && far < 4 ? in[far] : 0;
        if (bits == 0)
            out[i] = a;
        else if (by > 0)
            out[i] = a >> bits | b << (64 - bits);
        else
            out[i] = a << bits | b >> (64 - bits);
    }
}

/* out: each lane gets the value of the tile after (forward = 1) or before
   (0) it along the axis, cyclically. in and out may not overlap. */
static inline void tiles_rotate(const struct tiles *g, int axis, int forward,
                                const uint64_t in[4], uint64_t out[4])
{
    uint64_t near[4], far[4];
    int step = g->stride[axis], all = step * (g->count[axis] - 1);
    lanes_shift(in, forward ? step : -step, near);
    lanes_shift(in, forward ? -all : all, far);
    for (int i = 0; i < 4; i++) {
        uint64_t edge = g->edge[axis][forward][i];
        out[i] = ((near[i] & ~edge) | (far[i] & edge)) & g->live[i];
    }
}

#endif

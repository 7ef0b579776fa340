/* Hypercubic lattices of dimension 1 to 4, periodic or open.

   Sites are numbered row-major, the last axis fastest. A periodic axis of
   size 2 is a double bond (both neighbours are the same site and both bonds
   count); size 1 is refused by the models.

   The tiling is the layout of one-lattice kernels and the address of stream
   "site": the lattice is cut into up to 256 equal tiles, one a lane. */
#ifndef TEMPERA_SYSTEMS_LATTICE_H
#define TEMPERA_SYSTEMS_LATTICE_H
#include <stdbool.h>
#include <stdint.h>

enum { LATTICE_DIM = 4 };

struct tiling {
    int lanes;               /* product of tiles, <= 256 */
    int tiles[LATTICE_DIM];  /* per axis */
    int size[LATTICE_DIM];   /* tile extent per axis, even */
    int words;               /* half the last axis' extent: words a row */
    int64_t rows;            /* rows of one tile: product of the others */
};

struct lattice {
    int dim;
    bool periodic;
    int64_t size[LATTICE_DIM];
    int64_t stride[LATTICE_DIM]; /* from a site to the next on the axis */
    int64_t sites, bonds;
    int colours;          /* 2: checkerboard; 1: sequential order (some
                             periodic size is odd) */
    bool tiled;           /* dim 2 or 3, all sizes even */
    struct tiling tiling;
};

struct lattice *lattice_new(const int64_t *size, int dim, bool periodic);

/* Neighbour in direction 0 .. 2 dim - 1 (axis d/2; odd = forward), or -1 */
int64_t lattice_neighbour(const struct lattice *l, int64_t site,
                          int direction);
int lattice_degree(const struct lattice *l, int64_t site);
/* Of the coordinates' sum; the colour is it when colours == 2, else 0. */
int lattice_parity(const struct lattice *l, int64_t site);
int lattice_colour(const struct lattice *l, int64_t site);
void lattice_coordinates(const struct lattice *l, int64_t site,
                         int64_t *coordinate);

/* Tiling address: lane, and block = (colour * rows + row) * words + r, where
   row numbers the tile's rows (axes but the last, row-major) and r is half
   the last coordinate. */
void lattice_address(const struct lattice *l, int64_t site, uint32_t *block,
                     int *lane);
/* and back */
int64_t lattice_site(const struct lattice *l, uint32_t block, int lane);

/* Bonds along one axis. */
int64_t lattice_axis_bonds(const struct lattice *l, int axis);

/* var of sum over bonds of s_i s_j for independent fair spins, along one axis
   and in all: bonds, with a double bond counting four instead of two. */
double lattice_axis_variance(const struct lattice *l, int axis);
double lattice_bond_variance(const struct lattice *l);

#endif

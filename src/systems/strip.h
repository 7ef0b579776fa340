/* A lattice cut into layers across its longest axis, for transfer matrices:
   the states of a layer and what it costs to put two of them side by side.

   A layer of n sites with q values has q^n states, numbered with site 0 as the
   lowest digit. Minus the energy of a step from layer state i to j is half the
   layer weights of both plus strip_across(i, j). */
#ifndef TEMPERA_SYSTEMS_STRIP_H
#define TEMPERA_SYSTEMS_STRIP_H
#include <stdbool.h>
#include <stdint.h>

#include "stat/ground.h"

enum strip_kind {
    STRIP_ISING,      /* -J s s' a bond, -h s a site; any dimension */
    STRIP_POTTS,      /* -J delta(s, s') a bond */
    STRIP_TRIANGULAR, /* Ising; a square torus with one diagonal, bonds to
                         (+1, 0), (0, +1), (+1, +1) */
    STRIP_ICE         /* arrows between layers, up or down; a step weighs as
                         many ways as there are to draw the arrows within a
                         layer, two in and two out at each vertex */
};

struct strip {
    enum strip_kind kind;
    int q, n, states;
    int64_t length; /* layers */
    bool periodic;
    double J, h;
    double *bonds, *spins; /* [states]: sums within a layer of s s' or delta,
                              and of s */
};

/* Sites of a layer of a lattice of these sizes; `most` + 1 when more. */
int strip_layer_sites(const int64_t *size, int dim, int most);

/* Layers of the lattice. q is 2 but for Potts. The caller has seen that q^n
   is small. */
struct strip strip_new(enum strip_kind kind, int q, const int64_t *size,
                       int dim, bool periodic, double J, double h);
void strip_release(struct strip *strip);

/* Minus the energy of a layer by itself. */
double strip_layer_weight(const struct strip *strip, int s);
double strip_best_layer(const struct strip *strip);

/* Minus the energy of the bonds between two layers, and its greatest value
   over any states. */
double strip_across(const struct strip *strip, int i, int j);
double strip_best_across(const struct strip *strip);

/* How many ways a step has: 1, but for ice 0, 1 or 2. */
int strip_ways(const struct strip *strip, int i, int j);

/* Lowest energy of a ring of strip->length layers (minus `weight`) and the
   number of states that have it, up to what a double holds. */
struct ground strip_ground(const struct strip *strip);

/* Minus the energy of a bond of equal or of different values. */
double strip_bond(const struct strip *strip, bool equal);

#endif

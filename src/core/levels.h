/* The few acceptance probabilities of a two-valued lattice model, sorted for
   bit-sliced kernels.

   A site toggles when base ^ (U < p); p and base depend on the rung and on
   the level (s, a, m): value s, number a of bonds it agrees across, number m
   of bonds missing at an open boundary (a <= z - m, z = 2 dim). Levels with
   the same p at every rung form a p-class; levels with the same base at every
   rung (and base set at some rung) form a base-class. At exact rungs, where
   states are drawn afresh, both are 0. Sets of (s, a) are bit masks: bit a for
   s = 0, bit 16 + a for s = 1. */
#ifndef TEMPERA_CORE_LEVELS_H
#define TEMPERA_CORE_LEVELS_H
#include "core/dynamics.h"

enum {
    LEVELS_DEGREE = 8,   /* largest z */
    LEVELS_MISSING = 9,  /* m = 0 .. 8 */
    LEVELS_CLASSES = 40,
    LEVELS_PLANES = 12   /* digits compared at once; ties read further ones.
                            12: a tie costs a plane read one by one in 6 % of
                            256-lane words, 4 more planes cost more. Cannot be
                            seen in the results. */
};

struct level_class {
    uint32_t members[LEVELS_MISSING]; /* by m: set of (s, a) */
    double *p;                        /* [rungs]; base-classes: 0 or 1 */
};

struct levels {
    int degree; /* z */
    int missing_most;
    int rungs;
    int p_count, base_count;
    struct level_class p[LEVELS_CLASSES], base[LEVELS_CLASSES];
};

/* degree: the largest; missing_most: by how much a site's may be smaller.
   Call levels_update before use and whenever a rung's lambda changed. */
struct levels *levels_new(int degree, int missing_most, int rungs);
void levels_free(struct levels *levels);
void levels_update(struct levels *levels, const struct system *system,
                   const struct dynamics *dynamics, const struct rung *rung);

/* p of a level: used to settle ties. */
double levels_p(const struct levels *levels, int rung, int s, int agree,
                int missing);

/* The first LEVELS_PLANES binary digits of p, digit k in bit k. */
uint32_t levels_digits(double p);

#endif

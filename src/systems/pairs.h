/* Spins s_i = -1, +1 coupled in pairs, in integers:

       E = unit * ( -sum_<ij> J_ij s_i s_j - sum_i h_i s_i )

   with a table of neighbours shared by all disorder samples and couplings of
   each. Rounding to integers happens once, when a system is built; u, kernels
   and theory use the rounded numbers. All sums |J| + |h| of a sample stay
   below 2^31, so 32-bit integers hold every field and energy. */
#ifndef TEMPERA_SYSTEMS_PAIRS_H
#define TEMPERA_SYSTEMS_PAIRS_H
#include <stdbool.h>
#include <stdint.h>

#include "systems/lattice.h"

struct pairs {
    int64_t sites, bonds;
    int samples;
    int degree;       /* largest */
    double unit;
    int32_t *ends;    /* [bonds][2] */
    int64_t *start;   /* [sites + 1] into other, bond */
    int32_t *other;   /* [2 bonds] the site at the far end */
    int32_t *bond;    /* [2 bonds] its number */
    int32_t *J;       /* [samples][bonds] */
    int32_t *h;       /* [samples][sites], or NULL: no fields */
    int32_t *clamp;   /* [sites] -1, +1: held there; 0 free; or NULL */
    double constant;  /* added to u: the user's zero of energy */
    /* set by pairs_seal */
    int64_t field_most; /* largest over samples, sites: sum_j |J| + |h| */
    int32_t uniform;  /* |J| when all bonds of all samples have the same and
                         there are neither fields nor clamps; else 0 */
};

/* Bonds without couplings (J = 0): ends[bonds][2] is copied. */
struct pairs *pairs_new(int64_t sites, int64_t bonds, const int32_t *ends,
                        int samples);
/* The bonds of a lattice: bond site * dim + axis leads forward; where an open
   boundary has none, numbers close up. */
struct pairs *pairs_of_lattice(const struct lattice *lattice, int samples);
/* All pairs i < j of N sites. */
struct pairs *pairs_complete(int64_t sites, int samples);
void pairs_free(struct pairs *pairs);

/* Rounds couplings[samples][bonds] to 24 binary digits of the largest (14 at
   64 and more a site), fewer if the sums would leave their range, and
   fields[samples][sites] (NULL: none) to the same unit, which is the largest
   power of two that does not round more. */
void pairs_set(struct pairs *pairs, const double *couplings,
               const double *fields);

/* sum_j J_ij s_j + h_i; E of a state is -unit * (bonds + fields) */
int32_t pairs_field(const struct pairs *pairs, int sample,
                    const int8_t *spin, int64_t site);
int64_t pairs_energy(const struct pairs *pairs, int sample,
                     const int8_t *spin);
/* Computes what depends on all couplings; call when they are final. */
void pairs_seal(struct pairs *pairs);

#endif

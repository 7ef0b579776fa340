/* Infinitely long strips: the leading eigenvalue of the transfer matrix and its
   derivatives,
       L'  = v.T' v,      L'' = v.T'' v + 2 x.(T' v),  (L - T) x = (T' - L') v,
   v the eigenvector, by products with T only (systems/layers.h); and the second
   largest modulus, from T^t T with v taken out.

   v is sought among vectors that have all symmetries of the strip: there T is
   symmetric on the triangular lattice, too, and there is a gap below L also
   where two phases live together. */
#ifndef TEMPERA_SYSTEMS_LONG_STRIP_H
#define TEMPERA_SYSTEMS_LONG_STRIP_H
#include "systems/layers.h"

/* ln L with derivatives, for a layer; errors: the change on refining v, and
   rounding. */
struct long_strip {
    bool found, curved; /* the value; the second derivative, too */
    struct jet ln_top, error;
};

/* One variable. v[states]: a start on entry (not 0), then the eigenvector: the
   same for both variables. */
struct long_strip long_strip_top(const struct strip *strip, double beta,
                                 enum layer_variable variable, double *v);

/* ln(L / |second|), 0 where rounding hides it; its error. false: did not
   converge. */
bool long_strip_gap(const struct strip *strip, double beta, const double *v,
                    double *gap, double *error);

#endif

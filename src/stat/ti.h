/* Thermodynamic integration along a path of rungs.

   d ln Z / d lambda_k = -<u_k>. On a segment lambda(s) = lambda_i + s delta,
   0 <= s <= 1, with x = u . delta, mean a and variance v = -da/ds at either
   end, the cubic Hermite rule (corrected trapezoid) is

       ln Z_{i+1} - ln Z_i = -(a_i + a_{i+1}) / 2 + (v_i - v_{i+1}) / 12

   with error a''''(s) / 720. See doc/estimators.md. */
#ifndef TEMPERA_STAT_TI_H
#define TEMPERA_STAT_TI_H
#include <stdint.h>

#include "stat/gamma.h"

struct ti {
    int rungs;
    int64_t bins;
    double *ln_z;       /* [rungs] ln Z_r - ln Z_0 */
    /* [rungs] estimated error of the quadrature, not contained in the
       influence series: add its square to that of the statistical error.
       Neighbouring segments in line: the rule over both at once against the
       two by themselves, scaled by the known order (Richardson; 1/15 for
       equal segments), less what noise explains; magnitudes add up along
       the path. A segment alone in its direction: all of the term in v. */
    double *quadrature;
    double *influence;  /* [bins][rungs] of ln_z; see gamma.h */
};

/* The rule above, from the ends' means and variances of x. */
double ti_segment(double a0, double a1, double v0, double v1);

/* From u of all rungs (view->rungs of them, in path order) at
   lambda[rungs][K]; K = 1 is the plain case. bins = rows / bin. */
struct ti *ti_new(const struct series_view *view, const double *lambda,
                  int64_t bin);
void ti_free(struct ti *ti);

#endif

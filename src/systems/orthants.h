/* A committee of two units whose answer is sign(sign z1 + sign z2), 1, 0 or
   -1: what an example teaches about real weights under a normal prior (Aubin et
   al., NeurIPS 2018, arXiv 1806.05451; doc/teacher.md). Sum and difference of
   the units, p = (z1 + z2)/sqrt 2 and m = (z1 - z2)/sqrt 2, are independent:
   known parts of variance qp and qm, unknown parts of 1 - qp and 1 - qm. The
   chances of the answers given the known parts, and their slopes, come from
   the normal distribution of two variables. */
#ifndef TEMPERA_SYSTEMS_ORTHANTS_H
#define TEMPERA_SYSTEMS_ORTHANTS_H
#include <stdbool.h>

/* Averages over the known parts, Z_y the chance of answer y, dp and dm slopes
   by the known parts. */
struct orthants {
    double p, m;      /* E sum_y (dp Z_y)^2 / Z_y, E sum_y (dm Z_y)^2 / Z_y */
    double bend;      /* E sum_y (dm dm Z_y)^2 / Z_y at qm = 0: m = qm bend */
    double told;      /* -E sum_y Z_y ln Z_y, nats */
    double match;     /* E sum_y Z_y^2 */
    double best;      /* E max_y Z_y, where wanted, else 1/2 */
    double square;    /* E (Z_1 - Z_-1)^2 */
};

/* From gaps 1 - qp > 0, 1 - qm > 0 (1: qm = 0). finer: doubles the points
   along each of two directions so many times. Good to about 1e-12. */
struct orthants orthants_of(double gap_p, double gap_m, bool best, int finer);

#endif

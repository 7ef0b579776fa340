/* The ferromagnet E = -sum_(ij) s_i s_j - h sum_i s_i on regular graphs of
   degree c that are trees near every site, T > 0 (Bethe 1935): one cavity
   field, x = h + (c - 1) u(1, x), the whole field H = h + c u(1, x). Notation
   of systems/cavity.h. */
#ifndef TEMPERA_SYSTEMS_CAVITY_REGULAR_H
#define TEMPERA_SYSTEMS_CAVITY_REGULAR_H
#include "stat/root.h"

struct cavity_regular { double T, h, degree; };

/* Where (c - 1) tanh 1/T = 1; 0 for degree 1 and 2. */
double cavity_regular_critical(double degree);

/* x > 0 with (c - 1) du/dx = 1, T below the critical one:
   tanh^2 x/T = ((c - 1) t - 1) / ((c - 1) t - t^2), t = tanh 1/T. A state with
   m against the field exists where |h| <= (c - 1) u(1, x) - x. */
double cavity_regular_spinodal(struct cavity_regular at);
double cavity_regular_spinodal_field(struct cavity_regular at);

/* x of the state along h >= 0, at h = 0 below the critical T of the one with
   m > 0. The width includes what rounding does to a soft root. */
struct root cavity_regular_along(struct cavity_regular at);
/* x < 0 of the metastable one, below the critical T. */
struct root cavity_regular_against(struct cavity_regular at);

struct cavity_regular_state {
    double magnetization, energy, free_energy, entropy;
    double specific_heat;  /* du/dT */
    double susceptibility; /* dm/dh; NAN where the state is unstable */
};
struct cavity_regular_state cavity_regular_state(struct cavity_regular at,
                                                 double x);

#endif

/* The Hopfield model at load alpha = P/N, H = -(1/2N) sum_(i != j) sum_mu
   xi_i xi_j s_i s_j, replica symmetric, one pattern condensed (Amit,
   Gutfreund, Sompolinsky 1985; 1987):
     m = <tanh w>, q = <tanh^2 w>, w = (m + delta z)/T, delta^2 = alpha r,
     r = q/(1 - C)^2, C = (1 - q)/T,
     f = (alpha + m^2)/2 + alpha (T ln(1 - C) - q/(1 - C) + r C)/2
         - T <ln 2 cosh w>,
     u = (alpha - m^2 - alpha (1/(1 - C) + r C))/2.
   At T = 0, <tanh w> = erf(y), y = m/(delta sqrt 2), C = sqrt(2/pi)
   e^(-y^2)/delta.

   Solved backwards: y and T give delta from the equation of m, and then alpha.
   Along y the retrieval states of one T lie on a curve alpha(y) that rises
   from 0 at y = infinity to the capacity alpha_c(T) and falls again (unstable
   states). The spin glass is y = 0. Right where the replicon, (1 - C)^2 -
   alpha <sech^4 w>/T^2, is not negative: nearly everywhere on the retrieval
   side, never in the spin glass; then it is an approximation. */
#ifndef TEMPERA_SYSTEMS_HOPFIELD_STATES_H
#define TEMPERA_SYSTEMS_HOPFIELD_STATES_H
#include "stat/root.h"

/* Averages at fields of mean m and width delta. m_out = m where it is a
   solution. */
struct hopfield_state {
    double T, m, delta, m_out, q, C, sech4, entropy_of_spin;
};
struct hopfield_state hopfield_at(double T, double m, double delta);

/* The load at which the state solves delta^2 = alpha r. */
double hopfield_load(const struct hopfield_state *state);

enum { HOPFIELD_Q, HOPFIELD_R, HOPFIELD_U, HOPFIELD_F, HOPFIELD_S,
       HOPFIELD_REPLICON, HOPFIELD_RESULTS };
void hopfield_results(const struct hopfield_state *state, double alpha,
                      double value[HOPFIELD_RESULTS]);

/* ---- retrieval ----------------------------------------------------------- */

/* The state at y and T < 1. */
struct hopfield_state hopfield_on_curve(double T, double y);

/* y at the capacity of a T < 1; else not found, NAN. */
struct root hopfield_capacity(double T);

/* y of the retrieval state of a T whose capacity is at y = top, NAN when there
   is none. */
struct root hopfield_retrieval(double T, double alpha, double top);

/* ---- m = 0 --------------------------------------------------------------- */

/* delta; 0 above T_g = 1 + sqrt(alpha). */
struct root hopfield_glass(double T, double alpha);

/* ---- lines --------------------------------------------------------------- */

/* f of retrieval less f of the spin glass; top as above. */
double hopfield_advantage(double T, double alpha, double top);

/* T_M, where retrieval vanishes; from where the capacity is highest,
   0.1381885 at T = 0.0229, on. */
struct root hopfield_melting(double alpha);

/* T_c below T_M, where the two have the same free energy; none above alpha =
   0.0519. */
struct root hopfield_balance(double alpha, double melting);

/* alpha below which retrieval is the global minimum at T, whose capacity,
   `most`, is at y = top. */
struct root hopfield_balance_load(double T, double top, double most);

/* ln T_R, below which the retrieval state breaks replica symmetry: about
   sqrt(8 alpha/9 pi) e^(-1/2 alpha) at small loads, 0.0213 near the
   capacity. */
struct root hopfield_breaking(double alpha, double melting);

#endif

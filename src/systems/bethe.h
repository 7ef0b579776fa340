/* The Bethe approximation of Ising spins coupled in pairs, at given
   magnetisations m_i and pair correlations c_ij = <s_i s_j> (Bethe, Proc. R.
   Soc. A 150, 552 (1935); Yedidia, Freeman, Weiss 2001):

       ln Z = beta sum_<ij> J_ij c_ij + beta sum_i h_i m_i
              + sum_<ij> S_ij - sum_i (d_i - 1) S_i

   S_ij the entropy of the pair's four states (1 + m_i s + m_j t + c_ij s t)/4,
   d_i the degree. Exact on trees. */
#ifndef TEMPERA_SYSTEMS_BETHE_H
#define TEMPERA_SYSTEMS_BETHE_H
#include "systems/pairs.h"

/* The correlation at which ln Z is stationary, K = beta J: where the four
   weights have p(++) p(--) / (p(+-) p(-+)) = exp(4 K). */
double bethe_correlation(double K, double m, double other);

/* c[bonds], or NULL: the stationary ones. */
double bethe_ln_z(const struct pairs *pairs, int sample, double beta,
                  const double *m, const double *c);

/* beta h_i + sum_j (what neighbour j adds to it without i): ln Z with
   stationary c is stationary in m_i where m_i = tanh(field). For
   mean_field_residual of systems/tap.h. */
double bethe_field(const struct pairs *pairs, int sample, double beta,
                   const double *m, int64_t site);

#endif

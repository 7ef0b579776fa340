/* Mean-field theory of Ising spins coupled in pairs, at any magnetisations
   m_i = <s_i>: the expansion of ln Z at fixed m in powers of beta (Plefka, J.
   Phys. A 15, 1971 (1982)). To first order naive mean field; to second with
   Onsager's reaction term (Thouless, Anderson, Palmer, Phil. Mag. 35, 593
   (1977)):

       ln Z = S(m) + beta sum_<ij> J_ij m_i m_j + beta sum_i h_i m_i
              [+ beta^2/2 sum_<ij> J_ij^2 (1 - m_i^2) (1 - m_j^2)]

   Stationary where m_i = tanh(field_i), the fields below. */
#ifndef TEMPERA_SYSTEMS_TAP_H
#define TEMPERA_SYSTEMS_TAP_H
#include "systems/pairs.h"

/* Entropy of a spin of magnetisation m, nats. */
double spin_entropy(double m);

double naive_mf_ln_z(const struct pairs *pairs, int sample, double beta,
                     const double *m);
double tap_ln_z(const struct pairs *pairs, int sample, double beta,
                const double *m);

/* beta (h_i + sum_j J_ij m_j), and with the reaction
   - beta^2 m_i sum_j J_ij^2 (1 - m_j^2) */
double naive_mf_field(const struct pairs *pairs, int sample, double beta,
                      const double *m, int64_t site);
double tap_field(const struct pairs *pairs, int sample, double beta,
                 const double *m, int64_t site);

/* Mean over the sites that are not clamped of (m_i - tanh(field_i))^2. */
double mean_field_residual(
    const struct pairs *pairs, int sample, double beta, const double *m,
    double (*field)(const struct pairs *, int, double, const double *,
                    int64_t));

#endif

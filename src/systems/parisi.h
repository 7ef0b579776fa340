/* The free energy of the Sherrington-Kirkpatrick model with K steps of replica
   symmetry breaking (Parisi, J. Phys. A 13, 1101 (1980)), H = -sum_(i<j) J_ij
   s_i s_j - h sum_i s_i, var J_ij = 1/N.

   Overlaps q_0 < ... < q_K have weights m_1 < ... < m_K < 1 below them; y_i =
   m_i/T stay finite at T = 0, where q_K = 1. With F_K(x) = T ln 2 cosh(x/T)
   (|x| at T = 0) and z a standard normal number,

       F_(i-1)(x) = ln <exp(y_i F_i(x + sqrt(q_i - q_(i-1)) z))> / y_i
       -f = (1 - q_K)^2/4T - sum_(i=1..K) y_i (q_i^2 - q_(i-1)^2)/4
            + <F_0(h + sqrt(q_0) z)>,

   the least over all q and y. With P_i the density of fields at step i,
   P_0 normal about h with variance q_0, P_i(x) = e^(y_i F_i(x)) times the
   normal average of P_(i-1) e^(-y_i F_(i-1)),

       d(-f)/dq_i = (y_(i+1) - y_i)(q_i - <F_i'^2>_i)/2, y_0 = 0, y_(K+1) = 1/T
       d(-f)/dy_i = (<F_i>_i - <F_(i-1)>_(i-1))/y_i - (q_i^2 - q_(i-1)^2)/4. */
#ifndef TEMPERA_SYSTEMS_PARISI_H
#define TEMPERA_SYSTEMS_PARISI_H
#include <stdbool.h>

enum { PARISI_MOST = 7 };

struct parisi {
    int K;
    double T, h;
    double q[PARISI_MOST + 1]; /* q_0 ... q_K; q_K = 1 at T = 0 */
    double y[PARISI_MOST + 1]; /* y[0] = 0, y_1 ... y_K */
    double loose; /* solved to this part of the gaps between neighbours */
};

struct parisi_means {
    double free_energy; /* f */
    double square[PARISI_MOST + 1]; /* <F_i'^2>_i */
    double slope_q[PARISI_MOST + 1], slope_y[PARISI_MOST + 1]; /* of -f */
    double magnetization;
    double sech4; /* <sech^4(x/T)>_K; 0 at T = 0 */
    double zero;  /* T = 0: P_K(0), half the limit of (1 - q_K)/T */
};

/* Integrals by sums at equal steps in x, `finer` times finer than needed for
   about ten digits. q and y increasing, q_0 > 0 (K = 0: q_0 >= 0, q_0 = 1 at
   T = 0). A free energy that is not finite: gaps too small for a sum. */
void parisi_means(const struct parisi *p, double finer,
                  struct parisi_means *means);

/* The stationary point of K, T and h. K = 0 has one always, others below the
   de Almeida-Thouless line, where <sech^4>/T^2 > 1 for K = 0. K = 1 starts
   from a guess, K > 1 from `from`, solved with K - 1 steps; any from one of K
   steps at a neighbouring T or h. false: not solved. */
bool parisi_solve(struct parisi *p, const struct parisi *from, double finer);

/* Averages over P(q): int_0^1 q(x)^power dx. */
double parisi_overlap(const struct parisi *p, int power);

#endif

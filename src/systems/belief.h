/* Belief propagation: the stationary points of Bethe's ln Z (systems/bethe.h)
   by messages (Yedidia, Freeman, Weiss, IEEE Trans. Inf. Theory 51, 2282
   (2005); Mezard, Montanari, Information, Physics, and Computation (2009),
   ch. 14).

   Of a bond (j, i), u_(j->i) is the field, in units of T, that j puts on i
   when it does not feel i itself:

       h_(j->i) = beta h_j + sum_(k != i) u_(k->j)
       u_(j->i) = atanh(tanh(K_ij) tanh(h_(j->i))),   K_ij = beta J_ij
       m_i = tanh(beta h_i + sum_j u_(j->i))

   A held spin has h = +-infinity and sends u = +-K. On a tree the messages
   settle after at most as many sweeps as it is deep and all of it is exact.
   Where bonds form loops it is an approximation, with several solutions or
   none that is reached. */
#ifndef TEMPERA_SYSTEMS_BELIEF_H
#define TEMPERA_SYSTEMS_BELIEF_H
#include "systems/pairs.h"

/* Messages are u[2 bonds]: that at k (start[i] <= k < start[i + 1]) goes from
   other[k] to i. */
struct belief {
    const struct pairs *pairs;
    int sample;
    double beta;
    int32_t *back; /* [2 bonds] where the message of the other direction is */
    bool forward;  /* the next sweep goes from the first site to the last */
};

struct belief belief_new(const struct pairs *pairs, int sample, double beta);
void belief_release(struct belief *belief);

/* u = K m of the sender: what it sends at magnetisation m to lowest order of
   m, and where m = +-1. */
void belief_start(const struct belief *belief, const double *m, double *u);

/* atanh(tanh K tanh h), also where a tanh rounds to 1; h may be infinite. */
double belief_message(double K, double h);
/* Its derivative by h. */
double belief_slope(double K, double h);

/* One sweep over all sites, there and back in turn; for
   stat/fixed_point.h: with is a struct belief. */
double belief_sweep(void *with, double *u, double damping);

/* m[sites], and c[bonds] = <s_i s_j>, of messages. */
void belief_means(const struct belief *belief, const double *u, double *m,
                  double *c);

/* Modulus of the largest eigenvalue of the linearised update of all messages
   at once, each keeping the share `damping` of its old value: below 1 small
   errors die out. By 2 `steps` products from a start that the seed makes;
   *error: how much its estimate still moved. */
double belief_stability(const struct belief *belief, const double *u,
                        double damping, int steps, uint64_t seed,
                        double *error);

#endif

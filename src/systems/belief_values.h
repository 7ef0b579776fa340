/* Belief propagation for sites of q values 0 ... q - 1 whose bonds all have the
   same even energy V(a - b mod q): Potts and clock models (systems/belief.h
   for Ising spins).

       nu_(j->i)(a) = ln sum_b W(a - b) exp(sum_(k != i) nu_(k->j)(b)) + const
       p_i(a) ~ exp(sum_j nu_(j->i)(a)),        W = exp(-beta V)

   ln Z is Bethe's at p_i and p_ij(a, b) ~ W(a - b) times the cavity weights. */
#ifndef TEMPERA_SYSTEMS_BELIEF_VALUES_H
#define TEMPERA_SYSTEMS_BELIEF_VALUES_H
#include "systems/pairs.h"

/* Messages are nu[2 bonds][q], of mean 0 over the values, placed as in
   systems/belief.h; couplings of pairs are not looked at. */
struct belief_values {
    const struct pairs *pairs;
    int q;
    double beta;
    double *V, *W;  /* [q]; W in units of its largest */
    int32_t *back;  /* [2 bonds] */
    double *work;   /* [2 q] */
    bool forward;
};

/* V[q] is copied. */
struct belief_values belief_values_new(const struct pairs *pairs, int q,
                                       const double *V, double beta);
void belief_values_release(struct belief_values *belief);

/* Every site sends what it would if it had value[site] for certain; NULL:
   messages that say nothing. */
void belief_values_start(const struct belief_values *belief,
                         const uint8_t *value, double *nu);

/* One sweep there or back; for stat/fixed_point.h. */
double belief_values_sweep(void *with, double *nu, double damping);

struct belief_values_means {
    double ln_z, energy; /* of the whole system */
    double square;       /* mean over sites of sum_a p_i(a)^2 */
    double *share;       /* [q] mean over sites of p_i(a); the caller's */
};
void belief_values_means(const struct belief_values *belief, const double *nu,
                         struct belief_values_means *means);

/* As belief_stability. */
double belief_values_stability(const struct belief_values *belief,
                               const double *nu, double damping, int steps,
                               uint64_t seed, double *error);

#endif

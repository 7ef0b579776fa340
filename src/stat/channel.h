/* The scalar Gaussian channel r = x + sqrt(S) z, z standard normal, to which
   message passing on dense random systems comes down: the posterior of x with
   a known prior of variance 1 (Bernoulli-Gauss: rho), its mean square error
   and the mutual information, related by dI/d(1/S) = mmse/2 (Guo, Shamai,
   Verdu 2005).

     gaussian          N(0, 1)
     bernoulli_gauss   0 with weight 1 - rho, else N(0, 1)
     rademacher        -1, +1
     sparse_rademacher 0 with weight 1 - rho, else +-1/sqrt(rho)

   Averages are trapezoidal sums of functions that are analytic in a strip,
   good to about 1e-14 of the largest term. */
#ifndef TEMPERA_STAT_CHANNEL_H
#define TEMPERA_STAT_CHANNEL_H
#include <stdint.h>

enum channel_prior {
    CHANNEL_GAUSSIAN, CHANNEL_BERNOULLI_GAUSS, CHANNEL_RADEMACHER,
    CHANNEL_SPARSE_RADEMACHER
};

struct channel {
    enum channel_prior prior;
    double rho; /* weight of what is not 0; 0 < rho <= 1 */
};

/* <x^2> of the prior. */
double channel_power(struct channel channel);

/* Least mean square error <(x - <x>)^2> at noise variance S > 0. */
double channel_mmse(struct channel channel, double S);

/* What is known of x, <<x>^2>: the rest of <x^2>; to all digits where that is
   little (of Bernoulli-Gauss by the difference). */
double channel_known(struct channel channel, double S);

/* Mutual information of x and r, nats. */
double channel_information(struct channel channel, double S);

/* Posterior means of count numbers r at noise variance S; the average of
   their posterior variances, summed in order. mean may be r. */
double channel_denoise(struct channel channel, double S, int64_t count,
                       const double *r, double *mean);

#endif

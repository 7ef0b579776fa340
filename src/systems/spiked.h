/* A rank-one matrix in noise, Y = sqrt(lambda/N) x x' + W, W symmetric of
   variance 1 (2 on the diagonal), and Bayes-optimal message passing for x
   (Lesieur, Krzakala, Zdeborova 2017):
     field = sqrt(lambda/N) Y xhat - lambda <variance> xhat_old,
   xhat' and <variance> those of the scalar channel of signal-to-noise ratio
   gamma = lambda |xhat|^2/N at r = field/gamma. */
#ifndef TEMPERA_SYSTEMS_SPIKED_H
#define TEMPERA_SYSTEMS_SPIKED_H
#include "stat/channel.h"
#include "systems/operator.h"

struct spiked {
    double lambda;
    struct channel prior;
    uint64_t seed;
    int instance;
    int64_t N;
    struct normal_matrix Y;
    double *x, *xhat, *old, *field; /* [N], owned */
    double variance;
};

struct spiked spiked_new(double lambda, struct channel prior, uint64_t seed,
                         int instance, int64_t N);
void spiked_free(struct spiked *spiked);

/* SPECTRAL: the top eigenvector with the overlap that it has as N grows, 1 -
   1/lambda squared, and its memory: a fixed point for Gaussian components.
   Where lambda <= 1, and RANDOM: normal numbers of variance 1/N. INFORMED: x.
   Returns the top eigenvalue of Y/sqrt(N) if it was looked for, else NAN. */
enum spiked_start { SPIKED_SPECTRAL, SPIKED_RANDOM, SPIKED_INFORMED };
double spiked_begin(struct spiked *spiked, enum spiked_start start);

void spiked_step(struct spiked *spiked);

/* a.b/N */
double spiked_mean(const struct spiked *spiked, const double *a,
                   const double *b);

#endif

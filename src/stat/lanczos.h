/* Symmetric matrices A that are known by their products with vectors: the
   ends of the spectrum, the trace, the density of eigenvalues.

   Lanczos' method with full reorthogonalisation; trace by Hutchinson's (Commun.
   Stat. Simul. Comput. 19, 433 (1990)): the mean of s.A s over vectors s of
   random signs; density by the Gauss quadrature that Lanczos' method from s
   gives (Ubaru, Chen, Saad, SIAM J. Matrix Anal. Appl. 38, 1075 (2017)).
   Vectors are made from a seed: results are functions of A and the seed. */
#ifndef TEMPERA_STAT_LANCZOS_H
#define TEMPERA_STAT_LANCZOS_H
#include <stdbool.h>
#include <stdint.h>

struct symmetric {
    int64_t size;
    void (*times)(void *context, const double *v, double *out);
    void *context;
};

/* All eigenvalues, ascending, by `size` products: for small matrices. */
void symmetric_spectrum(const struct symmetric *matrix, double *value);

struct ritz {
    double value;
    double residual; /* |A y - value y|, |y| = 1: an eigenvalue is no farther */
};

struct lanczos_wanted {
    int top, bottom;  /* so many largest, smallest eigenvalues; <= size */
    double tolerance; /* of residuals, in units of the largest |eigenvalue| */
    int steps;        /* at most: products */
    uint64_t seed;
};

/* top[] descending, bottom[] ascending. *steps: done. false: stopped before the
   residuals are small. Equal eigenvalues of a matrix of more than two or three
   different ones may be counted once. */
bool lanczos_ends(const struct symmetric *matrix,
                  const struct lanczos_wanted *wanted, struct ritz *top,
                  struct ritz *bottom, int *steps);

/* Nodes and weights, of sum 1, of the density of eigenvalues as probe number
   `probe` sees it; returns how many, at most `steps`. trace = s.A s. */
int lanczos_quadrature(const struct symmetric *matrix, uint64_t seed,
                       int probe, int steps, double *node, double *weight,
                       double *trace);

/* Mean of s.A s of `probes` vectors and its standard error (NAN of one).
   With as many probes as the matrix has rows: exact, error 0. */
double hutchinson(const struct symmetric *matrix, uint64_t seed, int probes,
                  double *error);

#endif

/* The largest eigenvalue of a symmetric matrix with its eigenvector, and linear
   equations next to it: what derivatives of an eigenvalue take. For matrices
   known by their products with vectors (stat/lanczos.h). */
#ifndef TEMPERA_STAT_LEADING_H
#define TEMPERA_STAT_LEADING_H
#include "stat/lanczos.h"

struct leading {
    double value;
    double residual; /* |A v - value v| */
    bool found;      /* residual <= tolerance * value */
};

/* v: a start, not 0; then the eigenvector, of length 1. Lanczos' method,
   restarted from the best vector so far: at least one cycle, at most `most`. v
   stays in the symmetry class of the start up to rounding; the matrix need be
   symmetric only there. */
struct leading leading_pair(const struct symmetric *matrix, double *v,
                            double tolerance, int most);

/* (shift - A) x = b orthogonal to v, by conjugate gradients from x, where A has
   the eigenvector v, |v| = 1, and no eigenvalue above shift but its own.
   false: the residual is above tolerance |b| after `most` products. */
bool leading_solve(const struct symmetric *matrix, double shift,
                   const double *v, const double *b, double *x,
                   double tolerance, int most);

#endif

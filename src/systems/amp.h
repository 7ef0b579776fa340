/* Approximate message passing for y = A x + w, A of iid normal entries of
   variance 1/n, n rows and N columns, delta = n/N (Donoho, Maleki, Montanari
   2009, eq. 1, 2):
     r = x + A' z,  x' = eta(r; S),  S = |z|^2/n,
     z' = y - A x' + (1/delta) <eta'(r; S)> z.
   r is the signal in normal noise of variance S, which as N grows follows
   state evolution, S' = noise + mse(S)/delta. */
#ifndef TEMPERA_SYSTEMS_AMP_H
#define TEMPERA_SYSTEMS_AMP_H
#include "systems/operator.h"

/* mean[count] = eta(r; S); returns the average of its derivative. */
typedef double amp_denoise_fn(const void *with, double S, int64_t count,
                              const double *r, double *mean);

/* Zero-initialise but map, y and denoise. */
struct amp {
    struct linear_map map;
    const double *y;         /* [rows], borrowed */
    amp_denoise_fn *denoise;
    const void *with;
    double damping;          /* share of the old x and z that is kept */
    double *x, *z, *r, *out; /* owned: signal, residual, scratch */
    double S, slope;         /* of the last step */
};

/* At x = 0, or at a copy of start if it is not NULL. */
void amp_begin(struct amp *amp, const double *start);
/* One iteration. When the residual vanishes nothing happens. */
void amp_step(struct amp *amp);
void amp_end(struct amp *amp); /* frees */

/* |x - truth|^2 / N */
double amp_mse(const struct amp *amp, const double *truth);

/* <(a - b)^2>, added up in order. */
double mean_square_apart(const double *a, const double *b, int64_t count);

#endif

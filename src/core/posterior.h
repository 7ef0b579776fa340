/* The normal law of real weights under a quadratic loss with a normal or flat
   prior: precision A = beta (H + l2) + 1/s^2 + kappa, mean A^-1 (beta b +
   kappa w*). */
#ifndef TEMPERA_CORE_POSTERIOR_H
#define TEMPERA_CORE_POSTERIOR_H
#include <gsl/gsl_matrix.h>

#include "core/weights.h"

struct posterior {
    int n;
    gsl_matrix *covariance; /* A^-1 */
    double *precision;      /* [n] the diagonal of A */
    double *mean;           /* [n] */
    double ln_det;          /* of A */
    double ln_z;
};

/* NULL when a system has such a law; else why not (static text). */
const char *posterior_refuses(const struct system *system);

struct posterior posterior_new(const struct system *system);
void posterior_release(struct posterior *posterior);

/* Of one sample. false: A is not positive, there is no such law. */
bool posterior_take(struct posterior *posterior, const struct system *system,
                    int sample, double beta, double kappa);

#endif

/* Multistate Bennett acceptance ratio for p_k ~ exp(-lambda_k . u), with
   errors that know autocorrelation.

   M. Shirts, J. Chodera, J. Chem. Phys. 129 (2008) 124105 for the estimator;
   the influence series is the implicit function theorem on its equations
   (doc/estimators.md). N_k samples of rung k, all samples pooled:

       w_k(n) = exp(f_k - lambda_k . u_n) / D(u_n)
       D(u) = sum_j N_j exp(f_j - lambda_j . u)
       sum_n w_k(n) = 1 for every k,     f_0 = 0,     ln Z_k = -f_k

   Influence series are [bins][rungs] with bins = rows / bin (see gamma.h for
   bins), scaled such that gamma_estimate of a column is the estimate's
   error. */
#ifndef TEMPERA_STAT_MBAR_H
#define TEMPERA_STAT_MBAR_H
#include <stdbool.h>
#include <stdint.h>

#include "stat/mbar_points.h"

/* The solution. Fewer than MBAR_BRIDGE samples on an edge: `ok` is false,
   the rungs on its two sides share nothing that could be weighed. */
struct mbar {
    bool ok;         /* converged, and every edge bridged */
    bool converged;
    int iterations;
    double *ln_z;    /* [rungs] ln Z_k - ln Z_0 */
    /* bridge[e] = sum_n q_n (1 - q_n), q_n the probability that sample n
       belongs to rungs 0..e rather than e+1..: how many samples could be
       from either side. The squared error of ln Z across the edge is near
       1 / bridge for independent samples (Bennett 1976). */
    double *bridge;  /* [rungs - 1] */
    int weakest;     /* edge with the smallest bridge; -1 for one rung */

    /* private */
    const struct mbar_points *points;
    int rungs;
    double *lambda;  /* [rungs][K] */
    double *samples; /* [rungs] N_k */
    double *ln_n;    /* [rungs] ln N_k */
    double *ln_d;    /* [P] ln D */
    double *factor;  /* [rungs-1][rungs-1] Cholesky factor of H */
    bool regular;    /* factor exists */
    int64_t *start;  /* [P+1] p_k(n) = N_k w_k(n), where not negligible, is */
    int32_t *first;  /* [P]   p[start[n] + k - first[n]] */
    double *p;
};

#define MBAR_BRIDGE 1.0

/* lambda[rungs][K]; samples[rungs] > 0 (NULL: equal numbers); guess[rungs]
   of ln Z (NULL: zeros; TI makes a good one). Points are borrowed and must
   outlive the solution. Newton's method guarded by the convex objective,
   falling back to self-consistent iteration; to 1e-12 of max(1, |ln Z|).
   Never hangs, never NaN: without overlap `ok` is false and every influence
   series is infinite. Cost per iteration P rungs^2 at worst. */
struct mbar *mbar_solve(const struct mbar_points *points, int rungs,
                        const double *lambda, const double *samples,
                        const double *guess);
void mbar_free(struct mbar *mbar);

/* x[rungs - 1] becomes H^-1 x (rungs 1..): for the influence series. */
void mbar_apply(const struct mbar *mbar, double *x);

/* Influence of ln_z; column 0 is zero. */
void mbar_influence(const struct mbar *mbar, int64_t bin, double *ln_z);

/* Mean and variance at each rung, all samples reweighted to it, of a
   function a[P] of the point. The influence series may both be NULL; else
   ln_z is the result of mbar_influence with the same bin.
   lambda^2 variance of u is the specific heat (K = 1). */
struct mbar_moments {
    double *mean, *variance;                       /* [rungs] */
    double *mean_influence, *variance_influence;   /* [bins][rungs] */
};
void mbar_moments(const struct mbar *mbar, const double *a, int64_t bin,
                  const double *ln_z, const struct mbar_moments *out);

#endif

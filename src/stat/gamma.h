/* The one mechanism behind every error bar.

   A run is one joint time series of T rows; a row holds what was measured at
   one instant on every copy and rung. An estimate is a function of the whole
   series. Linearised, its deviation from the truth is the mean over t of an
   influence series phi[t] (for a mean: phi[t] = x[t] - mean). The error of
   the estimate is therefore the error of the mean of phi, and that is what
   gamma_estimate gives, correlations in time included. Influence series of
   several estimates of one run may be added and scaled: the error of a
   difference or a sum is that of the combined series, and what the
   estimates share cancels as it should. An influence series may have any
   mean.

   Method: U. Wolff, Comput. Phys. Commun. 156 (2004) 143, hep-lat/0306017;
   doc/estimators.md has the equations. */
#ifndef TEMPERA_STAT_GAMMA_H
#define TEMPERA_STAT_GAMMA_H
#include <stdint.h>

/* u (or another vector) of a run as it lies in memory: component k of rung r
   in copy c at row t is
       at[t * row_stride + c * copy_stride + r * components + k]
   with strides in doubles. Borrowed, never changed. */
struct series_view {
    const double *at;
    int64_t rows;
    int copies, rungs, components;
    int64_t row_stride, copy_stride;
};

struct gamma {
    double mean;
    double error;   /* one sigma, 68.27 %; Student's factor included when
                       dof < STUDENT_DOF */
    double tau_int; /* in rows: 1/2 + sum of rho(t); 1/2 for white noise */
    double n_eff;   /* rows / (2 tau_int) */
    int64_t window; /* last lag summed */
    double dof;     /* rows / (2 window + 1), or pieces as independent as
                       that: the relative variance of error^2 is 2 / dof */
};

struct gamma_plan; /* transforms and scratch for series of one length */

/* rows >= 1. Like FFTW's planner not to be called by two threads at once; a
   plan serves one thread at a time. Results do not depend on the number of
   threads (FFTW_ESTIMATE, one thread). */
struct gamma_plan *gamma_plan_new(int64_t rows);
void gamma_plan_free(struct gamma_plan *plan);

/* The estimate from series[0], series[stride], ... (plan's rows of them).
   Constant series: error 0, tau_int 1/2, n_eff = rows. One row: error
   infinite, tau_int 1/2, n_eff 1. A series with a value that is not finite:
   that as mean, error infinite, n_eff 0. */
struct gamma gamma_estimate(struct gamma_plan *plan, const double *series,
                            int64_t stride);

/* rho[0..lags]: normalised autocorrelation, rho[0] = 1; 0 from lag `rows` on
   and for constant series. Not corrected for the bias of the mean. */
void gamma_autocorrelation(struct gamma_plan *plan, const double *series,
                           int64_t stride, int64_t lags, double *rho);

/* Bins. Influence series of long runs are stored as means over bins of
   consecutive rows. The gamma method then runs on the bins: correlations
   between bins are summed like those between rows, so bins much shorter than
   tau are as right as bins much longer. tau_int is then in bins; times the
   bin it is in rows, but never much below bin / 2 (n_eff never much above
   the number of bins). Rows after the last whole bin count in estimates,
   not in errors: less than one part in 4096. */
enum { GAMMA_BINS_MAX = 8192 };

/* Smallest bin length that leaves at most GAMMA_BINS_MAX bins. */
int64_t gamma_bin(int64_t rows);

/* means[rows / bin] of series[0], series[stride], ... */
void gamma_bin_means(const double *series, int64_t stride, int64_t rows,
                     int64_t bin, double *means);

#endif

#include "stat/gamma.h"

#include <assert.h>
#include <fftw3.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "stat/student.h"

struct gamma_plan {
    int64_t rows;
    int length;      /* transform size, >= 2 rows: no lag wraps around */
    double *buffer;  /* in place: deviations, spectrum, autocovariance */
    fftw_plan forward, backward;
};

/* Ratio of the assumed exponential to the integrated autocorrelation time;
   Wolff's S. */
static const double STRETCH = 1.5;

/* Smallest 2^a 3^b 5^c >= least, which FFTW likes. */
static int smooth_length(int64_t least)
{
    for (int64_t n = least;; n++) {
        int64_t rest = n;
        while (rest % 2 == 0)
            rest /= 2;
        while (rest % 3 == 0)
            rest /= 3;
        while (rest % 5 == 0)
            rest /= 5;
        if (rest == 1)
            return (int)n;
    }
}

struct gamma_plan *gamma_plan_new(int64_t rows)
{
    assert(rows >= 1 && rows < INT32_MAX / 4);
    struct gamma_plan *plan = mem_new(1, sizeof *plan);
    plan->rows = rows;
    plan->length = smooth_length(2 * rows);
    size_t values = 2 * ((size_t)plan->length / 2 + 1);
    plan->buffer = mem_new(values, sizeof *plan->buffer);
    fftw_complex *spectrum = (fftw_complex *)plan->buffer;
    plan->forward = fftw_plan_dft_r2c_1d(plan->length, plan->buffer,
                                         spectrum, FFTW_ESTIMATE);
    plan->backward = fftw_plan_dft_c2r_1d(plan->length, spectrum,
                                          plan->buffer, FFTW_ESTIMATE);
    return plan;
}

void gamma_plan_free(struct gamma_plan *plan)
{
    if (!plan)
        return;
    fftw_destroy_plan(plan->forward);
    fftw_destroy_plan(plan->backward);
    free(plan->buffer);
    free(plan);
}

/* Mean; deviations go to the buffer. Sums are taken from the first value, so
   that a constant series has deviations of exactly 0. */
static double deviations(struct gamma_plan *plan, const double *series,
                         int64_t stride)
{
    double sum = 0;
    for (int64_t t = 0; t < plan->rows; t++)
        sum += series[t * stride] - series[0];
    double shift = sum / (double)plan->rows;
    for (int64_t t = 0; t < plan->rows; t++)
        plan->buffer[t] = series[t * stride] - series[0] - shift;
    size_t tail = (size_t)(plan->length - plan->rows);
    memset(plan->buffer + plan->rows, 0, tail * sizeof *plan->buffer);
    return series[0] + shift;
}

static double mean_square(const struct gamma_plan *plan)
{
    double sum = 0;
    for (int64_t t = 0; t < plan->rows; t++)
        sum += plan->buffer[t] * plan->buffer[t];
    return sum / (double)plan->rows;
}

/* Deviations in the buffer become autocovariances of lags 0 .. rows-1:
   (1 / (rows-t)) sum_i d_i d_{i+t}. */
static void autocovariance(struct gamma_plan *plan)
{
    fftw_execute(plan->forward);
    int modes = plan->length / 2 + 1;
    double *spectrum = plan->buffer;
    for (int i = 0; i < modes; i++) {
        double re = spectrum[2 * i], im = spectrum[2 * i + 1];
        spectrum[2 * i] = re * re + im * im;
        spectrum[2 * i + 1] = 0;
    }
    fftw_execute(plan->backward);
    for (int64_t t = 0; t < plan->rows; t++)
        plan->buffer[t] /= (double)plan->length * (double)(plan->rows - t);
}

/* The lag after which the sum stops: where the systematic error of stopping,
   exp(-W/tau), falls below the statistical error of going on (Wolff, section
   3.3). */
static int64_t choose_window(const double *covariance, int64_t rows)
{
    double tau_int = 0.5;
    for (int64_t w = 1; w < rows / 2; w++) {
        tau_int += covariance[w] / covariance[0];
        if (tau_int <= 0.5)
            return w;
        double tau = STRETCH / log((2 * tau_int + 1) / (2 * tau_int - 1));
        if (exp(-(double)w / tau) < tau / sqrt((double)w * (double)rows))
            return w;
    }
    return rows / 2;
}

/* Autocovariances of the means of neighbouring pairs, in place. */
static void pair_up(double *covariance, int64_t *rows)
{
    *rows /= 2;
    covariance[0] = (covariance[0] + covariance[1]) / 2;
    for (int64_t t = 1; t < *rows; t++)
        covariance[t] = (covariance[2 * t - 1] + 2 * covariance[2 * t] +
                         covariance[2 * t + 1]) / 4;
}

/* What means of blocks, 32 to the series, say: the sum with a triangular window
   as long as a block. A slow mode of little weight (rare visits to another
   minimum) escapes a window that follows the fast ones; it is taken up where
   blocks vary more than the window's sum by three of their standard errors,
   which noise does once in 700. */
enum { BLOCKS = 32, BLOCK_LEAST = 8 };

static void take_up_slow(const double *covariance, int64_t rows, double *sum,
                   int64_t *window)
{
    int64_t block = rows / BLOCKS;
    double all = covariance[0], full = covariance[0];
    double relative = sqrt(4.0 / (3 * BLOCKS));
    if (block < BLOCK_LEAST || *window >= block)
        return;
    for (int64_t t = 1; t < block; t++) {
        all += 2 * covariance[t] * (1 - (double)t / (double)block);
        full += 2 * covariance[t];
    }
    if (!(all > *sum * (1 + 3 * relative)))
        return;
    *sum = full > all ? full : all; /* the mode may be as slow as a block */
    *window = block - 1;
}

/* Squared error of the mean from the autocovariance in the buffer: the sum
   over all lags over the rows, corrected for the bias of subtracting the
   sample's own mean. Where neighbours are anticorrelated by more than noise
   the sum would be a small difference of large terms: rows are then paired,
   which changes neither the mean nor its error (unless nothing is left: a
   series that merely alternates gets the naive error). */
static double sum_lags(struct gamma_plan *plan, struct gamma *gamma)
{
    double *covariance = plan->buffer, variance = covariance[0];
    int64_t rows = plan->rows;
    while (rows >= 8 &&
           covariance[1] * sqrt((double)rows) < -covariance[0] &&
           covariance[0] + covariance[1] > 1e-6 * variance)
        pair_up(covariance, &rows);
    int64_t window = choose_window(covariance, rows);
    double sum = covariance[0];
    for (int64_t t = 1; t <= window; t++)
        sum += 2 * covariance[t];
    if (!(sum > 0)) { /* noise has eaten it: the safe side */
        window = 0;
        sum = covariance[0];
    }
    take_up_slow(covariance, rows, &sum, &window);
    double lags = 2 * (double)window + 1, count = (double)rows;
    double squared = sum * (1 + lags / count) / count;
    variance += sum / count;
    gamma->tau_int = squared * (double)plan->rows / (2 * variance);
    gamma->window = window * (plan->rows / rows);
    gamma->dof = count / lags;
    return squared;
}

struct gamma gamma_estimate(struct gamma_plan *plan, const double *series,
                            int64_t stride)
{
    double rows = (double)plan->rows;
    struct gamma gamma = {.tau_int = 0.5, .n_eff = rows, .dof = rows};
    gamma.mean = deviations(plan, series, stride);
    double variance = mean_square(plan);
    if (!isfinite(variance)) {
        gamma.error = INFINITY;
        gamma.n_eff = 0;
    } else if (plan->rows == 1) {
        gamma.error = INFINITY;
    } else if (variance > 0) {
        autocovariance(plan);
        gamma.error = sqrt(sum_lags(plan, &gamma));
        gamma.n_eff = rows / (2 * gamma.tau_int);
        if (gamma.dof < STUDENT_DOF)
            gamma.error *= student_factor(gamma.dof);
    }
    return gamma;
}

void gamma_autocorrelation(struct gamma_plan *plan, const double *series,
                           int64_t stride, int64_t lags, double *rho)
{
    deviations(plan, series, stride);
    bool varies = mean_square(plan) > 0;
    if (varies)
        autocovariance(plan);
    for (int64_t t = 0; t <= lags; t++)
        rho[t] = varies && t < plan->rows
                     ? plan->buffer[t] / plan->buffer[0] : 0;
    rho[0] = 1;
}

int64_t gamma_bin(int64_t rows)
{
    return rows > 0 ? (rows + GAMMA_BINS_MAX - 1) / GAMMA_BINS_MAX : 1;
}

void gamma_bin_means(const double *series, int64_t stride, int64_t rows,
                     int64_t bin, double *means)
{
    for (int64_t b = 0; b < rows / bin; b++) {
        double sum = 0;
        for (int64_t t = b * bin; t < (b + 1) * bin; t++)
            sum += series[t * stride];
        means[b] = sum / (double)bin;
    }
}

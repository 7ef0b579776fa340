#include "stat/mbar.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"

static void fill(double *x, int64_t count, double value)
{
    for (int64_t i = 0; i < count; i++)
        x[i] = value;
}

/* Where sample n counts: p[0..width) of rungs first... */
struct band { int64_t first, width; const double *p; };

static struct band band_of(const struct mbar *m, int64_t n)
{
    return (struct band){.first = m->first[n],
                         .width = m->start[n + 1] - m->start[n],
                         .p = m->p + m->start[n]};
}

/* T times H^-1 (sum of p_k over the bin's samples - expected), per row. */
static void bin_influence(const struct mbar *m, int64_t bin, int64_t b,
                          double *psi)
{
    const struct mbar_points *points = m->points;
    double scale = (double)points->rows / (double)bin;
    int64_t per_bin = bin * points->per_row;
    for (int64_t s = b * per_bin; s < (b + 1) * per_bin; s++) {
        struct band band = band_of(m, points->index[s]);
        for (int64_t i = 0; i < band.width; i++)
            psi[band.first + i] += band.p[i];
    }
    for (int k = 0; k < m->rungs; k++)
        psi[k] = scale * psi[k] - m->samples[k];
    mbar_apply(m, psi + 1);
    psi[0] = 0;
}

void mbar_influence(const struct mbar *m, int64_t bin, double *ln_z)
{
    int64_t bins = m->points->rows / bin;
    fill(ln_z, bins * m->rungs, m->ok ? 0 : INFINITY);
    for (int64_t b = 0; b < bins; b++) {
        ln_z[b * m->rungs] = 0;
        if (m->ok)
            bin_influence(m, bin, b, ln_z + b * m->rungs);
    }
}

/* sum_n w_k(n) a(n); from a[0], to keep digits. */
static void find_mean(const struct mbar *m, const double *a, double *mean)
{
    fill(mean, m->rungs, a[0]);
    for (int64_t n = 0; n < m->points->count; n++) {
        struct band band = band_of(m, n);
        double weight = m->points->weight[n];
        for (int64_t i = 0, k = band.first; i < band.width; i++, k++)
            mean[k] += weight * band.p[i] / m->samples[k] * (a[n] - a[0]);
    }
}

static void find_variance(const struct mbar *m, const double *a,
                          const double *mean, double *variance)
{
    fill(variance, m->rungs, 0);
    for (int64_t n = 0; n < m->points->count; n++) {
        struct band band = band_of(m, n);
        double weight = m->points->weight[n];
        for (int64_t i = 0, k = band.first; i < band.width; i++, k++) {
            double d = a[n] - mean[k];
            variance[k] += weight * band.p[i] / m->samples[k] * d * d;
        }
    }
}

/* d moment_k / d ln Z_l = sum_n w_k p_l x_k, where x = a - mean for the mean
   and (a - mean)^2 - variance for the variance (the variance does not change
   to first order when its mean does). */
struct slopes { double *mean, *variance; /* [rungs][rungs] */ };

static void find_slopes(const struct mbar *m, const double *a,
                        const struct mbar_moments *out,
                        const struct slopes *slopes)
{
    for (int64_t n = 0; n < m->points->count; n++) {
        struct band band = band_of(m, n);
        for (int64_t i = 0, k = band.first; i < band.width; i++, k++) {
            double w = m->points->weight[n] * band.p[i] / m->samples[k];
            double d = a[n] - out->mean[k];
            double dd = d * d - out->variance[k];
            double *mean = slopes->mean + k * m->rungs + band.first;
            double *variance = slopes->variance + k * m->rungs + band.first;
            for (int64_t j = 0; j < band.width; j++) {
                mean[j] += w * d * band.p[j];
                variance[j] += w * dd * band.p[j];
            }
        }
    }
}

/* Of one bin: its samples' own deviations, then what its influence on ln Z
   does to all weights. */
static void bin_moments(const struct mbar *m, const double *a, int64_t bin,
                        int64_t b, const double *ln_z,
                        const struct slopes *slopes,
                        const struct mbar_moments *out)
{
    double *mean = out->mean_influence + b * m->rungs;
    double *variance = out->variance_influence + b * m->rungs;
    double scale = (double)m->points->rows / (double)bin;
    int64_t per_bin = bin * m->points->per_row;
    for (int64_t s = b * per_bin; s < (b + 1) * per_bin; s++) {
        int32_t n = m->points->index[s];
        struct band band = band_of(m, n);
        for (int64_t i = 0, k = band.first; i < band.width; i++, k++) {
            double w = scale * band.p[i] / m->samples[k];
            double d = a[n] - out->mean[k];
            mean[k] += w * d;
            variance[k] += w * (d * d - out->variance[k]);
        }
    }
    for (int64_t k = 0, at = 0; k < m->rungs; k++)
        for (int64_t l = 0; l < m->rungs; l++, at++) {
            mean[k] += slopes->mean[at] * ln_z[b * m->rungs + l];
            variance[k] += slopes->variance[at] * ln_z[b * m->rungs + l];
        }
}

void mbar_moments(const struct mbar *m, const double *a, int64_t bin,
                  const double *ln_z, const struct mbar_moments *out)
{
    find_mean(m, a, out->mean);
    find_variance(m, a, out->mean, out->variance);
    if (!out->mean_influence)
        return;
    int64_t bins = m->points->rows / bin;
    size_t square = (size_t)m->rungs * (size_t)m->rungs;
    fill(out->mean_influence, bins * m->rungs, m->ok ? 0 : INFINITY);
    fill(out->variance_influence, bins * m->rungs, m->ok ? 0 : INFINITY);
    struct slopes slopes = {.mean = mem_new(square, sizeof(double)),
                            .variance = mem_new(square, sizeof(double))};
    if (m->ok)
        find_slopes(m, a, out, &slopes);
    for (int64_t b = 0; m->ok && b < bins; b++)
        bin_moments(m, a, bin, b, ln_z, &slopes, out);
    free(slopes.mean);
    free(slopes.variance);
}

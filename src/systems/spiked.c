#include "systems/spiked.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/loops.h"
#include "systems/signal.h"

struct spiked spiked_new(double lambda, struct channel prior, uint64_t seed,
                         int instance, int64_t N)
{
    bool normal = prior.prior == CHANNEL_GAUSSIAN;
    struct signal_law law = {prior.rho, normal ? 0 : 1 / sqrt(prior.rho),
                             false};
    size_t n = (size_t)N;
    struct spiked s = {.lambda = lambda, .prior = prior, .seed = seed,
                       .instance = instance, .N = N,
                       .Y = normal_matrix_symmetric(seed, instance, N),
                       .x = signal_draw(law, seed, instance, N),
                       .xhat = mem_new(n, sizeof(double)),
                       .old = mem_new(n, sizeof(double)),
                       .field = mem_new(n, sizeof(double))};
    double scale = sqrt(lambda / (double)N);
#pragma omp parallel for
    for (int64_t i = 0; i < N; i++)
        for (int64_t j = 0; j < N; j++)
            s.Y.at[i * N + j] += scale * s.x[i] * s.x[j];
    return s;
}

void spiked_free(struct spiked *spiked)
{
    normal_matrix_free(&spiked->Y);
    free(spiked->x);
    free(spiked->xhat);
    free(spiked->old);
    free(spiked->field);
}

double spiked_mean(const struct spiked *spiked, const double *a,
                   const double *b)
{
    return loops_best()->dot(a, b, spiked->N) / (double)spiked->N;
}

/* v becomes the top eigenvector of M = Y/sqrt(N), of length sqrt(N); its
   eigenvalue. v' = M v - v_old grows by sqrt(lambda) a step along it, and not
   along the bulk (Chebyshev's polynomials). At most 400 steps. */
static double top_eigenvector(const struct spiked *s, double *v)
{
    struct linear_map map = normal_matrix_map(&s->Y);
    size_t n = (size_t)s->N;
    double *old = mem_new(n, sizeof *old), *next = mem_new(n, sizeof *next);
    double root = sqrt((double)s->N), value = 0, apart = 1;
    for (int t = 0; t < 400 && apart > 1e-9; t++) {
        double length = spiked_mean(s, v, v), sum = 0;
        map.times(map.with, v, next);
        value = spiked_mean(s, v, next) / root / length;
        for (size_t i = 0; i < n; i++) {
            double product = next[i] / root, off = product - value * v[i];
            sum += off * off;
            next[i] = product - old[i];
        }
        apart = sqrt(sum / (double)s->N / length);
        double scale = 1 / sqrt(spiked_mean(s, next, next));
        for (size_t i = 0; i < n; i++) {
            old[i] = v[i] * scale;
            v[i] = next[i] * scale;
        }
    }
    free(old);
    free(next);
    return value;
}

double spiked_begin(struct spiked *spiked, enum spiked_start start)
{
    struct spiked *s = spiked;
    double q = 1 - 1 / s->lambda, value = NAN, size = 1 / sqrt((double)s->N);
    size_t bytes = (size_t)s->N * sizeof(double);
    double *noise = signal_noise(s->seed, s->instance, INSTANCE_START, s->N,
                                 1);
    bool spectral = start == SPIKED_SPECTRAL && q > 0;
    if (spectral) {
        value = top_eigenvector(s, noise);
        size = sqrt(q);
    }
    for (int64_t i = 0; i < s->N; i++)
        s->xhat[i] = start == SPIKED_INFORMED ? s->x[i] : size * noise[i];
    memset(s->old, 0, bytes);
    if (spectral)
        memcpy(s->old, s->xhat, bytes);
    s->variance = spectral ? 1 / s->lambda : 0; /* of Gaussian components */
    free(noise);
    return value;
}

void spiked_step(struct spiked *spiked)
{
    struct spiked *s = spiked;
    struct linear_map map = normal_matrix_map(&s->Y);
    double scale = sqrt(s->lambda / (double)s->N);
    double gamma = s->lambda * spiked_mean(s, s->xhat, s->xhat);
    if (!(gamma > 0)) { /* nothing is known */
        memset(s->xhat, 0, (size_t)s->N * sizeof(double));
        s->variance = channel_power(s->prior);
        return;
    }
    map.times(map.with, s->xhat, s->field);
    for (int64_t i = 0; i < s->N; i++) {
        double field = scale * s->field[i] -
                       s->lambda * s->variance * s->old[i];
        s->old[i] = s->xhat[i];
        s->field[i] = field / gamma;
    }
    s->variance = channel_denoise(s->prior, 1 / gamma, s->N, s->field,
                                  s->xhat);
}

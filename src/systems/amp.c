#include "systems/amp.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/loops.h"

void amp_begin(struct amp *amp, const double *start)
{
    int64_t n = amp->map.rows, N = amp->map.columns;
    amp->x = mem_new((size_t)N, sizeof(double));
    amp->z = mem_new((size_t)n, sizeof(double));
    amp->r = mem_new((size_t)N, sizeof(double));
    amp->out = mem_new((size_t)n, sizeof(double));
    amp->S = amp->slope = 0;
    if (start)
        memcpy(amp->x, start, (size_t)N * sizeof(double));
    amp->map.times(amp->map.with, amp->x, amp->out);
    for (int64_t i = 0; i < n; i++)
        amp->z[i] = amp->y[i] - amp->out[i];
}

void amp_step(struct amp *amp)
{
    int64_t n = amp->map.rows, N = amp->map.columns;
    double keep = amp->damping, take = 1 - keep;
    double S = loops_best()->dot(amp->z, amp->z, n) / (double)n;
    if (!(S > 0))
        return;
    amp->S = S;
    amp->map.back(amp->map.with, amp->z, amp->r);
    for (int64_t j = 0; j < N; j++)
        amp->r[j] += amp->x[j];
    amp->slope = amp->denoise(amp->with, S, N, amp->r, amp->r);
    for (int64_t j = 0; j < N; j++)
        amp->x[j] = take * amp->r[j] + keep * amp->x[j];
    amp->map.times(amp->map.with, amp->x, amp->out);
    double onsager = amp->slope * (double)N / (double)n;
    for (int64_t i = 0; i < n; i++)
        amp->z[i] = take * (amp->y[i] - amp->out[i] + onsager * amp->z[i]) +
                    keep * amp->z[i];
}

void amp_end(struct amp *amp)
{
    free(amp->x);
    free(amp->z);
    free(amp->r);
    free(amp->out);
}

double mean_square_apart(const double *a, const double *b, int64_t count)
{
    double sum = 0;
    for (int64_t i = 0; i < count; i++)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum / (double)count;
}

double amp_mse(const struct amp *amp, const double *truth)
{
    return mean_square_apart(amp->x, truth, amp->map.columns);
}

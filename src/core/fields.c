#include "core/fields.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"

int fields_modes(const struct system *system)
{
    return spectrum_modes(system->spectrum);
}

int fields_distances(const struct system *system)
{
    return spectrum_distances(system->spectrum);
}

void fields_structure(const struct system *system, int sample,
                      const void *state, double *out)
{
    (void)sample;
    spectrum_power(system->spectrum, state, out);
}

void fields_correlation(const struct system *system, int sample,
                        const void *state, double *out)
{
    (void)sample;
    spectrum_correlation(system->spectrum, state, out);
}

static int8_t *overlap_field(const struct system *system, const int8_t *a,
                             const int8_t *b)
{
    int8_t *q = mem_new((size_t)system->sites, 1);
    for (int64_t i = 0; i < system->sites; i++)
        q[i] = (int8_t)(a[i] * b[i]);
    return q;
}

void fields_overlap_structure(const struct system *system, int sample,
                              const void *a, const void *b, double *out)
{
    int8_t *q = overlap_field(system, a, b);
    (void)sample;
    spectrum_power(system->spectrum, q, out);
    free(q);
}

void fields_overlap_correlation(const struct system *system, int sample,
                                const void *a, const void *b, double *out)
{
    int8_t *q = overlap_field(system, a, b);
    (void)sample;
    spectrum_correlation(system->spectrum, q, out);
    free(q);
}

double fields_length(const struct system *system, const double *lambda,
                     const double *means)
{
    double half = spectrum_wave(system->spectrum, 1) / 2;
    (void)lambda;
    return sqrt(means[0] / means[1] - 1) / (2 * sin(half));
}

double fields_length_ratio(const struct system *system, const double *lambda,
                           const double *means)
{
    return fields_length(system, lambda, means) /
           (double)spectrum_length(system->spectrum);
}

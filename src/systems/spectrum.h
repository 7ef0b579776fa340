/* Fourier transforms of a field of integers on a lattice, along its longest
   axes (all of equal size L; shorter axes are summed over). By FFTW, real to
   complex, FFTW_ESTIMATE: the plans are made once, and what is computed
   depends on nothing but the field. Several threads may use one spectrum at
   once. */
#ifndef TEMPERA_SYSTEMS_SPECTRUM_H
#define TEMPERA_SYSTEMS_SPECTRUM_H
#include "systems/lattice.h"

struct spectrum;

/* Not to be called by two threads at once, like FFTW's planner. */
struct spectrum *spectrum_new(const struct lattice *lattice);
void spectrum_free(struct spectrum *spectrum);

int64_t spectrum_length(const struct spectrum *spectrum); /* L */
/* 2 pi n / L */
double spectrum_wave(const struct spectrum *spectrum, int n);

/* n = 0 ... L/2 */
int spectrum_modes(const struct spectrum *spectrum);
/* out[n] = |sum_x f_x exp(i k x)|^2 / sites, k = 2 pi n / L along an axis;
   mean over the longest axes. out[0] is exact. */
void spectrum_power(const struct spectrum *spectrum, const int8_t *field,
                    double *out);

/* r = 0 ... L/2; to L - 1 on an open lattice */
int spectrum_distances(const struct spectrum *spectrum);
/* out[r] = mean of f_x f_{x+r} over all x for which both are there and over
   the longest axes: a sum of integers, rounded to them before it is
   divided. */
void spectrum_correlation(const struct spectrum *spectrum,
                          const int8_t *field, double *out);

#endif

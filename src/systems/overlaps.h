/* Overlaps of the hidden units of two networks of one shape. Which unit is
   called first is arbitrary, and where the activation is odd so is its sign:
   units are compared after the renaming (and turning) that makes the sum of
   their overlaps largest. So of two networks that know nothing of each other
   the matched overlap is not 0 but about sqrt(2 ln K / N). */
#ifndef TEMPERA_SYSTEMS_OVERLAPS_H
#define TEMPERA_SYSTEMS_OVERLAPS_H
#include <stdbool.h>
#include <stdint.h>

/* out[k K + l] = a_k . b_l of a[units][inputs], b alike. */
void overlaps_products(int units, int64_t inputs, const double *a,
                       const double *b, double *out);
/* a.b / (|a| |b|); 0 where one is 0. */
double overlaps_cosine(int64_t count, const double *a, const double *b);

/* unit[l] of a stands for b's unit l, with sign turn[l] = -1, 1 (1 unless
   odd); the mean of their cosines. */
double overlaps_match(int units, int64_t inputs, const double *a,
                      const double *b, bool odd, int *unit, double *turn);
/* The same of integers a.b known as products[K K]: the sum over matched
   units of the products. */
double overlaps_match_products(int units, const double *products, int *unit);

/* a's units as they stand for b's: out[units][inputs]. */
void overlaps_rename(int units, int64_t inputs, const double *a,
                     const int *unit, const double *turn, double *out);

#endif

/* Greatest weights and how often they are reached: matrices of pairs (w, g)
   under  (w, g) + (w', g') = the greater, counts added when equal,
          (w, g) (w', g')   = (w + w', g g'):
   the zero-temperature limit of matrices of exponentials. */
#ifndef TEMPERA_STAT_GROUND_H
#define TEMPERA_STAT_GROUND_H
#include <stdint.h>

struct ground { double weight, count; };

/* Trace of base^exponent, exponent >= 2; base is [size][size], row-major.
   Weights closer than `tie` are equal. Counts are exact below 2^53. */
struct ground ground_trace(const struct ground *base, int size,
                           int64_t exponent, double tie);

#endif

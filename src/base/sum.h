/* Sums of many numbers without the rounding of a running total (Neumaier,
   Z. Angew. Math. Mech. 54, 39 (1974)). */
#ifndef TEMPERA_BASE_SUM_H
#define TEMPERA_BASE_SUM_H
#include <math.h>

/* Zero-initialise. */
struct sum { double total, lost; };

static inline void sum_add(struct sum *sum, double value)
{
    double next = sum->total + value;
    sum->lost += fabs(sum->total) >= fabs(value)
                     ? sum->total - next + value
                     : value - next + sum->total;
    sum->total = next;
}

static inline double sum_value(const struct sum *sum)
{
    return sum->total + sum->lost;
}

#endif

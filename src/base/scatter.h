/* Mean of numbers that come one after the other, and its standard error from
   their scatter (Welford, Technometrics 4, 419 (1962)). */
#ifndef TEMPERA_BASE_SCATTER_H
#define TEMPERA_BASE_SCATTER_H
#include <math.h>

/* Zero-initialise. */
struct scatter { int count; double mean, square; };

static inline void scatter_add(struct scatter *s, double value)
{
    double off = value - s->mean;
    s->mean += off / ++s->count;
    s->square += off * (value - s->mean);
}

/* Of the mean; count >= 2. */
static inline double scatter_error(const struct scatter *s)
{
    return sqrt(s->square / (s->count - 1) / s->count);
}

#endif

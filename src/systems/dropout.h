/* Dropout: in every example and step each unit is kept with probability 1 - p
   and then counts 1 / (1 - p) times, else not at all (Srivastava et al., J.
   Mach. Learn. Res. 15, 1929 (2014)). What a unit passes on has the mean it
   has without.

   Of linear regression's inputs the loss averaged over the masks is exactly
   that without dropout plus p / (1 - p) / 2 sum_i w_i^2 sum_mu x_mu,i^2: a
   ridge. */
#ifndef TEMPERA_SYSTEMS_DROPOUT_H
#define TEMPERA_SYSTEMS_DROPOUT_H
#include "base/rng.h"

struct dropout {
    double p;                   /* in (0, 1), to 32 binary digits */
    double times;               /* what is kept: 1 / (1 - p) */
    struct rng_address address; /* purpose, walker, step */
};

/* times[count] of the units first (a multiple of eight) to first + count - 1
   of `units` that example number `example` of the batch has: 0 or
   dropout->times. Unit i's digits are 32-bit word i mod 8 of plane 0 of block
   example * ceil(units / 8) + i / 8. */
void dropout_times(const struct dropout *dropout, int64_t example,
                   int64_t units, int64_t first, int count, double *times);

#endif

/* N spins s_i = -1, +1 that feel their sum M = sum_i s_i alone, in integers:

       E = -unit * (J M^2 / 2 + h M),   a flip of s costs
       dE = unit * 2 m,   m = s (J M + h) - J. */
#ifndef TEMPERA_SYSTEMS_TOTAL_H
#define TEMPERA_SYSTEMS_TOTAL_H
#include <stdint.h>

struct total {
    int64_t sites;
    double unit;
    int32_t J, h; /* |J N| + |h| <= 2^30 */
};

static inline int64_t total_move(const struct total *t, int64_t M, int s)
{
    return s * (t->J * M + t->h) - t->J;
}

/* Of a state: { 2E / unit, M } */
static inline void total_statistics(const struct total *t, int64_t M,
                                    double *statistics)
{
    statistics[0] = (double)(-t->J * M * M - 2 * t->h * M);
    statistics[1] = (double)M;
}

#endif

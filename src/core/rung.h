/* One rung of a ladder as dynamics and kernels see it. */
#ifndef TEMPERA_CORE_RUNG_H
#define TEMPERA_CORE_RUNG_H
#include <stdbool.h>

enum { COMPONENTS_MAX = 4 };

struct rung {
    double lambda[COMPONENTS_MAX];
    bool exact; /* the model draws states here: draw afresh every sweep */
    bool lazy;  /* Metropolis needs the lazy rule, see system_rung */
    double step; /* what the dynamics tunes in burn-in: a proposal's width,
                    clusters a sweep; 0 when it tunes nothing */
};

/* x = sum_k lambda_k du_k, k ascending: the one place that fixes the order
   of rounding. */
static inline double rung_dot(const double *lambda, const double *u, int k)
{
    double x = lambda[0] * u[0];
    for (int i = 1; i < k; i++)
        x += lambda[i] * u[i];
    return x;
}

#endif

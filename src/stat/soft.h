/* Soft thresholding, eta(r; theta) = sign(r) max(|r| - theta, 0), of a sparse
   signal in normal noise, in closed form; and the sparsity up to which l1
   minimisation finds the sparsest solution. All in units of the noise's
   standard deviation tau: threshold a tau, non-zero values of size s tau.
   One-sided (a signal known not to be negative): eta = max(r - theta, 0). */
#ifndef TEMPERA_STAT_SOFT_H
#define TEMPERA_STAT_SOFT_H
#include <stdbool.h>
#include <stdint.h>

#include "stat/root.h"

enum soft_law {
    SOFT_VALUES, /* 0 or +-1; one-sided: 0 or 1 */
    SOFT_GAUSS   /* 0 or N(0, 1); not one-sided */
};

struct soft {
    enum soft_law law;
    double rho;     /* weight of what is not 0 */
    bool one_sided;
};

/* Mean square error and share of components above the threshold at noise
   tau: error / tau^2 = (1 - rho) M(0) + rho M(1/tau) with
     M(s) = 1 + a^2 + (s^2 - 1 - a^2) [F(a - s) - F(-a - s)]
            - (a - s) f(a + s) - (a + s) f(a - s)
   (Donoho, Johnstone 1994), f, F the normal density and its integral. As
   tau -> 0 the ratio has a limit; tau = INFINITY is that of no signal. */
struct soft_risk { double ratio, active; };
struct soft_risk soft_risk(struct soft soft, double a, double tau);

/* eta at the threshold theta of count numbers; mean may be r. Returns the
   share that is above it. */
double soft_denoise(bool one_sided, double theta, int64_t count,
                    const double *r, double *mean);

/* The largest (non-zeros / measurements) at which l1 minimisation finds a
   random signal from delta = measurements / components of iid normal
   equations, 0 < delta < 1, and the minimax threshold there, in parameters z
   (Donoho, Maleki, Montanari 2009, eq. 5; Donoho, Tanner 2005):
     delta = k f(z) / (z + k (f(z) - z F(-z))),  rho = 1 - z F(-z) / f(z),
   k = 2, one-sided k = 1. */
struct soft_transition {
    double sparsity, threshold;
    double width; /* of sparsity */
    bool found;
};
struct soft_transition soft_transition(double delta, bool one_sided);

/* The least delta at which a share rho of non-zero components is found. */
struct root soft_least_delta(double rho, bool one_sided);

#endif

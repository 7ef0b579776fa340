#include "systems/network.h"

#include <math.h>

/* the normal density */
static double density(double z)
{
    return exp(-0.5 * z * z) * 0x1.9884533d43651p-2; /* 1 / sqrt(2 pi) */
}

double network_activation(enum network_activation kind, double z, double *d)
{
    double a = 0, first = 0, second = 0;
    switch (kind) {
    case NETWORK_TANH:
        a = tanh(z);
        first = 1 - a * a;
        second = -2 * a * first;
        break;
    case NETWORK_ERF:
        a = erf(z);
        first = 2 * exp(-z * z) * 0x1.20dd750429b6dp-1; /* 1 / sqrt(pi) */
        second = first > 0 ? -2 * z * first : 0;
        break;
    case NETWORK_RELU:
        a = z > 0 ? z : 0 * z; /* not a number stays so */
        first = z > 0;
        break;
    case NETWORK_GELU: {
        double below = 0.5 * erfc(z * -0x1.6a09e667f3bcdp-1), n = density(z);
        a = z * below;
        first = n > 0 ? below + z * n : below;
        second = n > 0 ? n * (2 - z * z) : 0;
        break;
    }
    }
    if (d) {
        d[0] = first;
        d[1] = second;
    }
    return a;
}

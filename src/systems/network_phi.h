/* Activations of vectors and their derivatives, next to one of
   network_vector_*.h. Errors, held by tests/test_network_single.c and
   test_network_double.c, with e = 2^-20 or 2^-50: e of the value for tanh, erf
   and relu; e for gelu below 1, of its value above; e for first, 2 e for second
   derivatives. Where tanh and erf are saturated they are so exactly. */
#include "systems/network.h"

#define INLINE static inline __attribute__((always_inline))

/* phi(z), phi'(z), phi''(z) */
INLINE void phi(enum network_activation kind, reals z, reals *a, reals *d,
                reals *bend)
{
    const real root_half = (real)0x1.6a09e667f3bcdp-1;
    switch (kind) {
    case NETWORK_TANH:
        *a = tanh_of(z);
        *d = 1 - *a * *a;
        *bend = -2 * *a * *d;
        return;
    case NETWORK_ERF:
        *a = erf_of(z);
        *d = gauss_of(z) * (real)0x1.20dd750429b6dp0; /* 2 / sqrt(pi) */
        *bend = -2 * bounded(z) * *d;
        return;
    case NETWORK_RELU:
        *a = choose(z < 0, all(0), z);
        *d = choose(z > 0, all(1), all(0));
        *bend = all(0);
        return;
    case NETWORK_GELU: {
        reals below = (1 + erf_of(z * root_half)) * (real)0.5;
        reals n = gauss_of(z * root_half) * (real)0x1.9884533d43651p-2;
        reals y = bounded(z);
        *a = z * below;
        *d = below + y * n;
        *bend = n * (2 - y * y);
        return;
    }
    }
}

/* LANES numbers of single precision and their tanh, erf and exp(-x^2), for
   bodies that are included once per instruction set. */
#include <stdbool.h>
#include <stdint.h>

#define SINGLE 1
#define BLAS(x) cblas_s##x
typedef float real;
typedef float reals __attribute__((vector_size(4 * LANES), may_alias));
typedef int32_t masks __attribute__((vector_size(4 * LANES), may_alias));
typedef uint32_t words __attribute__((vector_size(4 * LANES), may_alias));
static const uint32_t sign_bit = UINT32_C(1) << 31;
static const real gauss_limit = 9; /* exp(-81) = 7e-36 */

#if defined __AVX2__ && LANES == 8
#define LEAST __builtin_ia32_minps256
#elif defined __SSE2__ && LANES == 4
#define LEAST __builtin_ia32_minps
#endif
#include "systems/network_vector.h"

/* exp(r) by Taylor */
static const real exp_series[] = {1.0f, 1.0f, 1.0f / 2, 1.0f / 6, 1.0f / 24,
                                  1.0f / 120, 1.0f / 720, 1.0f / 5040};

/* x in [-87, 87]: 2^n exp(r), n = round(x / ln 2); the first term left out is
   below 6e-9. */
static inline reals exp_of(reals x)
{
    const real magic = 0x1.8p23f; /* rounds to an integer in the low bits */
    reals shifted = x * 0x1.715476p0f + magic, n = shifted - magic;
    reals r = (x - n * 0x1.62e4p-1f) - n * 0x1.7f7d1cp-20f;
    reals p = SERIES(exp_series, r);
    return (reals)((words)p + ((words)shifted << 23));
}

/* x P(x^2) / Q(x^2), of least largest relative error (2.1e-8) on [0, 9.02],
   from where on tanh rounds to 1 */
static const real tanh_p[] = {1.0f, 0x1.120442p-3f, 0x1.c9f856p-9f,
                              0x1.59555cp-16f, 0x1.c9a3c2p-27f};
static const real tanh_q[] = {1.0f, 0x1.de576ap-2f, 0x1.a7df24p-6f,
                              0x1.5841d8p-12f, 0x1.a0b85cp-21f};
static inline reals tanh_of(reals x)
{
    reals m = least(9.02f, magnitude(x)), z = m * m;
    reals y = m * SERIES(tanh_p, z) / SERIES(tanh_q, z);
    return with_sign(least(1, y), x);
}

/* likewise on [0, 3.93] (1.9e-8) */
static const real erf_p[] = {0x1.20dd74p+0f, 0x1.86b952p-3f, 0x1.b07514p-5f,
                             0x1.ef65bap-9f, 0x1.2aa4a2p-12f,
                             0x1.1211dcp-19f};
static const real erf_q[] = {1.0f, 0x1.013bdep-1f, 0x1.d3ff68p-4f,
                             0x1.eb6f28p-7f, 0x1.3173b2p-10f,
                             0x1.3ecd46p-15f};
static inline reals erf_of(reals x)
{
    masks one = magnitude(x) > 3.93f;
    reals m = least(3.93f, magnitude(x)), z = m * m;
    reals y = m * SERIES(erf_p, z) / SERIES(erf_q, z);
    return with_sign(choose(one, all(1), least(1, y)), x);
}

/* exp(-x^2) */
static inline reals gauss_of(reals x)
{
    x = least(gauss_limit, magnitude(x));
    return exp_of(-x * x);
}

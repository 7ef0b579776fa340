/* LANES numbers of double precision: as network_vector_single.h. */
#include <stdbool.h>
#include <stdint.h>

#define SINGLE 0
#define BLAS(x) cblas_d##x
typedef double real;
typedef double reals __attribute__((vector_size(8 * LANES), may_alias));
typedef int64_t masks __attribute__((vector_size(8 * LANES), may_alias));
typedef uint64_t words __attribute__((vector_size(8 * LANES), may_alias));
static const uint64_t sign_bit = UINT64_C(1) << 63;
static const real gauss_limit = 26; /* exp(-676) = 3e-294 */

#if defined __AVX2__ && LANES == 4
#define LEAST __builtin_ia32_minpd256
#elif defined __SSE2__ && LANES == 2
#define LEAST __builtin_ia32_minpd
#endif
#include "systems/network_vector.h"

/* (exp(r) - 1 - r - r^2 / 2) / r^3 */
static const real exp_series[] = {
    1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, 1.0 / 40320,
    1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600,
    1.0 / 6227020800};

/* x in [-700, 700]: 2^n exp(r), n = round(x / ln 2); exp(r) - 1 by Taylor's
   series, the first term left out is below 5e-18. minus: 1 taken away, without
   cancellation. */
static inline reals exp_minus(reals x, bool minus)
{
    const real magic = 0x1.8p52; /* rounds to an integer in the low bits */
    reals shifted = x * 0x1.71547652b82fep0 + magic, n = shifted - magic;
    reals r = (x - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33;
    reals p = r + r * r * (0.5 + r * SERIES(exp_series, r));
    reals scale = (reals)((words)all(1) + ((words)shifted << 52));
    return scale * p + (scale - (minus ? 1.0 : 0.0));
}

/* -t / (2 + t), t = exp(-2 |x|) - 1; 1 beyond 20 */
static inline reals tanh_of(reals x)
{
    reals t = exp_minus(-2 * least(20, magnitude(x)), true);
    return with_sign(-t / (2 + t), x);
}

/* erf(x) / x in x^2, by Taylor */
static const real erf_series[] = {
    0x1.20dd750429b6dp+0, -0x1.812746b0379e7p-2, 0x1.ce2f21a042be2p-4,
    -0x1.b82ce31288b51p-6, 0x1.565bcd0e6a53fp-8, -0x1.c02db40040b86p-11,
    0x1.f9a326f9b89b7p-14, -0x1.f4d25c3e0c2ebp-17, 0x1.b9e6c9dc651a3p-20,
    -0x1.5f742ec43e71ap-23, 0x1.fcc5720624c1cp-27, -0x1.51d7181c5d36dp-30,
    0x1.9e6ad5e55a730p-34, -0x1.d8453cb0c46eap-38, 0x1.f683ae4a97007p-42};
/* exp(x^2) (1 - erf(x)) in (x - 3) / (x + 3) */
static const real erf_tail[] = {
    0x1.6e9827d229840p-3, -0x1.4e102b9d0085dp-2, 0x1.f6ff20406a362p-3,
    -0x1.336ffbe21acd2p-3, 0x1.258b16782f6b4p-4, -0x1.8fa51669f62f4p-6,
    0x1.17d4281eee423p-8, 0x1.749b3f20551b7p-11, -0x1.34b69b8ee2f13p-11,
    0x1.fe8af24996062p-15, 0x1.5daa63a924c23p-14, 0x1.215c2f1a6f136p-20,
    -0x1.2ac31429d6d8ap-18};

/* Below 3/4 Taylor's series, the first term left out is below 1e-17. From
   there to 6, where it rounds to 1: the polynomial of the tail, of least
   largest error (of erf, 1.6e-17). */
static inline reals erf_of(reals x)
{
    reals m = least(6, magnitude(x)), z = m * m;
    reals low = SERIES(erf_series, z);
    reals t = (m - 3) / (m + 3);
    reals tail = SERIES(erf_tail, t);
    reals high = 1 - exp_minus(-z, false) * tail;
    return with_sign(choose(m < 0.75, m * low, high), x);
}

/* exp(-x^2) */
static inline reals gauss_of(reals x)
{
    x = least(gauss_limit, magnitude(x));
    return exp_minus(-x * x, false);
}

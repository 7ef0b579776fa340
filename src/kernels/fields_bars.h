/* How far a site's field may be for it to flip: the random number turned into
   a bar that the integer field is compared with, so that a field that changes
   is judged anew by a comparison, not by an exponential.

   A move costs x = lambda unit 2 m. With U in [u, u + 1) 2^-16 it is accepted
   where U < exp(-x), surely where x < -ln((u + 1) 2^-16), surely not where
   x >= -ln(u 2^-16); heat bath likewise with ln((1 - U) / U). What is between
   the two bars is open (about one in 10^4), for accept_exactly. */
#ifndef TEMPERA_KERNELS_FIELDS_BARS_H
#define TEMPERA_KERNELS_FIELDS_BARS_H
#include "kernels/accept.h"

/* Bars made side by side. */
enum { BARS = NEAR_MOST * NEAR_LANES };

/* ln v of an integer v >= 1 below 2^24, to BAR_NEAR: polynomial of degree 5
   for log2 on [1, 2], error 1.26e-5, and roundings of 2e-6. Of 0: -88. */
#define BAR_NEAR 3e-5f
static inline __attribute__((always_inline)) near_real near_ln(near_real v)
{
    near_int bits = (near_int)v;
    near_real e = __builtin_convertvector((bits >> 23) - 127, near_real);
    near_real f = (near_real)((bits & 0x7FFFFF) | 0x3F800000) - 1.0f;
    near_real f2 = f * f;
    near_real low = near_fma(f, (near_real){0} + 1.44168456f,
                             (near_real){0} + 1.25387803e-5f);
    near_real middle = near_fma(f, (near_real){0} + 0.413630075f,
                                (near_real){0} - 0.707992636f);
    near_real high = near_fma(f, (near_real){0} + 0.044873589f,
                              (near_real){0} - 0.192195583f);
    high = near_fma(high, f2, middle);
    return near_fma(high, f2, low + e) * 0.69314718f;
}

/* m = times x for |lambda|; turn: -1 where lambda < 0 and m counts
   reversed. */
struct bar_scale { float times; int32_t turn; };

static inline struct bar_scale bar_scale_of(double lambda, double unit)
{
    double times = 1 / fmax(2 * fabs(lambda) * unit, 1e-30);
    return (struct bar_scale){.times = (float)times,
                              .turn = lambda < 0 ? -1 : 0};
}

/* m that is certainly far enough below: at least 0 by Metropolis, by heat bath
   of |m| and -1 where there is none. */
static inline __attribute__((always_inline)) near_int
bar_integer(near_real bar, bool logistic)
{
    const near_real most = (near_real){0} + 0x1p30f;
    near_int below = (near_int)(bar < 0.0f), above = (near_int)(bar > most);
    near_real cut = (near_real)((near_int)bar & ~(below | above));
    near_int m = __builtin_convertvector(cut, near_int);
    m |= above & (1 << 30);
    return logistic ? m | below : m;
}

/* Of a vector of u: surely for m <= low, surely not for m > high. */
static inline __attribute__((always_inline)) void
bars_of(near_int u, float times, bool logistic, near_int *low, near_int *high)
{
    near_real v = __builtin_convertvector(u, near_real), least, most;
    if (logistic) {
        least = near_ln(65535.0f - v) - near_ln(v + 1.0f) - 2 * BAR_NEAR;
        most = least + 4 * BAR_NEAR + 1.0f / v + 1.0f / (65535.0f - v);
    } else {
        least = (near_real){0} + (11.0903549f - BAR_NEAR) - near_ln(v + 1.0f);
        most = least + 2 * BAR_NEAR + 1.0f / v;
    }
    *low = bar_integer(least * times, logistic);
    *high = bar_integer(most * times, logistic);
}

#endif

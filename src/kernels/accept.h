/* Acceptance of eight lanes at once, decided as the reference decides.

   A lane's move costs x = lambda du = lambda (unit * 2 m), m an integer. The
   probability is first taken in single precision, with relative error below
   NEAR; a lane whose U is farther than that from it is decided, the rare rest
   (about one in 10^5) is left to the exact path: num_exp in double precision
   and all digits of U. So approximation, fused multiplication and instruction
   set cannot be seen in the results. */
#ifndef TEMPERA_KERNELS_ACCEPT_H
#define TEMPERA_KERNELS_ACCEPT_H
#include <stdint.h>
#include <string.h>

#include "core/kernel.h"

/* Vectors only go into functions that are inlined: no ABI is at stake. */
#pragma GCC diagnostic ignored "-Wpsabi"

typedef float near_real __attribute__((vector_size(32)));
typedef int32_t near_int __attribute__((vector_size(32)));
typedef uint32_t near_word __attribute__((vector_size(32)));

enum { NEAR_LANES = 8 };
#define NEAR 2e-5f

/* ---- integers of 8 and 16 bits, widened and narrowed ---------------------

   Compilers make scalar code of these conversions. */

#ifdef __AVX2__
#include <immintrin.h>

static inline near_int near_widen_1(const void *from)
{
    return (near_int)_mm256_cvtepi8_epi32(
        _mm_loadl_epi64((const __m128i *)from));
}

static inline near_int near_widen_2(const void *from)
{
    return (near_int)_mm256_cvtepi16_epi32(
        _mm_loadu_si128((const __m128i *)from));
}

/* 32 numbers of four vectors, each fitting the narrow type. */
static inline void near_narrow_2(const near_int from[4], void *to)
{
    __m256i *out = (__m256i *)to;
    for (int i = 0; i < 2; i++)
        _mm256_storeu_si256(
            out + i, _mm256_permute4x64_epi64(
                         _mm256_packs_epi32((__m256i)from[2 * i],
                                            (__m256i)from[2 * i + 1]),
                         0xd8));
}

static inline void near_narrow_1(const near_int from[4], void *to)
{
    __m256i a = _mm256_packs_epi32((__m256i)from[0], (__m256i)from[1]);
    __m256i b = _mm256_packs_epi32((__m256i)from[2], (__m256i)from[3]);
    __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    _mm256_storeu_si256((__m256i *)to,
                        _mm256_permutevar8x32_epi32(
                            _mm256_packs_epi16(a, b), order));
}

static inline bool near_any(near_int mask)
{
    return !_mm256_testz_si256((__m256i)mask, (__m256i)mask);
}
#else
#define NEAR_WIDEN(bytes, type)                                              \
    static inline __attribute__((always_inline)) near_int                    \
    near_widen_##bytes(const void *from)                                     \
    {                                                                        \
        type cell[NEAR_LANES];                                               \
        near_int out;                                                        \
        memcpy(cell, from, sizeof cell);                                     \
        for (int i = 0; i < NEAR_LANES; i++)                                 \
            out[i] = cell[i];                                                \
        return out;                                                          \
    }                                                                        \
    static inline void near_narrow_##bytes(const near_int *from, void *to)   \
    {                                                                        \
        type cell[4 * NEAR_LANES];                                           \
        for (int i = 0; i < 4 * NEAR_LANES; i++)                             \
            cell[i] = (type)from[i / NEAR_LANES][i % NEAR_LANES];            \
        memcpy(to, cell, sizeof cell);                                       \
    }
NEAR_WIDEN(1, int8_t)
NEAR_WIDEN(2, int16_t)

static inline __attribute__((always_inline)) bool near_any(near_int mask)
{
    int32_t any = 0;
    for (int i = 0; i < NEAR_LANES; i++)
        any |= mask[i];
    return any != 0;
}
#endif

static inline __attribute__((always_inline)) near_int
near_widen_4(const void *from)
{
    near_int out;
    memcpy(&out, from, sizeof out);
    return out;
}

static inline void near_narrow_4(const near_int from[4], void *to)
{
    memcpy(to, from, 4 * sizeof *from);
}

/* ---- single precision ---------------------------------------------------- */

#if defined __AVX2__ && defined __FMA__
static inline near_real near_fma(near_real a, near_real b, near_real c)
{
    return _mm256_fmadd_ps(a, b, c);
}

/* y within [least, most] */
static inline near_real near_clamp(near_real y, float least, float most)
{
    return _mm256_max_ps(_mm256_min_ps(y, (near_real){0} + most),
                         (near_real){0} + least);
}
#else
static inline __attribute__((always_inline)) near_real
near_fma(near_real a, near_real b, near_real c)
{
    return a * b + c;
}

static inline __attribute__((always_inline)) near_real
near_clamp(near_real y, float least, float most)
{
    near_int low = y < least, high = y > most;
    near_int inside = (near_int)y & ~(low | high);
    return (near_real)(inside | (low & (near_int)((near_real){0} + least)) |
                       (high & (near_int)((near_real){0} + most)));
}
#endif

/* 2^(24 + y), -120 <= y <= 0: polynomial of degree 4 on [-1/2, 1/2], relative
   error 3e-6. The sum with `magic` rounds y and leaves 24 + n in the low
   bits. */
static inline __attribute__((always_inline)) near_real
near_exp2(near_real y)
{
    const float magic = 12582912 + 24; /* 1.5 * 2^23 */
    near_real moved = y + magic, f = y - (moved - magic);
    near_real p = near_fma(f, (near_real){0} + 9.5605105e-3f,
                           (near_real){0} + 5.5917040e-2f);
    p = near_fma(p, f, (near_real){0} + 2.4024981e-1f);
    p = near_fma(p, f, (near_real){0} + 6.9312197e-1f);
    p = near_fma(p, f, (near_real){0} + 9.9999917e-1f);
    return (near_real)((near_int)p + ((near_int)moved << 23));
}

/* ---- acceptance ---------------------------------------------------------- */

/* -lambda du / ln 2 per unit of m */
static inline float near_scale(double lambda, double unit)
{
    double scale = -2 * lambda * unit * 1.4426950408889634;
    return (float)(scale > 1e30 ? 1e30 : scale < -1e30 ? -1e30 : scale);
}

/* Toggled lanes (-1, else 0) and undecided ones. word: 32 digits of U, of
   which 24 are looked at. logistic: heat bath; a constant where it is
   called. */
static inline __attribute__((always_inline)) near_int
near_toggle(near_int m, near_real scale, near_word word, bool logistic,
            near_int *unsure)
{
    near_real y = __builtin_convertvector(m, near_real) * scale;
    near_real u = __builtin_convertvector((near_int)(word >> 8), near_real);
    near_real down = logistic ? (near_real)((near_int)y | INT32_MIN) : y;
    near_real p = near_exp2(near_clamp(down, -120, 0));
    if (logistic)
        p = p / ((near_real){0} + 1 + p * 0x1p-24f);
    near_int below = u < near_fma(p, (near_real){0} + (1 - NEAR),
                                  (near_real){0} - 1);
    near_int above = u >= p * (1 + NEAR);
    if (logistic) {
        near_int gain = y > 0.0f; /* x < 0 */
        *unsure = ~(below | above);
        return gain ^ below;
    }
    near_int sure = below | (near_int)(y >= 0.0f); /* x <= 0 */
    *unsure = ~(sure | above);
    return sure;
}

/* The exact decision of one lane. */
static inline bool accept_exactly(const struct bank_spec *spec,
                                  const struct rung *rung, int64_t walker,
                                  uint64_t tick, int64_t site, double du)
{
    struct draws draws = {.kind = spec->stream, .seed = spec->seed,
                          .tick = tick, .walker = walker};
    double p, x = rung_dot(rung->lambda, &du, 1);
    int base;
    spec->dynamics->binary->level(x, &p, &base);
    return base ^ (int)draws_below(&draws, RNG_UPDATE, site, p);
}

#endif

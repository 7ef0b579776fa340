/* Acceptance of eight lanes at once, decided as the reference decides.

   A lane's move costs x = lambda du = lambda (unit * 2 m), m an integer. The
   probability is first taken in single precision, with relative error below
   NEAR, and compared with the first 16 digits of U; a lane that these do not
   decide (about one in 10^4) is left to the exact path: num_exp in double
   precision and all digits of U. So approximation, fused multiplication and
   instruction set cannot be seen in the results. */
#ifndef TEMPERA_KERNELS_ACCEPT_H
#define TEMPERA_KERNELS_ACCEPT_H
#include <math.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <immintrin.h>
#endif

#include "core/kernel.h"

/* Vectors only go into functions that are inlined: no ABI is at stake. */
#pragma GCC diagnostic ignored "-Wpsabi"

typedef float near_real __attribute__((vector_size(32)));
typedef int32_t near_int __attribute__((vector_size(32)));
typedef uint32_t near_word __attribute__((vector_size(32)));

enum { NEAR_LANES = 8, NEAR_MOST = 4 };
#define NEAR 1.2e-4f
/* 2^23: numbers above it are integers, and their low bits the integer. */
#define NEAR_INTEGERS 8388608.0f

/* ---- integers of 8 and 16 bits, widened and narrowed ---------------------

   Compilers make scalar code of these conversions. */

/* x times a sign: -1, 0, 1 */
static inline __attribute__((always_inline)) near_int
near_signed(near_int x, int32_t sign)
{
    return ((x ^ (sign >> 31)) - (sign >> 31)) & -(sign != 0);
}

#ifdef __AVX2__
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
static inline void near_narrow_1(const near_int from[4], void *to)
{
    __m256i a = _mm256_packs_epi32((__m256i)from[0], (__m256i)from[1]);
    __m256i b = _mm256_packs_epi32((__m256i)from[2], (__m256i)from[3]);
    __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    _mm256_storeu_si256((__m256i *)to,
                        _mm256_permutevar8x32_epi32(
                            _mm256_packs_epi16(a, b), order));
}

/* 16 columns of rows of 16-bit numbers times the two signs (low and high half
   of the word): a s + b s', in order. Rows are stored with the second and
   third four of 16 exchanged; b NULL: none. */
static inline int near_pair_place(int column)
{
    return column / 4 == 1 ? column + 4 : column / 4 == 2 ? column - 4
                                                          : column;
}

static inline __attribute__((always_inline)) void
near_pair(const int16_t *a, const int16_t *b, int32_t signs, near_int sum[2])
{
    __m256i x = _mm256_loadu_si256((const __m256i *)a);
    __m256i y = b ? _mm256_loadu_si256((const __m256i *)b)
                  : _mm256_setzero_si256();
    __m256i s = _mm256_set1_epi32(signs);
    sum[0] = (near_int)_mm256_madd_epi16(_mm256_unpacklo_epi16(x, y), s);
    sum[1] = (near_int)_mm256_madd_epi16(_mm256_unpackhi_epi16(x, y), s);
}

/* Signs of eight spins turned where mask is -1. */
static inline void near_turn_2(int16_t *spin, near_int mask)
{
    __m128i flips = _mm_packs_epi32(
        _mm256_castsi256_si128((__m256i)mask),
        _mm256_extracti128_si256((__m256i)mask, 1));
    __m128i s = _mm_loadu_si128((const __m128i *)spin);
    _mm_storeu_si128((__m128i *)spin,
                     _mm_sub_epi16(_mm_xor_si128(s, flips), flips));
}

static inline bool near_any(near_int mask)
{
    return !_mm256_testz_si256((__m256i)mask, (__m256i)mask);
}

/* Bit i of the result: lane i of four vectors that are 0 or -1. */
static inline uint32_t near_bits(const near_int mask[4])
{
    uint32_t bits = 0;
    for (int k = 0; k < 4; k++)
        bits |= (uint32_t)_mm256_movemask_ps((__m256)mask[k]) << (8 * k);
    return bits;
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
    }
NEAR_WIDEN(1, int8_t)
#ifdef __SSE2__
static inline __attribute__((always_inline)) near_int
near_widen_2(const void *from)
{
    __m128i x = _mm_loadu_si128((const __m128i *)from), half[2];
    near_int out;
    half[0] = _mm_srai_epi32(_mm_unpacklo_epi16(x, x), 16);
    half[1] = _mm_srai_epi32(_mm_unpackhi_epi16(x, x), 16);
    memcpy(&out, half, sizeof out);
    return out;
}
#else
NEAR_WIDEN(2, int16_t)
#endif

static inline void near_narrow_1(const near_int from[4], void *to)
{
    int8_t cell[4 * NEAR_LANES];
    for (int i = 0; i < 4 * NEAR_LANES; i++)
        cell[i] = (int8_t)from[i / NEAR_LANES][i % NEAR_LANES];
    memcpy(to, cell, sizeof cell);
}

static inline int near_pair_place(int column) { return column; }

static inline __attribute__((always_inline)) void
near_pair(const int16_t *a, const int16_t *b, int32_t signs, near_int sum[2])
{
#ifdef __SSE2__
    const __m128i s = _mm_set1_epi32(signs);
    for (int k = 0; k < 2; k++) {
        __m128i x = _mm_loadu_si128((const __m128i *)a + k), half[2];
        __m128i y = b ? _mm_loadu_si128((const __m128i *)b + k)
                      : _mm_setzero_si128();
        half[0] = _mm_madd_epi16(_mm_unpacklo_epi16(x, y), s);
        half[1] = _mm_madd_epi16(_mm_unpackhi_epi16(x, y), s);
        memcpy(sum + k, half, sizeof half);
    }
#else
    for (int k = 0; k < 2; k++) {
        sum[k] = near_signed(near_widen_2(a + 8 * k), (int16_t)signs);
        if (b)
            sum[k] += near_signed(near_widen_2(b + 8 * k), signs >> 16);
    }
#endif
}

static inline void near_turn_2(int16_t *spin, near_int mask)
{
    for (int i = 0; i < NEAR_LANES; i++)
        spin[i] = (int16_t)(mask[i] ? -spin[i] : spin[i]);
}

static inline __attribute__((always_inline)) bool near_any(near_int mask)
{
    int32_t any = 0;
    for (int i = 0; i < NEAR_LANES; i++)
        any |= mask[i];
    return any != 0;
}

static inline uint32_t near_bits(const near_int mask[4])
{
    uint32_t bits = 0;
#ifdef __SSE2__
    __m128 half[8];
    memcpy(half, mask, sizeof half);
    for (int k = 0; k < 8; k++)
        bits |= (uint32_t)_mm_movemask_ps(half[k]) << (4 * k);
#else
    for (int i = 0; i < 4 * NEAR_LANES; i++)
        bits |= (uint32_t)(mask[i / NEAR_LANES][i % NEAR_LANES] & 1) << i;
#endif
    return bits;
}
#endif

static inline __attribute__((always_inline)) near_int
near_widen_4(const void *from)
{
    near_int out;
    memcpy(&out, from, sizeof out);
    return out;
}

static inline __attribute__((always_inline)) void
near_turn_4(int32_t *spin, near_int mask)
{
    near_int s = near_widen_4(spin);
    s = (s ^ mask) - mask;
    memcpy(spin, &s, sizeof s);
}

/* ---- single precision ---------------------------------------------------- */

#if defined __AVX2__ && defined __FMA__
static inline near_real near_fma(near_real a, near_real b, near_real c)
{
    return _mm256_fmadd_ps(a, b, c);
}

static inline near_int near_between(near_int m, near_int least, near_int most)
{
    return (near_int)_mm256_max_epi32(
        _mm256_min_epi32((__m256i)m, (__m256i)most), (__m256i)least);
}
#else
static inline __attribute__((always_inline)) near_real
near_fma(near_real a, near_real b, near_real c)
{
    return a * b + c;
}

static inline __attribute__((always_inline)) near_int
near_between(near_int m, near_int least, near_int most)
{
    near_int low = m < least, high = m > most;
    return (m & ~(low | high)) | (low & least) | (high & most);
}
#endif

/* Of several vectors side by side, step by step: one after the other they
   would fill the cpu's queues with operations that wait. */
#define NEAR_EACH for (int k = 0; k < count; k++)

/* p = 2^(16 + y), -101 <= y <= 101: polynomial of degree 3 on [-1/2, 1/2],
   relative error 7.5e-5; y, off by 2^-22 of its size, adds 2e-5 at most. The
   sum with `magic` rounds y and leaves 16 + n in the low bits. */
static inline __attribute__((always_inline)) void
near_exp2(const near_real *y, const int count, near_real *p)
{
    const float magic = 12582912 + 16; /* 1.5 * 2^23 */
    near_real moved[NEAR_MOST], f[NEAR_MOST];
    NEAR_EACH moved[k] = y[k] + magic;
    NEAR_EACH f[k] = moved[k] - magic;
    NEAR_EACH f[k] = y[k] - f[k];
    NEAR_EACH p[k] = near_fma(f[k], (near_real){0} + 5.517167e-2f,
                              (near_real){0} + 2.4261113e-1f);
    NEAR_EACH p[k] = near_fma(p[k], f[k], (near_real){0} + 6.9326097e-1f);
    NEAR_EACH p[k] = near_fma(p[k], f[k], (near_real){0} + 9.9992806e-1f);
    NEAR_EACH p[k] = (near_real)((near_int)p[k] + ((near_int)moved[k] << 23));
}

/* ---- acceptance ---------------------------------------------------------- */

/* What turns m into y = -lambda du / ln 2 = scale m. m is first cut where
   y < -100 or y > 1 (logistic: 100), and the scale at +-100: there p is as
   good as 0, or 1, for 16 digits. */
struct near_slope { near_real scale; near_int least, most; };

static inline void near_set_slope(struct near_slope *slope, int i,
                                  double lambda, double unit, bool logistic)
{
    double scale = -2 * lambda * unit * 1.4426950408889634;
    scale = scale > 100 ? 100 : scale < -100 ? -100 : scale;
    double far = fabs(scale) > 1e-7 ? floor(100 / fabs(scale)) : 1e9;
    double near = fabs(scale) > 1e-7 ? ceil(1 / fabs(scale)) : 1e9;
    near = logistic ? far : near;
    slope->scale[i] = (float)scale;
    slope->least[i] = (int32_t)-(scale < 0 ? near : far);
    slope->most[i] = (int32_t)(scale < 0 ? far : near);
}

/* The first 16 digits of U of eight lanes, of two planes of bytes, on top of
   NEAR_INTEGERS. */
static inline __attribute__((always_inline)) near_real
near_digits(const uint8_t *planes, int lane)
{
    near_int digits;
#ifdef __AVX2__
    digits = (near_int)_mm256_cvtepu8_epi32(
                 _mm_loadl_epi64((const __m128i *)(planes + lane))) << 8 |
             (near_int)_mm256_cvtepu8_epi32(
                 _mm_loadl_epi64((const __m128i *)(planes + 32 + lane)));
#else
    int32_t digit[NEAR_LANES];
    for (int i = 0; i < NEAR_LANES; i++)
        digit[i] = planes[lane + i] << 8 | planes[32 + lane + i];
    memcpy(&digits, digit, sizeof digits);
#endif
    return (near_real)(digits | (near_int)((near_real){0} + NEAR_INTEGERS));
}

/* Of `count` vectors: toggled lanes (-1, else 0); open: those that are not
   decided. u: as from near_digits. logistic: heat bath; constants where it is
   called.

   U is at least u and less than u + 1, in units of 2^-16; sums with
   NEAR_INTEGERS are off by half a unit; positive floats compare as
   integers. Where x < 0 p is at least 2^16, more than any u, or u is too
   close to call. */
static inline __attribute__((always_inline)) void
near_toggle(const near_int *m, const struct near_slope *slope,
            const near_real *u, const int count, bool logistic,
            near_int *toggle, near_int *open)
{
    near_int low[NEAR_MOST], high[NEAR_MOST], gain[NEAR_MOST];
    near_real y[NEAR_MOST], p[NEAR_MOST];
    NEAR_EACH low[k] = near_between(m[k], slope[k].least, slope[k].most);
    NEAR_EACH y[k] = __builtin_convertvector(low[k], near_real);
    NEAR_EACH y[k] = y[k] * slope[k].scale;
    NEAR_EACH gain[k] = (near_int)(y[k] > 0.0f);
    if (logistic)
        NEAR_EACH y[k] = (near_real)((near_int)y[k] | INT32_MIN);
    near_exp2(y, count, p);
    if (logistic)
        NEAR_EACH p[k] = p[k] / ((near_real){0} + 1 + p[k] * 0x1p-16f);
    NEAR_EACH low[k] = (near_int)near_fma(
        p[k], (near_real){0} + (1 - NEAR),
        (near_real){0} + (NEAR_INTEGERS - 2));
    NEAR_EACH high[k] = (near_int)near_fma(
        p[k], (near_real){0} + (1 + NEAR),
        (near_real){0} + (NEAR_INTEGERS + 1));
    NEAR_EACH toggle[k] = (near_int)u[k] < low[k];
    NEAR_EACH open[k] = (near_int)u[k] < high[k];
    NEAR_EACH open[k] &= ~toggle[k];
    if (logistic)
        NEAR_EACH toggle[k] ^= gain[k];
}

/* The exact decision of one lane; du[components]. */
static inline bool accept_exactly_all(const struct bank_spec *spec,
                                      const struct rung *rung, int64_t walker,
                                      uint64_t tick, int64_t site,
                                      const double *du, int components)
{
    struct draws draws = {.kind = spec->stream, .seed = spec->seed,
                          .tick = tick, .walker = walker, .bytes = true};
    double p, x = rung_dot(rung->lambda, du, components);
    int base;
    spec->dynamics->binary->level(x, &p, &base);
    return base ^ (int)draws_below(&draws, RNG_UPDATE, site, p);
}

/* Where u is one number. */
static inline bool accept_exactly(const struct bank_spec *spec,
                                  const struct rung *rung, int64_t walker,
                                  uint64_t tick, int64_t site, double du)
{
    return accept_exactly_all(spec, rung, walker, tick, site, &du, 1);
}

#endif

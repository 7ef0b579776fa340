/* The one body of normal numbers, included once per instruction set; NAMED is
   the function's name. Loops over short blocks, without branches: compilers
   make vectors of them, and no operation is fused: all give the same bits. */
#include <math.h>
#include <string.h>

#include "base/normal.h"

enum { TOGETHER = 64 };

static inline double from_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint64_t to_bits(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* An integer below 2^52 as a double, by its bits. */
static inline double small(uint64_t n)
{
    return from_bits(n | UINT64_C(0x4330000000000000)) - 0x1p52;
}

/* (k + 1/2) 2^-53 of the word's highest 53 bits k, in (0, 1) */
static inline double unit(uint64_t word)
{
    return small(word >> 38) * 0x1p-26 +
           (small(word >> 11 & 0x7FFFFFF) + 0.5) * 0x1p-53;
}

/* -2 ln u, 0 < u < 1 normal: fdlibm's reduction and polynomial, see
   base/math.c, without a branch. */
static inline double minus_two_log(double u)
{
    uint64_t bits = to_bits(u) + (UINT64_C(0x3FF0000000000000) -
                                  UINT64_C(0x3FE6A09E667F3BCD));
    double n = small(bits >> 52) - 1023;
    double f = from_bits((bits & UINT64_C(0xFFFFFFFFFFFFF)) +
                         UINT64_C(0x3FE6A09E667F3BCD)) - 1;
    double s = f / (2 + f), z = s * s, w = z * z;
    double even = w * (0x1.999999997fa04p-2 +
                       w * (0x1.c71c51d8e78afp-3 +
                            w * 0x1.39a09d078c69fp-3));
    double odd = z * (0x1.5555555555593p-1 +
                      w * (0x1.2492494229359p-2 +
                           w * (0x1.7466496cb03dep-3 +
                                w * 0x1.2f112df3e5244p-3)));
    double half = 0.5 * f * f;
    double log1p = f - (half - s * (half + (even + odd)));
    return -2 * (n * 0x1.62e42fefa39efp-1 + log1p);
}

/* cos and sin of 2 pi t on [-1/8, 1/8]: Taylor series, the first term left
   out is below 1e-17. */
static inline double cosine(double t)
{
    double a = t * 0x1.921fb54442d18p+2, z = a * a;
    return 1 - z * (1.0 / 2 - z * (1.0 / 24 - z * (1.0 / 720 -
           z * (1.0 / 40320 - z * (1.0 / 3628800 - z * (1.0 / 479001600 -
           z * (1.0 / 87178291200)))))));
}

static inline double sine(double t)
{
    double a = t * 0x1.921fb54442d18p+2, z = a * a;
    return a * (1 - z * (1.0 / 6 - z * (1.0 / 120 - z * (1.0 / 5040 -
           z * (1.0 / 362880 - z * (1.0 / 39916800 -
           z * (1.0 / 6227020800 - z * (1.0 / 1307674368000))))))));
}

/* Two numbers of a radius and 50 bits of angle: 2 of the quarter, 48 of an odd
   multiple of 2^-51 turns within it. */
static inline void turned(double radius, uint64_t word, double out[2])
{
    uint64_t k = word >> 14;
    double t = (small(k & UINT64_C(0xFFFFFFFFFFFF)) + 0.5) * 0x1p-50 - 0.125;
    uint64_t a = to_bits(radius * cosine(t)), b = to_bits(radius * sine(t));
    uint64_t swap = -(k >> 48 & 1), sign = (k >> 49 & 1) << 63;
    uint64_t mixed = (a ^ b) & swap;
    out[0] = from_bits((a ^ mixed) ^ sign);
    out[1] = from_bits((b ^ mixed) ^ sign ^ (swap & UINT64_C(1) << 63));
}

void NAMED(const uint64_t *bits, int64_t pairs, double *out)
{
    for (int64_t done = 0; done < pairs; done += TOGETHER) {
        int count = (int)(pairs - done < TOGETHER ? pairs - done : TOGETHER);
        const uint64_t *word = bits + 2 * done;
        double radius[TOGETHER], *two = out + 2 * done;
        for (int i = 0; i < count; i++)
            radius[i] = minus_two_log(unit(word[2 * i]));
        for (int i = 0; i < count; i++)
            radius[i] = sqrt(radius[i]);
        for (int i = 0; i < count; i++)
            turned(radius[i], word[2 * i + 1], two + 2 * i);
    }
}

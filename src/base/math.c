#include "base/math.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static double from_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint64_t to_bits(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* value * 2^n, also into the subnormals (in two steps, one rounding). */
static double scale(double value, int n)
{
    if (n < -1000) {
        value *= 0x1p-1000;
        n += 1000;
        if (n < -1022)
            return 0 * value;
    }
    if (n > 1000) {
        value *= 0x1p1000;
        n -= 1000;
    }
    return value * from_bits((uint64_t)(n + 1023) << 52);
}

/* ln 2 in two parts; the high one has 21 trailing zero bits, so n * high is
   exact for |n| < 2^21. */
static const double ln2_high = 0x1.62e42feep-1;
static const double ln2_low = 0x1.a39ef35793c76p-33;

/* exp(x) = 2^n exp(r), |r| <= ln(2)/2; exp(r) = 1 + 2r / (R - r) with R the
   even Remez polynomial of r * coth(r/2) (fdlibm). */
double num_exp(double x)
{
    if (isnan(x))
        return x;
    if (x > 709.79)
        return INFINITY;
    if (x < -745.2)
        return 0;
    int n = (int)(x * 0x1.71547652b82fep0 + (x < 0 ? -0.5 : 0.5));
    double high = x - n * ln2_high, low = n * ln2_low;
    double r = high - low, t = r * r;
    double c = r - t * (0x1.555555555553ep-3 +
               t * (-0x1.6c16c16bebd93p-9 +
               t * (0x1.1566aaf25de2cp-14 +
               t * (-0x1.bbd41c5d26bf1p-20 +
               t * 0x1.6376972bea4d0p-25))));
    return scale(1.0 + (r * c / (2.0 - c) - low + high), n);
}

/* x = 2^n (1 + f), sqrt(1/2) < 1 + f < sqrt 2; log(1 + f) = f - s (f - R)
   with s = f / (2 + f), R the Remez polynomial in s^2 (fdlibm). */
double num_log(double x)
{
    if (!(x > 0) || isinf(x))
        return x == 0 ? -INFINITY : x > 0 ? x : NAN;
    int n = 0;
    if (x < 0x1p-1022) {
        x *= 0x1p54;
        n = -54;
    }
    uint64_t bits = to_bits(x);
    n += (int)(bits >> 52) - 1023;
    x = from_bits((bits & UINT64_C(0xFFFFFFFFFFFFF)) |
                  UINT64_C(0x3FF0000000000000));
    if (x > 0x1.6a09e667f3bcdp0) {
        x *= 0.5;
        n++;
    }
    double f = x - 1.0, s = f / (2.0 + f), z = s * s, w = z * z;
    double odd = w * (0x1.999999997fa04p-2 + w * (0x1.c71c51d8e78afp-3 +
                 w * 0x1.39a09d078c69fp-3));
    double even = z * (0x1.5555555555593p-1 + w * (0x1.2492494229359p-2 +
                  w * (0x1.7466496cb03dep-3 + w * 0x1.2f112df3e5244p-3)));
    double half = 0.5 * f * f, r = odd + even;
    return n * ln2_high - ((half - (s * (half + r) + n * ln2_low)) - f);
}

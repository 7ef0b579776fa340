/* Vectors of FLOATS single-precision numbers (4 or 8), for bodies that are
   included once per instruction set; only +, -, *, / and roots that round as
   IEEE 754 says, so that any width gives the same bits. A stub may define
   FLOATS_ANY, _SELECT, _MIN, _MAX and _SQRT by instructions it has. */
#ifndef TEMPERA_KERNELS_FLOATS_H
#define TEMPERA_KERNELS_FLOATS_H
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef float floats __attribute__((vector_size(4 * FLOATS), may_alias));
typedef int32_t ints __attribute__((vector_size(4 * FLOATS), may_alias));
typedef uint32_t words __attribute__((vector_size(4 * FLOATS), may_alias));
typedef double doubles __attribute__((vector_size(8 * FLOATS), may_alias));

static inline floats floats_all(float x) { return (floats){0} + x; }

/* Is any lane's mask set? Masks are 0 or -1 a lane. */
static inline bool floats_any(ints mask)
{
#ifdef FLOATS_ANY
    return FLOATS_ANY(mask);
#else
    int32_t any = 0;
    for (int i = 0; i < FLOATS; i++)
        any |= mask[i];
    return any != 0;
#endif
}

static inline floats floats_select(ints mask, floats yes, floats no)
{
#ifdef FLOATS_SELECT
    return FLOATS_SELECT(mask, yes, no);
#else
    return (floats)((mask & (ints)yes) | (~mask & (ints)no));
#endif
}

/* x within [least, most] */
static inline floats floats_clamp(floats x, float least, float most)
{
#ifdef FLOATS_MIN
    return FLOATS_MIN(FLOATS_MAX(x, floats_all(least)), floats_all(most));
#else
    x = floats_select(x < least, floats_all(least), x);
    return floats_select(x > most, floats_all(most), x);
#endif
}

static inline floats floats_sqrt(floats x)
{
#ifdef FLOATS_SQRT
    return FLOATS_SQRT(x);
#else
    for (int i = 0; i < FLOATS; i++)
        x[i] = sqrtf(x[i]);
    return x;
#endif
}

static inline words floats_words(const uint32_t *word)
{
    words w;
    memcpy(&w, word, sizeof w);
    return w;
}

/* 2^24 2^x for x <= 0, to FLOATS_EXP_ERROR (absolute): of 2^24 the
   polynomial is off by at most 2.6e-6, its rounding by 4e-7, and an x off by
   2^-22 of its size costs 1e-7 (x 2^x is small): 52 in all, which leaves a
   factor 2.4. What is below 2^-100 is taken as that, x above 1 as 1.
   tests/test_rotors.c holds it to this. */
#define FLOATS_EXP_ERROR 128.0f
static inline floats floats_exp2_24(floats x)
{
    const float magic = 0x1.8p23f; /* rounds to an integer in its low bits */
    x = floats_clamp(x, -100, 1);
    floats shifted = x + magic, f = x - (shifted - magic);
    floats f2 = f * f, low = 0x1.ffffe8p+23f + f * 0x1.62e0dcp+23f;
    floats high = 0x1.ec06dap+21f + f * 0x1.ca1444p+19f;
    floats p = low + f2 * (high + f2 * 0x1.3997d6p+17f);
    return (floats)((words)p + ((words)shifted << 23));
}

#endif

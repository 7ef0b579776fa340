/* Helpers of network_vector_single.h and network_vector_double.h, which define
   reals, masks, words, sign_bit and perhaps LEAST. What is not a number goes
   through all of them as it is. */
static inline reals all(real x) { return (reals){0} + x; }

static inline reals choose(masks mask, reals yes, reals no)
{
    return (reals)((mask & (masks)yes) | (~mask & (masks)no));
}

static inline reals least(real limit, reals x)
{
#ifdef LEAST
    return LEAST(all(limit), x); /* x unless limit < x */
#else
    return choose(x > limit, all(limit), x);
#endif
}

static inline reals magnitude(reals x)
{
    return (reals)((words)x & ~sign_bit);
}

/* m >= 0 with the sign of x */
static inline reals with_sign(reals m, reals x)
{
    return (reals)((words)m | ((words)x & sign_bit));
}

/* within [-gauss_limit, gauss_limit] */
static inline reals bounded(reals x)
{
    return with_sign(least(gauss_limit, magnitude(x)), x);
}

/* c[0] + c[1] x + ... of an array c. Neighbouring terms go in pairs: the chain
   of operations that wait for each other is half as long. */
#define SERIES(c, x) series(c, sizeof(c) / sizeof *(c), x)
static inline __attribute__((always_inline)) reals
series(const real *c, int count, reals x)
{
    int top = (count - 1) / 2 * 2;
    reals xx = x * x, sum = all(c[top]);
    if (top + 1 < count)
        sum += x * c[top + 1];
#pragma GCC unroll 8
    for (int k = top - 2; k >= 0; k -= 2)
        sum = (c[k] + x * c[k + 1]) + xx * sum;
    return sum;
}

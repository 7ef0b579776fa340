/* Which sites of a vector toggle? Shared by the bit-sliced bodies.

   Levels (s, a) are turned into masks from the bit-sliced count of agreeing
   bonds; each class' mask selects the digits its lanes' U is compared with,
   most significant first; lanes still equal after LEVELS_PLANES digits are
   ties, settled bit by bit by the caller. */
#ifndef TEMPERA_KERNELS_TOGGLE_H
#define TEMPERA_KERNELS_TOGGLE_H
#include "core/levels.h"
#include "kernels/vector.h"

/* Digits of a count 0 .. 8. */
struct count { VECTOR digit[4]; };

static inline struct count count_bits(const VECTOR *bit, int n)
{
    struct count c = {{vector_zero(), vector_zero(), vector_zero(),
                       vector_zero()}};
    for (int i = 0; i < n; i++) {
        VECTOR carry = bit[i];
        for (int k = 0; k < 4 && (1 << k) <= i + 1; k++) {
            VECTOR next = c.digit[k] & carry;
            c.digit[k] ^= carry;
            carry = next;
        }
    }
    return c;
}

/* minterm[a]: lanes whose count is a, for a = 0 .. most. A digit that is 0
   because the count would exceed `most` otherwise is not looked at. */
static inline void count_minterms(const struct count *c, int most,
                                  VECTOR *minterm)
{
    for (int a = 0; a <= most; a++) {
        VECTOR m = vector_ones();
        for (int k = 0; k < 4 && (1 << k) <= most; k++)
            if (a >> k & 1)
                m &= c->digit[k];
            else if (a + (1 << k) <= most)
                m &= ~c->digit[k];
        minterm[a] = m;
    }
}

static inline VECTOR any_of(const VECTOR *minterm, int most, uint32_t set)
{
    VECTOR mask = vector_zero();
    for (int a = 0; a <= most; a++)
        if (set >> a & 1)
            mask |= minterm[a];
    return mask;
}

/* Lanes whose level is in the class' set. */
static inline VECTOR class_mask(uint32_t members, const VECTOR *minterm,
                                int most, VECTOR s)
{
    uint32_t down = members & 0xffff, up = members >> 16;
    VECTOR mask = any_of(minterm, most, down);
    if (up == down)
        return mask;
    return (mask & ~s) | (any_of(minterm, most, up) & s);
}

/* One digit: less: U < p decided; equal: still undecided. */
static inline void compare_digit(VECTOR u, VECTOR p, VECTOR *less,
                                 VECTOR *equal)
{
    VECTOR decided = *equal & (u ^ p);
    *less |= decided & p;
    *equal ^= decided;
}

#endif

/* One source, several instruction sets: a five-line file defines VECTOR_WORDS
   (64-bit words a vector: 1 or 4) and NAMED(x), then includes a body. */
#ifndef TEMPERA_KERNELS_VECTOR_H
#define TEMPERA_KERNELS_VECTOR_H
#include <stdbool.h>
#include <stdint.h>

#if VECTOR_WORDS == 1
#define VECTOR uint64_t
#define VECTOR_WORD(v, i) (v)
#else
#ifdef __AVX__
#include <immintrin.h>
#endif
typedef uint64_t vector_words __attribute__((
    vector_size(8 * VECTOR_WORDS), may_alias));
#define VECTOR vector_words
#define VECTOR_WORD(v, i) ((v)[i])
#endif

#define INLINE inline __attribute__((always_inline))
/* Before a loop of constant bounds, that must not remain one. */
#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

enum { VECTORS_A_PLANE = 4 / VECTOR_WORDS };

static inline VECTOR vector_zero(void) { return (VECTOR){0}; }
static inline VECTOR vector_ones(void) { return ~(VECTOR){0}; }
static inline VECTOR vector_all(bool bit)
{
    return vector_zero() - (uint64_t)bit;
}

static inline bool vector_any(VECTOR v)
{
#if VECTOR_WORDS == 4 && defined __AVX__
    return !_mm256_testz_si256((__m256i)v, (__m256i)v);
#else
    uint64_t all = 0;
    for (int i = 0; i < VECTOR_WORDS; i++)
        all |= VECTOR_WORD(v, i);
    return all != 0;
#endif
}

/* Adds three bits a lane: sum in the return value, carry out. */
static inline VECTOR full_adder(VECTOR a, VECTOR b, VECTOR c, VECTOR *carry)
{
    VECTOR half = a ^ b;
    *carry = (a & b) | (half & c);
    return half ^ c;
}

/* A counter per lane, bit-sliced. Eight bits at a time go through a tree of
   seven full adders (Harley-Seal); its carries of weight 8 wait in pend for
   their twin, as in a binary counter: about five operations a bit.
   Zero-initialise; finish with tally_digits. */
enum { TALLY_LEVELS = 34, TALLY_BLOCK = 8 };
struct tally {
    VECTOR waiting[TALLY_BLOCK];
    VECTOR low[3];                   /* weights 1, 2, 4 */
    VECTOR level[TALLY_LEVELS], pend[TALLY_LEVELS]; /* weight 8 << k */
    int count;                       /* waiting */
    uint64_t blocks;
};

static inline void tally_carry(struct tally *t, VECTOR bit)
{
    uint64_t taken = t->blocks++;
    int k = 0;
    for (; taken & 1; taken >>= 1, k++)
        t->level[k] = full_adder(t->level[k], t->pend[k], bit, &bit);
    t->pend[k] = bit;
}

/* Eight bits a lane at once. */
static inline void tally_block(struct tally *t, const VECTOR *x)
{
    VECTOR one = t->low[0], two = t->low[1], four = t->low[2];
    VECTOR a, b, c, d;
    one = full_adder(one, x[0], x[1], &a);
    one = full_adder(one, x[2], x[3], &b);
    two = full_adder(two, a, b, &c);
    one = full_adder(one, x[4], x[5], &a);
    one = full_adder(one, x[6], x[7], &b);
    two = full_adder(two, a, b, &d);
    four = full_adder(four, c, d, &a);
    t->low[0] = one;
    t->low[1] = two;
    t->low[2] = four;
    tally_carry(t, a);
}

static inline void tally_add(struct tally *t, VECTOR bit)
{
    t->waiting[t->count++] = bit;
    if (t->count == TALLY_BLOCK) {
        tally_block(t, t->waiting);
        t->count = 0;
    }
}

/* The counts' binary digits; returns how many may be set. */
static inline int tally_digits(struct tally *t, VECTOR *digit)
{
    while (t->count)
        tally_add(t, vector_zero());
    int levels = 0;
    VECTOR carry = vector_zero();
    for (int i = 0; i < 3; i++)
        digit[i] = t->low[i];
    for (; t->blocks >> levels; levels++) {
        VECTOR pend = t->blocks >> levels & 1 ? t->pend[levels]
                                              : vector_zero();
        digit[3 + levels] = full_adder(t->level[levels], pend, carry,
                                       &carry);
    }
    digit[3 + levels] = carry;
    return 4 + levels;
}

/* The counts, count[VECTOR_WORDS][64], of their digits. */
static inline void tally_spread(const VECTOR *digit, int digits,
                                int64_t *count)
{
    for (int w = 0; w < VECTOR_WORDS; w++) {
        uint64_t sum[64] = {0};
        for (int k = 0; k < digits; k++) {
            uint64_t word = VECTOR_WORD(digit[k], w);
            for (int i = 0; i < 64; i++)
                sum[i] += (word >> i & 1) << k;
        }
        for (int i = 0; i < 64; i++)
            count[64 * w + i] = (int64_t)sum[i];
    }
}

#endif

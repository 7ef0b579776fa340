/* ARS-5 with VAES, two counters a register, two of its five rounds made
   ahead. For rng_vaes.c and for kernels that make planes where they use them;
   compile with -mvaes.

   A round substitutes bytes, permutes them, mixes columns (four bytes each)
   linearly and adds a key. The counter's first column holds the plane, the
   second the block. While the plane is below 2^23, and of the block only the
   lowest byte changes, the plane does not reach column 1 in the first round,
   and that byte reaches no other: no byte entering the second round depends
   on both. Being sums of bytewise terms, its outputs are

       R(plane, block) = R(p, block) ^ R(plane, b) ^ R(p, b)

   for any p and b. So R(p, block) is made once a block ("start") and the rest
   once for 256 blocks ("table"): three rounds are left a plane. The bits are
   those of the definition. */
#ifndef TEMPERA_BASE_RNG_VAES_H
#define TEMPERA_BASE_RNG_VAES_H
#include <immintrin.h>
#include <stdbool.h>

#include "base/rng_x86.h"

enum { RNG_VAES_STEPS = 16 };

/* Step i: the 256 bits of planes and halves 2 i and 2 i + 1 of the range. */
struct rng_vaes {
    __m256i key[RNG_ROUNDS + 1];
    __m256i counter, next;          /* of step 0 of block 0; a step on */
    __m256i table[RNG_VAES_STEPS];
    int steps;
    uint32_t high;                  /* upper 24 bits of the table's blocks */
};

/* Starts a range of at most RNG_VAES_STEPS steps. */
static inline void rng_vaes_open(struct rng_vaes *g,
                                 const struct rng_address *address,
                                 struct rng_range range)
{
    uint32_t key[4], counter[4];
    int other = range.halves == 2 ? 1 : 2; /* the second counter */
    const __m256i weyl = _mm256_set_epi64x(
        (long long)RNG_WEYL_HIGH, (long long)RNG_WEYL_LOW,
        (long long)RNG_WEYL_HIGH, (long long)RNG_WEYL_LOW);
    rng_key(key, address);
    /* Not loaded from the arrays: a load cannot take several stores. */
    g->key[0] = _mm256_broadcastsi128_si256(_mm_set_epi32(
        (int)key[3], (int)key[2], (int)key[1], (int)key[0]));
    for (int r = 1; r <= RNG_ROUNDS; r++)
        g->key[r] = _mm256_add_epi64(g->key[r - 1], weyl);
    rng_counter(counter, address, 0,
                (uint32_t)(2 * range.first + range.first_half));
    g->counter = _mm256_add_epi32(
        _mm256_broadcastsi128_si256(_mm_set_epi32(
            (int)counter[3], (int)counter[2], (int)counter[1],
            (int)counter[0])),
        _mm256_set_epi32(0, 0, 0, other, 0, 0, 0, 0));
    g->next = _mm256_set_epi32(0, 0, 0, 2 * other, 0, 0, 0, 2 * other);
    g->steps = (range.planes * range.halves + 1) / 2;
    g->high = UINT32_MAX; /* no block's */
}

static inline __m256i rng_vaes_counter(const struct rng_vaes *g,
                                       uint32_t block)
{
    const long long high = (long long)((uint64_t)block << 32);
    return _mm256_or_si256(g->counter, _mm256_set_epi64x(0, high, 0, high));
}

static inline __m256i rng_vaes_two_rounds(const struct rng_vaes *g,
                                          __m256i counter)
{
    __m256i x = _mm256_xor_si256(counter, g->key[0]);
    x = _mm256_aesenc_epi128(x, g->key[1]);
    return _mm256_aesenc_epi128(x, g->key[2]);
}

/* Two rounds of step 0. */
static inline __m256i rng_vaes_start(const struct rng_vaes *g,
                                     uint32_t block)
{
    return rng_vaes_two_rounds(g, rng_vaes_counter(g, block));
}

/* Is the block's table there? */
static inline bool rng_vaes_near(const struct rng_vaes *g, uint32_t block)
{
    return g->high == block >> 8;
}

/* Makes it, unless it is. */
static inline void rng_vaes_seek(struct rng_vaes *g, uint32_t block)
{
    if (rng_vaes_near(g, block))
        return;
    __m256i counter = rng_vaes_counter(g, block);
    const __m256i start = rng_vaes_two_rounds(g, counter);
    for (int i = 0; i < g->steps; i++) {
        g->table[i] = _mm256_xor_si256(rng_vaes_two_rounds(g, counter),
                                       start);
        counter = _mm256_add_epi32(counter, g->next);
    }
    g->high = block >> 8;
}

/* Step i of the block that start is of; its table must be there. */
static inline __m256i rng_vaes_step(const struct rng_vaes *g, __m256i start,
                                    int i)
{
    __m256i x = _mm256_xor_si256(start, g->table[i]);
    x = _mm256_aesenc_epi128(x, g->key[3]);
    x = _mm256_aesenc_epi128(x, g->key[4]);
    return _mm256_aesenclast_epi128(x, g->key[5]);
}

#endif

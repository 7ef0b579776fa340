/* rng_planes with AES-NI, a counter at a time; two of the five rounds are made
   ahead, as base/rng_vaes.h explains. */
#include "base/rng_x86.h"

#include <wmmintrin.h>

enum { STEPS = 32 };

/* Step i: half i of the range, planes and halves in order. */
struct planes {
    __m128i key[RNG_ROUNDS + 1];
    __m128i counter, next;   /* of step 0 of block 0; a step on */
    __m128i table[STEPS];
    int steps;
    uint32_t high;           /* upper 24 bits of the table's blocks */
};

/* Not loaded from the array: a load cannot take several stores. */
static inline __m128i words(const uint32_t word[4])
{
    return _mm_set_epi32((int)word[3], (int)word[2], (int)word[1],
                         (int)word[0]);
}

static inline __m128i weyl(void)
{
    return _mm_set_epi64x((long long)RNG_WEYL_HIGH, (long long)RNG_WEYL_LOW);
}

static void start_range(struct planes *g, const struct rng_address *address,
                        struct rng_range range)
{
    uint32_t key[4], counter[4];
    rng_key(key, address);
    g->key[0] = words(key);
    for (int r = 1; r <= RNG_ROUNDS; r++)
        g->key[r] = _mm_add_epi64(g->key[r - 1], weyl());
    rng_counter(counter, address, 0,
                (uint32_t)(2 * range.first + range.first_half));
    g->counter = words(counter);
    g->next = _mm_set_epi32(0, 0, 0, range.halves == 2 ? 1 : 2);
    g->steps = range.planes * range.halves;
    g->high = UINT32_MAX; /* no block's */
}

static inline __m128i two_rounds(const struct planes *g, __m128i counter)
{
    __m128i x = _mm_xor_si128(counter, g->key[0]);
    return _mm_aesenc_si128(_mm_aesenc_si128(x, g->key[1]), g->key[2]);
}

static inline __m128i three_rounds(const struct planes *g, __m128i x)
{
    x = _mm_aesenc_si128(_mm_aesenc_si128(x, g->key[3]), g->key[4]);
    return _mm_aesenclast_si128(x, g->key[5]);
}

/* Makes the block's table unless it is there; returns two rounds of step 0. */
static inline __m128i start_block(struct planes *g, uint32_t block)
{
    __m128i counter = _mm_or_si128(g->counter,
                                   _mm_set_epi32(0, 0, (int)block, 0));
    const __m128i start = two_rounds(g, counter);
    if (g->high == block >> 8)
        return start;
    for (int i = 0; i < g->steps; i++) {
        g->table[i] = _mm_xor_si128(two_rounds(g, counter), start);
        counter = _mm_add_epi32(counter, g->next);
    }
    g->high = block >> 8;
    return start;
}

/* A range that fits the table; blocks lie `stride` words apart in out. */
static void planes_of(uint64_t *out, const struct rng_address *address,
                      const uint32_t *blocks, int count,
                      struct rng_range range, int stride)
{
    struct planes g;
    start_range(&g, address, range);
    for (int b = 0; b < count; b++, out += stride) {
        const __m128i start = start_block(&g, blocks[b]);
        for (int i = 0; i < g.steps; i++)
            _mm_storeu_si128((__m128i *)out + i,
                             three_rounds(&g, _mm_xor_si128(start,
                                                            g.table[i])));
    }
}

void rng_one_aesni(uint64_t out[2], const struct rng_address *address,
                   uint32_t block, uint32_t low)
{
    uint32_t counter[4], key[4];
    rng_counter(counter, address, block, low);
    rng_key(key, address);
    __m128i k = words(key), x = _mm_xor_si128(words(counter), k);
    for (int r = 1; r <= RNG_ROUNDS; r++) {
        k = _mm_add_epi64(k, weyl());
        x = r < RNG_ROUNDS ? _mm_aesenc_si128(x, k)
                           : _mm_aesenclast_si128(x, k);
    }
    _mm_storeu_si128((__m128i *)out, x);
}

void rng_planes_aesni(uint64_t *out, const struct rng_address *address,
                      const uint32_t *blocks, int count,
                      struct rng_range range)
{
    const int left = range.planes, most = STEPS / range.halves;
    const int stride = 2 * range.planes * range.halves;
    for (int done = 0; done < left; done += most) {
        range.planes = left - done < most ? left - done : most;
        planes_of(out, address, blocks, count, range, stride);
        range.first += most;
        out += 2 * most * range.halves;
    }
}

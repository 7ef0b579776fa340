/* rng_planes with VAES: both halves of a plane in one 256-bit register, or
   two planes of one half. */
#include "base/rng_x86.h"

#include <immintrin.h>

static void round_keys(__m256i key[RNG_ROUNDS + 1],
                       const struct rng_address *address)
{
    uint32_t word[4];
    rng_key(word, address);
    const __m256i weyl = _mm256_set_epi64x(
        (long long)RNG_WEYL_HIGH, (long long)RNG_WEYL_LOW,
        (long long)RNG_WEYL_HIGH, (long long)RNG_WEYL_LOW);
    key[0] = _mm256_broadcastsi128_si256(
        _mm_loadu_si128((const __m128i *)word));
    for (int r = 1; r <= RNG_ROUNDS; r++)
        key[r] = _mm256_add_epi64(key[r - 1], weyl);
}

static inline __m256i encrypt(__m256i x, const __m256i *key)
{
    x = _mm256_xor_si256(x, key[0]);
    for (int r = 1; r < RNG_ROUNDS; r++)
        x = _mm256_aesenc_epi128(x, key[r]);
    return _mm256_aesenclast_epi128(x, key[RNG_ROUNDS]);
}

void rng_planes_vaes(uint64_t *out, const struct rng_address *address,
                     const uint32_t *blocks, int count,
                     struct rng_range range)
{
    __m256i key[RNG_ROUNDS + 1];
    round_keys(key, address);
    const int step = range.halves == 2 ? 1 : 2;
    const int total = range.planes * range.halves;
    const __m256i stagger = _mm256_set_epi32(0, 0, 0, step, 0, 0, 0, 0);
    const __m256i next = _mm256_set_epi32(0, 0, 0, 2 * step, 0, 0, 0,
                                          2 * step);
    for (int b = 0; b < count; b++, out += 2 * total) {
        uint32_t first[4];
        rng_counter(first, address, blocks[b],
                    (uint32_t)(2 * range.first + range.first_half));
        __m256i counter = _mm256_broadcastsi128_si256(
            _mm_loadu_si128((const __m128i *)first));
        counter = _mm256_add_epi32(counter, stagger);
        int i = 0;
        for (; i + 1 < total; i += 2) {
            _mm256_storeu_si256((__m256i *)(out + 2 * i),
                                encrypt(counter, key));
            counter = _mm256_add_epi32(counter, next);
        }
        if (i < total)
            _mm_storeu_si128(
                (__m128i *)(out + 2 * i),
                _mm256_castsi256_si128(encrypt(counter, key)));
    }
}

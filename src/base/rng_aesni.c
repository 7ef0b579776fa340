/* rng_planes with AES-NI: four 128-bit counters in flight. */
#include "base/rng_x86.h"

#include <wmmintrin.h>

static void round_keys(__m128i key[RNG_ROUNDS + 1],
                       const struct rng_address *address)
{
    uint32_t word[4];
    rng_key(word, address);
    const __m128i weyl = _mm_set_epi64x((long long)RNG_WEYL_HIGH,
                                        (long long)RNG_WEYL_LOW);
    key[0] = _mm_loadu_si128((const __m128i *)word);
    for (int r = 1; r <= RNG_ROUNDS; r++)
        key[r] = _mm_add_epi64(key[r - 1], weyl);
}

static inline __m128i encrypt(__m128i x, const __m128i *key)
{
    x = _mm_xor_si128(x, key[0]);
    for (int r = 1; r < RNG_ROUNDS; r++)
        x = _mm_aesenc_si128(x, key[r]);
    return _mm_aesenclast_si128(x, key[RNG_ROUNDS]);
}

void rng_planes_aesni(uint64_t *out, const struct rng_address *address,
                      const uint32_t *blocks, int count,
                      struct rng_range range)
{
    __m128i key[RNG_ROUNDS + 1];
    round_keys(key, address);
    /* Step from one output to the next: a half, or a plane of one half. */
    const int step = range.halves == 2 ? 1 : 2;
    const int total = range.planes * range.halves;
    const __m128i next = _mm_set_epi32(0, 0, 0, step);
    __m128i *to = (__m128i *)out;
    for (int b = 0; b < count; b++) {
        uint32_t first[4];
        rng_counter(first, address, blocks[b],
                    (uint32_t)(2 * range.first + range.first_half));
        __m128i counter = _mm_loadu_si128((const __m128i *)first);
        for (int i = 0; i < total; i++) {
            _mm_storeu_si128(to++, encrypt(counter, key));
            counter = _mm_add_epi32(counter, next);
        }
    }
}

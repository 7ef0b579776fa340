/* rng_planes with VAES: both halves of a plane in one 256-bit register, or
   two planes of one half. */
#include "base/rng_vaes.h"

/* A range that fits the table; blocks lie `stride` words apart in out. */
static void planes_of(uint64_t *out, const struct rng_address *address,
                      const uint32_t *blocks, int count,
                      struct rng_range range, int stride)
{
    struct rng_vaes g;
    const int whole = range.planes * range.halves / 2;
    rng_vaes_open(&g, address, range);
    for (int b = 0; b < count; b++, out += stride) {
        rng_vaes_seek(&g, blocks[b]);
        const __m256i start = rng_vaes_start(&g, blocks[b]);
        for (int i = 0; i < whole; i++)
            _mm256_storeu_si256((__m256i *)(out + 4 * i),
                                rng_vaes_step(&g, start, i));
        if (whole < g.steps)
            _mm_storeu_si128((__m128i *)(out + 4 * whole),
                             _mm256_castsi256_si128(
                                 rng_vaes_step(&g, start, whole)));
    }
}

void rng_planes_vaes(uint64_t *out, const struct rng_address *address,
                     const uint32_t *blocks, int count,
                     struct rng_range range)
{
    const int left = range.planes, stride = 2 * range.planes * range.halves;
    for (int done = 0; done < left; done += RNG_VAES_STEPS) {
        range.planes = left - done < RNG_VAES_STEPS ? left - done
                                                    : RNG_VAES_STEPS;
        planes_of(out, address, blocks, count, range, stride);
        range.first += RNG_VAES_STEPS;
        out += 2 * RNG_VAES_STEPS * range.halves;
    }
}

/* What the bodies of rng_planes share: the address as counter and key. */
#ifndef TEMPERA_BASE_RNG_X86_H
#define TEMPERA_BASE_RNG_X86_H
#include "base/rng.h"

#ifndef HAVE_X86_BODIES
#if defined(__x86_64__)
#define HAVE_X86_BODIES 1
#else
#define HAVE_X86_BODIES 0
#endif
#endif

enum { RNG_ROUNDS = 5 };
/* Key schedule constants of Random123's ARS (golden ratio, sqrt 3 - 1). */
#define RNG_WEYL_LOW UINT64_C(0x9E3779B97F4A7C15)
#define RNG_WEYL_HIGH UINT64_C(0xBB67AE8584CAA73B)

static inline void rng_key(uint32_t key[4],
                           const struct rng_address *address)
{
    key[0] = (uint32_t)address->seed;
    key[1] = (uint32_t)(address->seed >> 32);
    key[2] = address->purpose;
    key[3] = (uint32_t)(address->tick >> 32);
}

static inline void rng_counter(uint32_t counter[4],
                               const struct rng_address *address,
                               uint32_t block, uint32_t low)
{
    counter[0] = low;
    counter[1] = block;
    counter[2] = (uint32_t)address->tick;
    counter[3] = address->stream;
}

/* One 128-bit output, counter word 0 = low, with AES-NI. */
void rng_one_aesni(uint64_t out[2], const struct rng_address *address,
                   uint32_t block, uint32_t low);

#endif

#include "base/rng.h"

#include <Random123/philox.h>
#include <stdbool.h>

#include "base/rng_x86.h"

#if HAVE_X86_BODIES
#include <cpuid.h>
#endif

/* ---- the AES round in portable C: slow, for machines without AES ------- */

static uint8_t twice(uint8_t x)
{
    return (uint8_t)((x << 1) ^ ((x >> 7) * 0x1b));
}

/* AES S-box, from its definition: inverse in GF(2^8), then an affine map. */
static void make_sbox(uint8_t sbox[256])
{
    uint8_t p = 1, q = 1;
    do {
        p = (uint8_t)(p ^ twice(p)); /* p *= 3 */
        q = (uint8_t)(q ^ (q << 1)); /* q /= 3 */
        q = (uint8_t)(q ^ (q << 2));
        q = (uint8_t)(q ^ (q << 4));
        if (q & 0x80)
            q ^= 0x09;
        unsigned x = q;
        x = x ^ (x << 1) ^ (x << 2) ^ (x << 3) ^ (x << 4);
        sbox[p] = (uint8_t)((x ^ (x >> 8) ^ 0x63) & 0xff);
    } while (p != 1);
    sbox[0] = 0x63;
}

/* SubBytes and ShiftRows, then MixColumns unless last, then the key. */
static void aes_round(uint8_t state[16], const uint64_t key[2],
                      const uint8_t sbox[256], bool last)
{
    uint8_t shifted[16];
    for (int column = 0; column < 4; column++)
        for (int row = 0; row < 4; row++)
            shifted[4 * column + row] =
                sbox[state[4 * ((column + row) % 4) + row]];
    for (int column = 0; column < 4; column++) {
        const uint8_t *a = shifted + 4 * column;
        uint8_t all = a[0] ^ a[1] ^ a[2] ^ a[3];
        for (int row = 0; row < 4; row++) {
            uint8_t mixed = (uint8_t)(
                a[row] ^ all ^ twice(a[row] ^ a[(row + 1) % 4]));
            state[4 * column + row] = last ? a[row] : mixed;
        }
    }
    for (int i = 0; i < 16; i++)
        state[i] ^= (uint8_t)(key[i / 8] >> (8 * (i % 8)));
}

static void ars_with(uint64_t out[2], const uint32_t counter[4],
                     const uint32_t key[4], int rounds,
                     const uint8_t sbox[256])
{
    uint64_t round_key[2] = {key[0] | (uint64_t)key[1] << 32,
                             key[2] | (uint64_t)key[3] << 32};
    uint8_t state[16];
    for (int i = 0; i < 16; i++)
        state[i] = (uint8_t)((counter[i / 4] >> (8 * (i % 4))) ^
                             (round_key[i / 8] >> (8 * (i % 8))));
    for (int round = 1; round <= rounds; round++) {
        round_key[0] += RNG_WEYL_LOW;
        round_key[1] += RNG_WEYL_HIGH;
        aes_round(state, round_key, sbox, round == rounds);
    }
    out[0] = out[1] = 0;
    for (int i = 0; i < 16; i++)
        out[i / 8] |= (uint64_t)state[i] << (8 * (i % 8));
}

void rng_ars(uint64_t out[2], const uint32_t counter[4],
             const uint32_t key[4], int rounds)
{
    uint8_t sbox[256];
    make_sbox(sbox);
    ars_with(out, counter, key, rounds, sbox);
}

void rng_planes_portable(uint64_t *out, const struct rng_address *address,
                         const uint32_t *blocks, int count,
                         struct rng_range range)
{
    uint8_t sbox[256];
    uint32_t key[4], counter[4];
    make_sbox(sbox);
    rng_key(key, address);
    for (int b = 0; b < count; b++)
        for (int plane = 0; plane < range.planes; plane++)
            for (int half = 0; half < range.halves; half++, out += 2) {
                rng_counter(counter, address, blocks[b],
                            (uint32_t)(2 * (range.first + plane) +
                                       range.first_half + half));
                ars_with(out, counter, key, RNG_ROUNDS, sbox);
            }
}

/* ---- choice of body ---------------------------------------------------- */

static bool have_aesni(void)
{
#if HAVE_X86_BODIES
    return __builtin_cpu_supports("aes") && __builtin_cpu_supports("sse4.1");
#else
    return false;
#endif
}

static bool have_vaes(void)
{
#if HAVE_X86_BODIES
    /* Not every compiler knows the name "vaes": leaf 7, ECX bit 9. */
    unsigned a, b, c, d;
    return __builtin_cpu_supports("avx2") &&
           __get_cpuid_count(7, 0, &a, &b, &c, &d) && (c >> 9 & 1);
#else
    return false;
#endif
}

rng_planes_fn *rng_planes_best(void)
{
#if HAVE_X86_BODIES
    if (have_vaes())
        return rng_planes_vaes;
    if (have_aesni())
        return rng_planes_aesni;
#endif
    return rng_planes_portable;
}

rng_planes_fn *rng_planes_quick(void)
{
#if HAVE_X86_BODIES
    if (have_aesni())
        return rng_planes_aesni;
#endif
    return rng_planes_portable;
}

const char *rng_planes_name(void)
{
    return have_vaes() ? "VAES" : have_aesni() ? "AES-NI" : "portable C";
}

/* ---- single bits and words --------------------------------------------- */

static void fill(uint64_t *out, const struct rng_address *address,
                 uint32_t block, struct rng_range range)
{
    rng_planes_quick()(out, address, &block, 1, range);
}

/* The 128 bits with counter word 0 = low. */
static void one_block(uint64_t out[2], const struct rng_address *address,
                      uint32_t block, uint32_t low)
{
#if HAVE_X86_BODIES
    if (have_aesni()) {
        rng_one_aesni(out, address, block, low);
        return;
    }
#endif
    fill(out, address, block,
         (struct rng_range){.first = (int)(low >> 1), .planes = 1,
                            .first_half = (int)(low & 1), .halves = 1});
}

uint32_t rng_bits(const struct rng_address *address, uint32_t block,
                  uint32_t depth, int bit)
{
    uint64_t half[32][2];
    uint32_t value = 0;
    fill(half[0], address, block,
         (struct rng_range){.first = (int)(32 * depth), .planes = 32,
                            .first_half = bit / 128, .halves = 1});
    for (int k = 0; k < 32; k++)
        value = value << 1 |
                (uint32_t)(half[k][bit / 64 % 2] >> (bit % 64) & 1);
    return value;
}

int rng_bit(const struct rng_address *address, uint32_t block,
            uint32_t plane, int bit)
{
    uint64_t half[2];
    one_block(half, address, block, 2 * plane + (uint32_t)(bit / 128));
    return (int)(half[bit / 64 % 2] >> (bit % 64) & 1);
}

uint32_t rng_word(const struct rng_address *address, uint32_t block,
                  uint32_t depth, int word)
{
    uint64_t half[2];
    one_block(half, address, block, 8 * depth + (uint32_t)(word / 4));
    return (uint32_t)(half[word / 2 % 2] >> (32 * (word % 2)));
}

struct rng_quad rng_philox(uint64_t seed, uint32_t purpose, uint32_t a,
                           uint32_t b, uint32_t c, uint32_t d)
{
    /* The purpose is folded into the key by a Weyl constant, so that keys
       of different purposes differ in all bits. */
    uint64_t key = seed + purpose * UINT64_C(0x9E3779B97F4A7C15);
    philox4x32_ctr_t counter = {{a, b, c, d}};
    philox4x32_key_t pair = {{(uint32_t)key, (uint32_t)(key >> 32)}};
    philox4x32_ctr_t random = philox4x32_R(10, counter, pair);
    return (struct rng_quad){{random.v[0], random.v[1], random.v[2],
                              random.v[3]}};
}

double rng_unit(uint32_t high, uint32_t low)
{
    uint64_t bits = (uint64_t)high << 32 | low;
    return (double)(bits >> 11) * 0x1p-53;
}

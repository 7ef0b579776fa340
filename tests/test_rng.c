/* The generators: known answers, all bodies bit for bit, and the addressing
   built on them. Statistics: test_rng_planes.

   The answers of ARS are those of Random123 1.14's ars4x32_R for the
   counters and keys of its kat_vectors (zeros, ones, digits of pi), those of
   Philox4x32-10 the ones in kat_vectors (Salmon et al, SC11). Where the cpu
   has AES, Random123's own code is called too. */
#include "base/rng_x86.h"

#if HAVE_X86_BODIES
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("aes,sse4.1"))),          \
                             apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("aes,sse4.1")
#endif
#define R123_USE_AES_NI 1
#include <Random123/ars.h>
static void theirs(unsigned rounds, const uint32_t counter[4],
                   const uint32_t key[4], uint32_t out[4])
{
    ars4x32_ctr_t c = {{counter[0], counter[1], counter[2], counter[3]}};
    ars4x32_key_t k = {{key[0], key[1], key[2], key[3]}};
    c = ars4x32_R(rounds, c, k);
    for (int i = 0; i < 4; i++)
        out[i] = c.v[i];
}
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif

#include <stdlib.h>
#include <string.h>

#include "core/stream.h"
#include "systems/lattice.h"
#include "tap.h"

/* ---- known answers ------------------------------------------------------- */

struct answer {
    int rounds;
    uint32_t counter[4], key[4], out[4];
};

#define ONES {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}
#define PI_COUNTER {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}
#define PI_KEY {0xa4093822, 0x299f31d0, 0x082efa98, 0xec4e6c89}

static const struct answer ars[] = {
    {5, {0}, {0}, {0x7ecce06f, 0x7cdc3bca, 0x15513c87, 0x29d24c9b}},
    {5, ONES, ONES, {0x524f3d4c, 0x870acd82, 0x835b5954, 0x915b1320}},
    {5, PI_COUNTER, PI_KEY,
     {0x9150862d, 0x525af535, 0x6612f4fa, 0xe2a60648}},
    {7, {0}, {0}, {0xdacf61ff, 0xc45798f3, 0x113c7eeb, 0x101e27f3}},
    {7, ONES, ONES, {0xfbaaff1f, 0xbb547ef9, 0x13d8cd78, 0x7aaa969b}},
    {7, PI_COUNTER, PI_KEY,
     {0xd1df87af, 0xf67d43ba, 0x4f66afdb, 0x393dcb2d}}};

static const struct answer philox[] = {
    {10, {0}, {0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {10, ONES, {0xffffffff, 0xffffffff},
     {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
    {10, PI_COUNTER, {0xa4093822, 0x299f31d0},
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}};

static bool words_are(const uint64_t out[2], const uint32_t want[4])
{
    return out[0] == (want[0] | (uint64_t)want[1] << 32) &&
           out[1] == (want[2] | (uint64_t)want[3] << 32);
}

static void check_answers(void)
{
    for (size_t i = 0; i < sizeof ars / sizeof *ars; i++) {
        uint64_t out[2];
        rng_ars(out, ars[i].counter, ars[i].key, ars[i].rounds);
        ok(words_are(out, ars[i].out), "ARS-%d known answer %zu",
           ars[i].rounds, i % 3);
    }
    for (size_t i = 0; i < sizeof philox / sizeof *philox; i++) {
        const struct answer *a = &philox[i];
        uint64_t seed = a->key[0] | (uint64_t)a->key[1] << 32;
        struct rng_quad quad = rng_philox(seed, 0, a->counter[0],
                                          a->counter[1], a->counter[2],
                                          a->counter[3]);
        ok(!memcmp(quad.v, a->out, sizeof quad.v),
           "Philox4x32-10 known answer %zu", i);
    }
    struct rng_quad a = rng_philox(1, RNG_START, 0, 0, 0, 0);
    struct rng_quad b = rng_philox(1, RNG_EXCHANGE, 0, 0, 0, 0);
    ok(memcmp(&a, &b, sizeof a), "Philox tells purposes apart");
}

static uint32_t any_word(uint32_t i, uint32_t j)
{
    return rng_philox(4, RNG_TEST, i, j, 0, 0).v[0];
}

static void check_theirs(void)
{
#if HAVE_X86_BODIES
    bool same = true;
    if (!strcmp(rng_planes_name(), "portable C")) {
        printf("# no AES instructions: Random123's own is not called\n");
        return;
    }
    for (uint32_t i = 0; i < 2000; i++) {
        uint32_t counter[4], key[4], want[4];
        uint64_t out[2];
        for (uint32_t j = 0; j < 4; j++) {
            counter[j] = any_word(i, j);
            key[j] = any_word(i, 4 + j);
        }
        rng_ars(out, counter, key, 1 + (int)(i % 10));
        theirs(1 + i % 10, counter, key, want);
        same = same && words_are(out, want);
    }
    ok(same, "ARS with 1 to 10 rounds is Random123's");
#endif
}

/* ---- bodies -------------------------------------------------------------- */

enum { BLOCKS = 5, PLANES_MOST = 40, WORDS = BLOCKS * PLANES_MOST * 4 };

static struct rng_address any_address(uint32_t i)
{
    return (struct rng_address){
        .seed = any_word(i, 0) | (uint64_t)any_word(i, 1) << 32,
        .tick = any_word(i, 2) | (uint64_t)any_word(i, 3) << 32,
        .purpose = any_word(i, 4) % 9 + 1, .stream = any_word(i, 5)};
}

static struct rng_range any_range(uint32_t i)
{
    int first_half = (int)(any_word(i, 6) & 1);
    return (struct rng_range){
        .first = (int)(any_word(i, 7) % 100),
        .planes = 1 + (int)(any_word(i, 8) % PLANES_MOST),
        .first_half = first_half,
        .halves = first_half ? 1 : 1 + (int)(any_word(i, 9) & 1)};
}

/* What the header says, from rng_ars. */
static void by_definition(uint64_t *out, const struct rng_address *a,
                          const uint32_t *blocks, struct rng_range range)
{
    const uint32_t key[4] = {(uint32_t)a->seed, (uint32_t)(a->seed >> 32),
                             a->purpose, (uint32_t)(a->tick >> 32)};
    for (int b = 0; b < BLOCKS; b++)
        for (int p = 0; p < range.planes; p++)
            for (int h = 0; h < range.halves; h++, out += 2) {
                const uint32_t counter[4] = {
                    (uint32_t)(2 * (range.first + p) + range.first_half + h),
                    blocks[b], (uint32_t)a->tick, a->stream};
                rng_ars(out, counter, key, 5);
            }
}

static void check_body(rng_planes_fn *body, const char *name)
{
    bool same = true, inside = true;
    for (uint32_t i = 0; i < 500; i++) {
        uint64_t want[WORDS + 4] = {0}, got[WORDS + 4] = {0};
        struct rng_address address = any_address(i);
        struct rng_range range = any_range(i);
        size_t words = (size_t)(BLOCKS * range.planes * range.halves * 2);
        uint32_t blocks[BLOCKS];
        /* Neighbours too, some of them across a multiple of 256. */
        for (uint32_t b = 0; b < BLOCKS; b++)
            blocks[b] = i % 3 == 0   ? any_word(i, 20 + b)
                        : i % 3 == 1 ? any_word(i, 20) + b
                                     : (any_word(i, 20) | 255) - 2 + b;
        by_definition(want, &address, blocks, range);
        body(got, &address, blocks, BLOCKS, range);
        same = same && !memcmp(want, got, words * 8);
        for (size_t w = words; w < WORDS + 4; w++)
            inside = inside && got[w] == 0;
    }
    ok(same && inside, "planes of the %s body, and nothing beyond", name);
}

static void check_bodies(void)
{
    check_body(rng_planes_portable, "portable");
    check_body(rng_planes_best(), rng_planes_name());
#if HAVE_X86_BODIES
    if (strcmp(rng_planes_name(), "portable C"))
        check_body(rng_planes_aesni, "AES-NI");
    if (!strcmp(rng_planes_name(), "VAES"))
        check_body(rng_planes_vaes, "VAES");
#endif
}

/* ---- bits, words, digits ------------------------------------------------- */

static void check_bits(void)
{
    bool bits = true, words = true;
    for (uint32_t i = 0; i < 50; i++) {
        struct rng_address address = any_address(i);
        struct rng_range range = {.planes = 8, .halves = 2};
        uint64_t out[32];
        uint32_t block = any_word(i, 30);
        rng_planes_portable(out, &address, &block, 1, range);
        for (int b = 0; b < 8 * 256; b++)
            bits = bits && (int)(out[b / 64] >> b % 64 & 1) ==
                               rng_bit(&address, block, (uint32_t)b / 256,
                                       b % 256);
        for (int w = 0; w < 64; w++)
            words = words && (uint32_t)(out[w / 2] >> 32 * (w % 2)) ==
                                 rng_word(&address, block, (uint32_t)w / 32,
                                          w % 32);
    }
    ok(bits, "rng_bit reads bit b%%64 of word b/64");
    ok(words, "rng_word reads 32 words a depth, two a 64-bit word");
    ok(rng_unit(0, 0) == 0 && rng_unit(0x80000000, 0) == 0.5 &&
       rng_unit(0xffffffff, 0xffffffff) == 1 - 0x1p-53,
       "rng_unit has 53 bits, in [0, 1)");
}

/* The sum of p's binary digits is p. */
static void check_digits(void)
{
    const double p[] = {0.5, 0.75, 1 / 3., 0.9999999999999999, 0x1p-1000,
                        0x1.8p-1060, 0x1p-1074, 1e-20, 0.1};
    bool same = true;
    for (size_t i = 0; i < sizeof p / sizeof *p; i++) {
        double sum = 0;
        for (uint32_t k = 0; k < 1100; k++)
            if (binary_digit(p[i], k))
                sum += ldexp(1, -(int)k - 1);
        same = same && sum == p[i];
    }
    ok(same, "binary digits add up to the double, subnormals too");
}

static struct draws any_draws(enum stream kind, const struct lattice *lattice,
                              uint32_t i)
{
    return (struct draws){.kind = kind, .seed = any_word(i, 0),
                          .tick = i, .walker = any_word(i, 1) % 5000,
                          .lattice = lattice};
}

/* U < p against the number that its first 53 digits make. */
static void check_below(enum stream kind, bool bytes,
                        const struct lattice *lattice)
{
    bool same = true, ends = true;
    for (uint32_t i = 0; i < 2000; i++) {
        struct draws draws = any_draws(kind, lattice, i);
        int64_t site = any_word(i, 2) % 64;
        draws.bytes = bytes;
        double u = 0, p = rng_unit(any_word(i, 3), any_word(i, 4));
        for (uint32_t k = 0; k < 53; k++)
            u += ldexp(draws_bit(&draws, RNG_UPDATE, site, k), -(int)k - 1);
        if (i % 2) /* a close race */
            p = u + (i % 4 == 1 ? 1 : -1) * ldexp(1, -(int)(i % 50) - 2);
        if (p <= 0 || p >= 1)
            continue;
        same = same && draws_below(&draws, RNG_UPDATE, site, p) == (u < p);
        ends = ends && draws_below(&draws, RNG_UPDATE, site, 1) &&
               !draws_below(&draws, RNG_UPDATE, site, 0) &&
               !draws_below(&draws, RNG_UPDATE, site, u);
    }
    ok(same && ends, "stream %s%s: U < p digit by digit; a tie is not below",
       stream_names[kind], bytes ? ", in bytes" : "");
}

/* Stream word, sites of two values: digits 8 d to 8 d + 7 are byte
   walker mod 32 of plane d. */
static void check_bytes(void)
{
    bool same = true;
    for (uint32_t i = 0; i < 200; i++) {
        struct draws draws = any_draws(STREAM_WORD, NULL, i);
        struct rng_address address = {
            .seed = draws.seed, .tick = draws.tick, .purpose = RNG_UPDATE,
            .stream = (uint32_t)(draws.walker / 32)};
        struct rng_range range = {.planes = 8, .halves = 2};
        uint32_t site = any_word(i, 2);
        unsigned char plane[8][32];
        draws.bytes = true;
        rng_planes_portable((uint64_t *)(void *)plane, &address, &site, 1,
                            range);
        for (uint32_t k = 0; k < 64; k++)
            same = same && draws_bit(&draws, RNG_UPDATE, site, k) ==
                               (plane[k / 8][draws.walker % 32] >>
                                    (7 - k % 8) & 1);
        same = same && draws_word(&draws, RNG_UPDATE, site, 1) >> 24 ==
                           plane[4][draws.walker % 32];
    }
    ok(same, "stream word in bytes: a byte of each plane");
}

/* Uniform on 0 .. 6: the largest z of the seven counts; for a new seed it
   passes 5 by chance once in 250000. */
static void check_integer(void)
{
    double count[7] = {0}, n = 70000, worst = 0;
    for (uint32_t i = 0; i < (uint32_t)n; i++) {
        struct draws draws = any_draws(STREAM_WORD, NULL, i);
        uint32_t value = draws_integer(&draws, RNG_PROPOSE, 3, 7);
        if (value < 7)
            count[value]++;
    }
    for (int v = 0; v < 7; v++)
        worst = fmax(worst, fabs(count[v] - n / 7) / sqrt(n * 6 / 49));
    ok(worst < 5, "draws_integer is uniform (largest z %.2f)", worst);
}

int main(void)
{
    const int64_t size[2] = {8, 8};
    struct lattice *lattice = lattice_new(size, 2, true);
    check_answers();
    check_theirs();
    check_bodies();
    check_bits();
    check_digits();
    for (int s = 0; s < STREAM_COUNT; s++)
        check_below((enum stream)s, false, lattice);
    check_below(STREAM_WORD, true, lattice);
    check_bytes();
    check_integer();
    free(lattice);
    return tap_done();
}

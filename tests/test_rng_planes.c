/* Statistics of the random planes as the kernels address them: the bits are
   fair, and planes next to each other in any word of the address (plane,
   block, tick, stream, seed, purpose, and along two of them at once) are
   unrelated, bit by bit and shifted.

   Every test is a count of ones that is binomial with p = 1/2; |z| < Z_MOST
   fails by chance once in 1.7e6. About 5100 counts are made: for a new seed
   a false alarm in 0.3 % of runs. Mutants go through the same test. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "tap.h"

#define Z_MOST 5.0

enum { PLACES = 4096 }; /* addresses a direction */

/* One plane of 256 bits. */
typedef void generator(uint64_t out[4], const struct rng_address *address,
                       uint32_t block, uint32_t plane);

static void planes(uint64_t out[4], const struct rng_address *address,
                   uint32_t block, uint32_t plane)
{
    static rng_planes_fn *best;
    if (!best)
        best = rng_planes_best();
    best(out, address, &block, 1,
         (struct rng_range){.first = (int)plane, .planes = 1, .halves = 2});
}

/* ---- mutants ------------------------------------------------------------- */

static void without_tick(uint64_t out[4], const struct rng_address *address,
                         uint32_t block, uint32_t plane)
{
    struct rng_address other = *address;
    other.tick = 0;
    planes(out, &other, block, plane);
}

static void without_block(uint64_t out[4], const struct rng_address *address,
                          uint32_t block, uint32_t plane)
{
    (void)block;
    planes(out, address, 0, plane);
}

/* The words of the counter run into each other. */
static void words_added(uint64_t out[4], const struct rng_address *address,
                        uint32_t block, uint32_t plane)
{
    struct rng_address other = *address;
    other.stream += block;
    planes(out, &other, 0, plane);
}

static void few_rounds(uint64_t out[4], const struct rng_address *a,
                       uint32_t block, uint32_t plane)
{
    const uint32_t key[4] = {(uint32_t)a->seed, (uint32_t)(a->seed >> 32),
                             a->purpose, (uint32_t)(a->tick >> 32)};
    for (uint32_t half = 0; half < 2; half++) {
        const uint32_t counter[4] = {2 * plane + half, block,
                                     (uint32_t)a->tick, a->stream};
        rng_ars(out + 2 * half, counter, key, 2);
    }
}

static void same_halves(uint64_t out[4], const struct rng_address *address,
                        uint32_t block, uint32_t plane)
{
    planes(out, address, block, plane);
    out[2] = out[0];
    out[3] = out[1];
}

/* One bit in 32 is the OR of two. */
static void unfair_bit(uint64_t out[4], const struct rng_address *address,
                       uint32_t block, uint32_t plane)
{
    planes(out, address, block, plane);
    out[1] |= out[0] >> 7 & UINT64_C(0x100000001);
}

/* ---- the test ------------------------------------------------------------ */

/* Steps in the words of the address. */
struct direction {
    const char *name;
    int plane, block, tick, stream, seed, purpose;
    int turn; /* 64-bit words and bits by which the second plane is turned */
};

static const struct direction directions[] = {
    {.name = "planes", .plane = 1},
    {.name = "every second plane", .plane = 2},
    {.name = "planes 8 apart", .plane = 8},
    {.name = "blocks", .block = 1},
    {.name = "blocks 32 apart", .block = 32},
    {.name = "ticks", .tick = 1},
    {.name = "streams", .stream = 1},
    {.name = "seeds", .seed = 1},
    {.name = "purposes", .purpose = 1},
    {.name = "block and stream", .block = 1, .stream = -1},
    {.name = "tick and block", .tick = 1, .block = -1},
    {.name = "plane and tick", .plane = 1, .tick = -1},
    {.name = "stream and seed", .stream = 1, .seed = -1},
    {.name = "bits", .turn = 1},
    {.name = "bits 64 apart", .turn = 64},
    {.name = "halves", .turn = 128},
    {.name = "bits of next planes", .plane = 1, .turn = 1},
    {.name = "halves of next planes", .plane = 1, .turn = 128},
    {.name = "bits of next ticks", .tick = 1, .turn = 3}};
enum { DIRECTIONS = sizeof directions / sizeof *directions };

static void plane_at(generator *g, uint32_t place, const struct direction *d,
                     uint64_t out[4])
{
    struct rng_address a = {.seed = UINT64_C(0x1234567890ABCDEF),
                            .tick = 1 + place / 512 % 4,
                            .purpose = 2, .stream = 64 + place / 2048};
    uint32_t block = 1 + place / 16 % 32, plane = place % 16;
    if (d) {
        a.seed += (uint64_t)(int64_t)d->seed;
        a.tick += (uint64_t)(int64_t)d->tick;
        a.stream += (uint32_t)d->stream;
        a.purpose += (uint32_t)d->purpose;
        block += (uint32_t)d->block;
        plane += (uint32_t)d->plane;
    }
    g(out, &a, block, plane);
}

static void turn_plane(uint64_t plane[4], int bits)
{
    uint64_t in[4];
    memcpy(in, plane, sizeof in);
    for (int i = 0; i < 4; i++) {
        int from = (i + bits / 64) % 4;
        plane[i] = in[from] >> bits % 64;
        if (bits % 64)
            plane[i] |= in[(from + 1) % 4] << (64 - bits % 64);
    }
}

struct tally { double ones[256], all; };

static void count_ones(struct tally *tally, const uint64_t plane[4])
{
    for (int b = 0; b < 256; b++)
        tally->ones[b] += (double)(plane[b / 64] >> b % 64 & 1);
    for (int i = 0; i < 4; i++)
        tally->all += __builtin_popcountll(plane[i]);
}

/* Largest |z| of the 256 bit places (and, pairs of distinct bits, of the
   whole). A turn by 128 pairs every bit twice: half as many counts. */
static double largest_z(const struct tally *tally, int turn)
{
    int places = turn == 128 ? 128 : 256;
    double all = turn == 128 ? tally->all / 2 : tally->all;
    double n = (double)PLACES * places;
    double worst = fabs(all - n / 2) / sqrt(n / 4);
    for (int b = 0; b < places; b++)
        worst = fmax(worst, fabs(tally->ones[b] - PLACES / 2.0) /
                                sqrt(PLACES / 4.0));
    return worst;
}

/* Largest |z| along a direction; NULL: of the bits themselves. */
static double z_along(generator *g, const struct direction *d)
{
    struct tally tally = {.all = 0};
    for (uint32_t place = 0; place < PLACES; place++) {
        uint64_t plane[4], other[4] = {0};
        plane_at(g, place, NULL, plane);
        if (d) {
            plane_at(g, place, d, other);
            turn_plane(other, d->turn);
        }
        for (int i = 0; i < 4; i++)
            plane[i] ^= other[i];
        count_ones(&tally, plane);
    }
    return largest_z(&tally, d ? d->turn : 0);
}

/* The worst of all, and where. */
static double worst_z(generator *g, const char **where)
{
    double worst = z_along(g, NULL);
    *where = "the bits themselves";
    for (int i = 0; i < DIRECTIONS; i++) {
        double z = z_along(g, &directions[i]);
        if (z > worst) {
            worst = z;
            *where = directions[i].name;
        }
    }
    return worst;
}

/* ---- blocks of bits ------------------------------------------------------ */

/* Chi-square of the bytes, as its normal deviate (Wilson, Hilferty). */
static double z_bytes(generator *g)
{
    double count[256] = {0}, n = 32.0 * PLACES, sum = 0, dof = 255;
    for (uint32_t place = 0; place < PLACES; place++) {
        uint64_t plane[4];
        plane_at(g, place, NULL, plane);
        for (int b = 0; b < 32; b++)
            count[plane[b / 8] >> 8 * (b % 8) & 255]++;
    }
    for (int v = 0; v < 256; v++)
        sum += (count[v] - n / 256) * (count[v] - n / 256) / (n / 256);
    return (cbrt(sum / dof) - (1 - 2 / (9 * dof))) / sqrt(2 / (9 * dof));
}

int main(void)
{
    static const struct { const char *name; generator *g; } mutants[] = {
        {"the tick not in the counter", without_tick},
        {"the block not in the counter", without_block},
        {"block and stream added up", words_added},
        {"two rounds instead of five", few_rounds},
        {"both halves of a plane alike", same_halves},
        {"one bit in 32 unfair", unfair_bit}};
    const char *where;
    double z = z_along(planes, NULL);
    ok(z < Z_MOST, "the bits are fair (largest z %.2f)", z);
    for (int i = 0; i < DIRECTIONS; i++) {
        z = z_along(planes, &directions[i]);
        ok(z < Z_MOST, "unrelated along %s (largest z %.2f)",
           directions[i].name, z);
    }
    z = z_bytes(planes);
    ok(fabs(z) < Z_MOST, "bytes are uniform (z %.2f)", z);
    for (size_t m = 0; m < sizeof mutants / sizeof *mutants; m++) {
        z = worst_z(mutants[m].g, &where);
        ok(z > Z_MOST, "mutant rejected: %s by %s (z %.1f)", mutants[m].name,
           where, z);
    }
    return tap_done();
}

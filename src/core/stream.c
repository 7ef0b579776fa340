#include "core/stream.h"

#include <string.h>

#include "systems/lattice.h"

const char *const stream_names[STREAM_COUNT + 1] = {"site", "lane", "word",
                                                    "shared", NULL};

int stream_group(enum stream stream)
{
    return stream == STREAM_LANE ? 256 : stream == STREAM_WORD ? 32 : 1;
}

static struct rng_address address_of(const struct draws *d,
                                     enum rng_purpose purpose)
{
    return (struct rng_address){
        .seed = d->seed, .tick = d->tick, .purpose = purpose,
        .stream = d->kind == STREAM_SHARED
                      ? d->shared
                      : (uint32_t)(d->walker / stream_group(d->kind))};
}

int64_t sharing_next(const struct sharing *s, int64_t walker)
{
    int64_t ladder = walker / s->slots;
    int64_t copy = ladder / s->samples, sample = ladder % s->samples;
    int64_t next = (sample / s->group + 1) * s->group;
    if (next > s->samples)
        next = s->samples;
    return (copy * s->samples + next) * s->slots;
}

void draws_share(struct draws *d, const struct sharing *s, int rung)
{
    int64_t ladder = d->walker / s->slots;
    int64_t copy = ladder / s->samples, sample = ladder % s->samples;
    int64_t groups = (s->samples + s->group - 1) / s->group;
    d->lane = (int)(sample % s->group);
    d->shared = (uint32_t)((copy * groups + sample / s->group) * s->rungs +
                           rung);
}

/* One digit for all samples of the group. */
static int shared_bit(const struct rng_address *address, int64_t site,
                      uint32_t k)
{
    uint32_t plane = k / 32;
    int word = (int)(8 * (plane % 4)) + (int)(site % 8);
    return (int)(rng_word(address, (uint32_t)(site / 8), plane / 4, word) >>
                 (31 - k % 32) & 1);
}

/* Numbers beyond the lattice's sites go on in further blocks. */
static void tiled_address(const struct lattice *l, int64_t site,
                          uint32_t *block, int *place)
{
    lattice_address(l, site % l->sites, block, place);
    *block += (uint32_t)(site / l->sites) *
              (uint32_t)(2 * l->tiling.rows * l->tiling.words);
}

/* Streams lane and site, and shared where it draws states: block and bit of a
   number. */
static uint32_t place_of(const struct draws *d, int64_t site, int *bit)
{
    uint32_t block = (uint32_t)site;
    *bit = d->kind == STREAM_SHARED ? d->lane
                                    : (int)(d->walker % stream_group(d->kind));
    if (d->kind == STREAM_SITE)
        tiled_address(d->lattice, site, &block, bit);
    return block;
}

/* Digits 8 plane ... 8 plane + 7, where they come in bytes. */
static uint32_t byte_of(const struct draws *d, enum rng_purpose purpose,
                        int64_t site, uint32_t plane)
{
    struct rng_address address = address_of(d, purpose);
    uint32_t byte = (uint32_t)(d->walker % stream_group(STREAM_WORD));
    uint32_t word = rng_word(&address, (uint32_t)site, plane / 4,
                             (int)(8 * (plane % 4) + byte / 4));
    return word >> 8 * (byte % 4) & 0xff;
}

/* Digits 32 depth ... 32 depth + 31 likewise. */
static uint32_t bytes_of(const struct draws *d, enum rng_purpose purpose,
                         int64_t site, uint32_t depth)
{
    uint32_t value = 0;
    for (uint32_t k = 0; k < 4; k++)
        value = value << 8 | byte_of(d, purpose, site, 4 * depth + k);
    return value;
}

static bool in_bytes(const struct draws *d)
{
    return d->kind == STREAM_WORD && d->bytes;
}

/* Digits 32 depth ... 32 depth + 31. */
static uint32_t digits_of(const struct draws *d, enum rng_purpose purpose,
                          int64_t site, uint32_t depth)
{
    struct rng_address address = address_of(d, purpose);
    int bit, word = (int)(d->walker % stream_group(STREAM_WORD));
    if (in_bytes(d))
        return bytes_of(d, purpose, site, depth);
    if (d->kind == STREAM_WORD)
        return rng_word(&address, (uint32_t)site, depth, word);
    if (d->kind == STREAM_SHARED && purpose != RNG_START &&
        purpose != RNG_FRESH)
        return rng_word(&address, (uint32_t)(site / 8), depth / 4,
                        (int)(8 * (depth % 4)) + (int)(site % 8));
    uint32_t block = place_of(d, site, &bit);
    return rng_bits(&address, block, depth, bit);
}

int draws_bit(const struct draws *d, enum rng_purpose purpose, int64_t site,
              uint32_t k)
{
    struct rng_address address = address_of(d, purpose);
    int bit;
    if (d->kind == STREAM_SHARED && purpose != RNG_START &&
        purpose != RNG_FRESH)
        return shared_bit(&address, site, k);
    if (in_bytes(d))
        return (int)(byte_of(d, purpose, site, k / 8) >> (7 - k % 8) & 1);
    if (d->kind == STREAM_WORD)
        return (int)(digits_of(d, purpose, site, k / 32) >> (31 - k % 32) &
                     1);
    uint32_t block = place_of(d, site, &bit);
    return rng_bit(&address, block, k, bit);
}

uint32_t draws_word(const struct draws *d, enum rng_purpose purpose,
                    int64_t site, uint32_t depth)
{
    return digits_of(d, purpose, site, depth);
}

enum { NORMAL_BLOCKS = 64 };

void draws_normals(const struct draws *d, enum rng_purpose purpose,
                   int64_t first, int64_t count, double *out)
{
    rng_planes_fn *planes = d->planes ? d->planes : rng_planes_quick();
    normal_pairs_fn *normals = d->normals ? d->normals : normal_pairs_best();
    const struct rng_address address = {.seed = d->seed, .tick = d->tick,
                                        .purpose = purpose,
                                        .stream = (uint32_t)d->walker};
    const struct rng_range range = {.planes = 1, .halves = 2};
    uint32_t block[NORMAL_BLOCKS];
    uint64_t bits[4 * NORMAL_BLOCKS];
    double value[4 * NORMAL_BLOCKS];
    for (int64_t done = 0; done < count; done += 4 * NORMAL_BLOCKS) {
        int64_t left = count - done;
        int blocks = (int)(left < 4 * NORMAL_BLOCKS ? (left + 3) / 4
                                                    : NORMAL_BLOCKS);
        for (int i = 0; i < blocks; i++)
            block[i] = (uint32_t)((first + done) / 4 + i);
        bool whole = left >= 4 * blocks;
        planes(bits, &address, block, blocks, range);
        normals(bits, 2 * blocks, whole ? out + done : value);
        if (!whole)
            memcpy(out + done, value, (size_t)left * sizeof *out);
    }
}

int binary_digit(double p, uint32_t k)
{
    uint64_t bits;
    memcpy(&bits, &p, sizeof bits);
    int exponent = (int)(bits >> 52); /* p >= 0: no sign */
    uint64_t fraction = bits & UINT64_C(0xFFFFFFFFFFFFF);
    if (exponent)
        fraction |= UINT64_C(1) << 52;
    else
        exponent = 1;
    /* p = fraction * 2^(exponent - 1075); digit k is worth 2^-(k+1). */
    int64_t place = 1075 - exponent - 1 - (int64_t)k;
    return place >= 0 && place < 53 ? (int)(fraction >> place & 1) : 0;
}

enum { DIGITS_MOST = 1074 }; /* of the smallest double */

bool draws_below(const struct draws *d, enum rng_purpose purpose,
                 int64_t site, double p)
{
    return p >= 1 || draws_below_from(d, purpose, site, p, 0);
}

/* Digits first ... first + count - 1 of p as an integer. */
static uint32_t binary_digits(double p, uint32_t first, uint32_t count)
{
    uint32_t value = 0;
    if (first == 0)
        return (uint32_t)(p * (double)(UINT64_C(1) << count));
    for (uint32_t k = first; k < first + count; k++)
        value = value << 1 | (uint32_t)binary_digit(p, k);
    return value;
}

/* Stream word has many digits in one piece. */
static bool word_below(const struct draws *d, enum rng_purpose purpose,
                       int64_t site, double p, uint32_t from)
{
    const uint32_t size = d->bytes ? 8 : 32;
    uint32_t keep = UINT32_MAX >> (32 - size + from % size);
    for (uint32_t k = from; k < DIGITS_MOST; k = (k / size + 1) * size) {
        uint32_t mine = d->bytes ? byte_of(d, purpose, site, k / 8)
                                 : digits_of(d, purpose, site, k / 32);
        uint32_t limit = binary_digits(p, k / size * size, size);
        if ((mine & keep) != (limit & keep))
            return (mine & keep) < (limit & keep);
        keep = UINT32_MAX;
    }
    return false;
}

bool draws_below_from(const struct draws *d, enum rng_purpose purpose,
                      int64_t site, double p, uint32_t from)
{
    if (p <= 0)
        return false;
    if (d->kind == STREAM_WORD)
        return word_below(d, purpose, site, p, from);
    for (uint32_t k = from; k < DIGITS_MOST; k++) {
        int digit = binary_digit(p, k);
        if (digit != draws_bit(d, purpose, site, k))
            return digit;
    }
    return false;
}

uint32_t draws_integer(const struct draws *d, enum rng_purpose purpose,
                       int64_t site, uint32_t below)
{
    uint64_t whole = (UINT64_C(1) << 32) / below * below;
    for (uint32_t depth = 0;; depth++) {
        uint32_t value = digits_of(d, purpose, site, depth);
        if (value < whole)
            return value % below;
    }
}

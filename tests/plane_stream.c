/* Random bits as kernels consume them, to standard output without end, for
   dieharder: plane_stream ORDER.

       tick, site, stream  whole planes; which part of the address runs fastest
       lane    the numbers of one walker of stream lane: bit 3 of 32 planes a
               site, site after site, sweep after sweep
       word    those of one walker of stream word: word 5 of a block
       byte    the same where sites have two values: byte 5 of 4 planes
       shared  those of stream shared: the words of a block, rung after rung */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/rng.h"

enum { BLOCKS = 64, PLANES = 32 };

struct order {
    const char *name;
    int planes;       /* a block */
    bool sites, streams;
    int word;         /* -1: all; 32 + b: byte b of every plane */
    int bit;          /* of every plane; -1: all */
};

static const struct order orders[] = {
    {"tick", 12, false, false, -1, -1}, {"site", 12, true, false, -1, -1},
    {"stream", 12, false, true, -1, -1}, {"lane", 32, false, false, -1, 3},
    {"word", 4, false, false, 5, -1}, {"byte", 4, false, false, 32 + 5, -1},
    {"shared", 1, false, true, -1, -1}};

/* Keeps what the order reads of one block; bytes kept. */
static size_t pick(const struct order *o, const uint64_t *block,
                   unsigned char *out)
{
    uint32_t word = 0;
    size_t all = (size_t)o->planes * RNG_PLANE_WORDS * sizeof *block;
    if (o->bit >= 0)
        for (int k = 0; k < o->planes; k++)
            word = word << 1 | (uint32_t)(block[k * RNG_PLANE_WORDS] >>
                                          o->bit & 1);
    else if (o->word >= 32)
        for (int k = 0; k < o->planes; k++)
            word = word << 8 | ((const unsigned char *)block)
                                   [32 * k + o->word - 32];
    else if (o->word >= 0)
        memcpy(&word, (const char *)block + 4 * o->word, sizeof word);
    else
        memcpy(out, block, all);
    if (o->bit < 0 && o->word < 0)
        return all;
    memcpy(out, &word, sizeof word);
    return sizeof word;
}

int main(int argc, char **argv)
{
    static uint64_t planes[BLOCKS * PLANES * RNG_PLANE_WORDS];
    static unsigned char out[sizeof planes];
    const struct order *o = orders;
    size_t count = sizeof orders / sizeof *orders;
    while (argc > 1 && o < orders + count && strcmp(o->name, argv[1]))
        o++;
    if (o == orders + count)
        return 2;
    rng_planes_fn *best = rng_planes_best();
    struct rng_range range = {.planes = o->planes, .halves = 2};
    struct rng_address address = {.seed = 1, .tick = 1,
                                  .purpose = RNG_UPDATE};
    uint32_t blocks[BLOCKS];
    for (uint64_t n = 0;; n++) {
        size_t bytes = 0;
        for (uint32_t b = 0; b < BLOCKS; b++)
            blocks[b] = o->sites ? (uint32_t)n * BLOCKS + b : b;
        if (o->streams)
            address.stream = (uint32_t)n;
        else if (!o->sites)
            address.tick = n + 1;
        best(planes, &address, blocks, BLOCKS, range);
        for (int b = 0; b < BLOCKS; b++)
            bytes += pick(o, planes + b * o->planes * RNG_PLANE_WORDS,
                          out + bytes);
        if (fwrite(out, bytes, 1, stdout) != 1)
            return 0;
    }
}

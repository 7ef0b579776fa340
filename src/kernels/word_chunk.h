/* Random bytes of stream word for a chunk of sites and a group of 32 walkers,
   as kernels use them that go through the sites of one walker after the other
   (sites of two values: digits in bytes, core/stream.h). */
#ifndef TEMPERA_KERNELS_WORD_CHUNK_H
#define TEMPERA_KERNELS_WORD_CHUNK_H
#include "base/alloc.h"
#include "core/learner.h"
#include "kernels/accept.h"

enum { WORD_GROUP = 32, WORD_CHUNK = 64 };

struct word_chunk {
    int first, count; /* sites */
    uint8_t update[WORD_CHUNK][2][WORD_GROUP];
    uint8_t lazy[WORD_CHUNK][1][WORD_GROUP];
    uint8_t fresh[WORD_CHUNK][1][WORD_GROUP];
};

static inline void word_planes(const struct bank_spec *spec,
                               rng_planes_fn *make, uint64_t tick,
                               enum rng_purpose purpose, int planes,
                               const struct word_chunk *chunk, void *out)
{
    struct rng_address address = {
        .seed = spec->seed, .tick = tick, .purpose = purpose,
        .stream = (uint32_t)(spec->first_walker / WORD_GROUP)};
    struct rng_range range = {.planes = planes, .halves = 2};
    uint32_t block[WORD_CHUNK];
    for (int i = 0; i < chunk->count; i++)
        block[i] = (uint32_t)(chunk->first + i);
    make(out, &address, block, chunk->count, range);
}

struct word_rungs { bool lazy, fresh; };

/* Sites from `first` on; any: what rungs of any lane are; make: as from
   rng_planes_best, which takes its time. */
static inline void word_fill(const struct bank_spec *spec,
                             rng_planes_fn *make, uint64_t tick, int first,
                             struct word_rungs any, struct word_chunk *chunk)
{
    int left = (int)spec->system->sites - first;
    chunk->first = first;
    chunk->count = left < WORD_CHUNK ? left : WORD_CHUNK;
    word_planes(spec, make, tick, RNG_UPDATE, 2, chunk, chunk->update);
    if (any.lazy)
        word_planes(spec, make, tick, RNG_LAZY, 1, chunk, chunk->lazy);
    if (any.fresh)
        word_planes(spec, make, tick, RNG_FRESH, 1, chunk, chunk->fresh);
}

static inline int word_place(const struct bank_spec *spec, int lane)
{
    return (int)(spec->first_walker % WORD_GROUP) + lane;
}

/* The first 16 digits of U. */
static inline uint32_t word_digits(const struct word_chunk *chunk, int i,
                                   int place)
{
    return (uint32_t)chunk->update[i][0][place] << 8 |
           chunk->update[i][1][place];
}

/* Both first digits set: a lazy site stays. */
static inline bool word_stays(const struct word_chunk *chunk, int i,
                              int place)
{
    return chunk->lazy[i][0][place] >= 0xC0;
}

/* References of binary weights on a tether, [system][site] 1 where up; NULL:
   there are none. system[lane] < systems: of the samples among the lanes. */
static inline uint8_t *word_references(const struct bank_spec *spec,
                                       const int *system, int systems)
{
    const int8_t *w = spec->system->patterns->reference;
    int64_t sites = spec->system->sites;
    if (!w)
        return NULL;
    uint8_t *up = mem_new((size_t)(systems * sites), 1);
    for (int lane = 0; lane < spec->lanes; lane++) {
        const int8_t *from = w + spec->sample[lane] * sites;
        for (int64_t i = 0; i < sites; i++)
            up[system[lane] * sites + i] = from[i] > 0;
    }
    return up;
}

/* A state drawn afresh: 1 where the first digit is set. */
static inline void word_draw(const struct word_chunk *chunk, int place,
                             uint8_t *up)
{
    for (int i = 0; i < chunk->count; i++)
        up[chunk->first + i] = chunk->fresh[i][0][place] >> 7;
}

/* The same of weights on a tether, at the exact point of a rung: apart from
   the reference where U < p. reference NULL: there is none. */
static inline void word_draw_near(const struct bank_spec *spec, uint64_t tick,
                                  const struct word_chunk *chunk, int lane,
                                  int label, const uint8_t *reference,
                                  uint8_t *up)
{
    int place = word_place(spec, lane);
    struct draws draws = {.kind = spec->stream, .seed = spec->seed,
                          .tick = tick, .bytes = true,
                          .walker = spec->first_walker + lane};
    if (!reference) {
        word_draw(chunk, place, up);
        return;
    }
    double p = learner_apart(spec->rung[label].lambda[1]);
    uint32_t level = p < 1 ? (uint32_t)(p * 256) : 256;
    for (int i = 0; i < chunk->count; i++) {
        uint32_t u = chunk->fresh[i][0][place];
        int site = chunk->first + i;
        bool apart = u == level ? draws_below(&draws, RNG_FRESH, site, p)
                                : u < level;
        up[site] = reference[site] ^ apart;
    }
}

/* 16 digits of U below the low half of this toggle, or not, what bit 16 says;
   equal to it, they do not decide. du: u after the toggle less that before,
   all of u. */
static inline uint32_t word_level(const struct bank_spec *spec,
                                  const struct rung *rung, const double *du)
{
    double p, x = rung_dot(rung->lambda, du, spec->system->components);
    int base;
    spec->dynamics->binary->level(x, &p, &base);
    return (uint32_t)(p * 65536) | (uint32_t)base << 16;
}

/* Is it lazy and does not draw afresh, or does it? */
static inline struct word_rungs word_rung(const struct bank_spec *spec,
                                          int label)
{
    const struct rung *rung = &spec->rung[label];
    return (struct word_rungs){
        .lazy = rung->lazy && !rung->exact && spec->dynamics->binary->lazy,
        .fresh = rung->exact};
}

#endif

/* Local fields kept: spins coupled all to all (or nearly), a walker at a time,
   sites in chunks. A flip of site i adds row i of the couplings to the
   walker's fields: at once within the chunk, to all others when the chunk has
   been tried, for all its flips together. Included once per instruction set.

   Limit (doc/kernels): the rows added, and the wait from one flip to the next
   decision. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "kernels/accept.h"
#include "kernels/fields_bars.h"

/* A chunk's sites; columns of a tile. */
enum { FIELDS_GROUP = 32, FIELDS_CHUNK = 64, FIELDS_TILE = 128,
       FIELDS_DEGREE = 64 };

struct fields {
    struct bank bank;
    int sites, room;    /* room: sites rounded up to a tile */
    int stride;         /* from lane to lane: room, and more, so that lanes do
                           not compete for the same places in the cache */
    int systems;        /* samples among the lanes */
    int *system;        /* [lanes] which */
    bool narrow;        /* twice the couplings fit 16 bits */
    void *twice;        /* [system][site][room] 2 J, int16 or int32, in tiles
                           (fields_at) */
    int32_t *field;     /* [lane][stride] */
    int32_t *mask;      /* [lane][stride] -1: down */
    int64_t *energy;    /* [lane] in units, without the constant */
    struct bar_scale *scale; /* [lane] */
    struct fields_flips *flips; /* [lane] of the chunk */
    bool any_lazy;
    rng_planes_fn *planes;
};

/* Flips of one lane in a chunk: sites by number in it, and what their rows
   are multiplied by (0 at the end, up to a multiple of four). */
enum { FIELDS_TOGETHER = 4 };
struct fields_flips {
    int count;
    uint8_t site[FIELDS_CHUNK];
    int16_t sign[FIELDS_CHUNK];
};

/* Words of one chunk, lane by lane. */
struct fields_chunk {
    int first, count;
    uint32_t allowed[FIELDS_CHUNK / BARS]; /* bits of sites that are
                                                      there and not clamped */
    uint32_t update[FIELDS_GROUP][FIELDS_CHUNK];
    uint32_t lazy[FIELDS_GROUP][FIELDS_CHUNK];
};

/* ---- setting up -------------------------------------------------------- */

static const char *fields_refuses(const struct bank_spec *spec)
{
    const struct pairs *p = spec->system->pairs;
    if (!p)
        return "the model is not of spins coupled in pairs";
    if (!spec->dynamics->binary)
        return "the dynamics has no rule for two-valued sites";
    if (spec->system->model->statistics != 2)
        return "the model measures more than u and the magnetisation";
    if (p->bonds * 4 < p->sites * p->sites || p->sites < FIELDS_DEGREE)
        return "fewer than half of all pairs are coupled";
    if (p->field_most >= INT32_MAX / 4)
        return "fields beyond 2^29 units";
    return NULL;
}

static bool fields_narrow(const struct pairs *p)
{
    for (int64_t b = 0; b < p->samples * p->bonds; b++)
        if (abs(p->J[b]) > INT16_MAX / 2)
            return false;
    return true;
}

/* Where the couplings of site i and columns from j on are: tiles of a chunk's
   rows and so many columns lie one after the other, so that they do not
   compete for the same places in the first-level cache. */
static inline int64_t fields_at(const struct fields *own, int system, int i,
                                int j)
{
    int64_t chunks = own->room / FIELDS_CHUNK;
    int64_t tiles = own->room / FIELDS_TILE;
    int64_t tile = (system * chunks + i / FIELDS_CHUNK) * tiles +
                   j / FIELDS_TILE;
    return (tile * FIELDS_CHUNK + i % FIELDS_CHUNK) * FIELDS_TILE +
           j % FIELDS_TILE;
}

static void fields_set(struct fields *own, int system, int i, int j,
                       int32_t twice)
{
    int64_t at = fields_at(own, system, i, j - j % 16);
    if (own->narrow)
        ((int16_t *)own->twice)[at + near_pair_place(j % 16)] =
            (int16_t)twice;
    else
        ((int32_t *)own->twice)[at + j % 16] = twice;
}

/* Lanes of one sample share its matrix. */
static void fields_fill(struct fields *own, const struct bank_spec *spec)
{
    const struct pairs *p = spec->system->pairs;
    for (int lane = 0; lane < spec->lanes; lane++) {
        own->system[lane] = own->systems;
        for (int other = 0; other < lane; other++)
            if (spec->sample[other] == spec->sample[lane])
                own->system[lane] = own->system[other];
        own->systems += own->system[lane] == own->systems;
    }
    own->narrow = fields_narrow(p);
    own->twice = mem_new((size_t)own->systems * (size_t)own->room *
                             (size_t)own->room, own->narrow ? 2 : 4);
    for (int lane = 0, done = 0; lane < spec->lanes; lane++) {
        if (own->system[lane] < done)
            continue;
        const int32_t *J = p->J + spec->sample[lane] * p->bonds;
        for (int64_t b = 0; b < p->bonds; b++) {
            fields_set(own, done, p->ends[2 * b], p->ends[2 * b + 1],
                       2 * J[b]);
            fields_set(own, done, p->ends[2 * b + 1], p->ends[2 * b],
                       2 * J[b]);
        }
        done++;
    }
}

static struct bank *fields_create(const struct bank_spec *spec)
{
    struct fields *own = mem_new(1, sizeof *own);
    size_t lanes = (size_t)spec->lanes;
    own->sites = (int)spec->system->sites;
    own->room = (own->sites + FIELDS_TILE - 1) / FIELDS_TILE * FIELDS_TILE;
    own->stride = own->room + FIELDS_TILE + 16;
    own->system = mem_new(lanes, sizeof *own->system);
    own->field = mem_new(lanes * (size_t)own->stride, sizeof *own->field);
    own->mask = mem_new(lanes * (size_t)own->stride, sizeof *own->mask);
    own->energy = mem_new(lanes, sizeof *own->energy);
    own->scale = mem_new(lanes, sizeof *own->scale);
    own->flips = mem_new(lanes, sizeof *own->flips);
    own->planes = rng_planes_best();
    fields_fill(own, spec);
    return &own->bank;
}

static void fields_destroy(struct bank *bank)
{
    struct fields *own = (struct fields *)bank;
    free(own->system);
    free(own->twice);
    free(own->field);
    free(own->mask);
    free(own->energy);
    free(own->scale);
    free(own->flips);
}

static void fields_put(struct bank *bank, int lane, const void *state)
{
    struct fields *own = (struct fields *)bank;
    const struct pairs *p = bank->spec.system->pairs;
    int sample = bank->spec.sample[lane];
    const int8_t *spin = state;
    for (int i = 0; i < own->sites; i++) {
        own->field[lane * own->stride + i] = pairs_field(p, sample, spin, i);
        own->mask[lane * own->stride + i] = spin[i] < 0 ? -1 : 0;
    }
    own->energy[lane] = pairs_energy(p, sample, spin);
}

static void fields_get(const struct bank *bank, int lane, void *state)
{
    const struct fields *own = (const struct fields *)bank;
    int8_t *spin = state;
    for (int i = 0; i < own->sites; i++)
        spin[i] = own->mask[lane * own->stride + i] ? -1 : 1;
}

static void fields_relabel(struct bank *bank, const int *label, bool all)
{
    struct fields *own = (struct fields *)bank;
    const struct bank_spec *spec = &bank->spec;
    (void)all;
    memcpy(bank->label, label, (size_t)spec->lanes * sizeof *label);
    own->any_lazy = false;
    for (int lane = 0; lane < spec->lanes; lane++) {
        own->any_lazy |= spec->rung[label[lane]].lazy &&
                         spec->dynamics->binary->lazy;
        own->scale[lane] = bar_scale_of(spec->rung[label[lane]].lambda[0],
                                        spec->system->pairs->unit);
    }
}

/* ---- the sweep --------------------------------------------------------- */

static void fields_words(const struct fields *own, uint64_t tick,
                         enum rng_purpose purpose, int first, int count,
                         uint32_t out[FIELDS_GROUP][FIELDS_CHUNK])
{
    const struct bank_spec *spec = &own->bank.spec;
    struct rng_address address = {
        .seed = spec->seed, .tick = tick, .purpose = purpose,
        .stream = (uint32_t)(spec->first_walker / FIELDS_GROUP)};
    struct rng_range range = {.planes = 2, .halves = 2};
    uint32_t block[FIELDS_CHUNK];
    uint8_t words[FIELDS_CHUNK][2][FIELDS_GROUP];
    for (int i = 0; i < count; i++)
        block[i] = (uint32_t)(first + i);
    own->planes((uint64_t *)(void *)words, &address, block, count, range);
    for (int lane = 0; lane < FIELDS_GROUP; lane++)
        for (int i = 0; i < FIELDS_CHUNK; i++)
            out[lane][i] = (uint32_t)(words[i][0][lane] << 8 |
                                      words[i][1][lane]);
}

#include "kernels/fields_move.h"

static void fields_draw(struct fields *own, uint64_t tick, int lane)
{
    const struct bank_spec *spec = &own->bank.spec;
    int8_t *state = mem_new(1, spec->system->state_bytes);
    struct draws draws = {.kind = spec->stream, .seed = spec->seed,
                          .tick = tick, .walker = spec->first_walker + lane,
                          .bytes = true};
    spec->system->model->draw(spec->system, spec->sample[lane], &draws,
                              RNG_FRESH, state);
    fields_put(&own->bank, lane, state);
    free(state);
}

static void fields_sweep(struct bank *bank, uint64_t tick, int threads)
{
    struct fields *own = (struct fields *)bank;
    const struct bank_spec *spec = &bank->spec;
#pragma omp parallel num_threads(threads) if (threads > 1)
    {
        struct fields_chunk chunk;
        for (chunk.first = 0; chunk.first < own->sites;
             chunk.first += FIELDS_CHUNK) {
            int left = own->sites - chunk.first;
            chunk.count = left < FIELDS_CHUNK ? left : FIELDS_CHUNK;
            fields_words(own, tick, RNG_UPDATE, chunk.first, chunk.count,
                         chunk.update);
            if (own->any_lazy)
                fields_words(own, tick, RNG_LAZY, chunk.first, chunk.count,
                             chunk.lazy);
            fields_allow(own, &chunk);
#pragma omp for schedule(static) nowait
            for (int lane = 0; lane < spec->lanes; lane++)
                if (!spec->rung[bank->label[lane]].exact)
                    fields_chunk_lane(own, tick, lane, &chunk);
            for (int column = 0; column < own->room;
                 column += FIELDS_TILE)
#pragma omp for schedule(static) nowait
                for (int lane = 0; lane < spec->lanes; lane++)
                    if (!spec->rung[bank->label[lane]].exact)
                        fields_spread(own, lane, chunk.first, column);
        }
#pragma omp for schedule(static)
        for (int lane = 0; lane < spec->lanes; lane++)
            if (spec->rung[bank->label[lane]].exact)
                fields_draw(own, tick, lane);
    }
}

static void fields_measure(const struct bank *bank, double *statistics,
                           int threads)
{
    const struct fields *own = (const struct fields *)bank;
    (void)threads;
    for (int lane = 0; lane < bank->spec.lanes; lane++) {
        const int32_t *mask = own->mask + lane * own->stride;
        int32_t down = 0;
        for (int i = 0; i < own->sites; i++)
            down -= mask[i];
        statistics[2 * lane] = (double)own->energy[lane];
        statistics[2 * lane + 1] = own->sites - 2.0 * down;
    }
}

#define FIELDS_KERNEL(isa_, rank_, cpu_)                                     \
    {.name = "fields_" isa_, .family = "fields", .isa = isa_,                \
     .summary = "local fields kept: spins coupled all to all",               \
     .streams = 1u << STREAM_WORD, .rank = rank_, .cpu = cpu_,               \
     .refuses = fields_refuses, .create = fields_create,                     \
     .destroy = fields_destroy, .put = fields_put, .get = fields_get,        \
     .relabel = fields_relabel, .sweep = fields_sweep,                       \
     .measure = fields_measure}

/* Local fields kept: spins coupled all to all (or nearly), a walker at a time,
   eight sites tried at once. A flip of site i adds row i of the couplings to
   the walker's fields; until one of the eight flips, their fields stand.
   Included once per
   instruction set.

   Limit (doc/kernels): the rows added, N / 8 vectors of load, add, store for
   each flip accepted; at low temperature the exponentials of those that are
   not. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "kernels/accept.h"

enum { FIELDS_GROUP = 32, FIELDS_CHUNK = 32, FIELDS_DEGREE = 64 };

struct fields {
    struct bank bank;
    int sites, room;    /* room: sites rounded up to a chunk */
    int systems;        /* samples among the lanes */
    int *system;        /* [lanes] which */
    bool narrow;        /* twice the couplings fit 16 bits */
    void *twice;        /* [system][site][room] 2 J, int16 or int32 */
    int32_t *field;     /* [lane][room] */
    int32_t *mask;      /* [lane][room] -1: down */
    int64_t *energy;    /* [lane] in units, without the constant */
    bool any_lazy;
    rng_planes_fn *planes;
};

/* Words of one chunk, lane by lane. */
struct fields_chunk {
    int first, count;
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

static void fields_set(struct fields *own, int system, int i, int j,
                       int32_t twice)
{
    int64_t at = ((int64_t)system * own->sites + i) * own->room + j;
    if (own->narrow)
        ((int16_t *)own->twice)[at] = (int16_t)twice;
    else
        ((int32_t *)own->twice)[at] = twice;
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
    own->twice = mem_new((size_t)own->systems * (size_t)own->sites *
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
    own->room = (own->sites + FIELDS_CHUNK - 1) / FIELDS_CHUNK * FIELDS_CHUNK;
    own->system = mem_new(lanes, sizeof *own->system);
    own->field = mem_new(lanes * (size_t)own->room, sizeof *own->field);
    own->mask = mem_new(lanes * (size_t)own->room, sizeof *own->mask);
    own->energy = mem_new(lanes, sizeof *own->energy);
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
}

static void fields_put(struct bank *bank, int lane, const void *state)
{
    struct fields *own = (struct fields *)bank;
    const struct pairs *p = bank->spec.system->pairs;
    int sample = bank->spec.sample[lane];
    const int8_t *spin = state;
    for (int i = 0; i < own->sites; i++) {
        own->field[lane * own->room + i] = pairs_field(p, sample, spin, i);
        own->mask[lane * own->room + i] = spin[i] < 0 ? -1 : 0;
    }
    own->energy[lane] = pairs_energy(p, sample, spin);
}

static void fields_get(const struct bank *bank, int lane, void *state)
{
    const struct fields *own = (const struct fields *)bank;
    int8_t *spin = state;
    for (int i = 0; i < own->sites; i++)
        spin[i] = own->mask[lane * own->room + i] ? -1 : 1;
}

static void fields_relabel(struct bank *bank, const int *label, bool all)
{
    struct fields *own = (struct fields *)bank;
    const struct bank_spec *spec = &bank->spec;
    (void)all;
    memcpy(bank->label, label, (size_t)spec->lanes * sizeof *label);
    own->any_lazy = false;
    for (int lane = 0; lane < spec->lanes; lane++)
        own->any_lazy |= spec->rung[label[lane]].lazy &&
                         spec->dynamics->binary->lazy;
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

#define FIELDS_ADD(name, type, sign)                                         \
    static void name(int32_t *restrict field, const type *restrict twice,    \
                     int count)                                              \
    {                                                                        \
        for (int j = 0; j < count; j++)                                      \
            field[j] += sign twice[j];                                       \
    }
FIELDS_ADD(fields_up_narrow, int16_t, +)
FIELDS_ADD(fields_down_narrow, int16_t, -)
FIELDS_ADD(fields_up_wide, int32_t, +)
FIELDS_ADD(fields_down_wide, int32_t, -)

/* field -= 2 J_i s_i for the spin that leaves s_i */
static void fields_add(struct fields *own, int lane, int i, bool down)
{
    int64_t row = ((int64_t)own->system[lane] * own->sites + i) * own->room;
    int32_t *field = own->field + lane * own->room;
    const int16_t *narrow = (const int16_t *)own->twice + row;
    const int32_t *wide = (const int32_t *)own->twice + row;
    if (own->narrow && down)
        fields_up_narrow(field, narrow, own->room);
    else if (own->narrow)
        fields_down_narrow(field, narrow, own->room);
    else if (down)
        fields_up_wide(field, wide, own->room);
    else
        fields_down_wide(field, wide, own->room);
}

static void fields_flip(struct fields *own, int lane, int i)
{
    int32_t *mask = own->mask + lane * own->room + i;
    int32_t field = own->field[lane * own->room + i];
    own->energy[lane] += 2 * (int64_t)(*mask ? -field : field);
    fields_add(own, lane, i, *mask != 0);
    *mask = ~*mask;
}

/* The first of sites i .. i + 7 from `from` on that toggles; 8: none. */
static inline int fields_first(const struct fields *own, uint64_t tick,
                               int lane, int i, int from,
                               const struct near_slope *slope,
                               const uint32_t *word, bool logistic)
{
    const struct bank_spec *spec = &own->bank.spec;
    const int32_t *at = own->field + lane * own->room + i;
    near_int field, mask, unsure, toggle, u;
    memcpy(&field, at, sizeof field);
    memcpy(&mask, own->mask + lane * own->room + i, sizeof mask);
    memcpy(&u, word, sizeof u);
    near_int m = (field ^ mask) - mask;
    near_real digits = (near_real)(
        u | (near_int)((near_real){0} + NEAR_INTEGERS));
    if (logistic)
        near_toggle(&m, slope, &digits, 1, true, &toggle, &unsure);
    else
        near_toggle(&m, slope, &digits, 1, false, &toggle, &unsure);
    if (!near_any(toggle | unsure))
        return NEAR_LANES;
    for (int k = from; k < NEAR_LANES && i + k < own->sites; k++) {
        bool flips = toggle[k];
        if (unsure[k])
            flips = accept_exactly(
                spec, &spec->rung[own->bank.label[lane]],
                spec->first_walker + lane, tick, i + k,
                spec->system->pairs->unit * (2 * m[k]));
        if (flips)
            return k;
    }
    return NEAR_LANES;
}

/* A chunk of one lane. Clamped sites and lazy ones are passed over. */
static void fields_chunk_lane(struct fields *own, uint64_t tick, int lane,
                              const struct fields_chunk *chunk)
{
    const struct bank_spec *spec = &own->bank.spec;
    const struct pairs *p = spec->system->pairs;
    const struct rung *rung = &spec->rung[own->bank.label[lane]];
    int place = (int)(spec->first_walker % FIELDS_GROUP) + lane;
    bool lazy = rung->lazy && spec->dynamics->binary->lazy;
    bool logistic = spec->dynamics->binary->logistic;
    struct near_slope slope;
    for (int k = 0; k < NEAR_LANES; k++)
        near_set_slope(&slope, k, rung->lambda[0], p->unit, logistic);
    for (int at = 0; at < chunk->count; at += NEAR_LANES) {
        int i = chunk->first + at, k = 0;
        while ((k = fields_first(own, tick, lane, i, k, &slope,
                                 chunk->update[place] + at, logistic)) <
               NEAR_LANES) {
            bool stays = lazy &&
                         chunk->lazy[place][at + k] >= 0xC000u;
            if (!stays && !(p->clamp && p->clamp[i + k]))
                fields_flip(own, lane, i + k);
            k++;
        }
    }
}

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
#pragma omp for schedule(static) nowait
            for (int lane = 0; lane < spec->lanes; lane++)
                if (!spec->rung[bank->label[lane]].exact)
                    fields_chunk_lane(own, tick, lane, &chunk);
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
        const int32_t *mask = own->mask + lane * own->room;
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

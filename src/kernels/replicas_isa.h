/* The kernel "replicas" for one instruction set: three widths of integers
   behind one struct. Define NAMED_ISA(x) and REPLICAS_ISA, then include. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "kernels/accept.h"

enum { REPLICAS = 32, REPLICA_GROUPS = REPLICAS / NEAR_LANES,
       REPLICA_CHUNK = 16 };

struct replicas {
    struct bank bank;
    int width;          /* bytes of an integer: 1, 2, 4 */
    int first;          /* place of lane 0 in its group of 32 */
    bool uniform;       /* all lanes have one sample's couplings */
    void *J;            /* [2 bonds][lanes or 1], in the order of other */
    void *total;        /* [site][32] sum of couplings, and the field */
    void *mask;         /* [site][32] -1: down */
    near_int energy[REPLICA_GROUPS]; /* in units, without the constant */
    near_real scale[REPLICA_GROUPS]; /* see near_scale */
    near_int live[REPLICA_GROUPS], lazy[REPLICA_GROUPS],
        fresh[REPLICA_GROUPS];
    bool any_lazy, any_fresh;
    bool by_bytes;      /* see kernels/replicas_bytes.h, and what follows: */
    int most;           /* largest |m| */
    int odd;            /* all couplings odd, no fields: m has the parity of
                           the site's degree */
    uint8_t *parity;    /* [site] */
    uint64_t *threshold; /* [rung][most + 1] */
    uint8_t *byte;      /* [most + 1][32] */
    int8_t live_bytes[REPLICAS];
    uint32_t *order;    /* [site] colour by colour */
    rng_planes_fn *planes;
};

/* Words of one chunk: [site][32] */
struct replica_chunk {
    int count;
    const uint32_t *site;
    uint32_t update[REPLICA_CHUNK * REPLICAS];
    uint32_t lazy[REPLICA_CHUNK * REPLICAS];
    uint32_t fresh[REPLICA_CHUNK * REPLICAS];
};

/* Lanes of a group that the lazy rule holds back: both first digits set. */
static inline __attribute__((always_inline)) near_int
replicas_stays(const struct replicas *own, int group, const uint32_t *word)
{
    near_word w;
    memcpy(&w, word + group * NEAR_LANES, sizeof w);
    return own->lazy[group] & (w >= 0xC0000000u);
}

/* What toggles site by site afresh: the spin is to be up where the first
   digit is set. */
static inline __attribute__((always_inline)) near_int
replicas_redrawn(const struct replicas *own, int group, const uint32_t *word,
                 near_int down, near_int toggle)
{
    near_int w, fresh = own->fresh[group];
    memcpy(&w, word + group * NEAR_LANES, sizeof w);
    near_int wanted = w >= 0; /* down: first digit 0 */
    return (toggle & ~fresh) | (fresh & (wanted ^ down));
}

static void __attribute__((noinline))
replicas_settle(const struct replicas *own, uint64_t tick, int64_t site,
                int group, const near_int *moves, const near_int *open,
                near_int *toggle)
{
    near_int m = *moves, unsure = *open;
    const struct bank_spec *spec = &own->bank.spec;
    for (int i = 0; i < NEAR_LANES; i++) {
        int lane = group * NEAR_LANES + i - own->first;
        if (!unsure[i] || lane < 0 || lane >= spec->lanes)
            continue;
        double du = spec->system->pairs->unit * (2 * m[i]);
        bool flips = accept_exactly(spec, &spec->rung[own->bank.label[lane]],
                                    spec->first_walker + lane, tick, site,
                                    du);
        (*toggle)[i] = flips ? -1 : 0;
    }
}

#define CELL int8_t
#define CELL_BYTES 1
#define NAMED(x) NAMED_ISA(x##_8)
#include "kernels/replicas_body.h"
#undef CELL
#undef CELL_BYTES
#undef NAMED
#define CELL int16_t
#define CELL_BYTES 2
#define NAMED(x) NAMED_ISA(x##_16)
#include "kernels/replicas_body.h"
#undef CELL
#undef CELL_BYTES
#undef NAMED
#define CELL int32_t
#define CELL_BYTES 4
#define NAMED(x) NAMED_ISA(x##_32)
#include "kernels/replicas_body.h"
#undef CELL
#undef CELL_BYTES
#undef NAMED

#define BY_WIDTH(own, call)                                                  \
    ((own)->width == 1   ? NAMED_ISA(call##_8)                               \
     : (own)->width == 2 ? NAMED_ISA(call##_16) : NAMED_ISA(call##_32))

#include "kernels/replicas_bytes.h"

/* ---- setting up -------------------------------------------------------- */

static const char *replicas_refuses(const struct bank_spec *spec)
{
    if (!spec->system->pairs)
        return "the model is not of spins coupled in pairs";
    if (!spec->dynamics->binary)
        return "the dynamics has no rule for two-valued sites";
    if (spec->system->model->statistics != 2)
        return "the model measures more than u and the magnetisation";
    if (spec->system->pairs->field_most >= INT32_MAX / 2)
        return "fields beyond 2^30 units";
    return NULL;
}

/* Colour by colour. */
static void replicas_order(struct replicas *own, const struct system *system)
{
    int64_t placed = 0;
    own->order = mem_new((size_t)system->sites, sizeof *own->order);
    for (int colour = 0; colour < system->colours; colour++)
        for (int64_t i = 0; i < system->sites; i++)
            if (system->model->local->colour(system, i) == colour)
                own->order[placed++] = (uint32_t)i;
}

static void replicas_prepare_bytes(struct replicas *own,
                                   const struct bank_spec *spec)
{
    const struct pairs *p = spec->system->pairs;
    own->most = (int)p->field_most;
    own->odd = !p->h;
    for (int64_t b = 0; b < p->samples * p->bonds; b++)
        own->odd &= p->J[b] & 1;
    own->parity = mem_new((size_t)p->sites, 1);
    for (int64_t i = 0; i < p->sites; i++)
        own->parity[i] = (p->start[i + 1] - p->start[i]) & 1;
    own->threshold = mem_new((size_t)(spec->rungs * (own->most + 1)),
                             sizeof *own->threshold);
    own->byte = mem_new((size_t)(own->most + 1), REPLICAS);
    for (int lane = 0; lane < spec->lanes; lane++)
        own->live_bytes[own->first + lane] = -1;
}

static struct bank *replicas_create(const struct bank_spec *spec)
{
    struct replicas *own = mem_new(1, sizeof *own);
    int64_t most = spec->system->pairs->field_most;
    own->width = most <= INT8_MAX ? 1 : most <= INT16_MAX ? 2 : 4;
    own->first = (int)(spec->first_walker % REPLICAS);
    own->uniform = true;
    for (int lane = 1; lane < spec->lanes; lane++)
        own->uniform &= spec->sample[lane] == spec->sample[0];
    for (int lane = 0; lane < spec->lanes; lane++)
        own->live[(own->first + lane) / NEAR_LANES]
                 [(own->first + lane) % NEAR_LANES] = -1;
    if (own->width == 1)
        replicas_prepare_bytes(own, spec);
    own->planes = rng_planes_best();
    replicas_order(own, spec->system);
    BY_WIDTH(own, fill)(own, spec);
    return &own->bank;
}

static void replicas_destroy(struct bank *bank)
{
    struct replicas *own = (struct replicas *)bank;
    free(own->J);
    free(own->total);
    free(own->mask);
    free(own->order);
    free(own->parity);
    free(own->threshold);
    free(own->byte);
}

static void replicas_put(struct bank *bank, int lane, const void *state)
{
    struct replicas *own = (struct replicas *)bank;
    const struct bank_spec *spec = &bank->spec;
    const int8_t *spin = state;
    int place = own->first + lane;
    for (int64_t i = 0; i < spec->system->sites; i++)
        BY_WIDTH(own, set_spin)(own, i, place, spin[i] < 0);
    own->energy[place / NEAR_LANES][place % NEAR_LANES] =
        (int32_t)pairs_energy(spec->system->pairs, spec->sample[lane], spin);
}

static void replicas_get(const struct bank *bank, int lane, void *state)
{
    const struct replicas *own = (const struct replicas *)bank;
    int8_t *spin = state;
    for (int64_t i = 0; i < bank->spec.system->sites; i++)
        spin[i] = BY_WIDTH(own, is_down)(own, i, own->first + lane) ? -1 : 1;
}

static void replicas_relabel(struct bank *bank, const int *label, bool all)
{
    struct replicas *own = (struct replicas *)bank;
    const struct bank_spec *spec = &bank->spec;
    if (all && own->width == 1)
        replicas_thresholds(own);
    memcpy(bank->label, label, (size_t)spec->lanes * sizeof *label);
    own->any_lazy = own->any_fresh = false;
    for (int lane = 0; lane < spec->lanes; lane++) {
        const struct rung *rung = &spec->rung[label[lane]];
        int g = (own->first + lane) / NEAR_LANES;
        int i = (own->first + lane) % NEAR_LANES;
        bool lazy = rung->lazy && !rung->exact && spec->dynamics->binary->lazy;
        own->scale[g][i] = near_scale(rung->lambda[0],
                                      spec->system->pairs->unit);
        own->lazy[g][i] = lazy ? -1 : 0;
        own->fresh[g][i] = rung->exact ? -1 : 0;
        own->any_lazy |= lazy;
        own->any_fresh |= rung->exact;
        if (own->by_bytes)
            replicas_set_bytes(own, own->first + lane, label[lane]);
    }
}

/* ---- the sweep --------------------------------------------------------- */

static void replicas_words(const struct replicas *own, uint64_t tick,
                           enum rng_purpose purpose,
                           const struct replica_chunk *chunk, uint32_t *out)
{
    const struct bank_spec *spec = &own->bank.spec;
    struct rng_address address = {
        .seed = spec->seed, .tick = tick, .purpose = purpose,
        .stream = (uint32_t)(spec->first_walker / REPLICAS)};
    struct rng_range range = {.planes = 4, .halves = 2};
    uint64_t planes[REPLICA_CHUNK * 16];
    own->planes(planes, &address, chunk->site, chunk->count, range);
    memcpy(out, planes, (size_t)chunk->count * REPLICAS * sizeof *out);
}

static void replicas_sweep(struct bank *bank, uint64_t tick, int threads)
{
    struct replicas *own = (struct replicas *)bank;
    int64_t sites = bank->spec.system->sites;
    struct replica_chunk chunk;
    (void)threads;
    for (int64_t at = 0; at < sites; at += REPLICA_CHUNK) {
        int64_t left = sites - at;
        chunk.count = left < REPLICA_CHUNK ? (int)left : REPLICA_CHUNK;
        chunk.site = own->order + at;
        replicas_words(own, tick, RNG_UPDATE, &chunk, chunk.update);
        if (own->any_lazy)
            replicas_words(own, tick, RNG_LAZY, &chunk, chunk.lazy);
        if (own->any_fresh)
            replicas_words(own, tick, RNG_FRESH, &chunk, chunk.fresh);
        if (own->by_bytes)
            NAMED_ISA(sweep_bytes)(own, tick, &chunk);
        else
            BY_WIDTH(own, sweep_chunk)(own, tick, &chunk);
    }
}

static void replicas_measure(const struct bank *bank, double *statistics,
                             int threads)
{
    const struct replicas *own = (const struct replicas *)bank;
    int64_t sites = bank->spec.system->sites;
    int32_t down[REPLICAS];
    (void)threads;
    BY_WIDTH(own, count_down)(own, down);
    for (int lane = 0; lane < bank->spec.lanes; lane++) {
        int place = own->first + lane;
        statistics[2 * lane] = own->energy[place / NEAR_LANES]
                                          [place % NEAR_LANES];
        statistics[2 * lane + 1] = (double)(sites - 2 * (int64_t)down[place]);
    }
}

#define REPLICAS_KERNEL(isa_, rank_, cpu_)                                   \
    {.name = "replicas_" isa_, .family = "replicas", .isa = isa_,            \
     .summary = "32 replicas of spins on a graph side by side, any "         \
                "couplings",                                                 \
     .streams = 1u << STREAM_WORD, .rank = rank_, .cpu = cpu_,               \
     .refuses = replicas_refuses, .create = replicas_create,                 \
     .destroy = replicas_destroy, .put = replicas_put, .get = replicas_get,  \
     .relabel = replicas_relabel, .sweep = replicas_sweep,                   \
     .measure = replicas_measure}

/* The kernel "replicas" for one instruction set: three widths of integers
   behind one struct. Define NAMED_ISA(x), then include. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/batches.h"
#include "kernels/accept.h"
#include "kernels/bytes.h"

enum { REPLICAS = 32, REPLICA_GROUPS = REPLICAS / NEAR_LANES,
       REPLICA_BATCH = 64, REPLICA_BATCH_WIDE = 32,
       REPLICA_PLANES = 2, REPLICA_LEVELS = 4 };

/* A neighbour: where its spins are, its coupling in every integer of 32
   bits. */
struct replica_link { uint32_t at, J; };

struct replicas {
    struct bank bank;
    int width;          /* bytes of an integer: 1, 2, 4 */
    int first;          /* place of lane 0 in its group of 32 */
    bool uniform;       /* all lanes have one sample's couplings */
    struct batches *batches;
    int64_t *start;     /* [visits + 1] in the order of visits: into */
    struct replica_link *link; /* and, unless uniform, */
    void *J;            /* [link][32] */
    void *field;        /* [visit][32], or NULL */
    void *spin;         /* [site][32] -1, +1; width 1: [site][2][32], the
                           second is of the other sign */
    near_word energy[REPLICA_GROUPS]; /* in units, without the constant, modulo
                                         2^32: lanes without a walker drift */
    struct near_slope slope[REPLICA_GROUPS];
    near_int lazy[REPLICA_GROUPS], fresh[REPLICA_GROUPS];
    bool any_lazy, any_fresh;
    /* width 1, see kernels/replicas_bytes.h: */
    bool unit;          /* uniform, J = +-1: a link leads to spins of the
                           coupling's sign */
    int most;           /* largest |m| */
    int top;            /* largest |m| that has any chance in 16 digits */
    int odd;            /* all couplings odd, no fields: m has the parity of
                           the site's degree */
    uint8_t *parity;    /* [visit] */
    bool regular;       /* the same at all sites */
    int degree;         /* of all sites, or 0 */
    int lowest, levels; /* m > 0 with a chance: lowest, so many; 0: more than
                           REPLICA_LEVELS, or not the same at all sites */
    int8_t uphill[REPLICAS]; /* sign of lambda */
    bool negative;      /* is it negative anywhere? */
    uint16_t *threshold; /* [rung][most + 1] */
    uint8_t (*bar)[2][REPLICAS]; /* [most + 1] its bytes */
    int8_t lazy_bytes[REPLICAS], fresh_bytes[REPLICAS];
    rng_planes_fn *planes;
};

/* Copies, that may stay in registers. */
struct replica_view {
    const int64_t *start;
    const struct replica_link *link;
    const void *J, *field, *spin;
};

static inline struct replica_view replicas_look(const struct replicas *own)
{
    return (struct replica_view){.start = own->start, .link = own->link,
                                 .J = own->J, .field = own->field,
                                 .spin = own->spin};
}

/* Sites that do not see each other, and their random planes, a byte a lane:
   [site][plane][32], [site][32] */
struct replica_batch {
    int count;
    int64_t first;      /* visit */
    const uint32_t *site;
    _Alignas(32) uint8_t update[REPLICA_BATCH * REPLICA_PLANES * REPLICAS];
    uint8_t lazy[REPLICA_BATCH * REPLICAS];
    uint8_t fresh[REPLICA_BATCH * REPLICAS];
};

#include "kernels/replicas_near.h"

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
    if (spec->system->sites > 1 << 26)
        return "more than 67108864 sites";
    return NULL;
}

/* Neighbours in the order of visits. */
static void replicas_connect(struct replicas *own, const struct pairs *p)
{
    const struct batches *b = own->batches;
    int64_t links = 0;
    own->start = mem_new((size_t)(b->sites + 1), sizeof *own->start);
    own->link = mem_new(2 * (size_t)p->bonds, sizeof *own->link);
    for (int64_t visit = 0; visit < b->sites; visit++) {
        int64_t i = b->site[visit];
        for (int64_t k = p->start[i]; k < p->start[i + 1]; k++)
            own->link[links++].at = (uint32_t)p->other[k] * REPLICAS *
                                    (own->width == 1 ? 2 : 1);
        own->start[visit + 1] = links;
    }
}

static void replicas_prepare_bytes(struct replicas *own,
                                   const struct bank_spec *spec)
{
    const struct pairs *p = spec->system->pairs;
    const struct batches *b = own->batches;
    own->most = (int)p->field_most;
    own->odd = !p->h;
    own->unit = own->uniform;
    for (int64_t k = 0; k < p->samples * p->bonds; k++) {
        own->odd &= p->J[k] & 1;
        own->unit &= abs(p->J[k]) == 1;
    }
    own->parity = mem_new((size_t)b->sites, 1);
    own->regular = true;
    own->degree = p->degree;
    for (int64_t visit = 0; visit < b->sites; visit++) {
        own->parity[visit] = (own->start[visit + 1] - own->start[visit]) & 1;
        own->regular &= own->parity[visit] == own->parity[0];
        if (own->start[visit + 1] - own->start[visit] != own->degree)
            own->degree = 0;
    }
    memset(own->uphill, 1, sizeof own->uphill);
    own->threshold = mem_new((size_t)(spec->rungs * (own->most + 1)),
                             sizeof *own->threshold);
    own->bar = mem_new((size_t)(own->most + 1), sizeof *own->bar);
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
    own->planes = rng_planes_best();
    own->batches = batches_new(spec->system, own->width == 1 ? REPLICA_BATCH
                                                     : REPLICA_BATCH_WIDE);
    replicas_connect(own, spec->system->pairs);
    if (own->width == 1)
        replicas_prepare_bytes(own, spec);
    BY_WIDTH(own, fill)(own, spec);
    return &own->bank;
}

static void replicas_destroy(struct bank *bank)
{
    struct replicas *own = (struct replicas *)bank;
    batches_free(own->batches);
    free(own->start);
    free(own->link);
    free(own->J);
    free(own->field);
    free(own->spin);
    free(own->parity);
    free(own->threshold);
    free(own->bar);
}

static void replicas_put(struct bank *bank, int lane, const void *state)
{
    struct replicas *own = (struct replicas *)bank;
    const struct bank_spec *spec = &bank->spec;
    const int8_t *spin = state;
    int place = replicas_place(own->width, own->first + lane);
    for (int64_t i = 0; i < spec->system->sites; i++)
        BY_WIDTH(own, set_spin)(own, i, place, spin[i]);
    own->energy[place / NEAR_LANES][place % NEAR_LANES] =
        (uint32_t)pairs_energy(spec->system->pairs, spec->sample[lane], spin);
}

static void replicas_get(const struct bank *bank, int lane, void *state)
{
    const struct replicas *own = (const struct replicas *)bank;
    int8_t *spin = state;
    int place = replicas_place(own->width, own->first + lane);
    for (int64_t i = 0; i < bank->spec.system->sites; i++)
        spin[i] = BY_WIDTH(own, is_down)(own, i, place) ? -1 : 1;
}

static void replicas_relabel(struct bank *bank, const int *label, bool all)
{
    struct replicas *own = (struct replicas *)bank;
    const struct bank_spec *spec = &bank->spec;
    if (all && own->width == 1) {
        replicas_thresholds(own);
        replicas_set_levels(own);
    }
    memcpy(bank->label, label, (size_t)spec->lanes * sizeof *label);
    own->any_lazy = own->any_fresh = false;
    for (int lane = 0; lane < spec->lanes; lane++) {
        const struct rung *rung = &spec->rung[label[lane]];
        int place = replicas_place(own->width, own->first + lane);
        int g = place / NEAR_LANES, i = place % NEAR_LANES;
        bool lazy = rung->lazy && !rung->exact && spec->dynamics->binary->lazy;
        near_set_slope(&own->slope[g], i, rung->lambda[0],
                       spec->system->pairs->unit,
                       spec->dynamics->binary->logistic);
        own->lazy[g][i] = lazy ? -1 : 0;
        own->fresh[g][i] = rung->exact ? -1 : 0;
        own->lazy_bytes[place] = lazy ? -1 : 0;
        own->fresh_bytes[place] = rung->exact ? -1 : 0;
        own->any_lazy |= lazy;
        own->any_fresh |= rung->exact;
        if (own->width == 1)
            replicas_set_bytes(own, place, label[lane]);
    }
}

/* ---- the sweep --------------------------------------------------------- */

static void replicas_digits(const struct replicas *own, uint64_t tick,
                            enum rng_purpose purpose, int planes,
                            const struct replica_batch *batch, uint8_t *out)
{
    const struct bank_spec *spec = &own->bank.spec;
    struct rng_address address = {
        .seed = spec->seed, .tick = tick, .purpose = purpose,
        .stream = (uint32_t)(spec->first_walker / REPLICAS)};
    struct rng_range range = {.planes = planes, .halves = 2};
    own->planes((uint64_t *)(void *)out, &address, batch->site, batch->count,
                range);
}

static void replicas_sweep(struct bank *bank, uint64_t tick, int threads)
{
    struct replicas *own = (struct replicas *)bank;
    const struct batches *b = own->batches;
    struct replica_batch batch;
    (void)threads;
    for (int64_t n = 0; n < b->count; n++) {
        batch.first = b->start[n];
        batch.count = (int)(b->start[n + 1] - b->start[n]);
        batch.site = b->site + batch.first;
        replicas_digits(own, tick, RNG_UPDATE,
                        REPLICA_PLANES, &batch, batch.update);
        if (own->any_lazy)
            replicas_digits(own, tick, RNG_LAZY, 1, &batch, batch.lazy);
        if (own->any_fresh)
            replicas_digits(own, tick, RNG_FRESH, 1, &batch, batch.fresh);
        if (own->width == 1)
            NAMED_ISA(choose)(own)(own, tick, &batch);
        else
            (own->width == 2 ? NAMED_ISA(sweep_batch_16)
                             : NAMED_ISA(sweep_batch_32))(own, tick, &batch);
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
        int place = replicas_place(own->width, own->first + lane);
        statistics[2 * lane] = (int32_t)own->energy[place / NEAR_LANES]
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

/* Shared numbers: up to 256 disorder samples of one lattice or graph on every
   rung, lane = sample, all lanes of a rung moved by one random number a site.
   Included once per instruction set; see kernels/vector.h.

   A bank is a (copy, group of samples) with all its rungs; the walkers on a
   rung are a plane of bits a site, so a swap of rungs moves configurations:
   a masked exchange of two rungs' planes. The generic layer sees walkers with
   labels as ever.

   Limit (doc/kernels): logic alone, some 50 operations a site for 256 updates
   at six neighbours; neighbours and couplings stream from the second-level
   cache. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/kernel.h"
#include "core/links.h"
#include "kernels/toggle.h"

enum { SHARED_DEGREE = 8, SHARED_BLOCK = 8, SHARED_BARS = 3,
       SHARED_STAYS = SHARED_BARS + 1, SHARED_KINDS };

struct shared {
    struct bank bank;
    struct levels *levels;
    struct links *links;
    int sites, columns, samples, slots;
    int64_t bonds;
    VECTOR *sign;       /* [column][bond] */
    VECTOR *spin;       /* [rung][column][site] */
    int *walker;        /* [rung][sample] who is there, a lane */
    uint64_t *bar;      /* [rung][class] floor(2^32 p) */
    bool ladder_like;   /* see NAMED(steps) */
    int step[SHARED_BARS]; /* class of p that the count first + i needs */
    rng_planes_fn *planes;
};

static VECTOR *NAMED(spins)(const struct shared *own, int rung, int column)
{
    return own->spin + ((int64_t)rung * own->columns + column) * own->sites;
}

/* ---- setting up -------------------------------------------------------- */

static const char *NAMED(refuses)(const struct bank_spec *spec)
{
    if (!system_binary(spec->system) || !spec->system->pairs)
        return "the model is not two-valued with equal |J|, at most 8 a site";
    if (!spec->dynamics->binary)
        return "the dynamics has no bit-sliced rule";
    if (spec->lanes % spec->sharing.slots)
        return "the walkers are not whole ladders";
    return NULL;
}

static void NAMED(set_signs)(struct shared *own, const struct bank_spec *spec)
{
    const struct pairs *p = spec->system->pairs;
    own->bonds = p->bonds;
    own->sign = mem_new((size_t)(own->columns * p->bonds), sizeof(VECTOR));
    for (int s = 0; s < own->samples; s++) {
        const int32_t *J = p->J + spec->sample[s * own->slots] * p->bonds;
        int column = s / 64 / VECTOR_WORDS, word = s / 64 % VECTOR_WORDS;
        for (int64_t b = 0; b < p->bonds; b++)
            if (J[b] < 0)
                ((uint64_t *)(own->sign + column * p->bonds + b))[word] |=
                    UINT64_C(1) << s % 64;
    }
}

static struct bank *NAMED(create)(const struct bank_spec *spec)
{
    struct shared *own = mem_new(1, sizeof *own);
    own->slots = spec->sharing.slots;
    own->samples = spec->lanes / own->slots;
    own->columns = ((own->samples + 63) / 64 + VECTOR_WORDS - 1) /
                   VECTOR_WORDS;
    own->sites = (int)spec->system->sites;
    own->links = links_new(spec->system);
    own->levels = levels_new(own->links->degree, own->links->missing_most,
                             spec->rungs);
    own->spin = mem_new((size_t)spec->rungs * (size_t)own->columns *
                            (size_t)own->sites, sizeof(VECTOR));
    own->bar = mem_new((size_t)spec->rungs * LEVELS_CLASSES,
                       sizeof *own->bar);
    own->walker = mem_new((size_t)(spec->rungs * own->samples),
                          sizeof *own->walker);
    own->planes = rng_planes_best();
    NAMED(set_signs)(own, spec);
    return &own->bank;
}

static void NAMED(destroy)(struct bank *bank)
{
    struct shared *own = (struct shared *)bank;
    levels_free(own->levels);
    links_free(own->links);
    free(own->sign);
    free(own->spin);
    free(own->bar);
    free(own->walker);
}

/* ---- walkers ----------------------------------------------------------- */

/* Where walker `lane` of the bank is: its sample's bit on its rung. */
struct shared_place { uint64_t *word; int64_t stride; uint64_t bit; };

static struct shared_place NAMED(place_of)(const struct shared *own, int lane,
                                           int rung)
{
    int s = lane / own->slots, column = s / 64 / VECTOR_WORDS;
    return (struct shared_place){
        .word = (uint64_t *)NAMED(spins)(own, rung, column) +
                s / 64 % VECTOR_WORDS,
        .stride = VECTOR_WORDS, .bit = UINT64_C(1) << s % 64};
}

static void NAMED(put)(struct bank *bank, int lane, const void *state)
{
    struct shared *own = (struct shared *)bank;
    const struct system *system = bank->spec.system;
    struct shared_place at = NAMED(place_of)(own, lane, bank->label[lane]);
    for (int i = 0; i < own->sites; i++, at.word += at.stride)
        *at.word = system->model->local->get(system, state, i)
                       ? *at.word | at.bit : *at.word & ~at.bit;
}

static void NAMED(get)(const struct bank *bank, int lane, void *state)
{
    const struct shared *own = (const struct shared *)bank;
    const struct system *system = bank->spec.system;
    struct shared_place at = NAMED(place_of)(own, lane, bank->label[lane]);
    for (int i = 0; i < own->sites; i++, at.word += at.stride)
        system->model->local->set(system, state, i, (*at.word & at.bit) != 0);
}

/* ---- configurations move ------------------------------------------------ */

/* Lanes of `mask` change places between two rungs. */
static void NAMED(swap)(struct shared *own, int rung, int other, int column,
                        VECTOR mask)
{
    VECTOR *a = NAMED(spins)(own, rung, column);
    VECTOR *b = NAMED(spins)(own, other, column);
    for (int i = 0; i < own->sites; i++) {
        VECTOR differ = (a[i] ^ b[i]) & mask;
        a[i] ^= differ;
        b[i] ^= differ;
    }
}

/* Any permutation of one sample's walkers, by transpositions. */
static void NAMED(permute)(struct shared *own, int sample, const int *label)
{
    int *now = own->bank.label + sample * own->slots;
    int column = sample / 64 / VECTOR_WORDS;
    VECTOR mask = vector_zero();
    ((uint64_t *)&mask)[sample / 64 % VECTOR_WORDS] =
        UINT64_C(1) << sample % 64;
    for (int w = 0; w < own->slots; w++) {
        int there = w;
        if (now[w] == label[w])
            continue;
        while (there < own->slots && now[there] != label[w])
            there++;
        NAMED(swap)(own, now[w], label[w], column, mask);
        if (there < own->slots)
            now[there] = now[w];
        now[w] = label[w];
    }
}

/* Are all changes swaps of neighbours? Then they are marked:
   mask[edge][column]. */
static bool NAMED(neighbours)(const struct shared *own, int sample,
                              const int *label, VECTOR *mask, int *at)
{
    const int *old = own->bank.label + sample * own->slots;
    int column = sample / 64 / VECTOR_WORDS;
    for (int w = 0; w < own->slots; w++)
        at[old[w]] = w;
    for (int w = 0; w < own->slots; w++) {
        int partner = at[label[w]];
        if (abs(label[w] - old[w]) > 1 || label[partner] != old[w])
            return false;
    }
    for (int w = 0; w < own->slots; w++)
        if (label[w] == old[w] + 1)
            ((uint64_t *)(mask + old[w] * own->columns + column))
                [sample / 64 % VECTOR_WORDS] |= UINT64_C(1) << sample % 64;
    return true;
}

static void NAMED(move)(struct shared *own, const int *label)
{
    int rungs = own->slots;
    VECTOR *mask = mem_new((size_t)(rungs * own->columns), sizeof *mask);
    int *at = mem_new((size_t)rungs, sizeof *at);
    for (int s = 0; s < own->samples; s++) {
        const int *to = label + s * own->slots;
        if (!memcmp(to, own->bank.label + s * own->slots,
                    (size_t)own->slots * sizeof *to))
            continue;
        if (!NAMED(neighbours)(own, s, to, mask, at))
            NAMED(permute)(own, s, to);
    }
    for (int e = 0; e + 1 < rungs; e++)
        for (int column = 0; column < own->columns; column++)
            if (vector_any(mask[e * own->columns + column]))
                NAMED(swap)(own, e, e + 1, column,
                            mask[e * own->columns + column]);
    free(mask);
    free(at);
}

/* Is the rule "toggles when so many bonds agree and U is below the bar of that
   count", with falling bars? True of Metropolis without a field on sites of
   even degree z: counts up to z/2 always, z/2 + 1 + i below bar i. */
static bool NAMED(steps)(struct shared *own)
{
    const struct levels *l = own->levels;
    int z = l->degree, half = z / 2;
    uint32_t always = (UINT32_C(2) << half) - 1;
    own->ladder_like = (z == 4 || z == 6) && l->missing_most == 0 &&
                       l->p_count == half && l->base_count == 1 &&
                       l->base[0].members[0] == (always | always << 16);
    for (int c = 0; c < l->p_count && own->ladder_like; c++) {
        int count = __builtin_ctz(l->p[c].members[0]);
        uint32_t one = UINT32_C(1) << count;
        if (l->p[c].members[0] != (one | one << 16) || count <= half)
            own->ladder_like = false;
        else
            own->step[count - half - 1] = c;
    }
    return own->ladder_like;
}

static void NAMED(relabel)(struct bank *bank, const int *label, bool all)
{
    struct shared *own = (struct shared *)bank;
    const struct bank_spec *spec = &bank->spec;
    NAMED(move)(own, label);
    memcpy(bank->label, label, (size_t)spec->lanes * sizeof *label);
    for (int lane = 0; lane < spec->lanes; lane++)
        own->walker[label[lane] * own->samples + lane / own->slots] = lane;
    if (!all)
        return;
    levels_update(own->levels, spec->system, spec->dynamics, spec->rung);
    for (int r = 0; r < spec->rungs; r++)
        for (int c = 0; c < own->levels->p_count; c++)
            own->bar[r * LEVELS_CLASSES + c] =
                (uint64_t)(own->levels->p[c].p[r] * 0x1p32);
    NAMED(steps)(own);
}

/* ---- the sweep --------------------------------------------------------- */

struct NAMED(job) {
    struct shared *own;
    int rung, column;
    uint64_t tick;
    struct draws draws;
};

/* U < p of class c: by 32 digits, the rest if they agree. */
static inline bool NAMED(under)(const struct NAMED(job) *job, uint32_t u,
                                int c, uint32_t site)
{
    uint64_t bar = job->own->bar[job->rung * LEVELS_CLASSES + c];
    if (__builtin_expect(u != bar, 1))
        return u < bar;
    return draws_below_from(&job->draws, RNG_UPDATE, site,
                            job->own->levels->p[c].p[job->rung], 32);
}

/* How many bars a site's number is under, or SHARED_STAYS: [sites]. */
static void NAMED(find_kinds)(const struct NAMED(job) *job, const uint32_t *u,
                              const uint32_t *lazy, uint8_t *kind)
{
    const struct shared *own = job->own;
    const int bars = own->levels->degree / 2;
    uint32_t bar[SHARED_BARS] = {0};
    for (int i = 0; i < bars; i++)
        bar[i] = (uint32_t)own->bar[job->rung * LEVELS_CLASSES +
                                    own->step[i]];
    for (int first = 0; first < own->sites; first += SHARED_BLOCK) {
        int count = own->sites - first < SHARED_BLOCK ? own->sites - first
                                                      : SHARED_BLOCK;
        uint32_t ties = 0;
        for (int i = 0; i < SHARED_BLOCK; i++) {
            uint32_t x = u[first + i];
            kind[first + i] = (uint8_t)((x < bar[0]) + (x < bar[1]) +
                                        (x < bar[2]));
            ties |= (uint32_t)(x == bar[0]) | (uint32_t)(x == bar[1]) |
                    (uint32_t)(x == bar[2]);
        }
        for (int i = 0; ties && i < count; i++) {
            kind[first + i] = 0;
            for (int c = 0; c < bars; c++)
                kind[first + i] = (uint8_t)(
                    kind[first + i] +
                    NAMED(under)(job, u[first + i], own->step[c],
                                 (uint32_t)(first + i)));
        }
        for (int i = 0; lazy && i < count; i++)
            if (lazy[first + i] >= 0xC0000000u)
                kind[first + i] = SHARED_STAYS;
    }
}

/* Masks of a kind: lanes under bar 0, 1, 2; lanes that may move. */
struct NAMED(kind) { VECTOR bar[SHARED_BARS], moves; };

static void NAMED(fill_kinds)(struct NAMED(kind) table[SHARED_KINDS])
{
    memset(table, 0, SHARED_KINDS * sizeof *table);
    for (int k = 0; k < SHARED_STAYS; k++) {
        table[k].moves = vector_ones();
        for (int i = 0; i < k; i++)
            table[k].bar[i] = vector_ones();
    }
}

/* Disagreeing bonds d of z = 4 or 6: toggles at d >= z/2, at d = z/2 - 1 under
   bar 0, ... Bars fall, so who is under one is under those before. */
static inline __attribute__((always_inline)) void
NAMED(update_steps)(const struct shared *own, VECTOR *spin,
                    const VECTOR *sign, uint32_t site,
                    const struct NAMED(kind) *kind, const int z)
{
    const int32_t *other = own->links->other + site * (uint32_t)z;
    const int32_t *bond = own->links->bond + site * (uint32_t)z;
    VECTOR s = spin[site], x[6], c0, c1, c2, d0, d1, d2, toggle;
    for (int i = 0; i < z; i++)
        x[i] = spin[other[i]] ^ sign[bond[i]] ^ s;
    d0 = full_adder(x[0], x[1], x[2], &c0);
    if (z == 6) {
        d1 = full_adder(x[3], x[4], x[5], &c1);
        c2 = d0 & d1;
        d0 ^= d1;
        d1 = full_adder(c0, c1, c2, &d2); /* d = d0 + 2 d1 + 4 d2 */
        toggle = d2 | (d1 & d0) | (kind->bar[0] & d1) |
                 (kind->bar[1] & d0) | kind->bar[2];
    } else {
        c1 = d0 & x[3];
        d0 ^= x[3];
        toggle = c0 | c1 | (kind->bar[0] & d0) | kind->bar[1];
    }
    spin[site] = s ^ (toggle & kind->moves);
}

static void NAMED(sweep_steps)(const struct NAMED(job) *job,
                               const uint8_t *kind)
{
    const struct shared *own = job->own;
    VECTOR *spin = NAMED(spins)(own, job->rung, job->column);
    const VECTOR *sign = own->sign + job->column * own->bonds;
    const uint32_t *order = own->links->order;
    struct NAMED(kind) table[SHARED_KINDS];
    NAMED(fill_kinds)(table);
    if (own->levels->degree == 6)
        for (int i = 0; i < own->sites; i++)
            NAMED(update_steps)(own, spin, sign, order[i],
                                &table[kind[order[i]]], 6);
    else
        for (int i = 0; i < own->sites; i++)
            NAMED(update_steps)(own, spin, sign, order[i],
                                &table[kind[order[i]]], 4);
}

static void NAMED(update_any)(const struct NAMED(job) *job, uint32_t u,
                              uint32_t site, bool stays)
{
    struct shared *own = job->own;
    const struct levels *levels = own->levels;
    int z = levels->degree, missing = own->links->missing[site];
    VECTOR *spin = NAMED(spins)(own, job->rung, job->column);
    const VECTOR *sign = own->sign + job->column * own->bonds;
    VECTOR s = spin[site], agrees[LEVELS_DEGREE];
    VECTOR minterm[LEVELS_DEGREE + 1], toggle = vector_zero();
    for (int d = 0; d < z; d++) {
        int64_t at = (int64_t)site * z + d;
        int32_t other = own->links->other[at];
        agrees[d] = vector_zero();
        if (other >= 0)
            agrees[d] = ~(s ^ spin[other] ^ sign[own->links->bond[at]]);
    }
    struct count agree = count_bits(agrees, z);
    count_minterms(&agree, z, minterm);
    for (int c = 0; c < levels->base_count; c++)
        if (levels->base[c].p[job->rung] != 0)
            toggle |= class_mask(levels->base[c].members[missing], minterm, z,
                                 s);
    for (int c = 0; c < levels->p_count; c++)
        if (NAMED(under)(job, u, c, site))
            toggle ^= class_mask(levels->p[c].members[missing], minterm, z,
                                 s);
    spin[site] = s ^ (stays ? vector_zero() : toggle);
}

/* Words of the sites of a block of eight, [block][8]. */
static uint32_t *NAMED(words)(const struct shared *own, uint64_t tick,
                              uint32_t stream, enum rng_purpose purpose)
{
    enum { AT_ONCE = 64 };
    int blocks = (own->sites + SHARED_BLOCK - 1) / SHARED_BLOCK;
    struct rng_address address = {.seed = own->bank.spec.seed, .tick = tick,
                                  .purpose = purpose, .stream = stream};
    struct rng_range range = {.planes = 1, .halves = 2};
    uint32_t *out = mem_new((size_t)blocks, 32), block[AT_ONCE];
    for (int first = 0; first < blocks; first += AT_ONCE) {
        int count = blocks - first < AT_ONCE ? blocks - first : AT_ONCE;
        for (int i = 0; i < count; i++)
            block[i] = (uint32_t)(first + i);
        own->planes((uint64_t *)(void *)(out + first * SHARED_BLOCK), &address,
                    block, count, range);
    }
    return out;
}

/* At an exact point every lane's spin is its own digit. */
static void NAMED(draw_rung)(struct shared *own, uint64_t tick, int rung,
                             uint32_t stream)
{
    struct rng_address address = {.seed = own->bank.spec.seed, .tick = tick,
                                  .purpose = RNG_FRESH, .stream = stream};
    struct rng_range range = {.planes = 1, .halves = 2};
    uint64_t plane[4];
    for (uint32_t site = 0; site < (uint32_t)own->sites; site++) {
        own->planes(plane, &address, &site, 1, range);
        for (int column = 0; column < own->columns; column++)
            memcpy(NAMED(spins)(own, rung, column) + site,
                   plane + column * VECTOR_WORDS, sizeof(VECTOR));
    }
}

static void NAMED(sweep_rung)(struct shared *own, uint64_t tick, int rung)
{
    const struct bank_spec *spec = &own->bank.spec;
    struct NAMED(job) job = {
        .own = own, .rung = rung, .tick = tick,
        .draws = {.kind = STREAM_SHARED, .seed = spec->seed, .tick = tick,
                  .walker = spec->first_walker}};
    draws_share(&job.draws, &spec->sharing, rung);
    if (spec->rung[rung].exact) {
        NAMED(draw_rung)(own, tick, rung, job.draws.shared);
        return;
    }
    bool lazy = spec->rung[rung].lazy && spec->dynamics->binary->lazy;
    uint32_t *u = NAMED(words)(own, tick, job.draws.shared, RNG_UPDATE);
    uint32_t *l = lazy ? NAMED(words)(own, tick, job.draws.shared, RNG_LAZY)
                       : NULL;
    uint8_t *kind = mem_new((size_t)own->sites + SHARED_BLOCK, 1);
    if (own->ladder_like)
        NAMED(find_kinds)(&job, u, l, kind);
    for (job.column = 0; job.column < own->columns; job.column++)
        if (own->ladder_like)
            NAMED(sweep_steps)(&job, kind);
        else
            for (int i = 0; i < own->sites; i++) {
                uint32_t site = own->links->order[i];
                NAMED(update_any)(&job, u[site], site,
                                  lazy && l[site] >= 0xC0000000u);
            }
    free(kind);
    free(u);
    free(l);
}

static void NAMED(sweep)(struct bank *bank, uint64_t tick, int threads)
{
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)           \
    if (threads > 1)
    for (int rung = 0; rung < bank->spec.rungs; rung++)
        NAMED(sweep_rung)((struct shared *)bank, tick, rung);
}

/* ---- measuring --------------------------------------------------------- */

/* count[VECTOR_WORDS * 64] from bit-sliced digits. */
static void NAMED(spread)(const VECTOR *digit, int digits, int64_t *count)
{
    memset(count, 0, VECTOR_WORDS * 64 * sizeof *count);
    for (int k = 0; k < digits; k++)
        for (int w = 0; w < VECTOR_WORDS; w++)
            for (uint64_t left = ((const uint64_t *)(digit + k))[w]; left;
                 left &= left - 1)
                count[64 * w + __builtin_ctzll(left)] += INT64_C(1) << k;
}

static void NAMED(measure_rung)(const struct shared *own, int rung,
                                int column, int64_t *agrees, int64_t *ups)
{
    const VECTOR *spin = NAMED(spins)(own, rung, column);
    const VECTOR *sign = own->sign + column * own->bonds;
    const int32_t *ends = own->bank.spec.system->pairs->ends;
    struct tally agree = {.count = 0}, up = {.count = 0};
    VECTOR digit[TALLY_LEVELS + 4];
    for (int i = 0; i < own->sites; i++)
        tally_add(&up, spin[i]);
    for (int64_t b = 0; b < own->bonds; b++)
        tally_add(&agree, ~(spin[ends[2 * b]] ^ spin[ends[2 * b + 1]] ^
                            sign[b]));
    NAMED(spread)(digit, tally_digits(&agree, digit), agrees);
    NAMED(spread)(digit, tally_digits(&up, digit), ups);
}

static void NAMED(measure)(const struct bank *bank, double *statistics,
                           int threads)
{
    const struct shared *own = (const struct shared *)bank;
    const struct model *model = bank->spec.system->model;
    int per = VECTOR_WORDS * 64;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)           \
    if (threads > 1)
    for (int rung = 0; rung < bank->spec.rungs; rung++) {
        int64_t agrees[VECTOR_WORDS * 64], ups[VECTOR_WORDS * 64];
        for (int column = 0; column < own->columns; column++) {
            NAMED(measure_rung)(own, rung, column, agrees, ups);
            for (int s = column * per;
                 s < own->samples && s < (column + 1) * per; s++)
                model->binary->statistics(
                    bank->spec.system, agrees[s % per], ups[s % per],
                    statistics + model->statistics *
                                     own->walker[rung * own->samples + s]);
        }
    }
}

#define SHARED_KERNEL(isa_, rank_, cpu_)                                     \
    {.name = "shared_" isa_, .family = "shared", .isa = isa_,                \
     .summary = "bit-sliced samples: 256 disorder samples on every rung, "   \
                "one random number for all",                                 \
     .streams = 1u << STREAM_SHARED, .rank = rank_, .cpu = cpu_,             \
     .refuses = NAMED(refuses), .create = NAMED(create),                     \
     .destroy = NAMED(destroy), .put = NAMED(put), .get = NAMED(get),        \
     .relabel = NAMED(relabel), .sweep = NAMED(sweep),                       \
     .measure = NAMED(measure)}

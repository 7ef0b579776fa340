/* Bit-sliced lanes: up to 256 replicas of one small lattice move together,
   lane = walker mod 256, each with its own rung. Included once per
   instruction set; see kernels/vector.h.

   Limit (doc/kernels): the random planes, 12 a site, then about six logic
   operations a plane. The planes of a chunk of sites are made ahead into L1,
   because AES and logic use different ports. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/kernel.h"
#include "core/links.h"
#include "kernels/toggle.h"

enum { CHUNK = 8, WORDS_MOST = 4 };

struct lanes {
    struct bank bank;
    struct levels *levels;
    uint32_t *digits;      /* [rung][class] */
    int first_word, words; /* 64-lane words of the group held here */
    int columns;           /* vectors a site */
    int first_half, halves;
    int sites;
    int64_t bonds;         /* of pairs; 0: all bonds are positive */
    struct links *links;
    VECTOR *sign;          /* [column][bond]: negative couplings */
    VECTOR *spin;          /* [column][site] */
    VECTOR *slice;         /* [column][class][plane]: digits of p */
    VECTOR *base;          /* [column][class] */
    VECTOR lazy[WORDS_MOST], fresh[WORDS_MOST];
    bool any_lazy, any_fresh;
    rng_planes_fn *planes;
};

/* Planes of one chunk: [site][plane][2 * halves] */
struct chunk {
    int count;
    const uint32_t *site;
    uint64_t update[CHUNK * LEVELS_PLANES * 4];
    uint64_t lazy[CHUNK * 2 * 4];
    uint64_t fresh[CHUNK * 4];
};

/* ---- setting up -------------------------------------------------------- */

static const char *NAMED(refuses)(const struct bank_spec *spec)
{
    if (!system_binary(spec->system))
        return "the model is not two-valued with equal bonds, at most 8 a "
               "site";
    if (!spec->dynamics->binary)
        return "the dynamics has no bit-sliced rule";
    if (spec->system->sites > 1 << 20)
        return "more than 1048576 sites a replica";
    return NULL;
}

struct place { int column, word; uint64_t bit; };

static struct place NAMED(place_in)(const struct lanes *own,
                                    const struct bank_spec *spec, int lane)
{
    int bit = (int)(spec->first_walker % 256) + lane - 64 * own->first_word;
    return (struct place){.column = bit / 64 / VECTOR_WORDS,
                          .word = bit / 64 % VECTOR_WORDS,
                          .bit = UINT64_C(1) << (bit % 64)};
}

static struct place NAMED(place_of)(const struct lanes *own, int lane)
{
    return NAMED(place_in)(own, &own->bank.spec, lane);
}

static void NAMED(set_bit)(VECTOR *vector, struct place at, bool value)
{
    uint64_t *word = (uint64_t *)vector + at.word;
    *word = value ? *word | at.bit : *word & ~at.bit;
}

static bool NAMED(get_bit)(const VECTOR *vector, struct place at)
{
    return (((const uint64_t *)vector)[at.word] & at.bit) != 0;
}

/* sign[column][bond]: lanes whose sample has a negative coupling there. */
static void NAMED(set_signs)(struct lanes *own, const struct bank_spec *spec)
{
    const struct pairs *p = spec->system->pairs;
    own->bonds = p ? p->bonds : 0;
    own->sign = mem_new((size_t)(own->columns * own->bonds), sizeof(VECTOR));
    for (int lane = 0; p && lane < spec->lanes; lane++) {
        const int32_t *J = p->J + spec->sample[lane] * p->bonds;
        struct place at = NAMED(place_in)(own, spec, lane);
        VECTOR *sign = own->sign + at.column * own->bonds;
        for (int64_t b = 0; b < p->bonds; b++)
            if (J[b] < 0)
                NAMED(set_bit)(sign + b, at, true);
    }
}

static struct bank *NAMED(create)(const struct bank_spec *spec)
{
    struct lanes *own = mem_new(1, sizeof *own);
    int first = (int)(spec->first_walker % 256), last = first + spec->lanes;
    own->first_word = first / 64 / VECTOR_WORDS * VECTOR_WORDS;
    own->words = (last + 63) / 64 - own->first_word;
    own->columns = (own->words + VECTOR_WORDS - 1) / VECTOR_WORDS;
    own->words = own->columns * VECTOR_WORDS;
    own->first_half = own->first_word / 2;
    own->halves = (own->first_word + own->words + 1) / 2 - own->first_half;
    own->sites = (int)spec->system->sites;
    own->links = links_new(spec->system);
    own->levels = levels_new(own->links->degree, own->links->missing_most,
                             spec->rungs);
    own->digits = mem_new((size_t)spec->rungs * LEVELS_CLASSES,
                          sizeof *own->digits);
    own->spin = mem_new((size_t)(own->columns * own->sites), sizeof(VECTOR));
    own->slice = mem_new((size_t)own->columns * LEVELS_CLASSES *
                         LEVELS_PLANES, sizeof(VECTOR));
    own->base = mem_new((size_t)own->columns * LEVELS_CLASSES,
                        sizeof(VECTOR));
    own->planes = rng_planes_best();
    NAMED(set_signs)(own, spec);
    return &own->bank;
}

static void NAMED(destroy)(struct bank *bank)
{
    struct lanes *own = (struct lanes *)bank;
    levels_free(own->levels);
    free(own->digits);
    links_free(own->links);
    free(own->sign);
    free(own->spin);
    free(own->slice);
    free(own->base);
}

/* ---- one lane ---------------------------------------------------------- */

static void NAMED(put)(struct bank *bank, int lane, const void *state)
{
    struct lanes *own = (struct lanes *)bank;
    const struct system *system = bank->spec.system;
    struct place at = NAMED(place_of)(own, lane);
    VECTOR *spin = own->spin + at.column * own->sites;
    for (int i = 0; i < own->sites; i++)
        NAMED(set_bit)(spin + i, at,
                       system->model->local->get(system, state, i));
}

static void NAMED(get)(const struct bank *bank, int lane, void *state)
{
    const struct lanes *own = (const struct lanes *)bank;
    const struct system *system = bank->spec.system;
    struct place at = NAMED(place_of)(own, lane);
    const VECTOR *spin = own->spin + at.column * own->sites;
    for (int i = 0; i < own->sites; i++)
        system->model->local->set(system, state, i,
                                  NAMED(get_bit)(spin + i, at));
}

/* Writes the lane's thresholds of its rung into the slices. */
static void NAMED(relabel_lane)(struct lanes *own, int lane, int rung)
{
    const struct levels *levels = own->levels;
    const struct rung *r = &own->bank.spec.rung[rung];
    struct place at = NAMED(place_of)(own, lane);
    VECTOR *slice = own->slice + at.column * LEVELS_CLASSES * LEVELS_PLANES;
    for (int c = 0; c < levels->p_count; c++, slice += LEVELS_PLANES) {
        uint32_t digits = own->digits[rung * LEVELS_CLASSES + c];
        for (int k = 0; k < LEVELS_PLANES; k++) {
            uint64_t *word = (uint64_t *)(slice + k) + at.word;
            *word = (*word & ~at.bit) | (-(uint64_t)(digits >> k & 1) &
                                         at.bit);
        }
    }
    for (int c = 0; c < levels->base_count; c++)
        NAMED(set_bit)(own->base + at.column * LEVELS_CLASSES + c, at,
                       levels->base[c].p[rung] != 0);
    bool lazy = own->bank.spec.dynamics->binary->lazy && r->lazy;
    NAMED(set_bit)(own->lazy + at.column, at, lazy && !r->exact);
    NAMED(set_bit)(own->fresh + at.column, at, r->exact);
}

static void NAMED(relabel)(struct bank *bank, const int *label, bool all)
{
    struct lanes *own = (struct lanes *)bank;
    const struct bank_spec *spec = &bank->spec;
    if (all) {
        levels_update(own->levels, spec->system, spec->dynamics, spec->rung);
        for (int r = 0; r < spec->rungs; r++)
            for (int c = 0; c < own->levels->p_count; c++)
                own->digits[r * LEVELS_CLASSES + c] =
                    levels_digits(own->levels->p[c].p[r]);
    }
    for (int lane = 0; lane < spec->lanes; lane++)
        if (all || label[lane] != bank->label[lane])
            NAMED(relabel_lane)(own, lane, label[lane]);
    memcpy(bank->label, label, (size_t)spec->lanes * sizeof *label);
    own->any_lazy = own->any_fresh = false;
    for (int j = 0; j < own->columns; j++) {
        own->any_lazy |= vector_any(own->lazy[j]);
        own->any_fresh |= vector_any(own->fresh[j]);
    }
}

/* ---- the sweep --------------------------------------------------------- */

static void NAMED(fill)(const struct lanes *own, uint64_t tick,
                        struct chunk *chunk)
{
    const struct bank_spec *spec = &own->bank.spec;
    struct rng_address address = {
        .seed = spec->seed, .tick = tick, .purpose = RNG_UPDATE,
        .stream = (uint32_t)(spec->first_walker / 256)};
    struct rng_range range = {.planes = LEVELS_PLANES,
                              .first_half = own->first_half,
                              .halves = own->halves};
    own->planes(chunk->update, &address, chunk->site, chunk->count, range);
    if (own->any_lazy) {
        address.purpose = RNG_LAZY;
        range.planes = 2;
        own->planes(chunk->lazy, &address, chunk->site, chunk->count, range);
    }
    if (own->any_fresh) {
        address.purpose = RNG_FRESH;
        range.planes = 1;
        own->planes(chunk->fresh, &address, chunk->site, chunk->count,
                    range);
    }
}

/* Plane k of site i of the chunk, this column's words. */
static inline VECTOR NAMED(plane)(const struct lanes *own,
                                  const uint64_t *planes, int per_site,
                                  int i, int k, int column)
{
    const uint64_t *at = planes + (i * per_site + k) * 2 * own->halves +
                         own->first_word - 2 * own->first_half +
                         column * VECTOR_WORDS;
    VECTOR v;
    memcpy(&v, at, sizeof v);
    return v;
}

struct tie {
    uint64_t tick;
    uint32_t site;
    int column, missing;
    const struct count *agree;
    VECTOR s;
};

/* Reads further digits for one undecided lane. */
static bool NAMED(tie_below)(const struct lanes *own, const struct tie *tie,
                             int word, int bit)
{
    const struct bank_spec *spec = &own->bank.spec;
    int64_t place = 64 * (own->first_word + tie->column * VECTOR_WORDS +
                          word) + bit;
    int64_t lane = place - spec->first_walker % 256;
    if (lane < 0 || lane >= spec->lanes)
        return false;
    int agree = 0;
    for (int k = 0; k < 4; k++)
        agree |= (int)(VECTOR_WORD(tie->agree->digit[k], word) >> bit & 1)
                 << k;
    double p = levels_p(own->levels, own->bank.label[lane],
                        (int)(VECTOR_WORD(tie->s, word) >> bit & 1), agree,
                        tie->missing);
    struct draws draws = {.kind = STREAM_LANE, .seed = spec->seed,
                          .tick = tie->tick,
                          .walker = spec->first_walker + lane};
    return draws_below_from(&draws, RNG_UPDATE, tie->site, p, LEVELS_PLANES);
}

static VECTOR __attribute__((noinline))
NAMED(settle)(const struct lanes *own, const struct tie *tie, VECTOR equal)
{
    VECTOR less = vector_zero();
    for (int w = 0; w < VECTOR_WORDS; w++)
        for (uint64_t left = VECTOR_WORD(equal, w); left; left &= left - 1) {
            int bit = __builtin_ctzll(left);
            if (NAMED(tie_below)(own, tie, w, bit))
                ((uint64_t *)&less)[w] |= UINT64_C(1) << bit;
        }
    return less;
}

/* U < p for every lane. z and classes are constants where it matters. */
static inline __attribute__((always_inline)) VECTOR
NAMED(below)(const struct lanes *own, const struct chunk *chunk, int i,
             int column, const VECTOR *mask, int classes, VECTOR *equal)
{
    const VECTOR *slice = own->slice +
                          column * LEVELS_CLASSES * LEVELS_PLANES;
    VECTOR less = vector_zero();
    for (int k = 0; k < LEVELS_PLANES; k++) {
        VECTOR p = vector_zero();
        for (int c = 0; c < classes; c++)
            p |= mask[c] & slice[c * LEVELS_PLANES + k];
        compare_digit(NAMED(plane)(own, chunk->update, LEVELS_PLANES, i, k,
                                   column), p, &less, equal);
    }
    return less;
}

static inline __attribute__((always_inline)) void
NAMED(update)(struct lanes *own, uint64_t tick, const struct chunk *chunk,
              int i, int column, const int z, const int classes)
{
    const struct levels *levels = own->levels;
    uint32_t site = chunk->site[i];
    VECTOR *spin = own->spin + column * own->sites;
    VECTOR s = spin[site], agreeing[LEVELS_DEGREE];
    int missing = own->links->missing[site];
    const int32_t *other = own->links->other + site * (uint32_t)z;
    for (int d = 0; d < z; d++) {
        agreeing[d] = vector_zero();
        if (other[d] >= 0)
            agreeing[d] = ~(s ^ spin[other[d]]);
    }
    if (own->bonds) {
        const VECTOR *sign = own->sign + column * own->bonds;
        const int32_t *bond = own->links->bond + site * (uint32_t)z;
        for (int d = 0; d < z; d++)
            if (bond[d] >= 0)
                agreeing[d] ^= sign[bond[d]];
    }
    struct count agree = count_bits(agreeing, z);
    VECTOR minterm[LEVELS_DEGREE + 1], mask[LEVELS_CLASSES];
    VECTOR equal = vector_zero(), toggle = vector_zero();
    count_minterms(&agree, z, minterm);
    for (int c = 0; c < classes; c++) {
        mask[c] = class_mask(levels->p[c].members[missing], minterm, z, s);
        equal |= mask[c];
    }
    for (int c = 0; c < levels->base_count; c++)
        toggle |= own->base[column * LEVELS_CLASSES + c] &
                  class_mask(levels->base[c].members[missing], minterm, z, s);
    toggle ^= NAMED(below)(own, chunk, i, column, mask, classes, &equal);
    if (vector_any(equal)) {
        struct tie tie = {.tick = tick, .site = site, .column = column,
                          .missing = missing, .agree = &agree, .s = s};
        toggle ^= NAMED(settle)(own, &tie, equal);
    }
    if (own->any_lazy)
        toggle &= ~(own->lazy[column] &
                    NAMED(plane)(own, chunk->lazy, 2, i, 0, column) &
                    NAMED(plane)(own, chunk->lazy, 2, i, 1, column));
    s ^= toggle;
    if (own->any_fresh)
        s = (s & ~own->fresh[column]) |
            (own->fresh[column] &
             NAMED(plane)(own, chunk->fresh, 1, i, 0, column));
    spin[site] = s;
}

static void NAMED(sweep_chunk)(struct lanes *own, uint64_t tick,
                               const struct chunk *chunk)
{
    int z = own->links->degree, classes = own->levels->p_count;
    for (int column = 0; column < own->columns; column++)
        for (int i = 0; i < chunk->count; i++)
            if (z == 4 && classes == 2)
                NAMED(update)(own, tick, chunk, i, column, 4, 2);
            else if (z == 4)
                NAMED(update)(own, tick, chunk, i, column, 4, classes);
            else if (z == 6 && classes == 3)
                NAMED(update)(own, tick, chunk, i, column, 6, 3);
            else
                NAMED(update)(own, tick, chunk, i, column, z, classes);
}

static void NAMED(sweep)(struct bank *bank, uint64_t tick, int threads)
{
    struct lanes *own = (struct lanes *)bank;
    int colours = bank->spec.system->colours;
    int team = colours > 1 ? threads : 1;
#pragma omp parallel num_threads(team) if (team > 1)
    for (int colour = 0; colour < colours; colour++) {
        int first = own->links->colour_start[colour];
        int count = own->links->colour_start[colour + 1] - first;
        struct chunk chunk;
#pragma omp for schedule(static)
        for (int at = 0; at < count; at += CHUNK) {
            chunk.site = own->links->order + first + at;
            chunk.count = count - at < CHUNK ? count - at : CHUNK;
            NAMED(fill)(own, tick, &chunk);
            NAMED(sweep_chunk)(own, tick, &chunk);
        }
    }
}

/* ---- measuring --------------------------------------------------------- */

/* The count of one lane. */
static int64_t NAMED(tally_lane)(const VECTOR *digit, int digits,
                                 struct place at)
{
    int64_t count = 0;
    for (int k = 0; k < digits; k++)
        count |= (int64_t)NAMED(get_bit)(digit + k, at) << k;
    return count;
}

static void NAMED(tally_bonds)(const struct lanes *own, int column,
                               struct tally *agree)
{
    const VECTOR *spin = own->spin + column * own->sites;
    const VECTOR *sign = own->sign + column * own->bonds;
    const struct links *links = own->links;
    if (own->bonds) {
        const int32_t *ends = own->bank.spec.system->pairs->ends;
        for (int64_t b = 0; b < own->bonds; b++)
            tally_add(agree, ~(spin[ends[2 * b]] ^ spin[ends[2 * b + 1]] ^
                               sign[b]));
        return;
    }
    for (int i = 0; i < own->sites; i++)
        for (int d = 1; d < links->degree; d += 2) {
            int32_t other = links->other[i * links->degree + d];
            if (other >= 0)
                tally_add(agree, ~(spin[i] ^ spin[other]));
        }
}

static void NAMED(measure_column)(const struct lanes *own, int column,
                                  double *statistics)
{
    const struct bank_spec *spec = &own->bank.spec;
    const struct model *model = spec->system->model;
    const VECTOR *spin = own->spin + column * own->sites;
    struct tally agree = {.count = 0}, up = {.count = 0};
    VECTOR agrees[TALLY_LEVELS + 4], ups[TALLY_LEVELS + 4];
    for (int i = 0; i < own->sites; i++)
        tally_add(&up, spin[i]);
    NAMED(tally_bonds)(own, column, &agree);
    int agree_digits = tally_digits(&agree, agrees);
    int up_digits = tally_digits(&up, ups);
    for (int lane = 0; lane < spec->lanes; lane++) {
        struct place at = NAMED(place_of)(own, lane);
        if (at.column != column)
            continue;
        model->binary->statistics(
            spec->system, NAMED(tally_lane)(agrees, agree_digits, at),
            NAMED(tally_lane)(ups, up_digits, at),
            statistics + model->statistics * lane);
    }
}

static void NAMED(measure)(const struct bank *bank, double *statistics,
                           int threads)
{
    const struct lanes *own = (const struct lanes *)bank;
    (void)threads;
    for (int column = 0; column < own->columns; column++)
        NAMED(measure_column)(own, column, statistics);
}

#define LANES_KERNEL(isa_, rank_, cpu_)                                      \
    {.name = "lanes_" isa_, .family = "lanes", .isa = isa_,                  \
     .summary = "bit-sliced lanes: 256 replicas of a small lattice, "        \
                "a rung each",                                               \
     .streams = 1u << STREAM_LANE, .rank = rank_, .cpu = cpu_,               \
     .refuses = NAMED(refuses), .create = NAMED(create),                     \
     .destroy = NAMED(destroy), .put = NAMED(put), .get = NAMED(get),        \
     .relabel = NAMED(relabel), .sweep = NAMED(sweep),                       \
     .measure = NAMED(measure)}

/* Bit-sliced lanes: up to 256 replicas of one small lattice move together,
   lane = walker mod 256, each with its own rung. Included once per
   instruction set; see kernels/vector.h.

   Limit (doc/kernels): the random planes, 12 a site, three AES rounds each,
   and about seven logic operations a plane. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/kernel.h"
#include "core/links.h"
#include "kernels/ends.h"
#include "kernels/pattern.h"
#include "kernels/toggle.h"

enum { WORDS_MOST = 4 };

struct lanes {
    struct bank bank;
    struct levels *levels;
    struct fit fit;        /* of the rule to a pattern */
    uint32_t *digits;      /* [rung][class], in the fit's order, as sliced */
    int first_word, words; /* 64-lane words of the group held here */
    int columns;           /* vectors a site */
    int first_half, halves;
    int sites;
    int64_t bonds;         /* of pairs; 0: all bonds are positive */
    struct links *links;
    struct ends ends;
    uint32_t *around;      /* by site, or NULL: all bonds are positive */
    VECTOR *sign;          /* [column][bond]: negative couplings */
    VECTOR *spin;          /* [column][site] */
    VECTOR *slice;         /* [column][class][plane]: digits of p; of classes
                              but the first: where they differ from its */
    VECTOR *base;          /* [column][class] */
    VECTOR lazy[WORDS_MOST], fresh[WORDS_MOST];
    bool any_lazy, any_fresh;
    rng_planes_fn *planes;
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
    own->ends = ends_new(spec->system, own->links);
    NAMED(set_signs)(own, spec);
    own->around = own->bonds ? around_new(own->links, NULL) : NULL;
    return &own->bank;
}

static void NAMED(destroy)(struct bank *bank)
{
    struct lanes *own = (struct lanes *)bank;
    levels_free(own->levels);
    free(own->digits);
    links_free(own->links);
    free(own->ends.place);
    free(own->around);
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

/* A pattern's base is that of all lanes; exact ones are drawn afresh. */
static bool NAMED(base_is_common)(const struct lanes *own)
{
    const struct levels *levels = own->levels;
    bool common = true;
    for (int c = 0; c < levels->base_count; c++)
        for (int r = 0; r < levels->rungs && levels->base[c].members[0]; r++)
            common = common && (own->bank.spec.rung[r].exact ||
                                levels->base[c].p[r] != 0);
    return common;
}

static void NAMED(set_rule)(struct lanes *own)
{
    const struct bank_spec *spec = &own->bank.spec;
    levels_update(own->levels, spec->system, spec->dynamics, spec->rung);
    own->fit = pattern_find(own->levels, NAMED(base_is_common)(own));
    for (int r = 0; r < spec->rungs; r++) {
        uint32_t *digits = own->digits + r * LEVELS_CLASSES;
        for (int c = 0; c < own->levels->p_count; c++)
            digits[c] = levels_digits(
                            own->levels->p[own->fit.order[c]].p[r]) ^
                        (c ? digits[0] : 0);
    }
}

static void NAMED(relabel)(struct bank *bank, const int *label, bool all)
{
    struct lanes *own = (struct lanes *)bank;
    const struct bank_spec *spec = &bank->spec;
    if (all)
        NAMED(set_rule)(own);
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

#include "kernels/lanes_update.h"
#include "kernels/lanes_measure.h"

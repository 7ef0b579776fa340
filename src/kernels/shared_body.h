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
#include "kernels/ends.h"
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
    uint32_t *around;   /* in the order of updates */
    struct ends ends;
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
    own->around = around_new(own->links, own->links->order);
    own->ends = ends_new(spec->system, own->links);
    return &own->bank;
}

static void NAMED(destroy)(struct bank *bank)
{
    struct shared *own = (struct shared *)bank;
    levels_free(own->levels);
    links_free(own->links);
    free(own->sign);
    free(own->around);
    free(own->ends.place);
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

#include "kernels/shared_move.h"
#include "kernels/shared_update.h"

/* ---- measuring --------------------------------------------------------- */

static void NAMED(measure_rung)(const struct shared *own, int rung,
                                int column, int64_t *agrees, int64_t *ups)
{
    const VECTOR *spin = NAMED(spins)(own, rung, column);
    const VECTOR *sign = own->sign + column * own->bonds;
    struct tally differ = {.count = 0}, up = {.count = 0};
    VECTOR digit[TALLY_LEVELS + 4];
    ends_tally_up(spin, own->sites, &up);
    ends_tally(own->ends, spin, sign, &differ);
    tally_spread(digit, tally_digits(&differ, digit), agrees);
    for (int s = 0; s < VECTOR_WORDS * 64; s++)
        agrees[s] = own->bonds - agrees[s];
    tally_spread(digit, tally_digits(&up, digit), ups);
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

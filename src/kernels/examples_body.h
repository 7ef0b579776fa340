/* Binary weights that learn examples, any loss, any inputs, committees too: a
   walker at a time. Each lane keeps the field of every training example (of
   every hidden unit) and the output; a proposal adds up the loss as it would
   be, over all examples. Included once per instruction set.

   Limit (doc/kernels): the loop over examples, a load of field and input and a
   few operations each. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "kernels/word_chunk.h"
#include "systems/patterns.h"

struct examples_lane {
    int32_t *field;  /* [units][examples] */
    int32_t *output; /* [examples] of committees; else field */
    uint8_t *up;     /* [weights] */
    int64_t loss;
    const uint8_t *reference; /* [weights] of a tether, or NULL */
    struct word_rungs rung;
};

struct examples {
    struct bank bank;
    int count;       /* of examples */
    int systems;     /* samples among the lanes */
    int *system;     /* [lanes] which */
    int8_t *sign;    /* [system][input][count], or NULL: */
    int32_t *value;
    uint8_t *reference; /* [system][site], or NULL */
    struct examples_lane *lane;
    struct word_rungs any;
    rng_planes_fn *planes;
};

/* Where a site's weight acts. */
struct examples_at {
    int32_t *field;        /* [count] of its unit */
    const int8_t *sign;    /* [count] its input */
    const int32_t *value;
    int32_t turn;          /* what a flip multiplies the input by: -2 w */
};

#define EXAMPLES_INLINE inline __attribute__((always_inline))

/* ---- setting up -------------------------------------------------------- */

static const char *examples_refuses(const struct bank_spec *spec)
{
    if (!spec->system->patterns)
        return "the model is not of binary weights that learn examples";
    if (!spec->dynamics->binary)
        return "the dynamics has no rule for two-valued sites";
    return NULL;
}

static void examples_inputs(struct examples *own, const struct patterns *p,
                            int system, int sample)
{
    for (int64_t i = 0; i < p->inputs; i++)
        for (int64_t mu = 0; mu < p->train; mu++) {
            int64_t at = (system * p->inputs + i) * p->train + mu;
            int32_t x = patterns_get(p, sample, mu, i);
            if (own->sign)
                own->sign[at] = (int8_t)x;
            else
                own->value[at] = x;
        }
}

/* Lanes of one sample share its inputs. */
static void examples_columns(struct examples *own,
                             const struct bank_spec *spec)
{
    const struct patterns *p = spec->system->patterns;
    for (int lane = 0; lane < spec->lanes; lane++) {
        own->system[lane] = own->systems;
        for (int other = 0; other < lane; other++)
            if (spec->sample[other] == spec->sample[lane])
                own->system[lane] = own->system[other];
        own->systems += own->system[lane] == own->systems;
    }
    size_t count = (size_t)(own->systems * p->inputs * p->train);
    if (p->bits)
        own->sign = mem_new(count, sizeof *own->sign);
    else
        own->value = mem_new(count, sizeof *own->value);
    for (int lane = 0, done = 0; lane < spec->lanes; lane++)
        if (own->system[lane] == done)
            examples_inputs(own, p, done++, spec->sample[lane]);
}

static struct bank *examples_create(const struct bank_spec *spec)
{
    const struct patterns *p = spec->system->patterns;
    struct examples *own = mem_new(1, sizeof *own);
    size_t lanes = (size_t)spec->lanes, count = (size_t)p->train;
    own->count = (int)p->train;
    own->system = mem_new(lanes, sizeof *own->system);
    own->lane = mem_new(lanes, sizeof *own->lane);
    for (size_t i = 0; i < lanes; i++) {
        struct examples_lane *lane = &own->lane[i];
        lane->field = mem_new((size_t)p->units * count, sizeof(int32_t));
        lane->output = p->units > 1 ? mem_new(count, sizeof(int32_t))
                                    : lane->field;
        lane->up = mem_new((size_t)p->weights, 1);
    }
    own->planes = rng_planes_best();
    examples_columns(own, spec);
    own->reference = word_references(spec, own->system, own->systems);
    for (size_t i = 0; i < lanes && own->reference; i++)
        own->lane[i].reference = own->reference + own->system[i] * p->weights;
    return &own->bank;
}

static void examples_destroy(struct bank *bank)
{
    struct examples *own = (struct examples *)bank;
    for (int lane = 0; lane < bank->spec.lanes; lane++) {
        if (own->lane[lane].output != own->lane[lane].field)
            free(own->lane[lane].output);
        free(own->lane[lane].field);
        free(own->lane[lane].up);
    }
    free(own->lane);
    free(own->system);
    free(own->sign);
    free(own->value);
    free(own->reference);
}

static struct examples_at examples_at(const struct examples *own, int lane,
                                      int site)
{
    const struct patterns *p = own->bank.spec.system->patterns;
    int64_t each = p->weights / p->units, unit = site / each;
    int64_t input = p->blocks > 1 ? site : site % p->inputs;
    int64_t column = (own->system[lane] * p->inputs + input) * own->count;
    return (struct examples_at){
        .field = own->lane[lane].field + unit * own->count,
        .sign = own->sign ? own->sign + column : NULL,
        .value = own->sign ? NULL : own->value + column,
        .turn = own->lane[lane].up[site] ? -2 : 2};
}

static EXAMPLES_INLINE int32_t examples_input(const struct examples_at *at,
                                              int mu, bool signs)
{
    return signs ? at->sign[mu] : at->value[mu];
}

static EXAMPLES_INLINE int32_t examples_sign(int32_t f)
{
    return (f > 0) - (f < 0);
}

/* ---- the loss ------------------------------------------------------------ */

/* Of all examples, had the weight turned; one loop for each kind of loss that
   is worth it, signs and units constants. */
static EXAMPLES_INLINE int64_t
examples_turned(const struct examples *own, int lane,
                const struct examples_at *at, bool signs, bool committee)
{
    const struct margin *m = &own->bank.spec.system->patterns->margin;
    const int32_t *output = own->lane[lane].output, *field = at->field;
    const int64_t bar = m->bar, line = (int64_t)1 << m->digits;
    const int64_t *table = m->table ? m->table + m->most : NULL;
    const int count = own->count;
    const int32_t turn = at->turn;
    const int32_t cut = bar > INT32_MAX ? INT32_MAX
                        : bar < INT32_MIN ? INT32_MIN : (int32_t)bar;
    int64_t sum = 0;
    int32_t errors = 0;
#define EXAMPLES_FIELD                                                       \
    const int32_t f = field[mu] + turn * examples_input(at, mu, signs)
    if (committee)
        for (int mu = 0; mu < count; mu++) {
            EXAMPLES_FIELD;
            sum += table[output[mu] + examples_sign(f) -
                         examples_sign(field[mu])];
        }
    else if (m->kind == MARGIN_STEP)
        for (int mu = 0; mu < count; mu++) {
            EXAMPLES_FIELD;
            errors += f <= cut;
        }
    else if (m->kind == MARGIN_SYMMETRIC)
        for (int mu = 0; mu < count; mu++) {
            EXAMPLES_FIELD;
            errors += (f > cut) | (f < -cut);
        }
    else if (m->kind == MARGIN_PERCEPTRON || m->kind == MARGIN_HINGE)
        for (int mu = 0; mu < count; mu++) {
            EXAMPLES_FIELD;
            int64_t under = bar - f * line;
            sum += under > 0 ? under : 0;
        }
    else if (table)
        for (int mu = 0; mu < count; mu++) {
            EXAMPLES_FIELD;
            sum += table[f];
        }
    else
        for (int mu = 0; mu < count; mu++) {
            EXAMPLES_FIELD;
            sum += margin_loss(m, f);
        }
    return sum + errors;
}

static int64_t examples_cost(const struct examples *own, int lane,
                             const struct examples_at *at)
{
    bool committee = own->lane[lane].output != own->lane[lane].field;
    int64_t loss = own->sign
                       ? committee ? examples_turned(own, lane, at, true, true)
                                   : examples_turned(own, lane, at, true,
                                                     false)
                   : committee ? examples_turned(own, lane, at, false, true)
                               : examples_turned(own, lane, at, false, false);
    return loss - own->lane[lane].loss;
}

/* ---- states -------------------------------------------------------------- */

/* Adds turn times the input to the fields. */
static EXAMPLES_INLINE void examples_add(const struct examples *own, int lane,
                                         const struct examples_at *at,
                                         bool signs)
{
    int32_t *field = at->field, *output = own->lane[lane].output;
    bool committee = output != own->lane[lane].field;
    const int count = own->count;
    const int32_t turn = at->turn;
    if (!committee)
        for (int mu = 0; mu < count; mu++)
            field[mu] += turn * examples_input(at, mu, signs);
    else
        for (int mu = 0; mu < count; mu++) {
            EXAMPLES_FIELD;
            output[mu] += examples_sign(f) - examples_sign(field[mu]);
            field[mu] = f;
        }
}

static void examples_flip(const struct examples *own, int lane,
                          const struct examples_at *at)
{
    if (own->sign)
        examples_add(own, lane, at, true);
    else
        examples_add(own, lane, at, false);
}

/* All that follows from the weights. */
static void examples_settle(struct examples *own, int number)
{
    struct examples_lane *lane = &own->lane[number];
    const struct patterns *p = own->bank.spec.system->patterns;
    memset(lane->field, 0,
           (size_t)p->units * (size_t)own->count * sizeof *lane->field);
    memset(lane->output, 0, (size_t)own->count * sizeof *lane->output);
    for (int i = 0; i < p->weights; i++) {
        struct examples_at at = examples_at(own, number, i);
        at.turn = lane->up[i] ? 1 : -1;
        examples_flip(own, number, &at);
    }
    lane->loss = 0;
    for (int mu = 0; mu < own->count; mu++)
        lane->loss += margin_loss(&p->margin, lane->output[mu]);
}

static void examples_put(struct bank *bank, int number, const void *state)
{
    struct examples *own = (struct examples *)bank;
    const int8_t *w = state;
    for (int64_t i = 0; i < bank->spec.system->sites; i++)
        own->lane[number].up[i] = w[i] > 0;
    examples_settle(own, number);
}

static void examples_get(const struct bank *bank, int number, void *state)
{
    const struct examples *own = (const struct examples *)bank;
    int8_t *w = state;
    for (int64_t i = 0; i < bank->spec.system->sites; i++)
        w[i] = own->lane[number].up[i] ? 1 : -1;
}

static void examples_relabel(struct bank *bank, const int *label, bool all)
{
    struct examples *own = (struct examples *)bank;
    const struct bank_spec *spec = &bank->spec;
    (void)all;
    memcpy(bank->label, label, (size_t)spec->lanes * sizeof *label);
    own->any = (struct word_rungs){0};
    for (int lane = 0; lane < spec->lanes; lane++) {
        own->lane[lane].rung = word_rung(spec, label[lane]);
        own->any.lazy |= own->lane[lane].rung.lazy;
        own->any.fresh |= own->lane[lane].rung.fresh;
    }
}

/* ---- the sweep --------------------------------------------------------- */

static bool examples_flips(const struct examples *own, uint64_t tick,
                           int lane, const struct word_chunk *chunk, int i,
                           int64_t cost)
{
    const struct bank_spec *spec = &own->bank.spec;
    const struct rung *rung = &spec->rung[own->bank.label[lane]];
    int place = word_place(spec, lane);
    const struct examples_lane *at = &own->lane[lane];
    int site = chunk->first + i;
    bool away = at->reference && at->reference[site] == at->up[site];
    double du[] = {spec->system->patterns->margin.unit * (double)cost,
                   away ? 1 : -1};
    uint32_t entry = word_level(spec, rung, du), level = entry & 0xFFFF;
    uint32_t u = word_digits(chunk, i, place);
    if (at->rung.lazy && word_stays(chunk, i, place))
        return false;
    return u == level ? accept_exactly_all(spec, rung,
                                           spec->first_walker + lane, tick,
                                           site, du, spec->system->components)
                      : (entry >> 16) ^ (u < level);
}

static void examples_move(struct examples *own, uint64_t tick, int number,
                          const struct word_chunk *chunk)
{
    struct examples_lane *lane = &own->lane[number];
    for (int i = 0; i < chunk->count; i++) {
        struct examples_at at = examples_at(own, number, chunk->first + i);
        int64_t cost = examples_cost(own, number, &at);
        if (!examples_flips(own, tick, number, chunk, i, cost))
            continue;
        examples_flip(own, number, &at);
        lane->up[chunk->first + i] ^= 1;
        lane->loss += cost;
    }
}

static void examples_sweep(struct bank *bank, uint64_t tick, int threads)
{
    struct examples *own = (struct examples *)bank;
    const struct bank_spec *spec = &bank->spec;
#pragma omp parallel num_threads(threads) if (threads > 1)
    {
        _Alignas(64) struct word_chunk chunk;
        for (int first = 0; first < spec->system->sites;
             first += WORD_CHUNK) {
            word_fill(spec, own->planes, tick, first, own->any, &chunk);
#pragma omp for schedule(static) nowait
            for (int lane = 0; lane < spec->lanes; lane++)
                if (own->lane[lane].rung.fresh)
                    word_draw_near(spec, tick, &chunk, lane,
                                   bank->label[lane],
                                   own->lane[lane].reference,
                                   own->lane[lane].up);
                else
                    examples_move(own, tick, lane, &chunk);
        }
#pragma omp for schedule(static)
        for (int lane = 0; lane < spec->lanes; lane++)
            if (own->lane[lane].rung.fresh)
                examples_settle(own, lane);
    }
}

static void examples_measure(const struct bank *bank, double *statistics,
                             int threads)
{
    const struct examples *own = (const struct examples *)bank;
    const struct patterns *p = bank->spec.system->patterns;
    (void)threads;
    for (int number = 0; number < bank->spec.lanes; number++) {
        const struct examples_lane *lane = &own->lane[number];
        int64_t errors = 0;
        for (int mu = 0; mu < own->count; mu++)
            errors += margin_error(&p->margin, lane->output[mu]);
        int sample = bank->spec.sample[number];
        double *out = statistics + 4 * number;
        out[0] = (double)lane->loss;
        out[1] = (double)errors;
        out[2] = (double)patterns_teacher(p, sample, lane->up);
        out[3] = (double)patterns_apart(p, sample, lane->up);
    }
}

#define EXAMPLES_KERNEL(isa_, rank_, cpu_)                                   \
    {.name = "examples_" isa_, .family = "examples", .isa = isa_,            \
     .summary = "fields of all examples kept: binary weights that learn",    \
     .streams = 1u << STREAM_WORD, .rank = rank_, .cpu = cpu_,               \
     .refuses = examples_refuses, .create = examples_create,                 \
     .destroy = examples_destroy, .put = examples_put, .get = examples_get,  \
     .relabel = examples_relabel, .sweep = examples_sweep,                   \
     .measure = examples_measure}

/* Binary perceptrons that count errors (step, symmetric), inputs of signs: a
   walker at a time. Each lane keeps the field of every training example in
   bit-sliced counters k = (f - f0) / 2, f0 the lowest field without error, so
   that a flip adds -1 or 1 to all; and `edge`, the examples that a flip can
   carry across the threshold: those at k = 0 (above) and k = -1 (below).

   With c the column of the site (bit set: input 1) turned by its weight, a
   flip carries above & c over to the errors and below & ~c back, so it costs
   |edge & c| - |below|: one masked count over the examples. The symmetric
   loss has a second edge, at k = v and v - 1, which counts the other way.

   Limit (doc/kernels): the count, about ten operations for 256 examples.
   Included once per instruction set: VECTOR_WORDS. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "kernels/vector.h"
#include "kernels/word_chunk.h"
#include "systems/patterns.h"

/* Columns are whole vectors of 256 bits for every instruction set. */
enum { PERC_EDGES = 2, PERC_REACH = 4096,
       PERC_BLOCK = 256 / (64 * VECTOR_WORDS) };

/* What the threshold makes of fields: the same for all lanes. */
struct perc_scale {
    int edges, levels;
    int64_t lowest;     /* f0 */
    int at[PERC_EDGES]; /* k above each edge */
    int positive;       /* k of the lowest field above 0 */
};

struct perc_lane {
    VECTOR *counter;          /* [levels][vectors] */
    VECTOR *edge[PERC_EDGES]; /* [vectors] */
    uint8_t *up;              /* [sites] */
    int base[2];  /* for weights down, up: |above|, |below|; less those of the
                     second edge */
    int64_t errors;
    const uint8_t *reference; /* [sites] of a tether; else up itself */
    const uint32_t *table;    /* of its rung, for flips back to it */
    struct word_rungs rung;
};

struct perc {
    struct bank bank;
    struct perc_scale scale;
    int sites, vectors; /* vectors: a column's */
    int systems;        /* samples among the lanes */
    int *system;        /* [lanes] which */
    VECTOR *column;     /* [system][site][vectors] */
    VECTOR *valid;      /* [vectors] examples that are there */
    struct perc_lane *lane;
    int reach;          /* costs of at most that size are in tables */
    int sides;          /* 2 on a tether: flips back and away, else 1 */
    uint8_t *reference; /* [system][site], or NULL */
    uint32_t *table;    /* [rungs][sides][2 reach + 1], see word_level */
    struct word_rungs any;
    rng_planes_fn *planes;
};

#include "kernels/perceptron_count.h"

/* ---- setting up -------------------------------------------------------- */

static const char *perc_refuses(const struct bank_spec *spec)
{
    const struct patterns *p = spec->system->patterns;
    if (!p || p->units > 1)
        return "the model is no perceptron of binary weights";
    if (!spec->dynamics->binary)
        return "the dynamics has no rule for two-valued sites";
    if (!p->bits)
        return "the inputs are not all -1 or 1";
    if (p->margin.kind != MARGIN_STEP && p->margin.kind != MARGIN_SYMMETRIC)
        return "the loss does not count errors";
    return NULL;
}

/* The lowest integer of N's parity that is at least f. */
static int64_t perc_parity(int64_t f, int64_t n)
{
    return f + ((f ^ n) & 1);
}

static struct perc_scale perc_scale_of(const struct patterns *p)
{
    int64_t n = p->inputs, bar = p->margin.bar;
    bool symmetric = p->margin.kind == MARGIN_SYMMETRIC;
    int64_t limit = bar > n ? n : bar < -n ? -n - 1 : bar;
    int64_t lowest = perc_parity(symmetric ? -limit : limit + 1, n);
    struct perc_scale s = {.edges = 1 + symmetric, .lowest = lowest};
    s.at[1] = (int)(1 - lowest);
    s.positive = (int)((perc_parity(1, n) - lowest) / 2);
    int64_t least = (-n - lowest) / 2, most = (n - lowest) / 2;
    most = s.at[1] > most ? s.at[1] : most;
    while (least < -((int64_t)1 << s.levels) ||
           most >= (int64_t)1 << s.levels)
        s.levels++;
    s.levels++; /* the sign */
    return s;
}

/* Lanes of one sample share its columns. */
static void perc_columns(struct perc *own, const struct bank_spec *spec)
{
    const struct patterns *p = spec->system->patterns;
    int64_t words = (int64_t)own->vectors * VECTOR_WORDS;
    for (int lane = 0; lane < spec->lanes; lane++) {
        own->system[lane] = own->systems;
        for (int other = 0; other < lane; other++)
            if (spec->sample[other] == spec->sample[lane])
                own->system[lane] = own->system[other];
        own->systems += own->system[lane] == own->systems;
    }
    own->column = mem_new((size_t)(own->systems * own->sites * words), 8);
    for (int lane = 0, done = 0; lane < spec->lanes; lane++) {
        if (own->system[lane] < done)
            continue;
        uint64_t *to = (uint64_t *)own->column + done * own->sites * words;
        for (int64_t mu = 0; mu < p->train; mu++)
            for (int64_t i = 0; i < own->sites; i++)
                if (patterns_get(p, spec->sample[lane], mu, i) > 0)
                    to[i * words + mu / 64] |= UINT64_C(1) << (mu % 64);
        done++;
    }
}

static void perc_lane_new(const struct perc *own, struct perc_lane *lane)
{
    size_t vectors = (size_t)own->vectors;
    size_t rows = (size_t)(own->scale.levels + PERC_EDGES);
    VECTOR *all = mem_new(rows * vectors * sizeof *all +
                              (size_t)own->sites, 1);
    lane->counter = all;
    for (int e = 0; e < PERC_EDGES; e++)
        lane->edge[e] = all + (size_t)(own->scale.levels + e) * vectors;
    lane->up = (uint8_t *)(all + rows * vectors);
}

static struct bank *perc_create(const struct bank_spec *spec)
{
    const struct patterns *p = spec->system->patterns;
    struct perc *own = mem_new(1, sizeof *own);
    size_t lanes = (size_t)spec->lanes;
    own->scale = perc_scale_of(p);
    own->sites = (int)spec->system->sites;
    own->vectors = (int)((p->train + 255) / 256) * PERC_BLOCK;
    own->system = mem_new(lanes, sizeof *own->system);
    own->lane = mem_new(lanes, sizeof *own->lane);
    own->valid = mem_new((size_t)own->vectors, sizeof *own->valid);
    for (int64_t mu = 0; mu < p->train; mu++)
        ((uint64_t *)own->valid)[mu / 64] |= UINT64_C(1) << (mu % 64);
    own->reach = p->train < PERC_REACH ? (int)p->train : PERC_REACH;
    for (int lane = 0; lane < spec->lanes; lane++)
        perc_lane_new(own, &own->lane[lane]);
    own->planes = rng_planes_best();
    perc_columns(own, spec);
    own->reference = word_references(spec, own->system, own->systems);
    own->sides = own->reference ? 2 : 1;
    for (int i = 0; i < spec->lanes; i++)
        own->lane[i].reference = own->reference
                                     ? own->reference +
                                           own->system[i] * own->sites
                                     : own->lane[i].up;
    own->table = mem_new((size_t)(spec->rungs * own->sides *
                                  (2 * own->reach + 1)), sizeof *own->table);
    return &own->bank;
}

static void perc_destroy(struct bank *bank)
{
    struct perc *own = (struct perc *)bank;
    for (int lane = 0; lane < bank->spec.lanes; lane++)
        free(own->lane[lane].counter);
    free(own->lane);
    free(own->system);
    free(own->column);
    free(own->valid);
    free(own->reference);
    free(own->table);
}

static const VECTOR *perc_column(const struct perc *own, int lane, int site)
{
    return own->column + ((int64_t)own->system[lane] * own->sites + site) *
                             own->vectors;
}

/* All that follows from the weights. */
static void perc_settle(struct perc *own, int number)
{
    struct perc_lane *lane = &own->lane[number];
    const struct perc_scale *s = &own->scale;
    const VECTOR *column = perc_column(own, number, 0);
    int64_t examples = own->bank.spec.system->patterns->train;
    for (int v = 0; v < own->vectors; v++)
        perc_count(own, lane, column, v, -(own->sites + s->lowest) / 2);
    perc_turn(own, lane, column, false, false, own->vectors, s->edges);
    lane->errors = perc_less(own, lane, s->at[0]);
    if (s->edges > 1)
        lane->errors += examples - perc_less(own, lane, s->at[1]);
}

static void perc_put(struct bank *bank, int number, const void *state)
{
    struct perc *own = (struct perc *)bank;
    const int8_t *w = state;
    for (int i = 0; i < own->sites; i++)
        own->lane[number].up[i] = w[i] > 0;
    perc_settle(own, number);
}

static void perc_get(const struct bank *bank, int number, void *state)
{
    const struct perc *own = (const struct perc *)bank;
    int8_t *w = state;
    for (int i = 0; i < own->sites; i++)
        w[i] = own->lane[number].up[i] ? 1 : -1;
}

/* ---- acceptance ---------------------------------------------------------- */

static void perc_relabel(struct bank *bank, const int *label, bool all)
{
    struct perc *own = (struct perc *)bank;
    const struct bank_spec *spec = &bank->spec;
    int width = 2 * own->reach + 1, stride = own->sides * width;
    memcpy(bank->label, label, (size_t)spec->lanes * sizeof *label);
    for (int r = 0; r < spec->rungs && all; r++)
        for (int side = 0; side < own->sides; side++)
            for (int m = -own->reach; m <= own->reach; m++) {
                const double du[2] = {m, side ? 1 : -1};
                own->table[r * stride + side * width + m + own->reach] =
                    word_level(spec, &spec->rung[r], du);
            }
    own->any = (struct word_rungs){0};
    for (int lane = 0; lane < spec->lanes; lane++) {
        struct perc_lane *one = &own->lane[lane];
        one->table = own->table + label[lane] * stride + own->reach;
        one->rung = word_rung(spec, label[lane]);
        own->any.lazy |= one->rung.lazy;
        own->any.fresh |= one->rung.fresh;
    }
}

#include "kernels/perceptron_move.h"

/* ---- measurement --------------------------------------------------------- */

static int64_t perc_wrong(const struct perc *own, const struct perc_lane *lane)
{
    return own->scale.edges > 1 || own->scale.positive == 0
               ? lane->errors : perc_less(own, lane, own->scale.positive);
}

static void perc_measure(const struct bank *bank, double *statistics,
                         int threads)
{
    const struct perc *own = (const struct perc *)bank;
    const struct patterns *p = bank->spec.system->patterns;
    (void)threads;
    for (int lane = 0; lane < bank->spec.lanes; lane++) {
        double *out = statistics + 4 * lane;
        out[0] = (double)own->lane[lane].errors;
        out[1] = (double)perc_wrong(own, &own->lane[lane]);
        out[2] = (double)patterns_teacher(p, bank->spec.sample[lane],
                                          own->lane[lane].up);
        out[3] = (double)patterns_apart(p, bank->spec.sample[lane],
                                        own->lane[lane].up);
    }
}

#define PERC_KERNEL(isa_, rank_, cpu_)                                       \
    {.name = "perceptron_" isa_, .family = "perceptron", .isa = isa_,        \
     .summary = "errors of binary perceptrons from bit-sliced fields",       \
     .streams = 1u << STREAM_WORD, .rank = rank_, .cpu = cpu_,               \
     .refuses = perc_refuses, .create = perc_create,                         \
     .destroy = perc_destroy, .put = perc_put, .get = perc_get,              \
     .relabel = perc_relabel, .sweep = perc_sweep, .measure = perc_measure}

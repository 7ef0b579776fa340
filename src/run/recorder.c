#include "run/recorder.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "par/par.h"
#include "run/recorder_pairs.h"

/* ---- columns ----------------------------------------------------------- */

void *column_more(struct column *column, size_t count, size_t size)
{
    column->size = size;
    if (!column->at || column->count + count > column->room) {
        column->room = 2 * (column->count + count) + 1;
        column->at = mem_grow(column->at, column->room, size);
    }
    void *place = (char *)column->at + column->count * size;
    column->count += count;
    return place;
}

static void add(struct column *column, const void *values, size_t count,
                size_t size)
{
    void *place = column_more(column, count, size);
    if (count)
        memcpy(place, values, count * size);
}

/* ---- life -------------------------------------------------------------- */

static int64_t row_bytes(const struct recorder *recorder,
                         const struct engine *e)
{
    const struct record_keys *keys = e->input->record;
    int64_t pairs = (int64_t)e->exchange->samples * e->exchange->rungs *
                    recorder_pairs(e->exchange) * recorder->pair_width;
    int64_t points = e->anneal ? e->anneal->points : 1;
    int64_t one = 8 * (recorder->width + points * e->ladder->components +
                       (e->quench != NULL)) + 4;
    int64_t state = keys->states_every
                        ? (int64_t)e->system->state_bytes * keys->every /
                              keys->states_every
                        : 0;
    return 8 * (1 + pairs) + e->exchange->walkers * (one + state);
}

struct recorder *recorder_new(const struct engine *e)
{
    const struct texts *wanted = &e->input->record->observables;
    struct recorder *recorder = mem_new(1, sizeof *recorder);
    recorder->observable = mem_new((size_t)wanted->count,
                                   sizeof *recorder->observable);
    for (int i = 0; i < wanted->count; i++) {
        const struct observable *o = dynamics_observable(
            e->dynamics, e->system->model, wanted->at[i]);
        int size = observable_size(o, e->system);
        recorder->observable[recorder->observables++] = o;
        recorder->width += o->of_pair ? 0 : size;
        recorder->pair_width += o->of_pair ? size : 0;
    }
    recorder->capacity = (e->input->checkpoint->buffer_mb << 20) /
                         row_bytes(recorder, e);
    if (recorder->capacity < 1)
        recorder->capacity = 1;
    return recorder;
}

enum { COLUMNS = 14 };

static void columns_of(struct recorder *r, struct column *all[COLUMNS])
{
    struct column *const list[COLUMNS] = {
        &r->observed, &r->paired, &r->states, &r->sweep, &r->u, &r->slope,
        &r->walker, &r->state_sweep, &r->state_walker, &r->history,
        &r->barrier, &r->acceptance, &r->round_end, &r->verify};
    memcpy(all, list, sizeof list);
}

void recorder_free(struct recorder *recorder)
{
    struct column *all[COLUMNS];
    if (!recorder)
        return;
    columns_of(recorder, all);
    for (int c = 0; c < COLUMNS; c++)
        free(all[c]->at);
    free(recorder->observable);
    free(recorder);
}

void recorder_clear(struct recorder *recorder)
{
    struct column *all[COLUMNS];
    columns_of(recorder, all);
    for (int c = 0; c < COLUMNS; c++)
        all[c]->count = 0;
    recorder->rows = recorder->state_rows = 0;
}

bool recorder_full(const struct recorder *recorder)
{
    return recorder->rows >= recorder->capacity;
}

/* ---- rows -------------------------------------------------------------- */

/* Number of the walker on rung r of a ladder. */
static int64_t walker_at(const struct exchange *x, int64_t ladder, int r)
{
    return ladder * x->rungs + x->walker[ladder * x->rungs + r];
}

static void add_walkers(struct column *column, const struct exchange *x)
{
    add(column, x->walker, (size_t)x->walkers, sizeof(int32_t));
}

/* [ladders][points][K] of a pass that has ended. */
static void add_pass(struct recorder *recorder, const struct engine *e)
{
    const struct anneal *a = e->anneal;
    size_t k = (size_t)a->components;
    double *u = column_more(&recorder->u, (size_t)(a->walkers * a->points) * k,
                            sizeof *u);
    for (int64_t w = 0; w < a->walkers; w++)
        for (int p = 0; p < a->points; p++, u += k)
            memcpy(u, a->u + (p * a->walkers + w) * a->components,
                   k * sizeof *u);
}

static void add_u(struct recorder *recorder, const struct engine *e)
{
    const struct exchange *x = e->exchange;
    size_t k = (size_t)x->components;
    double *u = column_more(&recorder->u, (size_t)x->walkers * k, sizeof *u);
    for (int64_t ladder = 0; ladder < x->ladders; ladder++)
        for (int r = 0; r < x->rungs; r++, u += k)
            memcpy(u, e->u + walker_at(x, ladder, r) * x->components,
                   k * sizeof *u);
}

/* |gradient| of every walker: its place is its number. */
static void add_slopes(struct recorder *recorder, const struct quench *quench)
{
    double *slope = column_more(&recorder->slope, (size_t)quench->walkers,
                                sizeof *slope);
    for (int64_t w = 0; w < quench->walkers; w++)
        slope[w] = quench->look[w].slope;
}

static void add_states(struct recorder *recorder, const struct engine *e)
{
    size_t bytes = e->system->state_bytes;
    char *state = column_more(&recorder->states,
                       (size_t)e->hosted->walkers * bytes, 1);
    for (int w = 0; w < e->hosted->walkers; w++)
        hosted_get(e->hosted, w, state + (size_t)w * bytes);
    recorder->state_rows++;
    if (par_rank() == 0) {
        add(&recorder->state_sweep, &e->at.production, 1, sizeof(int64_t));
        add_walkers(&recorder->state_walker, e->exchange);
    }
}

/* values[walkers][width]: of statistics, and of states where asked. */
static void observe(const struct recorder *recorder, const struct engine *e,
                    double *values)
{
    const struct exchange *x = e->exchange;
    char *state = mem_new(1, e->system->state_bytes);
    int at = 0, last = -1;
    for (int o = 0; o < recorder->observables; o++) {
        const struct observable *row = recorder->observable[o];
        if (row->of)
            hosted_observe(e->hosted, row, values + at, recorder->width);
        at += row->of_pair ? 0 : observable_size(row, e->system);
    }
    for (int w = 0; w < e->hosted->walkers; w++) {
        int sample = (int)((e->hosted->first + w) / x->rungs % x->samples);
        double *out = values + w * recorder->width;
        for (int o = 0; o < recorder->observables; o++) {
            const struct observable *row = recorder->observable[o];
            if ((row->of_state || row->of_walker) && last != w) {
                hosted_get(e->hosted, w, state);
                last = w;
            }
            if (row->of_state)
                row->of_state(e->system, sample, state, out);
            if (row->of_walker)
                row->of_walker(e->system, sample, state,
                               hosted_extra(e->hosted, w), out);
            out += row->of_pair ? 0 : observable_size(row, e->system);
        }
    }
    free(state);
}

void recorder_row(struct recorder *recorder, const struct engine *e)
{
    int64_t states_every = e->input->record->states_every;
    double *values = column_more(&recorder->observed,
                          (size_t)(e->hosted->walkers * recorder->width),
                          sizeof *values);
    observe(recorder, e, values);
    if (recorder->pair_width)
        recorder_pair_row(recorder, e);
    recorder->rows++;
    if (par_rank() == 0) {
        add(&recorder->sweep, &e->at.production, 1, sizeof(int64_t));
        add_walkers(&recorder->walker, e->exchange);
        if (e->anneal)
            add_pass(recorder, e);
        else
            add_u(recorder, e);
        if (e->quench)
            add_slopes(recorder, e->quench);
    }
    if (states_every && e->at.production % states_every == 0)
        add_states(recorder, e);
}

void recorder_verify(struct recorder *recorder, const struct engine *e)
{
    if (par_rank() == 0)
        add(&recorder->verify, e->u,
            (size_t)(e->exchange->walkers * e->ladder->components),
            sizeof(double));
}

void recorder_round(struct recorder *recorder, const struct engine *e)
{
    int rungs = e->ladder->rungs;
    double barrier = engine_barrier(e);
    int64_t sweeps = (int64_t)e->at.tick;
    if (par_rank() > 0)
        return;
    add(&recorder->history, e->ladder->lambda,
        (size_t)(rungs * e->ladder->components), sizeof(double));
    add(&recorder->barrier, &barrier, 1, sizeof barrier);
    add(&recorder->round_end, &sweeps, 1, sizeof sweeps);
    for (int edge = 0; edge + 1 < e->exchange->rungs; edge++) {
        double acceptance = exchange_acceptance(e->exchange, edge);
        add(&recorder->acceptance, &acceptance, 1, sizeof acceptance);
    }
}

/* ---- gathering --------------------------------------------------------- */

/* [rows][hosted of a rank][size] into [rows][walkers][size]. */
struct assembly {
    const struct engine *engine;
    char *all;
    int64_t rows;
    size_t size;
};

static void take(void *context, int rank, const void *bytes, size_t count)
{
    const struct assembly *a = context;
    const int64_t *first = a->engine->plan->first;
    size_t mine = (size_t)(first[rank + 1] - first[rank]) * a->size;
    size_t row = (size_t)a->engine->exchange->walkers * a->size;
    (void)count;
    for (int64_t r = 0; r < a->rows; r++)
        memcpy(a->all + (size_t)r * row + (size_t)first[rank] * a->size,
               (const char *)bytes + (size_t)r * mine, mine);
}

/* By walker, on rank 0; NULL elsewhere. */
static char *assemble(const struct engine *e, const void *mine, int64_t rows,
                      size_t size)
{
    struct assembly a = {.engine = e, .rows = rows, .size = size};
    size_t hosted = (size_t)rows * (size_t)e->hosted->walkers * size;
    if (par_rank() == 0)
        a.all = mem_new((size_t)(rows * e->exchange->walkers), size);
    par_collect(mine, hosted, take, &a);
    return a.all;
}

/* From walker order to rung order, one item of `size` bytes at `offset` of
   records of `stride` bytes. */
static void by_rung(const struct exchange *x, const char *records,
                    size_t stride, size_t size, const int32_t *walker,
                    int64_t rows, char *out)
{
    for (int64_t row = 0; row < rows; row++)
        for (int64_t place = 0; place < x->walkers; place++, out += size) {
            int64_t ladder = place / x->rungs;
            int64_t w = ladder * x->rungs +
                        walker[row * x->walkers + place];
            memcpy(out, records + (size_t)(row * x->walkers + w) * stride,
                   size);
        }
}

struct gathered recorder_gather(const struct recorder *recorder,
                                const struct engine *e)
{
    struct gathered g = {NULL, NULL};
    const struct exchange *x = e->exchange;
    size_t observables = (size_t)recorder->observables;
    size_t record = (size_t)recorder->width * sizeof(double), at = 0;
    char *observed = assemble(e, recorder->observed.at, recorder->rows,
                              record);
    char *states = assemble(e, recorder->states.at, recorder->state_rows,
                            e->system->state_bytes);
    if (par_rank() == 0) {
        g.values = mem_new(observables, sizeof *g.values);
        for (size_t o = 0; o < observables; o++) {
            const struct observable *of = recorder->observable[o];
            size_t size = (size_t)observable_size(of, e->system) *
                          sizeof(double);
            if (of->of_pair)
                continue;
            g.values[o] = mem_new((size_t)(recorder->rows * x->walkers),
                                  size);
            by_rung(x, observed + at, record, size, recorder->walker.at,
                    recorder->rows, (char *)g.values[o]);
            at += size;
        }
        g.states = mem_new((size_t)(recorder->state_rows * x->walkers),
                           e->system->state_bytes);
        by_rung(x, states, e->system->state_bytes, e->system->state_bytes,
                recorder->state_walker.at, recorder->state_rows, g.states);
    }
    recorder_pair_gather(recorder, e, g.values);
    free(observed);
    free(states);
    return g;
}

void recorder_release(const struct recorder *recorder,
                      struct gathered *gathered)
{
    for (int o = 0; gathered->values && o < recorder->observables; o++)
        free(gathered->values[o]);
    free(gathered->values);
    free(gathered->states);
}

char *recorder_states(const struct engine *e)
{
    size_t bytes = e->system->state_bytes;
    char *mine = mem_new((size_t)e->hosted->walkers, bytes), *ordered = NULL;
    for (int w = 0; w < e->hosted->walkers; w++)
        hosted_get(e->hosted, w, mine + (size_t)w * bytes);
    char *all = assemble(e, mine, 1, bytes);
    if (all) {
        ordered = mem_new((size_t)e->exchange->walkers, bytes);
        by_rung(e->exchange, all, bytes, bytes, e->exchange->walker, 1,
                ordered);
    }
    free(all);
    free(mine);
    return ordered;
}

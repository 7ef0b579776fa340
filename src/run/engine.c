#include "run/engine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/protocol.h"
#include "par/par.h"
#include "run/houdayer.h"
#include "run/rounds.h"
#include "stat/ti.h"

/* ---- from the input ---------------------------------------------------- */

/* Lanes work at the rate of their best times the fraction of bits that carry
   a walker; one lattice of N sites at about the same best times
   N / (N + SITE_HALF) (measured from 16^2 to 512^2 and 8^3 to 64^3). Few
   walkers are not worth a lane kernel. */
enum { LANE_WALKERS = 16, SITE_HALF = 24000, SHARED_SAMPLES = 64 };

static bool lanes_are_faster(const struct system *system, int64_t walkers)
{
    int64_t bits = (walkers + 255) / 256 * 256;
    if (system->pairs) /* against 32 replicas side by side */
        return 10 * walkers >= 3 * bits;
    if (!system->lattice || !system->lattice->tiled)
        return true;
    return (double)walkers * (double)(system->sites + SITE_HALF) >=
           (double)bits * (double)system->sites;
}

enum stream engine_stream(const struct input *input,
                          const struct system *system, int64_t walkers)
{
    const char *wanted = input->dynamics_common->stream;
    for (int s = 0; s < STREAM_COUNT; s++)
        if (!strcmp(wanted, stream_names[s]))
            return (enum stream)s;
    if (!system_binary(system) || !input->dynamics->binary)
        return STREAM_WORD;
    if (system->model->disorder && !input->protocol->schedule &&
        system->samples >= SHARED_SAMPLES)
        return STREAM_SHARED;
    if (walkers >= LANE_WALKERS && lanes_are_faster(system, walkers))
        return STREAM_LANE;
    bool one = system->lattice && system->lattice->tiled && !system->pairs;
    return one ? STREAM_SITE : STREAM_WORD;
}

static enum ladder_spacing spacing_of(const char *word)
{
    return !strcmp(word, "linear")      ? LADDER_LINEAR
           : !strcmp(word, "geometric") ? LADDER_GEOMETRIC
           : !strcmp(word, "list")      ? LADDER_LIST
                                        : LADDER_ADAPTIVE;
}

/* The model's order of components may differ from the input's. */
static double *points_in_order(const struct ladder_keys *keys,
                               const struct model *model)
{
    const struct points *points = &keys->points;
    int k = model->components;
    double *at = mem_new((size_t)(points->count * k), sizeof *at);
    for (int c = 0; c < points->width; c++)
        for (int m = 0; m < k; m++)
            if (!strcmp(model->component[m], keys->components.at[c]))
                for (int p = 0; p < points->count; p++)
                    at[p * k + m] = points->at[p * points->width + c];
    return at;
}

static struct ladder *make_ladder(const struct input *input,
                                  const struct system *system)
{
    const struct ladder_keys *keys = input->ladder;
    const struct section *section = &input->section[INPUT_LADDER];
    const struct reals *line = keys->temperature.count ? &keys->temperature
                                                       : &keys->beta;
    double *points = line->count
        ? mem_copy(line->at, (size_t)line->count, sizeof(double))
        : points_in_order(keys, input->model);
    struct ladder_request request = {
        .spacing = spacing_of(keys->spacing),
        .rungs = (int)keys->rungs,
        .points = line->count ? line->count : keys->points.count,
        .point = points,
        .inverse = keys->temperature.count > 0,
        .anchor = keys->anchor && !input->dynamics->conserves,
        .never_exact = input->dynamics->conserves != NULL,
        .anchor_given = section_given(section, "anchor"),
        .anchor_rungs = (int)keys->anchor_rungs};
    if (request.points == 2 && request.rungs == 1)
        request.points = 1;
    struct ladder *ladder = ladder_new(system, &request);
    free(points);
    return ladder;
}

/* Numbers of each rank in the gathered u. */
static void make_shares(struct engine *e)
{
    int ranks = e->plan->ranks, k = e->ladder->components;
    e->counts = mem_new((size_t)ranks, sizeof *e->counts);
    e->starts = mem_new((size_t)ranks, sizeof *e->starts);
    for (int r = 0; r < ranks; r++) {
        e->starts[r] = (int)(e->plan->first[r] * k);
        e->counts[r] = (int)(e->plan->first[r + 1] * k) - e->starts[r];
    }
}

static struct sharing sharing_of(const struct engine *e)
{
    return (struct sharing){.slots = e->exchange->rungs,
                            .samples = e->system->samples,
                            .group = (int)e->input->dynamics_common->group,
                            .rungs = e->ladder->rungs};
}

struct plan *engine_plan(const struct engine *e, int ranks)
{
    struct sharing sharing = sharing_of(e);
    return e->stream == STREAM_SHARED
               ? plan_shared(e->exchange->walkers, &sharing, ranks)
               : plan_new(e->exchange->walkers, e->stream, ranks);
}

static bool make_hosted(struct engine *engine, const struct engine_spec *spec,
                        struct err *err)
{
    const struct plan *plan = engine->plan;
    struct hosted_spec hosted = {
        .system = engine->system,
        .dynamics = engine->dynamics,
        .stream = engine->stream,
        .seed = engine->input->run->seed,
        .sharing = sharing_of(engine),
        .rungs = engine->ladder->rungs,
        .rung = engine->ladder->rung,
        .keys = &engine->input->section[INPUT_DYNAMICS],
        .first = plan->first[spec->rank],
        .walkers = (int)(plan->first[spec->rank + 1] -
                         plan->first[spec->rank]),
        .threads = spec->threads,
        .wanted = spec->kernel ? spec->kernel
                               : engine->input->dynamics_common->kernel,
        .where = section_where(&engine->input->section[INPUT_DYNAMICS],
                               "kernel")};
    engine->hosted = hosted_new(&hosted, err);
    return engine->hosted != NULL;
}

/* Does the dynamics tune a step of this system? */
static bool tunes(const struct engine *e)
{
    return e->dynamics->tune && e->ladder->step[0] > 0;
}

static void set_first_steps(struct engine *e)
{
    const struct dynamics *d = e->dynamics;
    if (!d->first_step)
        return;
    for (int r = 0; r < e->ladder->rungs; r++)
        e->ladder->step[r] = d->first_step(
            e->system, &e->input->section[INPUT_DYNAMICS]);
    ladder_refresh(e->ladder, e->system);
}

/* What only the system tells: a field from a file. */
static bool dynamics_fits(const struct engine *e, struct err *err)
{
    char *no = dynamics_refusal(e->dynamics, e->system->model,
                                e->system->keys, e->system);
    if (no)
        err_add(err, EXIT_INPUT,
                section_where(&e->input->section[INPUT_DYNAMICS], "name"),
                "dynamics.name: %s", no);
    free(no);
    return !no;
}

struct engine *engine_new(const struct engine_spec *spec, struct err *err)
{
    const struct input *input = spec->input;
    struct engine *e = mem_new(1, sizeof *e);
    e->input = input;
    e->dynamics = input->dynamics;
    e->protocol = input->protocol;
    e->system = system_new(input->model, &input->section[INPUT_MODEL]);
    if (!dynamics_fits(e, err)) {
        engine_free(e);
        return NULL;
    }
    e->ladder = make_ladder(input, e->system);
    size_t k = (size_t)e->ladder->components;
    size_t rungs = (size_t)e->ladder->rungs;
    struct exchange_shape shape = {.copies = (int)input->ladder->copies,
                                   .samples = e->system->samples,
                                   .rungs = e->protocol->schedule
                                                ? 1 : e->ladder->rungs,
                                   .components = e->ladder->components};
    e->exchange = exchange_new(shape, !strcmp(input->exchange->scheme, "seo"),
                               input->run->seed);
    e->stream = engine_stream(input, e->system, e->exchange->walkers);
    e->plan = engine_plan(e, spec->ranks);
    make_shares(e);
    e->moments.u = mem_new(rungs * k, sizeof(double));
    e->moments.uu = mem_new(rungs * k * k, sizeof(double));
    e->u = mem_new((size_t)e->exchange->walkers * k, sizeof(double));
    e->success = mem_new(rungs, sizeof *e->success);
    e->at.length = round_sweeps(input->run->burn_in, 0);
    set_first_steps(e);
    if (input->exchange->houdayer)
        e->links = links_new(e->system);
    if (e->protocol->schedule)
        e->anneal = anneal_new(&input->section[INPUT_RUN], e->ladder->rungs,
                               e->ladder->components, e->exchange->walkers);
    if (e->system->model->best || e->anneal)
        e->best = best_new(e->system, e->exchange);
    if (!make_hosted(e, spec, err)) {
        engine_free(e);
        return NULL;
    }
    return e;
}

void engine_free(struct engine *e)
{
    if (!e)
        return;
    links_free(e->links);
    anneal_free(e->anneal);
    best_free(e->best);
    hosted_free(e->hosted);
    plan_free(e->plan);
    exchange_free(e->exchange);
    ladder_free(e->ladder);
    system_free(e->system);
    free(e->counts);
    free(e->starts);
    free(e->success);
    free(e->moments.u);
    free(e->moments.uu);
    free(e->u);
    free(e);
}

/* ---- first states ------------------------------------------------------ */

/* The state run.start names; a random one with digits of this tick. */
static void first_state(const struct engine *e, const char *start,
                        const struct sweep *s)
{
    const struct model *model = e->system->model;
    if (e->dynamics->start)
        e->dynamics->start(s);
    else if (!strcmp(start, "ordered"))
        model->ordered(e->system, s->state);
    else if (!strcmp(start, "planted"))
        model->planted(e->system, s->sample, s->state);
    else
        model->draw(e->system, s->sample, &s->draws, RNG_START, s->state);
}

static void set_states(struct engine *e, const char *start)
{
    struct sharing sharing = sharing_of(e);
    char *state = mem_new(1, e->system->state_bytes);
    for (int w = 0; w < e->hosted->walkers; w++) {
        int64_t walker = e->hosted->first + w;
        struct sweep s = {
            .system = e->system,
            .sample = (int)(walker / e->exchange->rungs %
                            e->system->samples),
            .draws = {.kind = e->stream, .seed = e->input->run->seed,
                      .tick = e->at.tick, .walker = walker,
                      .lattice = e->system->lattice},
            .state = state,
            .keys = &e->input->section[INPUT_DYNAMICS]};
        draws_share(&s.draws, &sharing, e->exchange->label[walker]);
        first_state(e, start, &s);
        hosted_put(e->hosted, w, state);
    }
    free(state);
}

void engine_start(struct engine *e)
{
    set_states(e, e->input->run->start);
}

void engine_relabel(struct engine *e)
{
    if (e->hosted->walkers)
        hosted_relabel(e->hosted, e->exchange->label + e->hosted->first,
                       true);
}

/* ---- one step ---------------------------------------------------------- */

bool engine_verifies(uint64_t tick)
{
    return tick <= 64 && (tick & (tick - 1)) == 0;
}

static bool exchange_due(const struct engine *e)
{
    return !e->anneal &&
           e->at.tick % (uint64_t)e->input->exchange->every == 0;
}

/* The sweep numbered `done` of the present round or of production. */
static struct anneal_sweep anneal_now(const struct engine *e, int64_t done)
{
    return anneal_at(e->anneal, done, e->at.length);
}

bool engine_row_next(const struct engine *e)
{
    if (e->at.length)
        return false;
    return e->anneal ? anneal_now(e, e->at.production).ends
                     : (e->at.production + 1) %
                           e->input->record->every == 0;
}

/* Puts all walkers on the point of the coming sweep; passes that start afresh
   do so from new states. */
static void anneal_move(struct engine *e, struct anneal_sweep now)
{
    struct exchange *x = e->exchange;
    bool moved = x->label[0] != now.point;
    if (now.afresh && e->at.tick > 0 && !e->ladder->rung[0].exact)
        set_states(e, "random");
    for (int64_t w = 0; w < x->walkers; w++)
        x->label[w] = now.point;
    if (moved && e->hosted->walkers)
        hosted_relabel(e->hosted, x->label + e->hosted->first, false);
    for (size_t i = 0; now.starts && i < (size_t)(e->anneal->points *
                                                  x->walkers *
                                                  x->components); i++)
        e->anneal->u[i] = NAN;
}

static void anneal_keep(struct engine *e, int point)
{
    size_t count = (size_t)(e->exchange->walkers * e->exchange->components);
    memcpy(e->anneal->u + (size_t)point * count, e->u,
           count * sizeof *e->u);
}


void engine_sweep(struct engine *e, bool measure)
{
    struct anneal_sweep now = {.point = 0};
    if (e->anneal) {
        now = anneal_now(e, e->at.length ? e->at.done : e->at.production);
        anneal_move(e, now);
        measure |= now.leaves;
    }
    e->at.tick++;
    if (e->at.length)
        e->at.done++;
    else
        e->at.production++;
    hosted_sweep(e->hosted, e->at.tick);
    if (e->links && e->at.tick % (uint64_t)e->input->exchange->houdayer == 0)
        houdayer_step(e, e->at.tick /
                             (uint64_t)e->input->exchange->houdayer);
    if (e->at.length && tunes(e))
        hosted_successes(e->hosted, e->success);
    if (measure || e->best || exchange_due(e) ||
        engine_verifies(e->at.tick)) {
        hosted_measure(e->hosted);
        par_allgather(e->hosted->u, e->u, e->counts, e->starts);
    }
    if (e->best)
        best_look(e->best, e->hosted, e->exchange, e->u, e->at.tick);
    if (now.leaves)
        anneal_keep(e, now.point);
}

/* Burn-in only: what its table prints. */
static void add_moments(struct engine *e)
{
    const struct exchange *x = e->exchange;
    int k = e->ladder->components;
    for (int64_t w = 0; w < x->walkers; w++) {
        const double *u = e->u + w * k;
        int rung = x->label[w];
        for (int i = 0; i < k; i++) {
            e->moments.u[rung * k + i] += u[i];
            for (int j = 0; j < k; j++)
                e->moments.uu[(rung * k + i) * k + j] += u[i] * u[j];
        }
    }
    e->moments.count += x->ladders;
}

void engine_exchange(struct engine *e)
{
    if (!exchange_due(e))
        return;
    if (e->at.length)
        add_moments(e);
    uint64_t step = e->at.tick / (uint64_t)e->input->exchange->every;
    bool changed = e->protocol->exchange(e->exchange, e->ladder->rung, e->u,
                                         step);
    if (changed && e->hosted->walkers)
        hosted_relabel(e->hosted, e->exchange->label + e->hosted->first,
                       false);
}

/* ---- rounds ------------------------------------------------------------ */

bool engine_round_over(const struct engine *e)
{
    return e->at.length && e->at.done == e->at.length;
}

static void adapt(struct engine *e)
{
    int edges = e->ladder->rungs - 1;
    double *rejection = mem_new((size_t)edges, sizeof *rejection);
    bool tried = true;
    if (e->anneal)
        anneal_lengths(e->anneal, e->ladder->lambda, rejection);
    for (int i = 0; i < edges && !e->anneal; i++) {
        rejection[i] = 1 - exchange_acceptance(e->exchange, i);
        tried = tried && e->exchange->tries[i];
    }
    if (tried && e->protocol->adapt(e->ladder, e->system, rejection))
        engine_relabel(e);
    free(rejection);
}

void engine_settle(const struct engine *e)
{
    int rungs = e->ladder->rungs;
    if (!tunes(e) || par_size() == 1)
        return;
    par_sum((int64_t *)e->success, 2 * rungs);
    if (par_rank() > 0)
        memset(e->success, 0, (size_t)rungs * sizeof *e->success);
}

/* New steps from what all ranks counted in the round. */
static void tune(struct engine *e)
{
    int rungs = e->ladder->rungs;
    par_sum((int64_t *)e->success, 2 * rungs);
    for (int r = 0; r < rungs; r++)
        if (e->success[r].tries)
            e->ladder->step[r] = e->dynamics->tune(
                e->system, &e->input->section[INPUT_DYNAMICS],
                e->ladder->step[r], e->success[r].tries, e->success[r].hits);
    memset(e->success, 0, (size_t)rungs * sizeof *e->success);
    ladder_refresh(e->ladder, e->system);
    engine_relabel(e);
}

void engine_next_round(struct engine *e)
{
    int64_t burn_in = e->input->run->burn_in;
    size_t k = (size_t)e->ladder->components;
    size_t rungs = (size_t)e->ladder->rungs;
    if (tunes(e))
        tune(e);
    if (round_adapts(burn_in, e->at.round))
        adapt(e);
    e->at.round++;
    e->at.done = 0;
    e->at.length = round_sweeps(burn_in, e->at.round);
    exchange_reset(e->exchange);
    memset(e->moments.u, 0, rungs * k * sizeof(double));
    memset(e->moments.uu, 0, rungs * k * k * sizeof(double));
    e->moments.count = 0;
}

/* Mean and variance of u . delta at a rung. */
static void along(const struct engine *e, int rung, const double *delta,
                  double *mean, double *variance)
{
    int k = e->ladder->components;
    double n = (double)e->moments.count;
    *mean = *variance = 0;
    for (int i = 0; i < k; i++) {
        double ui = e->moments.u[rung * k + i] / n;
        *mean += delta[i] * ui;
        for (int j = 0; j < k; j++)
            *variance += delta[i] * delta[j] *
                         (e->moments.uu[(rung * k + i) * k + j] / n -
                          ui * e->moments.u[rung * k + j] / n);
    }
}

double engine_ln_z(const struct engine *e)
{
    int k = e->ladder->components;
    double ln_z = e->moments.count ? 0 : NAN;
    for (int r = 0; r + 1 < e->ladder->rungs; r++) {
        double delta[COMPONENTS_MAX], a0, a1, v0, v1;
        for (int i = 0; i < k; i++)
            delta[i] = e->ladder->rung[r + 1].lambda[i] -
                       e->ladder->rung[r].lambda[i];
        along(e, r, delta, &a0, &v0);
        along(e, r + 1, delta, &a1, &v1);
        ln_z += ti_segment(a0, a1, v0, v1);
    }
    return ln_z;
}

double engine_barrier(const struct engine *e)
{
    double barrier = 0;
    for (int i = 0; i + 1 < e->exchange->rungs; i++)
        barrier += 1 - exchange_acceptance(e->exchange, i);
    return barrier;
}

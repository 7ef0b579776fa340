#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/protocol.h"
#include "core/tether.h"
#include "run/engine.h"
#include "run/rounds.h"
#include "run/start.h"

/* Lanes work at the rate of their best times the fraction of bits that carry
   a walker; one lattice of N sites at about the same best times
   N / (N + SITE_HALF) (measured from 16^2 to 512^2 and 8^3 to 64^3). Few
   walkers are not worth a lane kernel. */
enum { LANE_WALKERS = 16, SITE_HALF = 24000, SHARED_SAMPLES = 64 };

static bool lanes_are_faster(const struct system *system, int64_t walkers)
{
    int64_t bits = (walkers + 255) / 256 * 256;
    if (system->pairs) /* against 32 replicas side by side */
        return 5 * walkers >= 3 * bits;
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
                               const struct system *system)
{
    const struct model *model = system->model;
    const struct points *points = &keys->points;
    int k = system->components;
    double *at = mem_new((size_t)(points->count * k), sizeof *at);
    for (int c = 0; c < points->width; c++)
        for (int m = 0; m < k; m++)
            if (!strcmp(model->component[m], keys->components.at[c]))
                for (int p = 0; p < points->count; p++)
                    at[p * k + m] = points->at[p * points->width + c];
    return at;
}

static double *points_of_line(const struct reals *line, int components)
{
    double *at = mem_new((size_t)(line->count * components), sizeof *at);
    for (int p = 0; p < line->count; p++)
        at[p * components] = line->at[p];
    return at;
}

static struct ladder *make_ladder(const struct input *input,
                                  const struct system *system)
{
    const struct ladder_keys *keys = input->ladder;
    const struct section *section = &input->section[INPUT_LADDER];
    const struct reals *line = keys->temperature.count ? &keys->temperature
                                                       : &keys->beta;
    double *points = line->count ? points_of_line(line, system->components)
                                 : points_in_order(keys, system);
    struct ladder_request request = {
        .spacing = spacing_of(keys->spacing),
        .rungs = (int)keys->rungs,
        .points = line->count ? line->count : keys->points.count,
        .point = points,
        .line = line->count > 0,
        .inverse = keys->temperature.count > 0,
        .anchor = keys->anchor && !input->dynamics->conserves &&
                  (!input->protocol->quench ||
                   section_given(section, "anchor") ||
                   start_by_rung(input->run->start)),
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

struct sharing engine_sharing(const struct engine *e)
{
    return (struct sharing){.slots = e->exchange->rungs,
                            .samples = e->system->samples,
                            .group = (int)e->input->dynamics_common->group,
                            .rungs = e->ladder->rungs};
}

struct plan *engine_plan(const struct engine *e, int ranks)
{
    struct sharing sharing = engine_sharing(e);
    return e->stream == STREAM_SHARED
               ? plan_shared(e->exchange->walkers, &sharing, ranks)
               : plan_new(e->exchange->walkers, e->stream, ranks);
}

static bool make_hosted(struct engine *engine, const struct engine_spec *spec,
                        struct err *err)
{
    const struct plan *plan = engine->plan;
    const char *wanted = spec->kernel
                             ? spec->kernel
                             : engine->input->dynamics_common->kernel;
    struct hosted_spec hosted = {
        .system = engine->system,
        .dynamics = engine->dynamics,
        .stream = engine->stream,
        .seed = engine->input->run->seed,
        .sharing = engine_sharing(engine),
        .rungs = engine->ladder->rungs,
        .rung = engine->ladder->rung,
        .keys = &engine->input->section[INPUT_DYNAMICS],
        .first = plan->first[spec->rank],
        .walkers = (int)(plan->first[spec->rank + 1] -
                         plan->first[spec->rank]),
        .threads = spec->threads,
        .wanted = wanted,
        .where = section_where(&engine->input->section[INPUT_DYNAMICS],
                               strcmp(wanted, "auto") ? "kernel"
                                                      : "stream")};
    engine->hosted = hosted_new(&hosted, err);
    return engine->hosted != NULL;
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
    const struct section *keys = &e->input->section[INPUT_DYNAMICS];
    if (!no && e->dynamics->refuses_keys &&
        e->dynamics->refuses_keys(e->system, keys))
        no = mem_text("dynamics %s does not take this model %s: %s",
                      e->dynamics->name, e->system->model->name,
                      e->dynamics->refuses_keys(e->system, keys));
    if (no)
        err_add(err, EXIT_INPUT, section_where(keys, "name"),
                "dynamics.name: %s", no);
    free(no);
    return !no;
}

/* Whether weights are those of a cut, too. */
static bool observables_fit(const struct engine *e, struct err *err)
{
    const struct texts *list = &e->input->record->observables;
    bool good = true;
    for (int i = 0; i < list->count; i++) {
        const struct observable *row = dynamics_observable(
            e->dynamics, e->system->model, list->at[i]);
        const char *no = row && row->refuses ? row->refuses(e->system) : NULL;
        good = good && !no;
        if (no)
            err_add(err, EXIT_INPUT,
                    section_where(&e->input->section[INPUT_RECORD],
                                  "observables"),
                    "record.observables: \"%s\": %s", row->name, no);
    }
    return good;
}

/* A component the system does not have: a tether without a reference. */
static bool components_fit(const struct engine *e, struct err *err)
{
    const struct texts *list = &e->input->ladder->components;
    const struct model *model = e->system->model;
    bool good = true;
    for (int i = 0; i < list->count; i++)
        for (int k = e->system->components; k < model->components; k++)
            if (!strcmp(list->at[i], model->component[k])) {
                err_add(err, EXIT_INPUT,
                        section_where(&e->input->section[INPUT_LADDER],
                                      "components"),
                        "ladder.components: \"%s\" needs model.reference",
                        list->at[i]);
                good = false;
            }
    return good;
}

/* A measure that these keys leave without a norm cannot be an anchor. */
static bool anchor_fits(const struct engine *e, struct err *err)
{
    const struct section *section = &e->input->section[INPUT_LADDER];
    bool good = e->ladder->absolute || e->ladder->anchor_needed ||
                e->dynamics->conserves || !e->system->model->exact_at ||
                !(section_given(section, "anchor") &&
                  e->input->ladder->anchor);
    if (!good)
        err_add(err, EXIT_INPUT, section_where(section, "anchor"),
                "ladder.anchor: with these keys model %s is exact at no "
                "lambda of the path: nothing to anchor at, ln Z is relative "
                "to rung 0", e->system->model->name);
    return good;
}

/* Where p has no norm walkers run away for ever. */
static bool law_fits(const struct engine *e, struct err *err)
{
    const struct model *model = e->system->model;
    const struct section *section = &e->input->section[INPUT_LADDER];
    for (int r = 0; r < e->ladder->rungs && model->normless &&
                    !e->protocol->quench; r++) {
        const double *lambda = e->ladder->lambda + r * e->ladder->components;
        if (!model->normless(e->system, lambda))
            continue;
        const char *key = e->input->ladder->points.count ? "points"
                          : e->input->ladder->beta.count ? "beta"
                                                         : "temperature";
        err_add(err, EXIT_INPUT, section_where(section, key),
                "ladder.%s: with this prior model %s has no law at %s = 0%s: "
                "its norm is infinite", key, model->name,
                model->component[0], e->ladder->components > 1
                ? " unless a positive tether holds it" : "");
        return false;
    }
    return true;
}

/* Every point of a schedule takes a sweep of a pass. */
static bool schedule_fits(const struct engine *e, struct err *err)
{
    const struct section *run = &e->input->section[INPUT_RUN];
    int64_t pass = section_integer(run, "pass_sweeps", 0);
    bool good = !e->protocol->schedule || pass >= e->ladder->rungs;
    if (!good)
        err_add(err, EXIT_INPUT, section_where(run, "pass_sweeps"),
                "run.pass_sweeps: %lld, but the schedule has %d points, those "
                "of the anchor included: a sweep for each at least",
                (long long)pass, e->ladder->rungs);
    return good;
}

struct engine *engine_new(const struct engine_spec *spec, struct err *err)
{
    const struct input *input = spec->input;
    struct engine *e = mem_new(1, sizeof *e);
    e->input = input;
    e->dynamics = input->dynamics;
    e->protocol = input->protocol;
    e->system = system_new(input->model, &input->section[INPUT_MODEL]);
    bool fits = dynamics_fits(e, err);
    fits &= components_fit(e, err);
    fits &= tether_fits(e->system, err);
    if (!observables_fit(e, err) || !fits) {
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
    moments_open(&e->moments, e->ladder);
    e->u = mem_new((size_t)e->exchange->walkers * k, sizeof(double));
    e->success = mem_new(rungs, sizeof *e->success);
    e->at.length = round_sweeps(input->run->burn_in, 0);
    set_first_steps(e);
    if (e->protocol->schedule)
        e->anneal = anneal_new(&input->section[INPUT_RUN], e->ladder->rungs,
                               e->ladder->components, e->exchange->walkers);
    if (e->protocol->quench)
        e->quench = quench_new(&input->section[INPUT_RUN],
                               e->exchange->walkers);
    if (e->system->model->best || e->anneal)
        e->best = best_new(e->system, e->exchange);
    bool fine = anchor_fits(e, err);
    fine &= law_fits(e, err);
    if (!schedule_fits(e, err) || !fine || !make_hosted(e, spec, err)) {
        engine_free(e);
        return NULL;
    }
    return e;
}

void engine_free(struct engine *e)
{
    if (!e)
        return;
    anneal_free(e->anneal);
    quench_free(e->quench);
    best_free(e->best);
    hosted_free(e->hosted);
    plan_free(e->plan);
    exchange_free(e->exchange);
    ladder_free(e->ladder);
    system_free(e->system);
    free(e->counts);
    free(e->starts);
    free(e->success);
    moments_close(&e->moments);
    free(e->u);
    free(e);
}

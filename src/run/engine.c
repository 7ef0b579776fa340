#include "run/engine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/protocol.h"
#include "par/par.h"
#include "run/houdayer.h"
#include "run/rounds.h"

/* ---- first states ------------------------------------------------------ */

/* Away from lambda = 0, around a tether's w*: walkers that began elsewhere would
   stay in another minimum. */
static bool hot_end_is_local(const struct engine *e)
{
    const double *lambda = e->ladder->lambda;
    bool local = false;
    for (int k = 0; k < e->system->components; k++)
        local |= lambda[k] != 0;
    return local && e->ladder->absolute && !e->quench;
}

/* The state run.start names; a random one, by the law of an exact rung 0, with
   digits of this tick. */
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
    else if (hot_end_is_local(e))
        system_draw(e->system, s->sample, e->ladder->lambda, &s->draws,
                    RNG_START, s->state);
    else
        model->draw(e->system, s->sample, &s->draws, RNG_START, s->state);
}

static void set_states(struct engine *e, const char *start)
{
    struct sharing sharing = engine_sharing(e);
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

bool engine_tunes(const struct engine *e)
{
    return e->dynamics->tune && e->ladder->step[0] > 0;
}

bool engine_verifies(uint64_t tick)
{
    return tick <= 64 && (tick & (tick - 1)) == 0;
}

static bool exchange_due(const struct engine *e)
{
    return !e->anneal && !e->quench && e->exchange->rungs > 1 &&
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
    bool looks = e->quench && engine_row_next(e);
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
    bool tunes = e->at.length && engine_tunes(e);
    hosted_sweep(e->hosted, e->at.tick, tunes);
    uint64_t houdayer = (uint64_t)e->input->exchange->houdayer;
    if (houdayer && e->at.tick % houdayer == 0)
        houdayer_step(e, e->at.tick / houdayer);
    if (tunes)
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
    if (looks)
        quench_look(e->quench, e);
}

bool engine_finished(const struct engine *e)
{
    return !e->at.length && (e->at.production >= e->input->run->sweeps ||
                             (e->quench && quench_over(e->quench)));
}

bool engine_lost(const struct engine *e, struct err *err)
{
    int k = e->ladder->components;
    for (int64_t w = 0; w < e->exchange->walkers && !e->dynamics->exact; w++)
        if (!isfinite(e->u[w * k])) {
            int rung = e->exchange->label[w];
            bool step = section_value(&e->input->section[INPUT_DYNAMICS],
                                      "step");
            err_add(err, EXIT_OTHER, NULL,
                    "after sweep %llu u is not finite at rung %d (%s = %g): "
                    "%s %s%s%s", (unsigned long long)e->at.tick, rung,
                    e->system->model->component[0],
                    e->ladder->lambda[rung * k], step ? "the step of" : "",
                    e->dynamics->name, step ? " is too large there; give a "
                    "smaller dynamics.step" : " found no way down",
                    e->dynamics->tune ? ", or none, so that it is found"
                                      : "");
            return true;
        }
    return false;
}

void engine_exchange(struct engine *e)
{
    if (!exchange_due(e))
        return;
    if (e->at.length)
        moments_add(&e->moments, e->exchange, e->u);
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
        rejection[i] = exchange_length(e->exchange, i);
        tried = tried && e->exchange->tries[i];
    }
    if (tried && e->protocol->adapt(e->ladder, e->system, rejection))
        engine_relabel(e);
    free(rejection);
}

void engine_settle(const struct engine *e)
{
    int rungs = e->ladder->rungs;
    if (!engine_tunes(e) || par_size() == 1)
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
    if (engine_tunes(e))
        tune(e);
    if (round_adapts(burn_in, e->at.round))
        adapt(e);
    e->at.round++;
    e->at.done = 0;
    e->at.length = round_sweeps(burn_in, e->at.round);
    exchange_reset(e->exchange);
    moments_clear(&e->moments, e->ladder);
}

double engine_barrier(const struct engine *e)
{
    double barrier = 0;
    for (int i = 0; i + 1 < e->exchange->rungs; i++)
        barrier += 1 - exchange_acceptance(e->exchange, i);
    return barrier;
}

#include "run/loop.h"

#include <string.h>

#include "base/clock.h"
#include "par/par.h"

static bool commit(const struct loop *loop, struct commit what,
                   struct err *err)
{
    return output_commit(loop->output, loop->engine, loop->recorder, what,
                         err);
}

static void end_round(const struct loop *loop)
{
    recorder_round(loop->recorder, loop->engine);
    if (loop->console)
        console_round(loop->console, loop->engine);
    engine_next_round(loop->engine);
}

/* One sweep of every walker and what is due after it. The row is taken
   before the swap: rungs are those the states were made at. */
static void step(const struct loop *loop)
{
    struct engine *e = loop->engine;
    bool row = engine_row_next(e);
    engine_sweep(e, row);
    if (row)
        recorder_row(loop->recorder, e);
    if (engine_verifies(e->at.tick))
        recorder_verify(loop->recorder, e);
    engine_exchange(e);
    if (engine_round_over(e))
        end_round(loop);
}

static enum control_action look(const struct loop *loop)
{
    const struct output *output = loop->output;
    enum control_action action =
        control_look(loop->control, loop->engine->at.tick,
                     clock_now() - output->committed, output->cost);
    if (loop->console)
        console_progress(loop->console, loop->engine, "running");
    lock_beat(loop->lock);
    return action;
}

/* A look when one is due; a full buffer commits too. */
static enum control_action due(const struct loop *loop)
{
    enum control_action action = CONTROL_GO;
    if (loop->engine->at.tick >= loop->control->next)
        action = look(loop);
    if (action == CONTROL_GO && recorder_full(loop->recorder))
        action = CONTROL_COMMIT;
    return action;
}

static void finish(const struct loop *loop, const char *state)
{
    if (!loop->console)
        return;
    console_progress(loop->console, loop->engine, state);
    if (!strcmp(state, "stopped"))
        console_say(loop->console, "stopped (%s) after %llu sweeps; the same "
                    "command goes on from there", loop->control->reason,
                    (unsigned long long)loop->engine->at.tick);
}

int loop_run(const struct loop *loop, struct err *err)
{
    const struct engine *e = loop->engine;
    const struct commit go = {0}, stop = {.stop = true};
    const struct commit end = {.stop = true, .complete = true};
    enum control_action action = CONTROL_GO;
    bool good = true;
    if (loop->console && e->at.length && !e->anneal)
        console_heading(loop->console);
    while (good && action != CONTROL_STOP && !engine_finished(e)) {
        step(loop);
        if (engine_lost(e, err)) {
            finish(loop, "failed");
            return err->code;
        }
        action = due(loop);
        if (action == CONTROL_COMMIT)
            good = commit(loop, go, err);
    }
    bool complete = engine_finished(e);
    if (good)
        good = commit(loop, complete ? end : stop, err);
    finish(loop, !good ? "failed" : complete ? "complete" : "stopped");
    return !good ? err->code : complete ? EXIT_DONE : EXIT_RESUMABLE;
}

/* The simulation without files: system, ladder, walkers, exchange, and where
   in its schedule the run is. A step is one sweep of every walker and what
   follows it. All ranks hold the same engine but for the hosted walkers. */
#ifndef TEMPERA_RUN_ENGINE_H
#define TEMPERA_RUN_ENGINE_H
#include "core/exchange.h"
#include "core/hosted.h"
#include "core/ladder.h"
#include "core/plan.h"
#include "run/anneal.h"
#include "run/best.h"
#include "run/input.h"
#include "run/moments.h"
#include "run/quench.h"

/* Where the run is: after `tick` sweeps in all, `done` of them in burn-in
   round `round`, or `production` ones after burn-in. */
struct schedule {
    uint64_t tick;
    int round;
    int64_t done, length; /* of the round; length 0: production */
    int64_t production;
};

struct engine {
    const struct input *input;
    const struct dynamics *dynamics;
    const struct protocol *protocol;
    enum stream stream;
    struct system *system;
    struct ladder *ladder;
    struct exchange *exchange;
    struct plan *plan;
    struct hosted *hosted;
    struct schedule at;
    struct moments moments;
    struct success *success; /* [rungs] of this round; rank 0 holds what other
                                sessions and, after engine_settle, other
                                ranks counted */
    struct anneal *anneal; /* protocols with a schedule; then exchange has
                              one "rung" a ladder and labels are points */
    struct quench *quench; /* of protocol quench, else NULL */
    struct best *best; /* NULL when nobody asks for it */
    double *u;        /* [walkers][K], of all ranks, as last measured */
    int *counts, *starts; /* [ranks] each rank's share of it */
};

/* Who would host what on so many ranks. */
struct plan *engine_plan(const struct engine *engine, int ranks);

/* Slots, samples and groups, as the shared stream numbers them. */
struct sharing engine_sharing(const struct engine *engine);

/* What the input leaves open. */
enum stream engine_stream(const struct input *input,
                          const struct system *system, int64_t walkers);

struct engine_spec {
    const struct input *input;
    const char *kernel;   /* NULL: as the input says */
    int ranks, rank, threads;
};

/* NULL when no kernel fits; err says why. States are not set yet: see
   run/start.h. */
struct engine *engine_new(const struct engine_spec *spec, struct err *err);
void engine_free(struct engine *engine);

/* First states as run.start says ("random", "ordered", "planted"). */
void engine_start(struct engine *engine);

/* Is a row of /series due after the next sweep? */
bool engine_row_next(const struct engine *engine);

/* One sweep; measures u when somebody will ask: `measure`, or an exchange or
   a verify row is due. */
void engine_sweep(struct engine *engine, bool measure);
/* The exchange that is due after this sweep, if any. */
void engine_exchange(struct engine *engine);
/* Ends the round if it is over: true then; adapts, counters to zero. The
   caller looks at exchange and moments before: see engine_round_over. */
/* Has a walker of a dynamics whose step may be too large left the numbers, by
   u as last measured? The same on all ranks. */
bool engine_lost(const struct engine *engine, struct err *err);

/* Nothing is left to do: the last sweep, or all have arrived. */
bool engine_finished(const struct engine *engine);

bool engine_round_over(const struct engine *engine);
void engine_next_round(struct engine *engine);

/* Does the dynamics tune a step of this system? Then ladder->step has it. */
bool engine_tunes(const struct engine *engine);

/* Sweep numbers 1, 2, 4, ..., 64: /verify has a row. */
bool engine_verifies(uint64_t tick);

/* The communication barrier: rejections summed over the edges. */
double engine_barrier(const struct engine *engine);

/* Brings counts of all ranks to rank 0, before a checkpoint. Collective. */
void engine_settle(const struct engine *engine);

/* After labels or rungs were set from outside. */
void engine_relabel(struct engine *engine);

#endif

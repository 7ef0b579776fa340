#include "core/plan.h"

#include <stdlib.h>

#include "base/alloc.h"

static int64_t units(int64_t walkers, int unit)
{
    return (walkers + unit - 1) / unit;
}

static void count_use(struct plan *plan, enum stream stream)
{
    int64_t lanes = 0;
    for (int r = 0; r < plan->ranks; r++) {
        int64_t mine = plan->first[r + 1] - plan->first[r];
        lanes += 64 * units(mine, 64);
        plan->idle += mine == 0;
    }
    plan->used = stream == STREAM_LANE
                     ? (double)plan->walkers / (double)lanes : 1;
}

struct plan *plan_new(int64_t walkers, enum stream stream, int ranks)
{
    struct plan *plan = mem_new(1, sizeof *plan);
    plan->ranks = ranks;
    plan->walkers = walkers;
    plan->unit = stream == STREAM_LANE ? 256 : 1;
    if (stream == STREAM_LANE && ranks > units(walkers, 256))
        plan->unit = 64;
    int64_t count = units(walkers, plan->unit);
    plan->first = mem_new((size_t)ranks + 1, sizeof *plan->first);
    for (int r = 0; r <= ranks; r++) {
        int64_t at = (count * r + ranks - 1) / ranks * plan->unit;
        plan->first[r] = at < walkers ? at : walkers;
    }
    count_use(plan, stream);
    return plan;
}

static int64_t group_start(const struct sharing *sharing, int64_t number)
{
    int64_t walker = 0;
    while (number-- > 0)
        walker = sharing_next(sharing, walker);
    return walker;
}

struct plan *plan_shared(int64_t walkers, const struct sharing *sharing,
                         int ranks)
{
    struct plan *plan = mem_new(1, sizeof *plan);
    int64_t groups = 0, filled = 0;
    for (int64_t w = 0; w < walkers; w = sharing_next(sharing, w))
        groups++;
    *plan = (struct plan){.ranks = ranks, .walkers = walkers,
                          .unit = sharing->slots * sharing->group};
    plan->first = mem_new((size_t)ranks + 1, sizeof *plan->first);
    for (int r = 0; r <= ranks; r++)
        plan->first[r] = group_start(sharing,
                                     (groups * r + ranks - 1) / ranks);
    for (int r = 0; r < ranks; r++)
        plan->idle += plan->first[r] == plan->first[r + 1];
    filled = 256 * groups * sharing->slots;
    plan->used = (double)walkers / (double)filled;
    return plan;
}

void plan_free(struct plan *plan)
{
    if (!plan)
        return;
    free(plan->first);
    free(plan);
}

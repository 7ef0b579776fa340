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

void plan_free(struct plan *plan)
{
    if (!plan)
        return;
    free(plan->first);
    free(plan);
}

#include "run/quench.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "core/downhill.h"
#include "par/par.h"
#include "run/engine.h"

struct quench *quench_new(const struct section *run, int64_t walkers)
{
    struct quench *q = mem_new(1, sizeof *q);
    q->tolerance = section_real(run, "tolerance", 1e-6);
    q->walkers = walkers;
    q->look = mem_new((size_t)q->walkers, sizeof *q->look);
    for (int64_t w = 0; w < q->walkers; w++)
        q->look[w] = (struct look){NAN, INFINITY};
    return q;
}

void quench_free(struct quench *q)
{
    if (!q)
        return;
    free(q->look);
    free(q);
}

static bool arrived(const struct quench *q, int64_t walker)
{
    return q->look[walker].slope <= q->tolerance;
}

/* One hosted walker. */
static struct look look_at(const struct engine *e, int w)
{
    const struct system *system = e->system;
    const struct exchange *x = e->exchange;
    int64_t walker = e->hosted->first + w;
    struct sweep s = {
        .system = system,
        .sample = (int)(walker / x->rungs % x->samples),
        .rung = &e->ladder->rung[x->label[walker]],
        .keys = &e->input->section[INPUT_DYNAMICS],
        .state = mem_new(1, system->state_bytes),
        .work = mem_new(1, flow_work(system))};
    struct downhill d;
    hosted_get(e->hosted, w, s.state);
    downhill_begin(&d, &s);
    struct look look = {.f = downhill_f(&d)};
    look.slope = downhill_slope(&d);
    free(s.state);
    free(s.work);
    return look;
}

void quench_look(struct quench *q, const struct engine *e)
{
    int hosted = e->hosted->walkers;
    struct look *mine = mem_new((size_t)hosted, sizeof *mine);
#pragma omp parallel for schedule(dynamic, 1)                                \
    num_threads(e->hosted->threads) if (hosted > 1)
    for (int w = 0; w < hosted; w++)
        mine[w] = arrived(q, e->hosted->first + w)
                      ? q->look[e->hosted->first + w] : look_at(e, w);
    par_allgather_blocks(mine, q->look, e->plan->first, sizeof *mine);
    free(mine);
    quench_rest(q, e);
}

void quench_rest(const struct quench *q, const struct engine *e)
{
    for (int w = 0; w < e->hosted->walkers; w++)
        hosted_rest(e->hosted, w, arrived(q, e->hosted->first + w));
}

int64_t quench_arrived(const struct quench *q)
{
    int64_t count = 0;
    for (int64_t w = 0; w < q->walkers; w++)
        count += arrived(q, w);
    return count;
}

bool quench_over(const struct quench *q)
{
    return quench_arrived(q) == q->walkers;
}

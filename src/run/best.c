#include "run/best.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "core/pack.h"
#include "par/par.h"

struct best *best_new(const struct system *system, const struct exchange *x)
{
    struct best *best = mem_new(1, sizeof *best);
    size_t samples = (size_t)x->samples, walkers = (size_t)x->walkers;
    best->samples = x->samples;
    best->walkers = x->walkers;
    best->bytes = (pack_bytes(system) + 7) / 8 * 8;
    best->u = mem_new(samples, sizeof *best->u);
    best->reached = mem_new(walkers, sizeof *best->reached);
    best->sweep = mem_new(samples, sizeof *best->sweep);
    best->seconds = mem_new(samples, sizeof *best->seconds);
    best->state = mem_new(samples, best->bytes);
    best->captured = mem_new(samples, sizeof *best->captured);
    for (size_t s = 0; s < samples; s++)
        best->u[s] = INFINITY;
    for (size_t w = 0; w < walkers; w++)
        best->reached[w] = INFINITY;
    best->start = clock_now();
    return best;
}

void best_free(struct best *best)
{
    if (!best)
        return;
    free(best->u);
    free(best->reached);
    free(best->sweep);
    free(best->seconds);
    free(best->state);
    free(best->captured);
    free(best);
}

static int sample_of(const struct exchange *x, int64_t walker)
{
    return (int)(walker / x->rungs % x->samples);
}

static void capture(struct best *best, const struct hosted *hosted,
                    int64_t walker, int sample)
{
    const struct system *system = hosted->system;
    int64_t here = walker - hosted->first;
    best->captured[sample] = here >= 0 && here < hosted->walkers;
    if (!best->captured[sample])
        return;
    char *state = mem_new(1, system->state_bytes);
    hosted_get(hosted, (int)here, state);
    pack_state(system, state, best->state + (size_t)sample * best->bytes);
    free(state);
}

void best_look(struct best *best, const struct hosted *hosted,
               const struct exchange *x, const double *u, uint64_t tick)
{
    for (int64_t w = 0; w < x->walkers; w++) {
        double here = u[w * x->components];
        if (here >= best->reached[w])
            continue;
        int sample = sample_of(x, w);
        best->reached[w] = here;
        if (here >= best->u[sample])
            continue;
        best->u[sample] = here;
        best->sweep[sample] = (int64_t)tick;
        best->seconds[sample] = clock_now() - best->start;
        capture(best, hosted, w, sample);
    }
}

/* States that no rank captured stay; of the others all ranks but one give
   zeros to a sum. */
void best_settle(struct best *best)
{
    size_t words = best->bytes / 8;
    int64_t *any = mem_copy(best->captured, (size_t)best->samples,
                            sizeof *any);
    par_sum(any, best->samples);
    for (int s = 0; s < best->samples; s++) {
        int64_t *state = (int64_t *)(void *)(best->state +
                                             (size_t)s * best->bytes);
        if (!any[s])
            continue;
        if (!best->captured[s])
            memset(state, 0, best->bytes);
        par_sum(state, (int)words);
        best->captured[s] = 0;
    }
    free(any);
}

int64_t best_hits(const struct best *best, const struct exchange *x,
                  int sample)
{
    int64_t hits = 0;
    for (int64_t w = 0; w < x->walkers; w++)
        hits += sample_of(x, w) == sample &&
                best->reached[w] == best->u[sample];
    return hits;
}

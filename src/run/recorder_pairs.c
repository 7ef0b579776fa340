#include "run/recorder_pairs.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/pack.h"
#include "par/par.h"
#include "run/houdayer.h"

int recorder_pairs(const struct exchange *x)
{
    return x->copies * (x->copies - 1) / 2;
}

static int64_t places_of(const struct exchange *x, int rank, int ranks)
{
    int64_t places = (int64_t)x->samples * x->rungs;
    return (places - rank + ranks - 1) / ranks;
}

/* All pairs of copies at one place. state[copies] is scratch. */
static void measure_place(const struct recorder *recorder,
                          const struct engine *e, const char *all,
                          int64_t place, char *state, double *out)
{
    const struct exchange *x = e->exchange;
    size_t one = pack_bytes(e->system), bytes = e->system->state_bytes;
    int sample = (int)(place / x->rungs), rung = (int)(place % x->rungs);
    for (int c = 0; c < x->copies; c++) {
        int64_t ladder = (int64_t)c * x->samples + sample;
        int64_t walker = ladder * x->rungs +
                         x->walker[ladder * x->rungs + rung];
        unpack_state(e->system, all + (size_t)walker * one,
                     state + (size_t)c * bytes);
    }
    for (int b = 1; b < x->copies; b++)
        for (int a = 0; a < b; a++)
            for (int o = 0; o < recorder->observables; o++) {
                const struct observable *row = recorder->observable[o];
                if (!row->of_pair)
                    continue;
                row->of_pair(e->system, sample, state + (size_t)a * bytes,
                             state + (size_t)b * bytes, out);
                out += observable_size(row, e->system);
            }
}

void recorder_pair_row(struct recorder *recorder, const struct engine *e)
{
    const struct exchange *x = e->exchange;
    int rank = par_rank(), ranks = par_size();
    int64_t places = places_of(x, rank, ranks);
    size_t width = (size_t)recorder_pairs(x) * (size_t)recorder->pair_width;
    double *out = column_more(&recorder->paired, (size_t)places * width,
                              sizeof *out);
    char *all = houdayer_states(e);
#pragma omp parallel num_threads(e->hosted->threads)                         \
    if (e->hosted->threads > 1)
    {
        char *state = mem_new((size_t)x->copies, e->system->state_bytes);
#pragma omp for
        for (int64_t i = 0; i < places; i++)
            measure_place(recorder, e, all, rank + i * ranks, state,
                          out + (size_t)i * width);
        free(state);
    }
    free(all);
}

/* ---- gathering --------------------------------------------------------- */

struct assembly {
    const struct recorder *recorder;
    const struct engine *engine;
    double **values;
};

/* One place of one row into the datasets' order. */
static const double *spread(const struct assembly *a, int64_t row,
                            int64_t place, const double *in)
{
    const struct exchange *x = a->engine->exchange;
    int pairs = recorder_pairs(x);
    int64_t places = (int64_t)x->samples * x->rungs;
    for (int p = 0; p < pairs; p++)
        for (int o = 0; o < a->recorder->observables; o++) {
            const struct observable *of = a->recorder->observable[o];
            if (!of->of_pair)
                continue;
            int size = observable_size(of, a->engine->system);
            memcpy(a->values[o] + ((row * pairs + p) * places + place) * size,
                   in, (size_t)size * sizeof *in);
            in += size;
        }
    return in;
}

static void take(void *context, int rank, const void *bytes, size_t count)
{
    const struct assembly *a = context;
    const double *in = bytes;
    int ranks = par_size();
    int64_t places = places_of(a->engine->exchange, rank, ranks);
    (void)count;
    for (int64_t row = 0; row < a->recorder->rows; row++)
        for (int64_t i = 0; i < places; i++)
            in = spread(a, row, rank + i * ranks, in);
}

void recorder_pair_gather(const struct recorder *recorder,
                          const struct engine *e, double **values)
{
    const struct exchange *x = e->exchange;
    struct assembly a = {recorder, e, values};
    size_t cells = (size_t)(recorder->rows * recorder_pairs(x)) *
                   (size_t)(x->samples * x->rungs);
    if (!recorder->pair_width)
        return;
    for (int o = 0; values && o < recorder->observables; o++)
        if (recorder->observable[o]->of_pair)
            values[o] = mem_new(cells * (size_t)observable_size(
                                    recorder->observable[o], e->system),
                                sizeof(double));
    par_collect(recorder->paired.at, recorder->paired.count * sizeof(double),
                take, &a);
}

#include "core/hosted.h"

#include <stdlib.h>

#include "base/alloc.h"

/* Lanes of a bank: up to the next whole group. */
static int bank_lanes(const struct hosted_spec *spec, int64_t first)
{
    int group = stream_group(spec->stream);
    int64_t end = spec->first + spec->walkers;
    int64_t next = spec->stream == STREAM_SHARED
                       ? sharing_next(&spec->sharing, first)
                       : (first / group + 1) * group;
    return (int)((next < end ? next : end) - first);
}

static struct bank_spec bank_spec_of(const struct hosted_spec *spec,
                                     int64_t first, int lanes, int *sample)
{
    for (int lane = 0; lane < lanes; lane++)
        sample[lane] = (int)((first + lane) / spec->sharing.slots %
                             spec->system->samples);
    return (struct bank_spec){
        .system = spec->system, .dynamics = spec->dynamics,
        .stream = spec->stream, .seed = spec->seed, .first_walker = first,
        .lanes = lanes, .sample = sample, .rungs = spec->rungs,
        .keys = spec->keys, .sharing = spec->sharing,
        .rung = spec->rung};
}

struct hosted *hosted_new(const struct hosted_spec *spec, struct err *err)
{
    struct hosted *hosted = mem_new(1, sizeof *hosted);
    size_t walkers = (size_t)spec->walkers;
    int *sample = mem_new(walkers, sizeof *sample);
    *hosted = (struct hosted){.system = spec->system, .first = spec->first,
                              .walkers = spec->walkers,
                              .threads = spec->threads};
    hosted->statistics =
        mem_new(walkers * (size_t)spec->system->model->statistics,
                sizeof(double));
    hosted->u = mem_new(walkers * (size_t)spec->system->components,
                        sizeof(double));
    hosted->bank = mem_new(walkers, sizeof *hosted->bank);
    for (int done = 0, lanes; done < spec->walkers; done += lanes) {
        int64_t first = spec->first + done;
        lanes = bank_lanes(spec, first);
        struct bank_spec one = bank_spec_of(spec, first, lanes, sample);
        const struct kernel *kernel = kernel_choose(&one, spec->wanted,
                                                    spec->where, err);
        if (!kernel) {
            hosted_free(hosted);
            hosted = NULL;
            break;
        }
        hosted->kernel = kernel;
        hosted->bank[hosted->banks++] = bank_new(kernel, &one);
    }
    free(sample);
    return hosted;
}

void hosted_free(struct hosted *hosted)
{
    if (!hosted)
        return;
    for (int b = 0; b < hosted->banks; b++)
        bank_free(hosted->bank[b]);
    free(hosted->bank);
    free(hosted->statistics);
    free(hosted->u);
    free(hosted);
}

static struct bank *bank_of(const struct hosted *hosted, int walker,
                            int *lane)
{
    int b = 0;
    int64_t number = hosted->first + walker;
    while (number >= hosted->bank[b]->spec.first_walker +
                         hosted->bank[b]->spec.lanes)
        b++;
    *lane = (int)(number - hosted->bank[b]->spec.first_walker);
    return hosted->bank[b];
}

void hosted_put(struct hosted *hosted, int walker, const void *state)
{
    int lane;
    struct bank *bank = bank_of(hosted, walker, &lane);
    bank->kernel->put(bank, lane, state);
}

void hosted_get(const struct hosted *hosted, int walker, void *state)
{
    int lane;
    const struct bank *bank = bank_of(hosted, walker, &lane);
    bank->kernel->get(bank, lane, state);
}

double *hosted_extra(const struct hosted *hosted, int walker)
{
    int lane;
    struct bank *bank = bank_of(hosted, walker, &lane);
    return dynamics_extra(bank->spec.dynamics, bank->spec.system)
               ? bank->kernel->extra(bank, lane) : NULL;
}

void hosted_rest(struct hosted *hosted, int walker, bool rests)
{
    int lane;
    struct bank *bank = bank_of(hosted, walker, &lane);
    bank->rests[lane] = rests;
}

static int offset(const struct hosted *hosted, const struct bank *bank)
{
    return (int)(bank->spec.first_walker - hosted->first);
}

/* Banks in parallel when every thread has one, else threads inside. */
static bool banks_in_parallel(const struct hosted *hosted)
{
    return hosted->threads > 1 && hosted->banks >= hosted->threads;
}

void hosted_relabel(struct hosted *hosted, const int *label, bool all)
{
    for (int b = 0; b < hosted->banks; b++) {
        struct bank *bank = hosted->bank[b];
        bank->kernel->relabel(bank, label + offset(hosted, bank), all);
    }
}

void hosted_sweep(struct hosted *hosted, uint64_t tick, bool tunes)
{
    bool outside = banks_in_parallel(hosted);
    int inside = outside ? 1 : hosted->threads;
#pragma omp parallel for schedule(dynamic, 1) num_threads(hosted->threads)   \
    if (outside)
    for (int b = 0; b < hosted->banks; b++) {
        hosted->bank[b]->tunes = tunes;
        hosted->bank[b]->kernel->sweep(hosted->bank[b], tick, inside);
    }
}

void hosted_successes(struct hosted *hosted, struct success *success)
{
    for (int b = 0; b < hosted->banks; b++) {
        struct bank *bank = hosted->bank[b];
        for (int lane = 0; lane < bank->spec.lanes; lane++) {
            success[bank->label[lane]].tries += bank->success[lane].tries;
            success[bank->label[lane]].hits += bank->success[lane].hits;
            bank->success[lane] = (struct success){0};
        }
    }
}

void hosted_measure(struct hosted *hosted)
{
    const struct model *model = hosted->system->model;
    bool outside = banks_in_parallel(hosted);
    int inside = outside ? 1 : hosted->threads;
#pragma omp parallel for schedule(dynamic, 1) num_threads(hosted->threads)   \
    if (outside)
    for (int b = 0; b < hosted->banks; b++) {
        const struct bank *bank = hosted->bank[b];
        bank->kernel->measure(bank,
                              hosted->statistics + offset(hosted, bank) *
                                                       model->statistics,
                              inside);
    }
    for (int w = 0; w < hosted->walkers; w++)
        model->u(hosted->system, hosted->statistics + w * model->statistics,
                 hosted->u + w * hosted->system->components);
}

void hosted_observe(const struct hosted *hosted,
                    const struct observable *observable, double *values,
                    int stride)
{
    int count = hosted->system->model->statistics;
    for (int w = 0; w < hosted->walkers; w++)
        values[w * stride] = observable->of(hosted->system,
                                            hosted->statistics + w * count);
}

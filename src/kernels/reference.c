/* The reference kernel: canonical states, one walker after the other, the
   dynamics' own sweep. Slow, obvious, any stream: the oracle of the rest. */
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/kernel.h"

struct reference {
    struct bank bank;
    char *states;  /* [lanes][state_bytes] */
    double *extra; /* [lanes][numbers] */
    int64_t numbers;
    char *work;    /* [threads][work_bytes] */
    size_t work_bytes;
    int threads;
    rng_planes_fn *planes;
    normal_pairs_fn *normals;
};

static char *state_of(const struct bank *bank, int lane)
{
    const struct reference *own = (const struct reference *)bank;
    return own->states + (size_t)lane * bank->spec.system->state_bytes;
}

static bool any_cpu(void) { return true; }

static const char *refuses(const struct bank_spec *spec)
{
    const struct lattice *l = spec->system->lattice;
    if (spec->stream == STREAM_SITE && !(l && l->tiled))
        return "stream \"site\" needs a 2D or 3D lattice of even sizes";
    return NULL;
}

static struct bank *create(const struct bank_spec *spec)
{
    struct reference *own = mem_new(1, sizeof *own);
    own->states = mem_new((size_t)spec->lanes, spec->system->state_bytes);
    own->numbers = dynamics_extra(spec->dynamics, spec->system);
    own->extra = mem_new((size_t)(spec->lanes * own->numbers),
                         sizeof *own->extra);
    own->work_bytes = spec->dynamics->work
                          ? spec->dynamics->work(spec->system) : 0;
    own->work_bytes = (own->work_bytes + 63) / 64 * 64;
    own->planes = rng_planes_best();
    own->normals = normal_pairs_best();
    return &own->bank;
}

static void destroy(struct bank *bank)
{
    struct reference *own = (struct reference *)bank;
    free(own->states);
    free(own->extra);
    free(own->work);
}

static double *extra(struct bank *bank, int lane)
{
    struct reference *own = (struct reference *)bank;
    return own->extra + lane * own->numbers;
}

static void make_work(struct reference *own, int threads)
{
    if (threads <= own->threads)
        return;
    free(own->work);
    own->work = mem_new((size_t)threads, own->work_bytes);
    own->threads = threads;
}

static void put(struct bank *bank, int lane, const void *state)
{
    memcpy(state_of(bank, lane), state, bank->spec.system->state_bytes);
}

static void get(const struct bank *bank, int lane, void *state)
{
    memcpy(state, state_of(bank, lane), bank->spec.system->state_bytes);
}

static void relabel(struct bank *bank, const int *label, bool all)
{
    (void)all;
    memcpy(bank->label, label, (size_t)bank->spec.lanes * sizeof *label);
}

static void sweep(struct bank *bank, uint64_t tick, int threads)
{
    const struct bank_spec *spec = &bank->spec;
    struct reference *own = (struct reference *)bank;
    make_work(own, threads);
#pragma omp parallel for num_threads(threads)                               \
    if (threads > 1 && spec->lanes > 1)
    for (int lane = 0; lane < spec->lanes; lane++) {
        struct sweep s = {
            .system = spec->system,
            .sample = spec->sample[lane],
            .rung = &spec->rung[bank->label[lane]],
            .draws = {.kind = spec->stream, .seed = spec->seed, .tick = tick,
                      .walker = spec->first_walker + lane,
                      .bytes = dynamics_two_valued(spec->dynamics,
                                                   spec->system),
                      .lattice = spec->system->lattice,
                      .planes = own->planes, .normals = own->normals},
            .extra = extra(bank, lane),
            .work = own->work + (size_t)omp_get_thread_num() *
                                    own->work_bytes,
            .state = state_of(bank, lane),
            .keys = spec->keys,
            .success = &bank->success[lane],
            .tunes = bank->tunes};
        if (spec->stream == STREAM_SHARED)
            draws_share(&s.draws, &spec->sharing, bank->label[lane]);
        if (!bank->rests[lane])
            spec->dynamics->sweep(&s);
    }
}

static void measure(const struct bank *bank, double *statistics, int threads)
{
    const struct bank_spec *spec = &bank->spec;
    const struct model *model = spec->system->model;
#pragma omp parallel for num_threads(threads)                               \
    if (threads > 1 && spec->lanes > 1)
    for (int lane = 0; lane < spec->lanes; lane++)
        model->measure(spec->system, spec->sample[lane],
                       state_of(bank, lane),
                       statistics + lane * model->statistics);
}

const struct kernel kernel_reference = {
    .name = "reference",
    .family = "reference",
    .isa = "any",
    .summary = "canonical states, one walker after the other; the oracle",
    .streams = 1u << STREAM_SITE | 1u << STREAM_LANE | 1u << STREAM_WORD |
               1u << STREAM_SHARED,
    .rank = 0,
    .cpu = any_cpu,
    .refuses = refuses,
    .create = create,
    .destroy = destroy,
    .put = put,
    .get = get,
    .extra = extra,
    .relabel = relabel,
    .sweep = sweep,
    .measure = measure};

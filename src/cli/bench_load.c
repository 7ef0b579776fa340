/* Kernels at work on the scenes of `tempera bench`. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/bench_parts.h"
#include "core/bank.h"
#include "core/exchange.h"
#include "core/registry.h"
#include "run/keys.h"

struct bench_load {
    const struct bench_scene *scene;
    struct section keys;
    struct system *system;
    struct rung *rung;
    struct bank *bank;
    struct exchange *exchange; /* of scenes with exchange */
    double *statistics, *u;
    int *label, *other;
    int threads;
    uint64_t tick;
};

static void set_key(struct section *keys, const char *key, const char *text)
{
    int block;
    const struct param *row = section_find(keys, key, &block);
    char *wrong = row ? param_parse(row, text, section_value(keys, key))
                      : mem_text("no such key");
    assert(row && !wrong);
    free(wrong);
}

static void make_system(struct bench_load *load)
{
    const struct model *model = registry_model(load->scene->model);
    load->keys = section_new("model", &model_table, model->keys);
    for (int i = 0; i < BENCH_KEYS && load->scene->key[i][0]; i++)
        set_key(&load->keys, load->scene->key[i][0], load->scene->key[i][1]);
    load->system = system_new(model, &load->keys);
}

/* From lambda = 0 (an anchored ladder), or evenly up to beta without it. */
static void make_rungs(struct bench_load *load)
{
    const struct bench_scene *scene = load->scene;
    int rungs = scene->rungs;
    load->rung = mem_new((size_t)rungs, sizeof *load->rung);
    for (int r = 0; r < rungs; r++) {
        double beta = scene->cold ? scene->beta * (r + 1) / rungs
                                  : scene->beta * r / (rungs - 1);
        load->rung[r] = system_rung(load->system, &beta);
        if (scene->step)
            load->rung[r].step = scene->step;
    }
}

static struct sharing sharing_of(const struct bench_load *load)
{
    return (struct sharing){.slots = load->scene->rungs,
                            .samples = load->system->samples, .group = 256,
                            .rungs = load->scene->rungs};
}

/* Rung 0 is exact: a sweep there draws a random start. Where it is not, states
   are drawn one by one. */
static void draw_start(struct bench_load *load)
{
    const struct bank_spec *spec = &load->bank->spec;
    const struct model *model = load->system->model;
    bool by_one = load->scene->cold || spec->stream == STREAM_SHARED;
    char *state = mem_new(1, load->system->state_bytes);
    for (int lane = 0; lane < spec->lanes && by_one; lane++) {
        struct draws draws = {.kind = spec->stream, .seed = 1,
                              .walker = lane,
                              .lattice = load->system->lattice};
        draws_share(&draws, &spec->sharing, load->bank->label[lane]);
        model->draw(load->system, spec->sample[lane], &draws, RNG_START,
                    state);
        load->bank->kernel->put(load->bank, lane, state);
    }
    free(state);
    if (!by_one) {
        load->bank->kernel->relabel(load->bank, load->other, true);
        bench_load_sweep(load);
    }
}

static void make_labels(struct bench_load *load)
{
    int rungs = load->scene->rungs;
    for (int i = 0; i < load->scene->lanes; i++) {
        int first = load->scene->cold || load->scene->exchange
                        ? i : i + rungs - 1;
        load->label[i] = first % rungs;
        load->other[i] = 0;
    }
}

static void make_bank(struct bench_load *load, const struct kernel *kernel)
{
    const struct bench_scene *scene = load->scene;
    int *sample = mem_new((size_t)scene->lanes, sizeof *sample);
    for (int i = 0; i < scene->lanes; i++)
        sample[i] = i / scene->rungs % load->system->samples;
    struct bank_spec spec = {
        .system = load->system,
        .dynamics = registry_dynamics_named(scene->dynamics),
        .stream = scene->stream, .seed = 1, .lanes = scene->lanes,
        .sample = sample, .rungs = scene->rungs, .rung = load->rung,
        .sharing = sharing_of(load)};
    assert(!kernel->refuses(&spec));
    load->bank = bank_new(kernel, &spec);
    free(sample);
}

struct bench_load *bench_load_new(const struct kernel *kernel,
                                  const struct bench_scene *scene,
                                  int threads)
{
    struct bench_load *load = mem_new(1, sizeof *load);
    size_t lanes = (size_t)scene->lanes;
    *load = (struct bench_load){.scene = scene, .threads = threads};
    make_system(load);
    make_rungs(load);
    make_bank(load, kernel);
    load->label = mem_new(lanes, sizeof *load->label);
    load->other = mem_new(lanes, sizeof *load->other);
    load->statistics = mem_new(lanes * STATISTICS_MAX, sizeof(double));
    load->u = mem_new(lanes * COMPONENTS_MAX, sizeof(double));
    make_labels(load);
    if (scene->exchange) {
        struct exchange_shape shape = {
            .copies = scene->lanes / scene->rungs / load->system->samples,
            .samples = load->system->samples, .rungs = scene->rungs,
            .components = load->system->model->components};
        load->exchange = exchange_new(shape, false, 1);
    }
    draw_start(load);
    for (int i = 0; i < scene->lanes; i++)
        load->other[i] = (load->label[i] + 1) % scene->rungs;
    kernel->relabel(load->bank, load->label, true);
    for (int i = 0; i < scene->warm; i++)
        bench_load_sweep(load);
    return load;
}

void bench_load_free(struct bench_load *load)
{
    if (!load)
        return;
    bank_free(load->bank);
    exchange_free(load->exchange);
    system_free(load->system);
    section_free(&load->keys);
    free(load->rung);
    free(load->statistics);
    free(load->u);
    free(load->label);
    free(load->other);
    free(load);
}

const struct bank_spec *bench_load_spec(const struct bench_load *load)
{
    return &load->bank->spec;
}

double bench_load_updates(const struct bench_load *load)
{
    return (double)load->system->sites * load->scene->lanes;
}

/* Decisions from u as last measured, and new labels. */
void bench_load_exchange(struct bench_load *load)
{
    const struct model *model = load->system->model;
    for (int i = 0; i < load->scene->lanes; i++)
        model->u(load->system, load->statistics + i * model->statistics,
                 load->u + i * model->components);
    if (exchange_step(load->exchange, load->rung, load->u, load->tick))
        load->bank->kernel->relabel(load->bank, load->exchange->label,
                                    false);
}

void bench_load_sweep(struct bench_load *load)
{
    load->bank->kernel->sweep(load->bank, ++load->tick, load->threads);
    if (!load->exchange || !load->bank->label)
        return;
    bench_load_measure(load);
    bench_load_exchange(load);
}

void bench_load_measure(struct bench_load *load)
{
    load->bank->kernel->measure(load->bank, load->statistics, load->threads);
}

void bench_load_relabel(struct bench_load *load)
{
    if (load->scene->stream == STREAM_SHARED || load->exchange)
        return; /* configurations move; exchange is timed instead */
    load->bank->kernel->relabel(load->bank, load->other, false);
    load->bank->kernel->relabel(load->bank, load->label, false);
}

/* Kernels at work on the scenes of `tempera bench`. */
#include <assert.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/bench_parts.h"
#include "core/exchange.h"
#include "core/hosted.h"
#include "core/registry.h"
#include "run/keys.h"

struct bench_load {
    const struct bench_scene *scene;
    struct section keys, dynamics_keys;
    const struct dynamics *dynamics;
    struct system *system;
    struct rung *rung;
    struct hosted *hosted;
    struct exchange *exchange; /* of scenes with exchange */
    int *label, *other;
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
    load->system = system_new(model_meant(model, &load->keys), &load->keys);
}

static void make_dynamics(struct bench_load *load)
{
    const struct bench_scene *scene = load->scene;
    load->dynamics = registry_dynamics_named(scene->dynamics);
    load->dynamics_keys = section_new("dynamics", NULL, load->dynamics->keys);
    for (int i = 0; i < BENCH_KEYS && scene->move[i][0]; i++)
        set_key(&load->dynamics_keys, scene->move[i][0], scene->move[i][1]);
    if (scene->reflections)
        *(int64_t *)section_value(&load->dynamics_keys, "reflections") =
            scene->reflections;
}

/* From lambda = 0 (an anchored ladder), or evenly up to beta without it, from
   beta / rungs or from a hottest one. */
static void make_rungs(struct bench_load *load)
{
    const struct bench_scene *scene = load->scene;
    int rungs = scene->rungs;
    double hottest = scene->cold && !(scene->hottest > 0)
                         ? scene->beta / rungs : scene->hottest;
    load->rung = mem_new((size_t)rungs, sizeof *load->rung);
    for (int r = 0; r < rungs; r++) {
        double beta = rungs == 1 ? scene->beta
                                 : hottest + (scene->beta - hottest) * r /
                                                 (rungs - 1);
        load->rung[r] = system_rung(load->system, &beta);
        if (load->dynamics->first_step)
            load->rung[r].step = load->dynamics->first_step(
                load->system, &load->dynamics_keys);
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
    const struct bank_spec *spec = bench_load_spec(load);
    const struct model *model = load->system->model;
    bool by_one = load->scene->cold || spec->stream == STREAM_SHARED;
    char *state = mem_new(1, load->system->state_bytes);
    for (int w = 0; w < load->scene->lanes && by_one; w++) {
        struct draws draws = {.kind = spec->stream, .seed = 1, .walker = w,
                              .lattice = load->system->lattice};
        draws_share(&draws, &spec->sharing, w % load->scene->rungs);
        model->draw(load->system,
                    w / load->scene->rungs % load->system->samples, &draws,
                    RNG_START, state);
        hosted_put(load->hosted, w, state);
    }
    free(state);
    if (!by_one) {
        hosted_relabel(load->hosted, load->other, true);
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

static void make_hosted(struct bench_load *load, const struct kernel *kernel,
                        int threads)
{
    const struct bench_scene *scene = load->scene;
    struct err err = {0};
    struct hosted_spec spec = {
        .system = load->system, .dynamics = load->dynamics,
        .keys = &load->dynamics_keys, .stream = scene->stream, .seed = 1,
        .walkers = scene->lanes, .rungs = scene->rungs, .rung = load->rung,
        .sharing = sharing_of(load), .threads = threads,
        .wanted = kernel->name, .where = "bench"};
    load->hosted = hosted_new(&spec, &err);
    assert(load->hosted);
    err_clear(&err);
}

struct bench_load *bench_load_new(const struct kernel *kernel,
                                  const struct bench_scene *scene,
                                  int threads)
{
    struct bench_load *load = mem_new(1, sizeof *load);
    size_t lanes = (size_t)scene->lanes;
    *load = (struct bench_load){.scene = scene};
    int most = omp_get_max_threads();
    omp_set_num_threads(threads); /* what models that use threads look at */
    make_system(load);
    omp_set_num_threads(most);
    make_dynamics(load);
    make_rungs(load);
    make_hosted(load, kernel, threads);
    load->label = mem_new(lanes, sizeof *load->label);
    load->other = mem_new(lanes, sizeof *load->other);
    make_labels(load);
    if (scene->exchange) {
        struct exchange_shape shape = {
            .copies = scene->lanes / scene->rungs / load->system->samples,
            .samples = load->system->samples, .rungs = scene->rungs,
            .components = load->system->components};
        load->exchange = exchange_new(shape, false, 1);
    }
    draw_start(load);
    for (int i = 0; i < scene->lanes; i++)
        load->other[i] = (load->label[i] + 1) % scene->rungs;
    hosted_relabel(load->hosted, load->label, true);
    for (int i = 0; i < scene->warm; i++)
        bench_load_sweep(load);
    return load;
}

void bench_load_free(struct bench_load *load)
{
    if (!load)
        return;
    hosted_free(load->hosted);
    exchange_free(load->exchange);
    system_free(load->system);
    section_free(&load->keys);
    section_free(&load->dynamics_keys);
    free(load->rung);
    free(load->label);
    free(load->other);
    free(load);
}

const struct bank_spec *bench_load_spec(const struct bench_load *load)
{
    return &load->hosted->bank[0]->spec;
}

double bench_load_updates(const struct bench_load *load)
{
    const struct continuous_rule *rule = load->dynamics->continuous;
    int visits = 1;
    if (load->scene->flops > 0)
        return load->scene->lanes;
    if (rule && load->system->model->continuous)
        visits += rule->reflections(&load->dynamics_keys);
    return (double)load->system->sites * load->scene->lanes * visits;
}

/* Decisions from u as last measured, and new labels. */
void bench_load_exchange(struct bench_load *load)
{
    if (exchange_step(load->exchange, load->rung, load->hosted->u,
                      load->tick))
        hosted_relabel(load->hosted, load->exchange->label, false);
}

void bench_load_move(struct bench_load *load)
{
    hosted_sweep(load->hosted, ++load->tick, false);
}

void bench_load_sweep(struct bench_load *load)
{
    bench_load_move(load);
    if (!load->exchange || !load->hosted->bank[0]->label)
        return;
    bench_load_measure(load);
    bench_load_exchange(load);
}

void bench_load_measure(struct bench_load *load)
{
    hosted_measure(load->hosted);
}

void bench_load_relabel(struct bench_load *load)
{
    if (load->scene->stream == STREAM_SHARED || load->exchange)
        return; /* configurations move; exchange is timed instead */
    hosted_relabel(load->hosted, load->other, false);
    hosted_relabel(load->hosted, load->label, false);
}

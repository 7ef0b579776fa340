/* Kernels at work on the scenes of `tempera bench`. */
#include <assert.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "cli/bench_parts.h"
#include "core/bank.h"
#include "core/links.h"
#include "core/registry.h"

/* Rows that many scenes share. Lanes: 256 walkers as the main job has them,
   8 copies of 16 rungs and 16 anchor rungs from lambda = 0 on. */
#define LANES(name_, dim_, side_, beta_)                                     \
    .name = name_, .family = "lanes", .stream = STREAM_LANE, .dim = dim_,    \
    .side = side_, .lanes = 256, .rungs = 32, .beta = beta_
#define SITES(name_, dim_, side_, beta_)                                     \
    .name = name_, .family = "sites", .stream = STREAM_SITE, .dim = dim_,    \
    .side = side_, .lanes = 1, .rungs = 2, .beta = beta_
/* 32 walkers at temperatures round the transition. */
#define WORDS(name_, dim_, side_, beta_)                                     \
    .name = name_, .family = "rotors", .stream = STREAM_WORD, .dim = dim_,   \
    .side = side_, .lanes = 32, .rungs = 33, .beta = beta_, .model = "xy"
#define METROPOLIS .dynamics = "metropolis"

const struct bench_scene bench_scenes[] = {
    {.name = "2d-32", .family = "reference", .stream = STREAM_LANE, .dim = 2,
     .side = 32, .lanes = 4, .rungs = 2, .beta = 0.44, METROPOLIS,
     .every_kernel = true},
    {LANES("2d-32", 2, 32, 0.55), METROPOLIS, .every_kernel = true},
    {LANES("2d-32-threads", 2, 32, 0.55), METROPOLIS, .team = true},
    {LANES("2d-32-field", 2, 32, 0.55), METROPOLIS, .h = 0.1,
     .every_kernel = true},
    {LANES("2d-32-heatbath", 2, 32, 0.55), .dynamics = "heatbath"},
    {LANES("3d-16", 3, 16, 0.3), METROPOLIS, .every_kernel = true},
    {SITES("2d-4096", 2, 4096, 0.44), METROPOLIS, .every_kernel = true},
    {SITES("2d-4096-threads", 2, 4096, 0.44), METROPOLIS, .team = true},
    {SITES("2d-4096-field", 2, 4096, 0.44), METROPOLIS, .h = 0.1},
    {SITES("2d-4096-heatbath", 2, 4096, 0.44), .dynamics = "heatbath"},
    {SITES("2d-512", 2, 512, 0.44), METROPOLIS, .every_kernel = true},
    {SITES("3d-256", 3, 256, 0.22), METROPOLIS, .every_kernel = true},
    {SITES("3d-256-threads", 3, 256, 0.22), METROPOLIS, .team = true},
    {WORDS("xy-2d-32", 2, 32, 1.12), METROPOLIS, .every_kernel = true},
    {WORDS("xy-2d-32-overrelaxation", 2, 32, 1.12), .reflections = 100,
     .dynamics = "overrelaxation", .every_kernel = true},
    {WORDS("xy-2d-32-mixed", 2, 32, 1.12), .reflections = 3,
     .dynamics = "overrelaxation"},
    {.name = NULL}};

struct bench_load {
    const struct bench_scene *scene;
    struct section keys, dynamics_keys;
    const struct dynamics *dynamics;
    struct system *system;
    struct rung *rung;
    struct bank *bank;
    double *statistics;
    int *label, *other;
    int threads;
    uint64_t tick;
};

static void make_system(struct bench_load *load)
{
    const struct bench_scene *scene = load->scene;
    const struct model *model = registry_model(scene->model ? scene->model
                                                            : "ising");
    load->keys = section_new("model", NULL, model->keys);
    struct integers *shape = section_value(&load->keys, "shape");
    shape->count = scene->dim;
    shape->at = mem_grow(shape->at, (size_t)scene->dim, sizeof *shape->at);
    for (int a = 0; a < scene->dim; a++)
        shape->at[a] = scene->side;
    if (scene->h != 0)
        *(double *)section_value(&load->keys, "h") = scene->h;
    load->system = system_new(model, &load->keys);
}

static void make_dynamics(struct bench_load *load)
{
    const struct bench_scene *scene = load->scene;
    load->dynamics = registry_dynamics_named(scene->dynamics);
    load->dynamics_keys = section_new("dynamics", NULL, load->dynamics->keys);
    if (scene->reflections)
        *(int64_t *)section_value(&load->dynamics_keys, "reflections") =
            scene->reflections;
}

static void make_rungs(struct bench_load *load)
{
    int rungs = load->scene->rungs;
    load->rung = mem_new((size_t)rungs, sizeof *load->rung);
    for (int r = 0; r < rungs; r++) {
        double beta = load->scene->beta * r / (rungs - 1);
        load->rung[r] = system_rung(load->system, &beta);
        if (load->dynamics->first_step)
            load->rung[r].step = load->dynamics->first_step(
                load->system, &load->dynamics_keys);
    }
}

struct bench_load *bench_load_new(const struct kernel *kernel,
                                  const struct bench_scene *scene,
                                  int threads)
{
    struct bench_load *load = mem_new(1, sizeof *load);
    size_t lanes = (size_t)scene->lanes;
    *load = (struct bench_load){.scene = scene, .threads = threads};
    make_system(load);
    make_dynamics(load);
    make_rungs(load);
    int *zeros = mem_new(lanes, sizeof *zeros);
    struct bank_spec spec = {
        .system = load->system,
        .dynamics = load->dynamics, .keys = &load->dynamics_keys,
        .stream = scene->stream, .seed = 1, .lanes = scene->lanes,
        .sample = zeros, .rungs = scene->rungs, .rung = load->rung};
    assert(!kernel->refuses(&spec));
    load->bank = bank_new(kernel, &spec);
    load->label = mem_new(lanes, sizeof *load->label);
    load->other = mem_new(lanes, sizeof *load->other);
    load->statistics = mem_new(lanes * STATISTICS_MAX, sizeof(double));
    for (int i = 0; i < scene->lanes; i++) {
        load->label[i] = (i + scene->rungs - 1) % scene->rungs;
        load->other[i] = (load->label[i] + 1) % scene->rungs;
    }
    /* Rung 0 is exact: a sweep there draws a random start. */
    kernel->relabel(load->bank, zeros, true);
    bench_load_sweep(load);
    kernel->relabel(load->bank, load->label, true);
    free(zeros);
    return load;
}

void bench_load_free(struct bench_load *load)
{
    if (!load)
        return;
    bank_free(load->bank);
    system_free(load->system);
    section_free(&load->keys);
    section_free(&load->dynamics_keys);
    free(load->rung);
    free(load->statistics);
    free(load->label);
    free(load->other);
    free(load);
}

double bench_load_updates(const struct bench_load *load)
{
    const struct continuous_rule *rule = load->dynamics->continuous;
    int visits = 1;
    if (rule && load->system->model->continuous)
        visits += rule->reflections(&load->dynamics_keys);
    return (double)load->system->sites * load->scene->lanes * visits;
}

void bench_load_sweep(struct bench_load *load)
{
    load->bank->kernel->sweep(load->bank, ++load->tick, load->threads);
}

void bench_load_measure(struct bench_load *load)
{
    load->bank->kernel->measure(load->bank, load->statistics, load->threads);
}

void bench_load_relabel(struct bench_load *load)
{
    load->bank->kernel->relabel(load->bank, load->other, false);
    load->bank->kernel->relabel(load->bank, load->label, false);
}

/* ---- the cost model (doc/kernels) -------------------------------------- */

/* count_bits: half adders, a digit's carry counted only where one can be. */
static int count_operations(int z)
{
    int operations = 0;
    for (int i = 1; i < z; i++)
        for (int k = 0; k < 4 && (1 << k) <= i; k++)
            operations += (2 << k) <= i + 1 ? 2 : 1;
    return operations;
}

/* class_mask: the union of its levels; blended by s if they differ. */
static int class_operations(const struct level_class *class)
{
    uint32_t down = class->members[0] & 0xffff;
    uint32_t up = class->members[0] >> 16;
    int downs = __builtin_popcount(down), ups = __builtin_popcount(up);
    int operations = downs > 1 ? downs - 1 : 0;
    if (up == down)
        return operations;
    operations += ups > 1 ? ups - 1 : 0;
    return operations + (downs && ups ? 3 : 1);
}

/* Levels turned into masks: agreeing bonds, their count, its minterms (by
   pairs of digits), classes, the lanes in any class. */
static int mask_operations(const struct levels *levels)
{
    int z = levels->degree, operations = z + count_operations(z);
    operations += 4 + (z + 1);
    for (int c = 0; c < levels->p_count; c++)
        operations += class_operations(&levels->p[c]) + (c > 0);
    for (int c = 0; c < levels->base_count; c++)
        operations += class_operations(&levels->base[c]) + (c > 0);
    return operations;
}

enum { COMPARE = 5, FINISH = 3 }; /* a plane; toggle, any tie, new value */

/* Lanes: every plane of p is put together from the classes' slices. */
static int lanes_operations(const struct levels *levels, bool lazy,
                            bool fresh)
{
    int c = levels->p_count, select = c ? 2 * c - 1 : 0;
    return mask_operations(levels) + levels->base_count +
           LEVELS_PLANES * (COMPARE + select) + FINISH + 3 * lazy +
           3 * fresh;
}

/* Sites: p is one number a class; unions of four classes come from a table,
   and lanes out of use are masked twice. */
static int sites_operations(const struct levels *levels, bool lazy)
{
    int groups = (levels->p_count + 3) / 4, table = 0;
    for (int g = 0; g < groups; g++) {
        int c = levels->p_count - 4 * g < 4 ? levels->p_count - 4 * g : 4;
        table += (1 << c) - c - 1;
    }
    int select = groups ? groups - 1 : 0;
    return mask_operations(levels) + table +
           LEVELS_PLANES * (COMPARE + select) + FINISH + 2 + 2 * lazy;
}

/* Unit vectors of two components, eight lanes a vector: sums over z
   neighbours, then src/kernels/rotors_body.h line by line; a division is one
   operation. Two planes a vector for an attempt. */
static struct bench_cost rotors_cost(const struct bench_load *load)
{
    int z = 2 * load->system->lattice->dim, field = 2 * (z - 1);
    int reflection = field + 3 + 3 + 3 + 4;
    int attempt = 9 + (6 + field + 2 + 3) + (3 + 3 + 9 + 2 + 3 + 3) + 4;
    int visits = (int)(bench_load_updates(load) /
                       (double)(load->system->sites * load->scene->lanes));
    return (struct bench_cost){
        .planes = 64.0 / visits,
        .operations = 32.0 * (attempt + (visits - 1) * reflection) / visits};
}

bool bench_load_floats(const struct bench_load *load)
{
    return load->system->model->continuous != NULL;
}

struct bench_cost bench_load_cost(const struct bench_load *load)
{
    if (bench_load_floats(load))
        return rotors_cost(load);
    const struct bank_spec *spec = &load->bank->spec;
    bool sites = spec->stream == STREAM_SITE;
    const struct rung *rung = sites ? spec->rung + spec->rungs - 1
                                    : spec->rung;
    int rungs = sites ? 1 : spec->rungs;
    bool lazy = false, fresh = false;
    for (int r = 0; r < rungs; r++) {
        lazy = lazy || (spec->dynamics->binary->lazy && rung[r].lazy &&
                        !rung[r].exact);
        fresh = fresh || rung[r].exact;
    }
    struct links *links = links_new(spec->system);
    struct levels *levels = levels_new(links->degree, links->missing_most,
                                       rungs);
    links_free(links);
    levels_update(levels, spec->system, spec->dynamics, rung);
    struct bench_cost cost = {
        .planes = LEVELS_PLANES + 2 * lazy + fresh,
        .operations = sites ? sites_operations(levels, lazy)
                            : lanes_operations(levels, lazy, fresh)};
    levels_free(levels);
    return cost;
}

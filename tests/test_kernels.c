/* Every kernel against the reference, bit for bit: shapes, dimensions,
   boundaries, fields, signs, rungs hot to cold, lanes 1 to 256, labels that
   move, threads. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/bank.h"
#include "core/registry.h"
#include "tap.h"

struct scene {
    const char *what;
    int dim;
    int64_t size[4];
    double J, h;
    bool open;
    int lanes, first;
    double beta[4];
};

static const struct scene scenes[] = {
    {"2D", 2, {8, 6}, 1, 0, false, 200, 0, {0, 0.1, 0.44, 2}},
    {"2D in a field", 2, {8, 6}, 1, 0.1, false, 70, 3, {0, 0.01, 0.3, 1}},
    {"2D antiferromagnet", 2, {6, 6}, -1, 0.3, false, 9, 60,
     {0, 0.2, 0.6, 3}},
    {"2D odd", 2, {5, 7}, 1, 0.2, false, 130, 100, {0.01, 0.2, 0.5, 1}},
    {"2D open", 2, {4, 6}, 1, 0, true, 64, 0, {0, 0.2, 0.5, 1}},
    {"2D open in a field", 2, {6, 8}, 1, 0.25, true, 50, 7,
     {0.02, 0.2, 0.5, 1}},
    {"2D sides of 2", 2, {2, 4}, 1, 0.1, false, 20, 0, {0, 0.2, 0.5, 1}},
    {"1D", 1, {12}, 1, 0.1, false, 33, 0, {0, 0.2, 0.5, 1}},
    {"3D", 3, {4, 6, 4}, 1, 0, false, 256, 0, {0, 0.05, 0.22, 0.6}},
    {"3D in a field", 3, {4, 4, 6}, -0.7, 0.1, false, 17, 0,
     {0, 0.05, 0.22, 0.6}},
    {"3D open", 3, {4, 4, 2}, 1, 0.1, true, 33, 0, {0.01, 0.1, 0.22, 0.6}},
    {"4D", 4, {2, 4, 2, 4}, 1, 0.1, false, 40, 0, {0, 0.05, 0.15, 0.4}},
    {"3D wide", 3, {6, 12, 20}, 1, 0, false, 2, 0, {0, 0.05, 0.22, 0.6}},
    {"2D wide", 2, {36, 40}, 1, 0, false, 2, 0, {0.01, 0.1, 0.44, 0.6}},
    {"2D wide in a field", 2, {64, 36}, 1, -0.2, false, 1, 0,
     {0.01, 0.1, 0.44, 0.6}},
    {"2D wide open", 2, {20, 64}, 1, 0.1, true, 1, 0,
     {0.01, 0.1, 0.44, 0.6}},
    {"2D long rows", 2, {4, 576}, 1, 0, false, 1, 5, {0.01, 0.44, 0.3, 2}},
    {"2D many rows", 2, {256, 320}, 1, 0, false, 1, 0, {0, 0.44, 0.3, 1}},
    {"2D long rows in a field", 2, {12, 320}, 1, -0.2, false, 1, 0,
     {0.1, 0.44, 0.3, 2}},
    {"2D long antiferromagnet in a field", 2, {12, 320}, -1, 0.3, false, 1, 0,
     {0.1, 0.44, 0.3, 2}},
    {"2D long rows in a strong field", 2, {4, 320}, 1, 2.5, false, 1, 0,
     {0.1, 0.44, 0.3, 2}},
    {"3D long rows", 3, {4, 6, 300}, -1, 0, false, 1, 0,
     {0.01, 0.22, 0.3, 1}},
    {"3D long rows in a field", 3, {4, 2, 300}, 1, 0.4, false, 1, 0,
     {0.01, 0.22, 0.3, 1}},
};

static struct section keys_of(const struct scene *scene)
{
    struct section keys =
        section_new("model", NULL, registry_model("ising")->keys);
    struct integers *shape = section_value(&keys, "shape");
    shape->at = mem_grow(shape->at, 4, sizeof *shape->at);
    shape->count = scene->dim;
    memcpy(shape->at, scene->size, sizeof scene->size);
    *(double *)section_value(&keys, "J") = scene->J;
    *(double *)section_value(&keys, "h") = scene->h;
    char **boundary = section_value(&keys, "boundary");
    free(*boundary);
    *boundary = mem_text("%s", scene->open ? "open" : "periodic");
    return keys;
}

static void label_lanes(int *label, int lanes, int step)
{
    for (int i = 0; i < lanes; i++)
        label[i] = (i * 7 + step * (1 + i % 3)) % 4;
}

static bool same_states(const struct bank *a, const struct bank *b)
{
    const struct system *system = a->spec.system;
    char *x = mem_new(1, system->state_bytes);
    char *y = mem_new(1, system->state_bytes);
    bool same = true;
    for (int lane = 0; lane < a->spec.lanes && same; lane++) {
        a->kernel->get(a, lane, x);
        b->kernel->get(b, lane, y);
        same = !memcmp(x, y, system->state_bytes);
    }
    free(x);
    free(y);
    return same;
}

static bool same_statistics(const struct bank *a, const struct bank *b)
{
    size_t count = (size_t)(2 * a->spec.lanes);
    double *x = mem_new(count, sizeof *x), *y = mem_new(count, sizeof *y);
    a->kernel->measure(a, x, 1);
    b->kernel->measure(b, y, 2);
    bool same = !memcmp(x, y, count * sizeof *x);
    free(x);
    free(y);
    return same;
}

static void start(struct bank *bank, const int *label)
{
    const struct bank_spec *spec = &bank->spec;
    char *state = mem_new(1, spec->system->state_bytes);
    for (int lane = 0; lane < spec->lanes; lane++) {
        struct draws draws = {.kind = spec->stream, .seed = spec->seed,
                              .walker = spec->first_walker + lane,
                              .lattice = spec->system->lattice};
        spec->system->model->draw(spec->system, 0, &draws, RNG_START, state);
        bank->kernel->put(bank, lane, state);
    }
    bank->kernel->relabel(bank, label, true);
    free(state);
}

/* Sweeps where the two differ; -1 when they never do. */
static int first_difference(struct bank_spec *spec,
                            const struct kernel *kernel, int threads)
{
    int label[256], differs = -1;
    struct bank *a = bank_new(registry_kernel("reference"), spec);
    struct bank *b = bank_new(kernel, spec);
    label_lanes(label, spec->lanes, 0);
    start(a, label);
    start(b, label);
    if (!same_states(a, b))
        differs = 0;
    for (int t = 1; t <= 12 && differs < 0; t++) {
        a->kernel->sweep(a, (uint64_t)t, 1);
        b->kernel->sweep(b, (uint64_t)t, threads);
        if (!same_states(a, b) || !same_statistics(a, b))
            differs = t;
        label_lanes(label, spec->lanes, t);
        a->kernel->relabel(a, label, false);
        b->kernel->relabel(b, label, false);
    }
    bank_free(a);
    bank_free(b);
    return differs;
}

static int compare(const struct scene *scene, const struct dynamics *dynamics,
                   const struct kernel *kernel)
{
    int sample[256] = {0}, compared = 0;
    struct section keys = keys_of(scene);
    struct system *system = system_new(registry_model("ising"), &keys);
    struct rung rung[4];
    for (int r = 0; r < 4; r++)
        rung[r] = system_rung(system, &scene->beta[r]);
    for (int stream = 0; stream < STREAM_COUNT; stream++) {
        if (stream == STREAM_SHARED) /* no disorder here */
            continue;
        bool site = stream == STREAM_SITE;
        struct bank_spec spec = {
            .system = system, .dynamics = dynamics,
            .stream = (enum stream)stream, .seed = 12345,
            .first_walker = scene->first,
            .lanes = site ? 1 : scene->lanes, .sample = sample, .rungs = 4,
            .rung = rung};
        if (!(kernel->streams >> stream & 1) || !kernel->cpu() ||
            kernel->refuses(&spec) || (site && !system->lattice->tiled))
            continue;
        for (int threads = 1; threads <= 2; threads++, compared++) {
            int differs = first_difference(&spec, kernel, threads);
            ok(differs < 0, "%s, %s, %s, %d threads", kernel->name,
               dynamics->name, scene->what, threads);
            if (differs >= 0)
                printf("# differs at sweep %d\n", differs);
        }
    }
    system_free(system);
    section_free(&keys);
    return compared;
}

int main(void)
{
    int compared = 0;
    for (int k = 0; registry_kernels[k]; k++)
        for (int d = 0; registry_dynamics[d]; d++)
            for (size_t s = 0; s < sizeof scenes / sizeof *scenes; s++)
                if (strcmp(registry_kernels[k]->name, "reference"))
                    compared += compare(&scenes[s], registry_dynamics[d],
                                        registry_kernels[k]);
    ok(compared >= 40, "at least 40 comparisons were made (%d)", compared);
    return tap_done();
}

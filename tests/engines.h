/* Engines from a line of a table, for the battery's tests of whole ladders:
   four rungs, three copies, any model x dynamics x stream. */
#ifndef TEMPERA_TESTS_ENGINES_H
#define TEMPERA_TESTS_ENGINES_H
#include "contract.h"
#include "run/engine.h"
#include "run/start.h"

struct request {
    const struct scene *scene;
    const struct model *model;
    const char *dynamics, *stream, *scheme, *spacing;
    int burn_in;
};

/* NULL, and a failed test, when the input is refused. */
__attribute__((unused))
static struct input *input_of(const struct request *r)
{
    char points[2][200] = {"", ""}, names[200] = "", *override[SCENE_KEYS + 1];
    struct err err = {0};
    int count = 0;
    for (int k = 0; k < r->model->components; k++) {
        const char *comma = k ? ", " : "";
        for (int p = 0; p < 2; p++) {
            size_t used = strlen(points[p]);
            snprintf(points[p] + used, sizeof points[p] - used, "%s%.3f",
                     comma, (p ? 0.7 : 0.05) / (k + 1));
        }
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s\"%s\"", comma,
                 r->model->component[k]);
    }
    char *text = mem_text(
        "run = { seed = 17; sweeps = 100000; burn_in = %d; start = "
        "\"random\"; };\n"
        "dynamics = { name = \"%s\"; stream = \"%s\"; };\n"
        "ladder = { components = [%s]; points = ((%s), (%s)); rungs = 4; "
        "spacing = \"%s\"; copies = 3; };\n"
        "exchange = { scheme = \"%s\"; };\n",
        r->burn_in, r->dynamics, r->stream, names, points[0], points[1],
        r->spacing, r->scheme);
    override[count++] = mem_text("model.name=%s", r->model->name);
    for (int i = 0; i < SCENE_KEYS && r->scene->key[i]; i++)
        override[count++] = mem_text("model.%s", r->scene->key[i]);
    struct input *input = input_parse("test", text, override, count, &err);
    if (!input)
        ok(false, "the input is refused: %s", err.text);
    for (int i = 0; i < count; i++)
        free(override[i]);
    free(text);
    err_clear(&err);
    return input;
}

/* NULL when the kernel does not fit. */
static struct engine *engine_of(const struct input *input,
                                const char *kernel)
{
    struct err err = {0};
    struct engine_spec spec = {.input = input, .kernel = kernel, .ranks = 1,
                               .threads = 1};
    struct engine *engine = engine_new(&spec, &err);
    err_clear(&err);
    if (!engine)
        return NULL;
    engine_start(engine);
    engine_relabel(engine);
    return engine;
}

__attribute__((unused))
static void step(struct engine *e)
{
    engine_sweep(e, true);
    engine_exchange(e);
    if (engine_round_over(e))
        engine_next_round(e);
}

/* ---- all that fit -------------------------------------------------------- */

/* Stream "site" has addresses for tiled lattices only. */
static bool fits(const struct system *system, const struct dynamics *dynamics,
                 enum stream stream)
{
    char *no = dynamics_refusal(dynamics, system->model, system->keys,
                                system);
    bool tiled = system->lattice && system->lattice->tiled;
    bool disordered = system->model->disorder && system->samples > 1;
    bool good = !no && !dynamics->downhill &&
                (stream != STREAM_SITE || tiled) &&
                (stream != STREAM_SHARED || disordered);
    free(no);
    return good;
}

static void requests_of(const struct model *model, const struct scene *scene,
                        void (*visit)(struct request *, const char *what))
{
    struct subject subject;
    if (!subject_make(&subject, model->name, scene->key))
        return;
    for (int d = 0; registry_dynamics[d]; d++)
        for (int s = 0; s < STREAM_COUNT; s++) {
            char what[80];
            struct request r = {scene, subject.system->model,
                                registry_dynamics[d]->name,
                                stream_names[s], "deo", "adaptive", 96};
            snprintf(what, sizeof what, "%s %s %s, %s, %s", model->name,
                     scene->key[0], scene->key[1] ? scene->key[1] : "",
                     r.dynamics, r.stream);
            if (fits(subject.system, registry_dynamics[d], (enum stream)s))
                visit(&r, what);
        }
    subject_release(&subject);
}

__attribute__((unused))
static void for_requests(void (*visit)(struct request *, const char *what))
{
    for (int m = 0; registry_models[m]; m++) {
        const struct model *model = registry_models[m];
        bool named = false;
        for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++)
            named |= !strcmp(scenes[i].model, model->name);
        for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++)
            if ((scenes[i].model[0] == '*') != named &&
                scene_fits(&scenes[i], model))
                requests_of(model, &scenes[i], visit);
    }
}

/* The one that mutants and damage are tried on. */
static const struct scene scene_small = {"ising", {"shape=[2, 4]", "h=0.1"}};

__attribute__((unused))
static struct request request_small(void)
{
    return (struct request){&scene_small, registry_model("ising"),
                            "metropolis", "lane", "deo", "adaptive", 96};
}

#endif

/* The contract battery: written once, run on everything registered.

   A subject is a model with small parameters; a chain is a subject with a
   dynamics, a kernel and a stream that fit. A model that the table below
   does not know gets the scenes of model "*" whose keys it has, so a new
   model is tested without a word here. */
#ifndef TEMPERA_TESTS_CONTRACT_H
#define TEMPERA_TESTS_CONTRACT_H
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/bank.h"
#include "core/registry.h"
#include "run/input.h"
#include "tap.h"

enum { SCENE_KEYS = 5, SUBJECTS_MOST = 64, CHAINS_MOST = 128 };

/* Overrides of a model's defaults; few enough states to enumerate. */
struct scene {
    const char *model;
    const char *key[SCENE_KEYS];
};

static const struct scene scenes[] = {
    {"ising", {"shape=[8]", "J=1.0"}},
    {"ising", {"shape=[7]", "J=-0.8", "h=0.3"}},
    {"ising", {"shape=[5]", "h=-0.2", "boundary=open"}},
    {"ising", {"shape=[2, 4]", "h=0.1"}},
    {"ising", {"shape=[3, 4]", "J=1.0"}},
    {"ising", {"shape=[4, 2]", "J=-1.0", "h=0.5"}},
    {"ising", {"shape=[3, 3]", "J=0.7", "h=0.2", "boundary=open"}},
    {"ising", {"shape=[2, 4]", "boundary=open"}},
    {"ising", {"shape=[2, 6]", "J=1.0"}},
    {"ising", {"shape=[2, 2, 2]", "J=0.5"}},
    {"ising", {"shape=[2, 2, 3]", "J=-1.0", "h=0.1", "boundary=open"}},
    {"ising", {"shape=[2, 3, 2]", "J=-0.4", "h=0.2"}},
    {"graph", {"N=8", "degree=3"}},
    {"graph", {"N=7", "degree=4", "couplings=gaussian", "h=0.3"}},
    {"graph", {"N=8", "generate=erdos_renyi", "samples=2"}},
    {"graph", {"N=7", "degree=2", "units=binary", "h=-0.2"}},
    {"curie_weiss", {"N=8"}},
    {"curie_weiss", {"N=7", "h=0.3"}},
    {"curie_weiss", {"N=9", "h=-1.25"}},
    {"hopfield", {"N=8", "alpha=0.4"}},
    {"hopfield", {"N=7", "alpha=0.6", "samples=2"}},
    {"p_spin", {"N=8"}},
    {"p_spin", {"N=7", "p=2", "samples=2"}},
    {"p_spin", {"N=6", "p=5"}},
    {"ising", {"shape=[2, 4]", "J_axis=[1.0, -0.5]", "h=0.1"}},
    {"ising", {"shape=[3, 3]", "J_axis=[0.3, 0.9]"}},
    {"ising", {"shape=[2, 2, 2]", "J_axis=[1, 1, 1]", "boundary=open"}},
    {"potts", {"shape=[2, 3]"}},
    {"potts", {"shape=[6]", "J=-1.0"}},
    {"potts", {"shape=[2, 2]", "q=5", "J=0.6", "boundary=open"}},
    {"potts", {"shape=[2, 4]", "q=2", "J=1.5"}},
    {"clock", {"shape=[2, 2]"}},
    {"clock", {"shape=[4]", "q=5", "J=-0.7"}},
    {"clock", {"shape=[2, 3]", "q=3", "boundary=open"}},
    {"perceptron", {"N=8", "alpha=1.0"}},
    {"perceptron", {"N=7", "labels=random", "kappa=0.3", "examples=5",
                    "samples=2"}},
    {"perceptron", {"N=9", "alpha=1.0", "loss=symmetric", "kappa=0.7"}},
    {"perceptron", {"N=7", "examples=6", "loss=perceptron", "kappa=0.2"}},
    {"perceptron", {"N=8", "loss=hinge", "inputs=gaussian"}},
    {"perceptron", {"N=7", "loss=logistic", "label_noise=0.2"}},
    {"perceptron", {"N=8", "alpha=1.0", "reference=random"}},
    {"perceptron", {"N=7", "loss=hinge", "reference=planted"}},
    {"perceptron", {"weights=spherical", "N=6", "alpha=1.5"}},
    {"perceptron", {"weights=spherical", "N=5", "loss=logistic",
                    "inputs=gaussian", "label_noise=0.2"}},
    {"perceptron", {"weights=spherical", "N=4", "loss=linear",
                    "labels=random", "samples=2"}},
    {"perceptron", {"weights=gaussian", "N=5", "loss=hinge", "kappa=0.2",
                    "l2=0.3"}},
    {"perceptron", {"weights=gaussian", "N=5", "loss=symmetric", "kappa=0.7",
                    "prior_scale=2.0"}},
    {"perceptron", {"weights=gaussian", "N=4", "loss=logistic",
                    "examples=9"}},
    {"committee", {"N=9", "alpha=1.0"}},
    {"committee", {"N=6", "K=2", "reference=planted", "samples=2"}},
    {"committee", {"N=6", "K=2", "loss=perceptron", "inputs=gaussian"}},
    {"committee", {"N=4", "K=2", "tree=false", "examples=6"}},
    {"*", {"shape=[7]"}},
    {"*", {"shape=[2, 4]"}},
    {"*", {"shape=[3, 3]"}},
    {"*", {"shape=[2, 2, 2]"}},
    {"*", {"N=8"}},
    {"wells", {"dim=2"}},
    {"wells", {"kind=two_quadratic", "dim=2", "curvature=[3.0, 1.0]",
               "reference=random"}},
    {"wells", {"kind=mixture", "curvature=[2.0, 1.0]", "prior=gaussian",
               "prior_scale=1.5", "l2=0.3"}},
    {"wells", {"kind=mueller_brown", "dim=2", "prior_scale=1.5"}},
    {"wells", {"kind=power", "power=4", "dim=2", "reference=origin"}},
    {"wells", {"kind=product", "dim=3", "prior_scale=1.5"}},
    {"wells", {"kind=rosenbrock", "dim=3", "prior=none",
               "reference=origin"}},
    {"linear", {"N=3", "examples=7", "l2=0.2", "reference=planted"}},
    {"mlp", {"N=3", "examples=12", "layers=[2]", "precision=double"}},
    {"*", {"N=7", "samples=2"}}};

struct subject {
    char what[120];
    struct input *input;
    struct system *system;
};

/* ---- subjects ------------------------------------------------------------ */

static bool scene_fits(const struct scene *scene, const struct model *model)
{
    if (strcmp(scene->model, "*"))
        return !strcmp(scene->model, model->name);
    for (int i = 0; i < SCENE_KEYS && scene->key[i]; i++) {
        size_t length = strcspn(scene->key[i], "=");
        bool known = !strncmp(scene->key[i], "samples", length);
        for (int r = 0; r < model->keys->count; r++)
            known |= strlen(model->keys->rows[r].key) == length &&
                     !strncmp(model->keys->rows[r].key, scene->key[i],
                              length);
        if (!known)
            return false;
    }
    return true;
}

/* false, and a failed test, when the model refuses its keys. */
static bool subject_make(struct subject *subject, const char *model,
                         const char *const *key)
{
    char *override[SCENE_KEYS + 1];
    struct err err = {0};
    int count = 0;
    *subject = (struct subject){.input = NULL};
    snprintf(subject->what, sizeof subject->what, "%s", model);
    override[count++] = mem_text("model.name=%s", model);
    for (int i = 0; i < SCENE_KEYS && key[i]; i++) {
        size_t used = strlen(subject->what);
        snprintf(subject->what + used, sizeof subject->what - used, " %s",
                 key[i]);
        override[count++] = mem_text("model.%s", key[i]);
    }
    subject->input = input_model(NULL, override, count, &err);
    for (int i = 0; i < count; i++)
        free(override[i]);
    if (subject->input)
        subject->system = system_new(subject->input->model,
                                     &subject->input->section[INPUT_MODEL]);
    else
        ok(false, "%s: %s", subject->what, err.text);
    err_clear(&err);
    return subject->system != NULL;
}

static void subject_release(struct subject *subject)
{
    system_free(subject->system);
    input_free(subject->input);
}

/* All subjects of a model; fails when it has none. */
static int subjects_of(const struct model *model, struct subject *out)
{
    bool named = false;
    int count = 0;
    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++)
        named |= !strcmp(scenes[i].model, model->name);
    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++)
        if ((scenes[i].model[0] == '*') != named &&
            scene_fits(&scenes[i], model))
            count += subject_make(&out[count], model->name, scenes[i].key);
    if (!count)
        ok(false, "model %s has a scene in tests/contract.h", model->name);
    return count;
}

/* Calls visit on every subject of every model. */
__attribute__((unused))
static void for_subjects(void (*visit)(const struct subject *))
{
    struct subject subject[SUBJECTS_MOST];
    for (int m = 0; registry_models[m]; m++) {
        int count = subjects_of(registry_models[m], subject);
        for (int i = 0; i < count; i++) {
            visit(&subject[i]);
            subject_release(&subject[i]);
        }
    }
}

/* ---- chains -------------------------------------------------------------- */

struct chain {
    const struct system *system;
    const struct dynamics *dynamics;
    const struct kernel *kernel;
    enum stream stream;
};

static const int samples_zero[256];

/* Walkers that move together in the tests. */
static int chain_lanes(const struct chain *chain)
{
    return stream_group(chain->stream);
}

static struct bank_spec chain_spec(const struct chain *chain,
                                   const struct rung *rung, int rungs,
                                   uint64_t seed)
{
    return (struct bank_spec){
        .system = chain->system, .dynamics = chain->dynamics,
        .stream = chain->stream, .seed = seed, .lanes = chain_lanes(chain),
        .sample = samples_zero, .rungs = rungs, .rung = rung};
}

static bool chain_fits(const struct chain *chain)
{
    const struct lattice *lattice = chain->system->lattice;
    const struct rung rung = {.exact = false};
    struct bank_spec spec = chain_spec(chain, &rung, 1, 0);
    bool tiled = lattice && lattice->tiled;
    if (chain->stream == STREAM_SHARED) /* whole ladders: tests/engines.h */
        return false;
    return (chain->kernel->streams >> chain->stream & 1) &&
           chain->kernel->cpu() && !chain->kernel->refuses(&spec) &&
           (tiled || chain->stream != STREAM_SITE);
}

/* dynamics NULL: all heat baths that the model offers a facet for. */
__attribute__((unused))
static int chains_of(const struct system *system,
                     const struct dynamics *dynamics, struct chain *out)
{
    int count = 0;
    for (int d = 0; registry_dynamics[d]; d++) {
        char *no = dynamics_refusal(registry_dynamics[d], system->model,
                                    system->keys, system);
        free(no);
        if (no || registry_dynamics[d]->downhill ||
            (dynamics && dynamics != registry_dynamics[d]))
            continue;
        for (int k = 0; registry_kernels[k]; k++)
            for (int s = 0; s < STREAM_COUNT; s++) {
                out[count] = (struct chain){system, registry_dynamics[d],
                                            registry_kernels[k],
                                            (enum stream)s};
                count += chain_fits(&out[count]);
            }
    }
    return count;
}

/* The point of a ladder at strength b: components b, b/2, b/3, ...; a step
   that every dynamics can do with. */
__attribute__((unused))
static struct rung rung_at(const struct system *system, double b)
{
    double lambda[COMPONENTS_MAX] = {0};
    for (int k = 0; k < system->components; k++)
        lambda[k] = b / (k + 1);
    struct rung rung = system_rung(system, lambda);
    rung.step = 1;
    return rung;
}

/* All lanes on rung 0. */
__attribute__((unused))
static struct bank *chain_bank(const struct chain *chain,
                               const struct rung *rung, int lanes,
                               uint64_t seed)
{
    struct bank_spec spec = chain_spec(chain, rung, 1, seed);
    spec.lanes = lanes;
    struct bank *bank = bank_new(chain->kernel, &spec);
    bank->kernel->relabel(bank, samples_zero, true);
    return bank;
}

/* ---- states -------------------------------------------------------------- */

/* A state with every site at random, by the local facet or the model's own
   draw. */
__attribute__((unused))
static void state_random(const struct system *system, uint32_t number,
                         void *state)
{
    const struct local *local = system->model->local;
    struct draws draws = {.kind = STREAM_WORD, .seed = 7, .walker = number};
    if (!local)
        system->model->draw(system, 0, &draws, RNG_TEST, state);
    for (int64_t i = 0; local && i < system->sites; i++) {
        struct rng_quad quad = rng_philox(7, RNG_TEST, number, (uint32_t)i,
                                          0, 0);
        local->set(system, state, i,
                   (int)(quad.v[0] % (uint32_t)system_values(system)));
    }
}

__attribute__((unused))
static void state_u(const struct system *system, int sample,
                    const void *state, double *u)
{
    double statistics[STATISTICS_MAX];
    system->model->measure(system, sample, state, statistics);
    system->model->u(system, statistics, u);
}

/* Integers times a power of two: exact; else to rounding. */
static inline bool same_u(const struct system *system, double a, double b)
{
    int exponent;
    bool exact = system->model->u_integer &&
                 frexp(system->resolution, &exponent) == 0.5;
    return exact ? a == b : fabs(a - b) <= 1e-10 * (1 + fabs(b));
}

#endif

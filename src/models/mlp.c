/* Multilayer perceptrons: x is the weight vector of a network, u its training
   loss, summed over the examples, + l2/2 |w|^2.

   The prior is normal, of width prior_scale / sqrt(fan-in) for every weight
   and bias. Teacher: a network of the same shape drawn from that prior, on
   normal inputs; its real outputs, or their class. */
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/disorder.h"
#include "core/examples.h"
#include "core/mlp.h"

#define MLP_KEYS(KEY)                                                        \
    EXAMPLES_KEYS(KEY, "20", "2 N",                                          \
                  "answers: a teacher's, at random, or from model.file")     \
    KEY(integers, layers, "[16]", 1, 1e6, NULL, "", 0,                       \
        "widths of the hidden layers")                                       \
    KEY(integer, classes, "2", 2, 65536, NULL, "", 0,                        \
        "of the labels: one output for two, else one a class")               \
    KEY(text, activation, "tanh", 0, 0, "tanh|erf|relu|gelu", "", 0,         \
        "of the hidden layers")                                              \
    KEY(text, loss, "cross_entropy", 0, 0,                                   \
        "cross_entropy|squared|hinge|perceptron|generalised", "", 0,         \
        "of an example, see doc/learning.md; u is the sum")                  \
    KEY(real, kappa, "1.0", 0, 1e6, NULL, "", 0, "margin of the hinge")      \
    KEY(real, q, "0.7", 0, 1, NULL, "", 0,                                   \
        "of generalised cross-entropy (1 - p^q) / q: 0 is cross-entropy, 1 " \
        "mean absolute error")                                               \
    KEY(flag, bias, "true", 0, 0, NULL, "", 0, "do units have biases?")      \
    KEY(text, precision, "single", 0, 0, "single|double", "", 0,             \
        "of the network; weights are doubles")                               \
    KEY(real, label_noise, "0.0", 0, 1, NULL, "", 0,                         \
        "fraction of training labels that are changed")                      \
    WEIGHTS_KEYS(KEY, "gaussian", "1.0")
PARAM_STRUCT(mlp_keys, MLP_KEYS);
#define PARAM_ROW_mlp_keys(...) PARAM_ROW(mlp_keys, __VA_ARGS__)
PARAM_TABLE(static, mlp_table, "model", mlp_keys, MLP_KEYS);

static const struct mlp *mlp(const struct system *system)
{
    return mlp_of(system);
}

static double loss(const struct system *system, const struct grad_at *at,
                   double *gradient)
{
    struct network_data data = mlp(system)->train[at->sample];
    data.dropout = at->dropout;
    if (at->batch) {
        data.times = (double)data.examples / at->batch_size;
        data.index = at->batch;
        data.examples = at->batch_size;
    }
    return network_loss(mlp_work(system), &data, at->x, gradient);
}

static void hessian(const struct system *system, const struct grad_at *at,
                    const double *v, double *out)
{
    network_hessian(mlp_work(system), &mlp(system)->train[at->sample], at->x,
                    v, out);
}

/* ---- the network --------------------------------------------------------- */

static enum network_activation activation_of(const char *name)
{
    return !strcmp(name, "tanh")   ? NETWORK_TANH
           : !strcmp(name, "erf")  ? NETWORK_ERF
           : !strcmp(name, "relu") ? NETWORK_RELU : NETWORK_GELU;
}

static enum network_loss loss_of(const char *name)
{
    return !strcmp(name, "squared")      ? NETWORK_SQUARED
           : !strcmp(name, "hinge")      ? NETWORK_HINGE
           : !strcmp(name, "perceptron") ? NETWORK_PERCEPTRON
           : !strcmp(name, "generalised") ? NETWORK_GENERALISED
                                          : NETWORK_CROSS_ENTROPY;
}

static void make_network(struct mlp *own, const struct section *keys,
                         int inputs)
{
    const struct integers *hidden = section_integers(keys, "layers");
    int classes = (int)section_integer(keys, "classes", 2);
    own->width = mem_new((size_t)hidden->count + 2, sizeof *own->width);
    own->width[0] = inputs;
    for (int l = 0; l < hidden->count; l++)
        own->width[l + 1] = (int)hidden->at[l];
    own->width[hidden->count + 1] = classes == 2 ? 1 : classes;
    own->network = (struct network){
        .layers = hidden->count + 1, .width = own->width,
        .activation = activation_of(section_text(keys, "activation", "")),
        .loss = loss_of(section_text(keys, "loss", "")),
        .kappa = section_real(keys, "kappa", 1),
        .q = section_real(keys, "q", 0.7),
        .bias = *(const bool *)section_value(keys, "bias"),
        .single = section_is(keys, "precision", "single")};
}

/* 1 / sqrt(fan-in) of every parameter. */
static double *scales_of(const struct network *network)
{
    double *scale = mem_new((size_t)network_count(network), sizeof *scale);
    for (int l = 1; l <= network->layers; l++) {
        struct network_block block = network_block(network, l);
        for (int64_t i = block.weights; i < block.end; i++)
            scale[i] = 1 / sqrt((double)block.in);
    }
    return scale;
}

/* ---- data ---------------------------------------------------------------- */

/* The class of outputs f: the sign of one, the largest of several. */
static int32_t class_of(const struct network *network, const double *f)
{
    int outputs = network->width[network->layers], best = 0;
    if (outputs == 1)
        return f[0] > 0 ? 1 : -1;
    for (int k = 1; k < outputs; k++)
        if (f[k] > f[best])
            best = k;
    return best;
}

/* Labels by a teacher, or at random. Returns its weights. */
static double *label_by(struct mlp *own, struct disorder *disorder,
                        const struct dataset *data, const double *scale,
                        bool random)
{
    const struct network *network = &own->network;
    int outputs = network->width[network->layers];
    int64_t count = network_count(network);
    double *teacher = mem_new((size_t)count, sizeof *teacher);
    double *f = mem_new((size_t)outputs, sizeof *f);
    struct network_data all = {.examples = data->examples};
    void *x = network_inputs(network, data->x, data->examples);
    all.x = x;
    disorder_normal(disorder, teacher, count, 0);
    for (int64_t i = 0; i < count; i++)
        teacher[i] *= scale[i];
    for (int64_t e = 0; e < data->examples; e++) {
        if (random)
            disorder_normal(disorder, f, outputs, 0);
        else
            network_reference_outputs(network, &all, e, teacher, f);
        int32_t label = class_of(network, f);
        data->label[e] = outputs == 1 ? label > 0 : label;
    }
    free(x);
    free(f);
    return teacher;
}

static struct dataset *draw_data(const struct system *system,
                                 struct mlp *own, int sample,
                                 const double *scale)
{
    const struct section *keys = system->keys;
    struct disorder disorder = disorder_of(system, sample);
    struct dataset *data = mem_new(1, sizeof *data);
    data->examples = examples_count(keys) + own->tests;
    data->inputs = own->width[0];
    data->classes = (int)section_integer(keys, "classes", 2);
    data->x = mem_new((size_t)(data->examples * data->inputs),
                      sizeof *data->x);
    data->label = mem_new((size_t)data->examples, sizeof *data->label);
    disorder_normal(&disorder, data->x, data->examples * data->inputs, 0);
    bool random = section_is(keys, "labels", "random");
    double *teacher = label_by(own, &disorder, data, scale, random);
    if (random)
        free(teacher);
    else
        own->teacher[sample] = teacher;
    return data;
}

/* Training and test examples of a sample; classes 0, 1 become -1, +1. */
static void take_data(const struct system *system, struct mlp *own,
                      int sample, struct dataset *data)
{
    int64_t train = data->examples - own->tests;
    dataset_noise(data, train, section_real(system->keys, "label_noise", 0),
                  system->seed, system->first_sample + sample);
    if (own->width[own->network.layers] == 1)
        for (int64_t e = 0; e < data->examples; e++)
            data->label[e] = 2 * data->label[e] - 1;
    own->x[sample] = network_inputs(&own->network, data->x, data->examples);
    own->label[sample] = data->label;
    size_t one = own->network.single ? sizeof(float) : sizeof(double);
    own->train[sample] = (struct network_data){
        .examples = train, .x = own->x[sample], .label = data->label};
    own->test[sample] = (struct network_data){
        .examples = own->tests, .label = data->label + train,
        .x = (const char *)own->x[sample] +
             (size_t)(train * data->inputs) * one};
    data->label = NULL;
    dataset_free(data);
}

static const char *unplanted(const struct section *keys)
{
    return !section_is(keys, "labels", "teacher")
               ? "the labels are no teacher's" : NULL;
}

static void planted(const struct system *system, int sample, void *state)
{
    memcpy(state, mlp(system)->teacher[sample], system->state_bytes);
}

static void check(const struct section *keys, struct err *err)
{
    const struct integers *hidden = section_integers(keys, "layers");
    int64_t count = 0, in = section_integer(keys, "N", 20);
    for (int l = 0; l < hidden->count; l++) {
        count += in * hidden->at[l];
        in = hidden->at[l];
    }
    if (count > 100000000)
        err_add(err, EXIT_INPUT, section_where(keys, "layers"),
                "model.layers: %lld weights, more than 100000000",
                (long long)count);
    weights_check(keys, "origin|random|planted", err);
    if (section_is(keys, "reference", "planted") &&
        unplanted(keys))
        err_add(err, EXIT_INPUT, section_where(keys, "reference"),
                "model.reference: \"planted\": %s", unplanted(keys));
    examples_check(keys, DATASET_CLASSES,
                   (int)section_integer(keys, "classes", 2), err);
}

static void build(struct system *system)
{
    const struct section *keys = system->keys;
    struct mlp *own = mem_new(1, sizeof *own);
    size_t samples = (size_t)system->samples;
    struct dataset *file = examples_from_file(keys)
        ? examples_take(keys, DATASET_CLASSES,
                        (int)section_integer(keys, "classes", 2)) : NULL;
    own->tests = section_integer(keys, "test_examples", 0);
    make_network(own, keys, file ? (int)file->inputs
                                 : (int)section_integer(keys, "N", 20));
    double *scale = scales_of(&own->network);
    own->train = mem_new(samples, sizeof *own->train);
    own->test = mem_new(samples, sizeof *own->test);
    own->x = mem_new(samples, sizeof *own->x);
    own->label = mem_new(samples, sizeof *own->label);
    own->teacher = mem_new(samples, sizeof *own->teacher);
    for (int s = 0; s < system->samples; s++)
        take_data(system, own, s, file ? file
                                       : draw_data(system, own, s, scale));
    own->threads = omp_get_max_threads();
    own->alone = mem_new((size_t)own->threads, sizeof *own->alone);
    for (int t = 0; t < own->threads; t++)
        own->alone[t] = network_work_new(&own->network, 1, true);
    own->team = network_work_new(&own->network, own->threads, true);
    own->weights.loss = loss;
    own->weights.hessian = hessian;
    own->weights.drops = own->network.layers > 1 ? "hidden units" : NULL;
    own->weights.examples = own->train[0].examples;
    system->own = own;
    weights_build(system, &own->weights, network_count(&own->network), scale);
    free(scale);
}

static void release(struct system *system)
{
    struct mlp *own = system->own;
    for (int s = 0; s < system->samples; s++) {
        free(own->x[s]);
        free(own->label[s]);
        free(own->teacher[s]);
    }
    for (int t = 0; t < own->threads; t++)
        network_work_free(own->alone[t]);
    network_work_free(own->team);
    free(own->alone);
    free(own->train);
    free(own->test);
    free(own->x);
    free(own->label);
    free(own->teacher);
    free(own->width);
    weights_release(system);
}

/* ---- observables --------------------------------------------------------- */

static const struct observable observables[] = {
    WEIGHTS_OBSERVABLES,
    MLP_OBSERVABLES,
    {.name = NULL}};

static const struct derived derived[] = {WEIGHTS_DERIVED, {.name = NULL}};

const struct model model_mlp = {
    .name = "mlp",
    .summary = "multilayer perceptron: weights under the training loss of a "
               "teacher, a file, or random labels",
    .source = "Neal, Bayesian Learning for Neural Networks (1996)",
    .keys = &mlp_table,
    WEIGHTS_MODEL,
    .disorder = true,
    .u_definition = "training loss, summed over examples, + l2/2 |w|^2",
    .check = check,
    .build = build,
    .release = release,
    .planted = planted,
    .unplanted = unplanted,
    .likelihood_unit = mlp_likelihood_unit,
    .observables = observables,
    .derived = derived};

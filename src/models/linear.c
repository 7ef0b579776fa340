/* Linear regression, a model whose posterior is normal:

       u = 1/2 sum_mu (y_mu - x_mu . w)^2 + l2/2 |w|^2

   over `examples` examples; y = x . w* + noise with a teacher w* of variance 1
   and x normal of variance 1/N, or data from a file. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/disorder.h"
#include "core/examples.h"
#include "core/weights.h"
#include "systems/dropout.h"
#include "systems/overlaps.h"

#define LINEAR_KEYS(KEY)                                                     \
    EXAMPLES_KEYS(KEY, "20", "2 N",                                          \
                  "answers: a teacher's, at random, or from model.file")     \
    KEY(real, noise, "0.25", 0, 1e6, NULL, "", 0,                            \
        "variance of what is added to the teacher's answers, and of the "    \
        "likelihood in log_likelihood")                                      \
    WEIGHTS_KEYS(KEY, "gaussian", "1.0")
PARAM_STRUCT(linear_keys, LINEAR_KEYS);
#define PARAM_ROW_linear_keys(...) PARAM_ROW(linear_keys, __VA_ARGS__)
PARAM_TABLE(static, linear_table, "model", linear_keys, LINEAR_KEYS);

struct linear {
    struct weights weights; /* first */
    int64_t inputs, examples, tests;
    double *x; /* [samples][examples + tests][inputs] */
    double *y; /* [samples][examples + tests] */
    double *teacher; /* [samples][inputs]; NULL: of a file */
};

static const struct linear *linear(const struct system *system)
{
    return system->own;
}

static double dot(const double *a, const double *b, int64_t count)
{
    double sum = 0;
    for (int64_t i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

/* ---- data ---------------------------------------------------------------- */

static void draw_data(const struct system *system, struct linear *own)
{
    int64_t n = own->inputs, all = own->examples + own->tests;
    double noise = sqrt(section_real(system->keys, "noise", 0));
    size_t count = (size_t)(system->samples * all);
    own->x = mem_new(count * (size_t)n, sizeof *own->x);
    own->y = mem_new(count, sizeof *own->y);
    own->teacher = mem_new((size_t)(system->samples * n),
                           sizeof *own->teacher);
    for (int s = 0; s < system->samples; s++) {
        struct disorder disorder = disorder_of(system, s);
        double *x = own->x + s * all * n, *y = own->y + s * all;
        double *teacher = own->teacher + s * n;
        disorder_normal(&disorder, teacher, n, 0);
        disorder_normal(&disorder, x, all * n, 0);
        disorder_normal(&disorder, y, all, 0);
        for (int64_t i = 0; i < all * n; i++)
            x[i] /= sqrt((double)n);
        for (int64_t e = 0; e < all; e++)
            y[e] = dot(x + e * n, teacher, n) + noise * y[e];
    }
}

static void take_file(const struct system *system, struct linear *own)
{
    struct dataset *data = examples_take(system->keys, DATASET_REALS, 0);
    own->inputs = data->inputs;
    own->examples = data->examples - own->tests;
    own->x = data->x;
    own->y = data->y;
    data->x = data->y = NULL;
    dataset_free(data);
}

static struct quadratic quadratic_of(const struct linear *own, int sample)
{
    int64_t n = own->inputs, all = own->examples + own->tests;
    const double *x = own->x + sample * all * n, *y = own->y + sample * all;
    struct quadratic q = {.H = mem_new((size_t)(n * n), sizeof(double)),
                          .b = mem_new((size_t)n, sizeof(double))};
    for (int64_t e = 0; e < own->examples; e++, x += n) {
        for (int64_t i = 0; i < n; i++) {
            q.b[i] += y[e] * x[i];
            for (int64_t j = 0; j < n; j++)
                q.H[i * n + j] += x[i] * x[j];
        }
        q.constant += y[e] * y[e] / 2;
    }
    return q;
}

/* ---- the loss ------------------------------------------------------------ */

/* row[n] = the inputs x of example k of the batch, some of them dropped. */
static void drop(const struct dropout *dropout, int64_t k, int64_t n,
                 const double *x, double *row)
{
    dropout_times(dropout, k, n, 0, (int)n, row);
    for (int64_t i = 0; i < n; i++)
        row[i] *= x[i];
}

static size_t work_of(const struct system *system)
{
    return (size_t)linear(system)->inputs * sizeof(double);
}

static double loss(const struct system *system, const struct grad_at *at,
                   double *gradient)
{
    const struct linear *own = linear(system);
    int64_t n = own->inputs, all = own->examples + own->tests;
    const double *x = own->x + at->sample * all * n;
    const double *y = own->y + at->sample * all;
    double sum = 0;
    if (gradient)
        memset(gradient, 0, (size_t)n * sizeof *gradient);
    int64_t count = at->batch ? at->batch_size : own->examples;
    double times = (double)own->examples / (double)count;
    for (int64_t k = 0; k < count; k++) {
        int64_t e = at->batch ? at->batch[k] : k;
        const double *row = x + e * n;
        if (at->dropout) {
            drop(at->dropout, k, n, row, at->work);
            row = at->work;
        }
        double off = dot(row, at->x, n) - y[e];
        sum += off * off;
        for (int64_t i = 0; i < n && gradient; i++)
            gradient[i] += times * off * row[i];
    }
    return times * sum / 2;
}

static void check(const struct section *keys, struct err *err)
{
    const char *labels = section_text(keys, "labels", "teacher");
    weights_check(keys, "origin|random|planted", err);
    if (!strcmp(labels, "random"))
        err_add(err, EXIT_INPUT, section_where(keys, "labels"),
                "model.labels: \"random\" of a regression is a teacher of "
                "much noise; allowed: teacher, file");
    if (examples_from_file(keys) &&
        section_is(keys, "reference", "planted"))
        err_add(err, EXIT_INPUT, section_where(keys, "reference"),
                "model.reference: \"planted\": a file has no teacher");
    examples_check(keys, DATASET_REALS, 0, err);
}

static void build(struct system *system)
{
    const struct section *keys = system->keys;
    struct linear *own = mem_new(1, sizeof *own);
    size_t samples = (size_t)system->samples;
    own->inputs = section_integer(keys, "N", 20);
    own->examples = examples_count(keys);
    own->tests = section_integer(keys, "test_examples", 0);
    if (examples_from_file(keys))
        take_file(system, own);
    else
        draw_data(system, own);
    own->weights.loss = loss;
    own->weights.work = work_of;
    own->weights.drops = "inputs";
    own->weights.examples = own->examples;
    own->weights.quadratic = mem_new(samples, sizeof *own->weights.quadratic);
    for (int s = 0; s < system->samples; s++)
        own->weights.quadratic[s] = quadratic_of(own, s);
    system->own = own;
    weights_build(system, &own->weights, own->inputs, NULL);
}

static void release(struct system *system)
{
    struct linear *own = system->own;
    free(own->x);
    free(own->y);
    free(own->teacher);
    weights_release(system);
}

static void planted(const struct system *system, int sample, void *state)
{
    const struct linear *own = linear(system);
    memcpy(state, own->teacher + sample * own->inputs,
           (size_t)own->inputs * sizeof(double));
}

static const char *unplanted(const struct section *keys)
{
    return examples_from_file(keys) ? "a file has no teacher" : NULL;
}

/* ---- observables --------------------------------------------------------- */

/* 1/2 mean (y - x.w)^2 of `count` examples from `first` on. */
static double mean_loss(const struct system *system, int sample,
                        const double *w, int64_t first, int64_t count)
{
    const struct linear *own = linear(system);
    int64_t n = own->inputs;
    int64_t at = sample * (own->examples + own->tests) + first;
    double sum = 0;
    for (int64_t e = at; e < at + count; e++) {
        double off = dot(own->x + e * n, w, n) - own->y[e];
        sum += off * off;
    }
    return sum / 2 / (double)count;
}

static void training_loss(const struct system *system, int sample,
                       const void *state, double *out)
{
    *out = mean_loss(system, sample, state, 0, linear(system)->examples);
}

static void test_loss(const struct system *system, int sample,
                      const void *state, double *out)
{
    const struct linear *own = linear(system);
    *out = mean_loss(system, sample, state, own->examples, own->tests);
}

static const char *refuse_test(const struct system *system)
{
    return linear(system)->tests ? NULL : "model.test_examples is 0";
}

static const char *refuse_teacher(const struct system *system)
{
    return linear(system)->teacher ? NULL : "a file has no teacher";
}

static void excess_risk(const struct system *system, int sample,
                        const void *state, double *out)
{
    const struct linear *own = linear(system);
    const double *w = state, *teacher = own->teacher + sample * own->inputs;
    double sum = 0;
    for (int64_t i = 0; i < own->inputs; i++)
        sum += (w[i] - teacher[i]) * (w[i] - teacher[i]);
    *out = sum / (double)own->inputs;
}

static void teacher_overlap(const struct system *system, int sample,
                            const void *state, double *out)
{
    const struct linear *own = linear(system);
    *out = overlaps_cosine(own->inputs, state,
                           own->teacher + sample * own->inputs);
}

static void overlap(const struct system *system, int sample, const void *a,
                    const void *b, double *out)
{
    (void)sample;
    *out = overlaps_cosine(system->sites, a, b);
}

/* ---- likelihoods --------------------------------------------------------- */

enum { LIKELIHOODS_MOST = 4096 };

static double noise_of(const struct system *system)
{
    return section_real(system->keys, "noise", 0);
}

static int likelihoods(const struct system *system)
{
    return (int)linear(system)->examples;
}

static const char *no_likelihood(const struct system *system)
{
    if (noise_of(system) == 0)
        return "model.noise is 0";
    return linear(system)->examples <= LIKELIHOODS_MOST
               ? NULL : "more than 4096 training examples";
}

static void log_likelihood(const struct system *system, int sample,
                           const void *state, double *out)
{
    const double two_pi = 6.283185307179586477, noise = noise_of(system);
    for (int64_t e = 0; e < linear(system)->examples; e++)
        out[e] = -mean_loss(system, sample, state, e, 1) / noise -
                 log(two_pi * noise) / 2;
}

static const struct observable observables[] = {
    WEIGHTS_OBSERVABLES,
    {.name = "training_loss", .unit = "energy", .even = true,
     .of_state = training_loss,
     .definition = "1/2 (y - x.w)^2, mean over training examples"},
    {.name = "test_loss", .unit = "energy", .even = true,
     .of_state = test_loss, .refuses = refuse_test,
     .definition = "1/2 (y - x.w)^2, mean over test examples"},
    {.name = "excess_risk", .unit = "energy", .even = true,
     .of_state = excess_risk, .refuses = refuse_teacher,
     .definition = "|w - teacher|^2 / N: mean of (x.w - x.teacher)^2 over "
                   "all x"},
    {.name = "teacher_overlap", .unit = "1", .even = true,
     .of_state = teacher_overlap, .refuses = refuse_teacher,
     .definition = "cosine of w and the teacher"},
    {.name = "overlap", .unit = "1", .even = true, .of_pair = overlap,
     .definition = "cosine of the weights of two copies"},
    {.name = "log_likelihood", .unit = "nats", .axis = "example",
     .of_state = log_likelihood, .size = likelihoods,
     .refuses = no_likelihood,
     .definition = "ln of the normal density, of variance noise, of every "
                   "training answer; gives WAIC"},
    {.name = NULL}};

static const struct derived derived[] = {WEIGHTS_DERIVED, {.name = NULL}};

const struct model model_linear = {
    .name = "linear",
    .summary = "linear regression with a teacher: a normal posterior, exactly "
               "known",
    .source = "MacKay, Neural Comput. 4, 415 (1992)",
    .keys = &linear_table,
    WEIGHTS_MODEL,
    .disorder = true,
    .u_definition = "1/2 sum over examples of (y - x.w)^2 + l2/2 |w|^2",
    .check = check,
    .build = build,
    .release = release,
    .planted = planted,
    .unplanted = unplanted,
    .likelihood_unit = noise_of,
    .observables = observables,
    .derived = derived};

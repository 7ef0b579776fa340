/* Observables of multilayer perceptrons: losses, functions, probabilities. */
#include <math.h>
#include <omp.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "core/mlp.h"
#include "systems/overlaps.h"

const struct mlp *mlp_of(const struct system *system)
{
    return system->own;
}

struct network_work *mlp_work(const struct system *system)
{
    const struct mlp *own = mlp_of(system);
    return omp_in_parallel() ? own->alone[omp_get_thread_num() % own->threads]
                             : own->team;
}

static int outputs_of(const struct mlp *own)
{
    return own->network.width[own->network.layers];
}

/* ---- losses -------------------------------------------------------------- */

static double mean_score(const struct system *system,
                         const struct network_data *data, const void *state,
                         bool errors)
{
    int64_t wrong;
    double sum = network_score(mlp_work(system), data, state, &wrong, NULL);
    return (errors ? (double)wrong : sum) / (double)data->examples;
}

void mlp_training_loss(const struct system *system, int sample,
                       const void *state, double *out)
{
    *out = mean_score(system, &mlp_of(system)->train[sample], state, false);
}

void mlp_training_error(const struct system *system, int sample,
                        const void *state, double *out)
{
    *out = mean_score(system, &mlp_of(system)->train[sample], state, true);
}

void mlp_test_loss(const struct system *system, int sample,
                   const void *state, double *out)
{
    *out = mean_score(system, &mlp_of(system)->test[sample], state, false);
}

void mlp_test_error(const struct system *system, int sample,
                    const void *state, double *out)
{
    *out = mean_score(system, &mlp_of(system)->test[sample], state, true);
}

const char *mlp_refuse_test(const struct system *system)
{
    return mlp_of(system)->tests ? NULL : "model.test_examples is 0";
}

/* ---- layers -------------------------------------------------------------- */

int mlp_layers(const struct system *system)
{
    return mlp_of(system)->network.layers;
}

void mlp_layer_norms(const struct system *system, int sample,
                     const void *state, double *out)
{
    const struct network *network = &mlp_of(system)->network;
    const double *w = state;
    (void)sample;
    for (int l = 1; l <= network->layers; l++) {
        struct network_block block = network_block(network, l);
        double sum = 0;
        for (int64_t i = block.weights; i < block.end; i++)
            sum += w[i] * w[i];
        out[l - 1] = sum / (double)(block.end - block.weights);
    }
}

/* ---- functions of the inputs --------------------------------------------- */

static const struct network_data *looked_at(const struct mlp *own, int sample)
{
    return own->tests ? &own->test[sample] : &own->train[sample];
}

/* [examples][outputs]; free() */
static double *outputs(const struct system *system,
                       const struct network_data *data, const double *w)
{
    size_t count = (size_t)data->examples *
                   (size_t)outputs_of(mlp_of(system));
    double *f = mem_new(count, sizeof *f);
    network_score(mlp_work(system), data, w, NULL, f);
    return f;
}

void mlp_output_overlap(const struct system *system, int sample,
                        const void *a, const void *b, double *out)
{
    const struct mlp *own = mlp_of(system);
    const struct network_data *data = looked_at(own, sample);
    double *f = outputs(system, data, a), *g = outputs(system, data, b);
    *out = overlaps_cosine(data->examples * outputs_of(own), f, g);
    free(f);
    free(g);
}

/* The class of outputs f: the sign of one, the first largest of several. */
static int class_of(int outputs, const double *f)
{
    int best = 0;
    if (outputs == 1)
        return f[0] > 0;
    for (int k = 1; k < outputs; k++)
        if (f[k] > f[best])
            best = k;
    return best;
}

void mlp_disagreement(const struct system *system, int sample,
                      const void *a, const void *b, double *out)
{
    const struct mlp *own = mlp_of(system);
    const struct network_data *data = looked_at(own, sample);
    int each = outputs_of(own);
    int64_t differ = 0;
    double *f = outputs(system, data, a), *g = outputs(system, data, b);
    for (int64_t e = 0; e < data->examples; e++)
        differ += class_of(each, f + e * each) != class_of(each, g + e * each);
    *out = (double)differ / (double)data->examples;
    free(f);
    free(g);
}

/* ---- probabilities ------------------------------------------------------- */

const char *mlp_refuse_entropy(const struct system *system)
{
    enum network_loss loss = mlp_of(system)->network.loss;
    return loss == NETWORK_CROSS_ENTROPY || loss == NETWORK_GENERALISED
               ? NULL : "outputs of this loss are no probabilities";
}

/* p[max(2, outputs)] */
static int probabilities(int outputs, const double *f, double *p)
{
    if (outputs == 1) {
        double t = exp(-fabs(f[0])); /* of the other class */
        p[f[0] > 0] = 1 / (1 + t);
        p[!(f[0] > 0)] = t / (1 + t);
        return 2;
    }
    double most = f[class_of(outputs, f)], sum = 0;
    for (int k = 0; k < outputs; k++)
        sum += p[k] = exp(f[k] - most);
    for (int k = 0; k < outputs; k++)
        p[k] /= sum;
    return outputs;
}

/* Mean over examples of the entropy of the mean of p of f and of g. */
static double mean_entropy(const struct mlp *own,
                           const struct network_data *data, const double *f,
                           const double *g)
{
    int each = outputs_of(own);
    size_t classes = each > 2 ? (size_t)each : 2;
    double *p = mem_new(classes, sizeof *p), sum = 0;
    double *q = mem_new(classes, sizeof *q);
    for (int64_t e = 0; e < data->examples; e++) {
        int count = probabilities(each, f + e * each, p);
        probabilities(each, g + e * each, q);
        for (int k = 0; k < count; k++) {
            double mean = (p[k] + q[k]) / 2;
            sum -= mean > 0 ? mean * log(mean) : 0;
        }
    }
    free(p);
    free(q);
    return sum / (double)data->examples;
}

void mlp_entropy(const struct system *system, int sample, const void *state,
                 double *out)
{
    const struct network_data *data = looked_at(mlp_of(system), sample);
    double *f = outputs(system, data, state);
    *out = mean_entropy(mlp_of(system), data, f, f);
    free(f);
}

void mlp_mixture_entropy(const struct system *system, int sample,
                         const void *a, const void *b, double *out)
{
    const struct network_data *data = looked_at(mlp_of(system), sample);
    double *f = outputs(system, data, a), *g = outputs(system, data, b);
    *out = mean_entropy(mlp_of(system), data, f, g);
    free(f);
    free(g);
}

/* ---- likelihoods --------------------------------------------------------- */

int mlp_likelihoods(const struct system *system)
{
    return (int)mlp_of(system)->train[0].examples;
}

const char *mlp_refuse_likelihood(const struct system *system)
{
    const struct mlp *own = mlp_of(system);
    if (own->network.loss != NETWORK_CROSS_ENTROPY)
        return "only loss = \"cross_entropy\" is -ln p";
    return own->train[0].examples <= LIKELIHOODS_MOST
               ? NULL : "more than 4096 training examples";
}

void mlp_log_likelihood(const struct system *system, int sample,
                        const void *state, double *out)
{
    const struct mlp *own = mlp_of(system);
    const struct network_data *data = &own->train[sample];
    double *f = outputs(system, data, state);
    for (int64_t e = 0; e < data->examples; e++)
        out[e] = -network_example(&own->network, data, e,
                                  f + e * outputs_of(own), NULL);
    free(f);
}

double mlp_likelihood_unit(const struct system *system)
{
    (void)system;
    return 1;
}

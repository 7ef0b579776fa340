/* What model mlp keeps, and the observables of its networks. */
#ifndef TEMPERA_CORE_MLP_H
#define TEMPERA_CORE_MLP_H
#include "core/weights.h"
#include "systems/network.h"

struct mlp {
    struct weights weights; /* first */
    struct network network;
    int *width;
    int64_t tests;
    struct network_data *train, *test; /* [samples] */
    void **x;                          /* [samples] theirs */
    int32_t **label;
    double **teacher;                  /* [samples] its weights, or NULL */
    int threads;
    struct network_work **alone; /* [threads] a thread's own, */
    struct network_work *team;   /* or that of all */
};

/* system->own of a system of model mlp. */
const struct mlp *mlp_of(const struct system *system);
/* Room for evaluations by the calling thread, or by the team. */
struct network_work *mlp_work(const struct system *system);

/* Functions of a network are looked at on the test inputs, on the training
   inputs where there are none. Units are those of the first hidden layer,
   matched as systems/overlaps.h says; biases are left out. */
enum { MLP_UNITS_MOST = 512, MLP_MATRIX_MOST = 64, LIKELIHOODS_MOST = 4096 };

void mlp_training_loss(const struct system *system, int sample,
                       const void *state, double *out);
void mlp_training_error(const struct system *system, int sample,
                        const void *state, double *out);
void mlp_test_loss(const struct system *system, int sample,
                   const void *state, double *out);
void mlp_test_error(const struct system *system, int sample,
                    const void *state, double *out);
const char *mlp_refuse_test(const struct system *system);
int mlp_layers(const struct system *system);
void mlp_layer_norms(const struct system *system, int sample,
                     const void *state, double *out);

void mlp_teacher_overlap(const struct system *system, int sample,
                         const void *state, double *out);
void mlp_teacher_overlaps(const struct system *system, int sample,
                          const void *state, double *out);
void mlp_self_overlaps(const struct system *system, int sample,
                       const void *state, double *out);
void mlp_overlap(const struct system *system, int sample, const void *a,
                 const void *b, double *out);
void mlp_pair_overlaps(const struct system *system, int sample,
                       const void *a, const void *b, double *out);
int mlp_pairs_of_units(const struct system *system);
const char *mlp_refuse_match(const struct system *system);
const char *mlp_refuse_teacher(const struct system *system);
const char *mlp_refuse_matrix(const struct system *system);
const char *mlp_refuse_teacher_matrix(const struct system *system);

void mlp_output_overlap(const struct system *system, int sample,
                        const void *a, const void *b, double *out);
void mlp_disagreement(const struct system *system, int sample,
                      const void *a, const void *b, double *out);
void mlp_entropy(const struct system *system, int sample, const void *state,
                 double *out);
void mlp_mixture_entropy(const struct system *system, int sample,
                         const void *a, const void *b, double *out);
const char *mlp_refuse_entropy(const struct system *system);

int mlp_likelihoods(const struct system *system);
void mlp_log_likelihood(const struct system *system, int sample,
                        const void *state, double *out);
const char *mlp_refuse_likelihood(const struct system *system);
double mlp_likelihood_unit(const struct system *system);

#define MLP_OBSERVABLES                                                      \
    {.name = "training_loss", .unit = "energy", .even = true,                \
     .of_state = mlp_training_loss,                                          \
     .definition = "loss, mean over training examples"},                     \
    {.name = "training_error", .unit = "fraction", .even = true,             \
     .of_state = mlp_training_error,                                         \
     .definition = "fraction of training examples misclassified"},           \
    {.name = "test_loss", .unit = "energy", .even = true,                    \
     .of_state = mlp_test_loss, .refuses = mlp_refuse_test,                  \
     .definition = "loss, mean over test examples"},                         \
    {.name = "test_error", .unit = "fraction", .even = true,                 \
     .of_state = mlp_test_error, .refuses = mlp_refuse_test,                 \
     .definition = "fraction of test examples misclassified"},               \
    {.name = "layer_norm_2", .unit = "1", .even = true, .axis = "layer",     \
     .of_state = mlp_layer_norms, .size = mlp_layers,                        \
     .definition = "mean square of a layer's weights and biases"},           \
    {.name = "teacher_overlap", .unit = "1", .even = true,                   \
     .of_state = mlp_teacher_overlap, .refuses = mlp_refuse_teacher,         \
     .definition = "cosine of the first layer's units with the teacher's, "  \
                   "mean over units matched best (sign free where the "      \
                   "activation is odd)"},                                    \
    {.name = "teacher_overlaps", .unit = "1", .axis = "K k + l",             \
     .of_state = mlp_teacher_overlaps, .size = mlp_pairs_of_units,           \
     .refuses = mlp_refuse_teacher_matrix,                                   \
     .definition = "R_kl = w_k.w*_l of first-layer units, k the unit "       \
                   "matched to the teacher's k"},                            \
    {.name = "self_overlaps", .unit = "1", .axis = "K k + l",                \
     .of_state = mlp_self_overlaps, .size = mlp_pairs_of_units,              \
     .refuses = mlp_refuse_teacher_matrix,                                   \
     .definition = "Q_kl = w_k.w_l of first-layer units, k the unit "        \
                   "matched to the teacher's k"},                            \
    {.name = "overlap", .unit = "1", .even = true, .of_pair = mlp_overlap,   \
     .refuses = mlp_refuse_match,                                            \
     .definition = "cosine of the first layer's units of two copies, mean "  \
                   "over units matched best"},                               \
    {.name = "pair_overlaps", .unit = "1", .axis = "K k + l",                \
     .of_pair = mlp_pair_overlaps, .size = mlp_pairs_of_units,               \
     .refuses = mlp_refuse_matrix,                                           \
     .definition = "q_kl = w_k.w'_l of first-layer units of two copies, "    \
                   "matched to the teacher's, else to each other"},          \
    {.name = "output_overlap", .unit = "1", .even = true,                    \
     .of_pair = mlp_output_overlap,                                          \
     .definition = "cosine of two copies' outputs on the test (without: "    \
                   "training) inputs"},                                      \
    {.name = "disagreement", .unit = "fraction", .even = true,               \
     .of_pair = mlp_disagreement,                                            \
     .definition = "fraction of test (without: training) inputs that two "   \
                   "copies classify differently"},                           \
    {.name = "prediction_entropy", .unit = "nats", .even = true,             \
     .of_state = mlp_entropy, .refuses = mlp_refuse_entropy,                 \
     .definition = "entropy of one network's class probabilities, mean "     \
                   "over test (without: training) inputs"},                  \
    {.name = "mixture_entropy", .unit = "nats", .even = true,                \
     .of_pair = mlp_mixture_entropy, .refuses = mlp_refuse_entropy,          \
     .definition = "the same of the mean probabilities of two copies; less " \
                   "prediction_entropy: what they disagree about"},          \
    {.name = "log_likelihood", .unit = "nats", .axis = "example",            \
     .of_state = mlp_log_likelihood, .size = mlp_likelihoods,                \
     .refuses = mlp_refuse_likelihood,                                       \
     .definition = "ln p_y of every training example; gives WAIC"}

#endif

/* What models of binary weights w = -1, +1 share that learn examples
   (system->patterns): u_1 is the sum over the training examples of a loss, an
   integer times a unit. With a reference w' u_2, component "tether", is the
   number of weights that are not the same in w and w'; with beta = 0 weights
   are then independent at any tether: ln Z = N ln(1 + exp(-tether)).

   States are int8 spins; statistics are { loss in units, wrongly classified
   training examples, w.w* with the teacher, else 0, u_2, else 0 }. */
#ifndef TEMPERA_CORE_LEARNER_H
#define TEMPERA_CORE_LEARNER_H
#include "core/examples.h"
#include "core/spins.h"
#include "core/tether.h"
#include "systems/patterns.h"

struct disorder;

enum { LEARNER_STATISTICS = 4 };

#define LEARNER_KEYS(KEY)                                                    \
    EXAMPLES_KEYS(KEY, "101", "as alpha says",                               \
        "teacher: what random weights w* say, undecided examples are drawn " \
        "again; random: +-1; file: as model.file says, -1 or 1")             \
    KEY(real, alpha, "0.5", 0, 1e6, NULL, "examples/input", 0,               \
        "alpha N training examples, rounded, at least one")                  \
    KEY(real, label_noise, "0.0", 0, 1, NULL, "", 0,                         \
        "chance that a teacher's training label is turned")                  \
    KEY(text, inputs, "pm1", 0, 0, "pm1|gaussian", "", 0,                    \
        "drawn inputs: +-1, or normal of variance 1")                        \
    TETHER_KEYS(KEY, "w* of the tether, u_2 = how many weights differ: "     \
                     "random, planted")

/* All but model.loss and kappa against each other. tree: units divide N. */
void learner_check(const struct section *keys, int units, bool tree,
                   struct err *err);
/* How many; set: of a file, or NULL. */
struct learner_counts { int64_t inputs, train, test; };
struct learner_counts learner_counts(const struct section *keys,
                                     const struct dataset *set);
/* Draws the examples of a sample. take() keeps x[inputs] as example number
   mu and returns what the teacher says of it, 1 or -1; 0: undecided, another
   is drawn. At last it is taken turned by its label; random labels are as
   random as no turn. */
struct lesson {
    void *keeper;
    bool signs;   /* x = +-1 */
    bool teacher; /* labels are the teacher's */
    int (*take)(void *keeper, int sample, int64_t mu, const double *x);
};
void learner_draw(const struct system *system, int sample,
                  struct disorder *disorder, const struct lesson *lesson);
/* Loss and kappa are keys. units 1: a perceptron. */
void learner_build(struct system *system, int units, bool tree);
/* Why run.start = "planted" is not offered, or NULL. */
const char *learner_unplanted(const struct section *keys);
void learner_planted(const struct system *system, int sample, void *state);

void learner_measure(const struct system *system, int sample,
                     const void *state, double *statistics);
void learner_u(const struct system *system, const double *statistics,
               double *u);
double learner_variance(const struct system *system, int k);
/* system->patterns->reference, and the components that follow from it. */
void learner_set_reference(struct system *system);
bool learner_exact_at(const struct system *system, const double *lambda,
                      double *ln_z);
void learner_draw_weights(const struct system *system, int sample,
                  const struct draws *draws, enum rng_purpose purpose,
                  void *state);
void learner_draw_weights_at(const struct system *system, int sample,
                     const double *lambda, const struct draws *draws,
                     enum rng_purpose purpose, void *state);
/* The chance that a weight is not the reference's when drawn at beta = 0. */
double learner_apart(double tether);
extern const struct local learner_local;
extern const struct distance learner_distance;

/* ---- observables ------------------------------------------------------- */

bool learner_even(const struct system *system);
const char *learner_no_teacher(const struct system *system);
const char *learner_no_test(const struct system *system);
const char *learner_no_reference(const struct system *system);
double learner_distance_of(const struct system *system,
                           const double *statistics);
double learner_training_error(const struct system *system,
                              const double *statistics);
double learner_teacher_overlap(const struct system *system,
                               const double *statistics);
void learner_test_error(const struct system *system, int sample,
                        const void *state, double *out);

#define LEARNER_OBSERVABLES                                                  \
    {.name = "energy", .unit = "loss", .per_site = true, .integer = true,    \
     .even = true, .of = order_energy, .definition = "u / N, N weights"},    \
    {.name = "training_error", .unit = "1", .integer = true, .even = true,   \
     .of = learner_training_error,                                           \
     .definition = "fraction of training examples classified wrongly "       \
                   "(label times output <= 0)"},                             \
    {.name = "test_error", .unit = "1", .integer = true, .even = true,       \
     .of_state = learner_test_error, .refuses = learner_no_test,             \
     .definition = "fraction of test examples classified wrongly"},          \
    {.name = "teacher_overlap", .unit = "1", .per_site = true,               \
     .integer = true, .even_when = learner_even,                             \
     .of = learner_teacher_overlap, .refuses = learner_no_teacher,           \
     .definition = "R = w.w* / N, the teacher's weights w*"},                \
    {.name = "distance", .unit = "1", .per_site = true, .integer = true,     \
     .even_when = learner_even, .of = learner_distance_of,                   \
     .refuses = learner_no_reference,                                        \
     .definition = "fraction of weights that are not the reference's"},      \
    {.name = "overlap", .unit = "1", .per_site = true, .integer = true,      \
     .even_when = learner_even, .of_pair = spins_overlap,                    \
     .definition = "q = w.w' / N of two copies"}

#define LEARNER_MODEL                                                        \
    .components = 2, .component = {"beta", "tether"}, .u_unit = "loss",      \
    .u_integer = true, .disorder = true, .fields = spins_fields,             \
    .statistics = LEARNER_STATISTICS, .measure = learner_measure,            \
    .u = learner_u, .reference = "counting", .exact_at = learner_exact_at,   \
    .draw = learner_draw_weights, .draw_at = learner_draw_weights_at,        \
    .ordered = spins_ordered, .distance = &learner_distance,                 \
    .planted = learner_planted, .unplanted = learner_unplanted,              \
    .variance = learner_variance, .local = &learner_local

#endif

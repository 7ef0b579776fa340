/* What perceptrons of real weights share (core/learner.h has the binary ones,
   and the keys): u is the sum over the training examples of a loss of their
   stability h = y x.w / sqrt(N) (systems/stability.h), plus l2/2 |w|^2.

       weights "spherical"  |w|^2 = N, m uniform on that sphere
       weights "gaussian"   m = prod N(0, prior_scale^2)

   The teacher is a random vector of |w*|^2 = N. States are doubles and a
   struct weights (core/weights.h) stands behind them. Facet moves: on the
   sphere two weights, the second one at random, turn in their plane by 2
   atan(v), v uniform within the step; a normal weight moves by an
   autoregression that leaves m alone. Either takes one pass over the examples,
   whose stabilities are made afresh every sweep. */
#ifndef TEMPERA_CORE_REAL_LEARNER_H
#define TEMPERA_CORE_REAL_LEARNER_H
#include "core/learner.h"
#include "core/weights.h"

enum { REAL_ERRORS = WEIGHTS_STATISTICS, /* training examples that are wrong */
       REAL_TEACHER,                     /* w.w*, 0 without a teacher */
       REAL_LEAST,                       /* smallest h */
       REAL_STATISTICS };

void real_learner_check(const struct section *keys, struct err *err);
void real_learner_build(struct system *system);
void real_learner_release(struct system *system);
void real_learner_measure(const struct system *system, int sample,
                          const void *state, double *statistics);
void real_learner_planted(const struct system *system, int sample,
                          void *state);
const char *real_learner_no_grad(const struct section *keys);
extern const struct moves real_learner_moves;

/* ---- observables ------------------------------------------------------- */

bool real_learner_even(const struct system *system);
const char *real_learner_no_teacher(const struct system *system);
const char *real_learner_no_test(const struct system *system);
const char *real_learner_no_norm(const struct system *system);
double real_learner_training_error(const struct system *system,
                                   const double *statistics);
double real_learner_teacher_overlap(const struct system *system,
                                    const double *statistics);
double real_learner_least(const struct system *system,
                          const double *statistics);
void real_learner_test_error(const struct system *system, int sample,
                             const void *state, double *out);
void real_learner_overlap(const struct system *system, int sample,
                          const void *a, const void *b, double *out);

#define REAL_LEARNER_OBSERVABLES                                             \
    {.name = "energy", .unit = "loss", .per_site = true, .even = true,       \
     .of = weights_energy, .definition = "u / N, N weights"},                \
    {.name = "training_error", .unit = "1", .even = true,                    \
     .of = real_learner_training_error,                                      \
     .definition = "fraction of training examples classified wrongly"},      \
    {.name = "test_error", .unit = "1", .even = true,                        \
     .of_state = real_learner_test_error, .refuses = real_learner_no_test,   \
     .definition = "fraction of test examples classified wrongly"},          \
    {.name = "teacher_overlap", .unit = "1", .per_site = true,               \
     .even_when = real_learner_even, .of = real_learner_teacher_overlap,     \
     .refuses = real_learner_no_teacher,                                     \
     .definition = "R = w.w* / (|w| |w*|), the teacher's weights w*"},       \
    {.name = "overlap", .unit = "1", .per_site = true,                       \
     .even_when = real_learner_even, .of_pair = real_learner_overlap,        \
     .definition = "q = w.w' / (|w| |w'|) of two copies"},                   \
    {.name = "norm_2", .unit = "1", .per_site = true, .even = true,          \
     .of = weights_norm_2, .refuses = real_learner_no_norm,                  \
     .definition = "|w|^2 / N"},                                             \
    {.name = "least_stability", .unit = "1",                                 \
     .even_when = real_learner_even, .of = real_learner_least,               \
     .definition = "smallest y x.w / |w| of a training example"}

#define REAL_LEARNER_MODEL                                                   \
    .components = 1, .component = {"beta"}, .u_unit = "loss",                \
    .site = "weight", .disorder = true, .fields = weights_fields,            \
    .build = real_learner_build, .release = real_learner_release,            \
    .statistics = REAL_STATISTICS,                                           \
    .measure = real_learner_measure, .u = weights_u, .reference = "prior",   \
    .exact_at = weights_exact_at, .draw = weights_draw,                      \
    .draw_at = weights_draw_at, .ordered = weights_ordered,                  \
    .planted = real_learner_planted, .unplanted = learner_unplanted,         \
    .variance = weights_variance, .moves = &real_learner_moves,              \
    .grad = &weights_grad, .no_grad = real_learner_no_grad

#endif

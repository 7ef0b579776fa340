/* Perceptrons: P = alpha N examples x with labels y, learned by weights w;
   u is the sum over the training examples of a loss of the margin
   y w.x / sqrt(N) - kappa (systems/margin.h). With loss = "symmetric" the
   constraint is |w.x| / sqrt(N) <= kappa, and u counts those that are broken
   (Aubin, Perkins, Zdeborova, J. Phys. A 52, 294003 (2019)). */
#include <math.h>
#include <string.h>

#include "core/learner.h"
#include "core/saddle_point.h"

#define PERCEPTRON_KEYS(KEY)                                                 \
    LEARNER_KEYS(KEY)                                                        \
    KEY(text, weights, "binary", 0, 0, "binary", "", 0, "w = -1, +1")        \
    KEY(text, loss, "step", 0, 0, MARGIN_NAMES, "", 0,                       \
        "of t = y w.x / sqrt(N) - kappa: step counts t <= 0; perceptron "    \
        "max(0, -t); hinge max(0, 1 - t); logistic ln(1 + exp(-t)); "        \
        "symmetric counts |w.x| / sqrt(N) > kappa")                          \
    KEY(real, kappa, "0.0", -1e3, 1e3, NULL, "", 0, "margin")
PARAM_STRUCT(perceptron_keys, PERCEPTRON_KEYS);
#define PARAM_ROW_perceptron_keys(...) PARAM_ROW(perceptron_keys, __VA_ARGS__)
PARAM_TABLE(static, perceptron_table, "model", perceptron_keys,
            PERCEPTRON_KEYS);

static void check(const struct section *keys, struct err *err)
{
    double n = (double)section_integer(keys, "N", 1);
    double kappa = section_real(keys, "kappa", 0);
    learner_check(keys, 1, false, err);
    if (!strcmp(section_text(keys, "loss", ""), "symmetric") &&
        kappa * sqrt(n) < 1)
        err_add(err, EXIT_INPUT, section_where(keys, "kappa"),
                "model.kappa: loss \"symmetric\" needs at least 1 / sqrt(N), "
                "%.3g", 1 / sqrt(n));
}

static void build(struct system *system)
{
    learner_build(system, 1, false);
}

static double generalization(const struct system *system,
                             const double *statistics)
{
    const double pi = 3.14159265358979323846;
    return acos(learner_teacher_overlap(system, statistics)) / pi;
}

static const struct observable observables[] = {
    LEARNER_OBSERVABLES,
    {.name = "generalization_error", .unit = "1", .even_when = learner_even,
     .of = generalization, .refuses = learner_no_teacher,
     .definition = "arccos(R) / pi, the chance that w and the teacher "
                   "disagree on a normal input"},
    {.name = NULL}};

static const struct derived derived[] = {SADDLE_POINT_DERIVED,
                                         {.name = NULL}};

const struct model model_perceptron = {
    .name = "perceptron",
    .site = "weight",
    .summary = "one layer of weights learns random or a teacher's examples",
    .source = "Gardner, Derrida, J. Phys. A 21, 271 (1988); Krauth, Mezard, "
              "J. Phys. France 50, 3057 (1989)",
    .keys = &perceptron_table,
    LEARNER_MODEL,
    .u_definition = "sum over training examples of the loss",
    .check = check,
    .build = build,
    .observables = observables,
    .derived = derived};

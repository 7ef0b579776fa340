/* Perceptrons: P = alpha N examples x with labels y, learned by weights w,
   binary or real; u is the sum over the training examples of a loss of the
   margin y w.x / sqrt(N) - kappa (systems/margin.h). With loss = "symmetric"
   the constraint is |w.x| / sqrt(N) <= kappa, and u counts those broken (Aubin,
   Perkins, Zdeborova, J. Phys. A 52, 294003 (2019)). */
#include <math.h>
#include <string.h>

#include "core/real_learner.h"
#include "core/saddle_point.h"

#define PERCEPTRON_KEYS(KEY)                                                 \
    LEARNER_KEYS(KEY)                                                        \
    KEY(text, weights, "binary", 0, 0, "binary|spherical|gaussian", "", 0,   \
        "w = -1, +1; |w|^2 = N, m uniform on that sphere; normal of width "  \
        "prior_scale by m")                                                  \
    KEY(text, loss, "step", 0, 0, MARGIN_NAMES, "", 0,                       \
        "of t = y w.x / sqrt(N) - kappa: step counts t <= 0; perceptron "    \
        "max(0, -t); hinge max(0, 1 - t); logistic ln(1 + exp(-t)); "        \
        "symmetric counts |w.x| / sqrt(N) > kappa; linear -t: the Hebb rule "\
        "at T = 0")                                                          \
    KEY(real, kappa, "0.0", -1e3, 1e3, NULL, "", 0, "margin")                \
    KEY(real, prior_scale, "1.0", 1e-6, 1e6, NULL, "", 0,                    \
        "of weights = \"gaussian\": width of a weight")                      \
    KEY(real, l2, "0.0", 0, 1e12, NULL, "loss", 0,                           \
        "of weights = \"gaussian\": adds l2/2 |w|^2 to u, which temperature "\
        "tempers")
PARAM_STRUCT(perceptron_keys, PERCEPTRON_KEYS);
#define PARAM_ROW_perceptron_keys(...) PARAM_ROW(perceptron_keys, __VA_ARGS__)
PARAM_TABLE(static, perceptron_table, "model", perceptron_keys,
            PERCEPTRON_KEYS);

static bool are_binary(const struct section *keys)
{
    return !strcmp(section_text(keys, "weights", "binary"), "binary");
}

static void check_binary(const struct section *keys, struct err *err)
{
    double n = (double)section_integer(keys, "N", 1);
    double kappa = section_real(keys, "kappa", 0);
    learner_check(keys, 1, false, err);
    if (section_is(keys, "loss", "symmetric") &&
        kappa * sqrt(n) < 1)
        err_add(err, EXIT_INPUT, section_where(keys, "kappa"),
                "model.kappa: loss \"symmetric\" needs at least 1 / sqrt(N), "
                "%.3g", 1 / sqrt(n));
}

/* The key's default is always good: effective inputs have all keys. */
static void check_normal(const struct section *keys, const char *key,
                         double initial, struct err *err)
{
    if (!section_is(keys, "weights", "gaussian") &&
        section_real(keys, key, initial) != initial)
        err_add(err, EXIT_INPUT, section_where(keys, key),
                "model.%s: goes with model.weights = \"gaussian\"", key);
}

static void check(const struct section *keys, struct err *err)
{
    check_normal(keys, "prior_scale", 1, err);
    check_normal(keys, "l2", 0, err);
    if (are_binary(keys))
        check_binary(keys, err);
    else
        real_learner_check(keys, err);
}

static void build(struct system *system)
{
    learner_build(system, 1, false);
}

static double disagreement(double R)
{
    const double pi = 3.14159265358979323846;
    return acos(R) / pi;
}

static double generalization(const struct system *system,
                             const double *statistics)
{
    return disagreement(learner_teacher_overlap(system, statistics));
}

static double real_generalization(const struct system *system,
                                  const double *statistics)
{
    return disagreement(real_learner_teacher_overlap(system, statistics));
}

#define GENERALIZATION                                                       \
    .name = "generalization_error", .unit = "1",                             \
    .definition = "arccos(R) / pi, the chance that w and the teacher "       \
                  "disagree on a normal input"

static const struct observable observables[] = {
    LEARNER_OBSERVABLES,
    {GENERALIZATION, .of = generalization, .even_when = learner_even,
     .refuses = learner_no_teacher},
    {.name = NULL}};

static const struct derived derived[] = {SADDLE_POINT_DERIVED,
                                         {.name = NULL}};

static const struct observable real_observables[] = {
    REAL_LEARNER_OBSERVABLES,
    {GENERALIZATION, .of = real_generalization,
     .even_when = real_learner_even, .refuses = real_learner_no_teacher},
    {.name = NULL}};

#define PERCEPTRON                                                           \
    .name = "perceptron", .keys = &perceptron_table, .check = check,         \
    .source = "Gardner, Derrida, J. Phys. A 21, 271 (1988); Krauth, "        \
              "Mezard, J. Phys. France 50, 3057 (1989)"

static const struct model real = {
    PERCEPTRON,
    .summary = "weights = \"spherical\" or \"gaussian\": real ones",
    REAL_LEARNER_MODEL,
    .u_definition = "sum over training examples of the loss + l2/2 |w|^2",
    .observables = real_observables,
    .derived = derived};

const struct model model_perceptron = {
    PERCEPTRON,
    .site = "weight",
    .summary = "one layer of weights learns random or a teacher's examples",
    .other = &real,
    .takes = are_binary,
    LEARNER_MODEL,
    .u_definition = "sum over training examples of the loss",
    .build = build,
    .observables = observables,
    .derived = derived};

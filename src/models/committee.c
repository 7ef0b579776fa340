/* Committee machines: K hidden units vote, the output is sum_k
   sign(w_k.x_k), sign(0) = 0. In a tree unit k sees the k-th block of N / K
   inputs; otherwise all see all inputs, with N weights each. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/learner.h"
#include "systems/overlaps.h"

#define COMMITTEE_KEYS(KEY)                                                  \
    LEARNER_KEYS(KEY)                                                        \
    KEY(integer, K, "3", 2, 1000, NULL, "units", 0, "hidden units")          \
    KEY(flag, tree, "true", 0, 0, NULL, "", 0,                               \
        "each unit has inputs of its own; false: N weights each")            \
    KEY(text, loss, "step", 0, 0, "step|perceptron|hinge|logistic", "", 0,   \
        "of t = y sum_k sign(w_k.x_k) / sqrt(K) - kappa: step counts "       \
        "t <= 0; perceptron max(0, -t); hinge max(0, 1 - t); logistic "      \
        "ln(1 + exp(-t))")                                                   \
    KEY(real, kappa, "0.0", -1e3, 1e3, NULL, "", 0, "margin")
PARAM_STRUCT(committee_keys, COMMITTEE_KEYS);
#define PARAM_ROW_committee_keys(...) PARAM_ROW(committee_keys, __VA_ARGS__)
PARAM_TABLE(static, committee_table, "model", committee_keys,
            COMMITTEE_KEYS);

static int units(const struct section *keys)
{
    return (int)section_integer(keys, "K", 2);
}

static bool tree(const struct section *keys)
{
    return *(const bool *)section_value(keys, "tree");
}

static void check(const struct section *keys, struct err *err)
{
    learner_check(keys, units(keys), tree(keys), err);
}

static void build(struct system *system)
{
    learner_build(system, units(system->keys), tree(system->keys));
}

/* ---- overlaps of units -------------------------------------------------- */

static int pairs_of_units(const struct system *system)
{
    return system->patterns->units * system->patterns->units;
}

/* out[k K + l] = w_k.v_l / (weights of a unit) */
static void unit_overlaps(const struct patterns *p, const int8_t *w,
                          const int8_t *v, double *out)
{
    int64_t each = p->weights / p->units;
    for (int k = 0; k < p->units; k++)
        for (int l = 0; l < p->units; l++) {
            int64_t sum = 0;
            for (int64_t i = 0; i < each; i++)
                sum += w[k * each + i] * v[l * each + i];
            out[k * p->units + l] = (double)sum / (double)each;
        }
}

static void teacher_overlaps(const struct system *system, int sample,
                             const void *state, double *out)
{
    const struct patterns *p = system->patterns;
    unit_overlaps(p, state, p->teacher + sample * p->weights, out);
}

static const char *not_connected(const struct system *system)
{
    const struct patterns *p = system->patterns;
    return p->blocks > 1 ? "units of a tree have no inputs in common"
                         : learner_no_teacher(system);
}

enum { MATCHED_MOST = 512 };

static const char *no_names(const struct system *system)
{
    const struct patterns *p = system->patterns;
    return p->blocks > 1 ? "units of a tree are known by their inputs"
           : p->units > MATCHED_MOST ? "more than 512 hidden units" : NULL;
}

static const char *no_match(const struct system *system)
{
    const char *no = no_names(system);
    return no ? no : learner_no_teacher(system);
}

/* The units of w in the order that suits v best; all alike, so that names may
   change, and signs may not. */
static double matched(const struct patterns *p, const int8_t *w,
                      const int8_t *v)
{
    double *product = mem_new((size_t)p->units * (size_t)p->units,
                              sizeof *product);
    int *unit = mem_new((size_t)p->units, sizeof *unit);
    unit_overlaps(p, w, v, product);
    double sum = overlaps_match_products(p->units, product, unit);
    free(product);
    free(unit);
    return sum / p->units;
}

static void matched_teacher(const struct system *system, int sample,
                            const void *state, double *out)
{
    const struct patterns *p = system->patterns;
    *out = matched(p, state, p->teacher + sample * p->weights);
}

static void matched_pair(const struct system *system, int sample,
                         const void *a, const void *b, double *out)
{
    (void)sample;
    *out = matched(system->patterns, a, b);
}

static const struct observable observables[] = {
    LEARNER_OBSERVABLES,
    {.name = "teacher_overlaps", .unit = "1", .axis = "K k + l",
     .integer = true, .of_state = teacher_overlaps, .size = pairs_of_units,
     .refuses = not_connected,
     .definition = "R_kl = w_k.w*_l / N of all hidden units, teacher's l"},
    {.name = "matched_teacher_overlap", .unit = "1", .even = true,
     .of_state = matched_teacher, .refuses = no_match,
     .definition = "teacher_overlap after the renaming of hidden units that "
                   "makes it largest"},
    {.name = "matched_overlap", .unit = "1", .even = true,
     .of_pair = matched_pair, .refuses = no_names,
     .definition = "overlap after the renaming of hidden units that makes it "
                   "largest"},
    {.name = NULL}};

const struct model model_committee = {
    .name = "committee",
    .site = "weight",
    .summary = "committee machine of binary weights, a tree or connected",
    .source = "Barkai, Hansel, Sompolinsky, Phys. Rev. A 45, 4146 (1992)",
    .keys = &committee_table,
    LEARNER_MODEL,
    .u_definition = "sum over training examples of the loss",
    .check = check,
    .build = build,
    .observables = observables};

#include "core/learner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/disorder.h"

static const struct patterns *patterns(const struct system *system)
{
    return system->patterns;
}

/* ---- keys -------------------------------------------------------------- */

struct learner_counts learner_counts(const struct section *keys,
                                     const struct dataset *set)
{
    struct learner_counts c = {
        .inputs = section_integer(keys, "N", 1),
        .train = section_integer(keys, "examples", 0),
        .test = section_integer(keys, "test_examples", 0)};
    if (set) {
        c.inputs = set->inputs;
        c.train = set->examples - c.test;
    } else if (!c.train) {
        c.train = llrint(section_real(keys, "alpha", 0) * (double)c.inputs);
        c.train = c.train ? c.train : 1;
    }
    return c;
}

static void check_size(const struct section *keys, struct learner_counts c,
                       struct err *err)
{
    const double most = 4e9;
    double each = section_is(keys, "inputs", "gaussian") ? 4 : 0.125;
    double samples = (double)section_integer(keys, "samples", 1);
    double bytes = samples * ((double)c.train + (double)c.test) * each *
                   (double)c.inputs;
    if (bytes > most)
        err_add(err, EXIT_INPUT, section_where(keys, "N"),
                "model.N: %lld examples of %lld inputs in %.0f samples take "
                "%.3g GB; at most %.0f GB", (long long)(c.train + c.test),
                (long long)c.inputs, samples, bytes / 1e9, most / 1e9);
}

static void check_tree(const struct section *keys, int64_t inputs, int units,
                       struct err *err)
{
    if (inputs % units)
        err_add(err, EXIT_INPUT, section_where(keys, "K"),
                "model.K: %d hidden units of a tree do not divide %lld "
                "inputs", units, (long long)inputs);
}

static void check_labels(const struct section *keys,
                         const struct dataset *set, struct err *err)
{
    for (int64_t i = 0; i < set->examples; i++)
        if (fabs(set->y[i]) != 1) {
            err_add(err, EXIT_INPUT, section_where(keys, "file"),
                    "model.file: example %lld (from 1) has label %g; labels "
                    "are -1 or 1", (long long)i + 1, set->y[i]);
            return;
        }
}

void learner_check(const struct section *keys, int units, bool tree,
                   struct err *err)
{
    bool file = examples_from_file(keys);
    int before = err->count;
    tether_check(keys, (struct tether_rule){.words = "random|planted",
                                            .signs = true}, err);
    if (section_is(keys, "reference", "planted") && learner_unplanted(keys))
        err_add(err, EXIT_INPUT, section_where(keys, "reference"),
                "model.reference: no planted state: %s",
                learner_unplanted(keys));
    examples_check(keys, DATASET_REALS, 0, err);
    if (err->count > before)
        return;
    struct dataset *set = file ? examples_take(keys, DATASET_REALS, 0) : NULL;
    struct learner_counts c = learner_counts(keys, set);
    if (file)
        check_labels(keys, set, err);
    else
        check_size(keys, c, err);
    if (tree)
        check_tree(keys, c.inputs, units, err);
    dataset_free(set);
}

/* ---- examples ---------------------------------------------------------- */

/* +-1, 128 of four words. */
static void draw_signs(struct disorder *d, double *x, int64_t count)
{
    struct rng_quad quad = {{0}};
    for (int64_t i = 0; i < count; i++) {
        int bit = (int)(i % 128);
        if (!bit)
            quad = disorder_quad(d);
        x[i] = quad.v[bit / 32] >> (bit % 32) & 1 ? 1 : -1;
    }
}

static void draw_teacher(struct patterns *p, int sample, struct disorder *d)
{
    double *w = mem_new((size_t)p->weights, sizeof *w);
    draw_signs(d, w, p->weights);
    for (int64_t i = 0; i < p->weights; i++)
        p->teacher[sample * p->weights + i] = (int8_t)w[i];
    free(w);
}

/* Of struct lesson; the keeper is the patterns. */
static int take(void *keeper, int sample, int64_t mu, const double *x)
{
    struct patterns *p = keeper;
    patterns_set(p, sample, mu, x);
    if (!p->teacher)
        return 1;
    int64_t f = patterns_output(p, sample, mu,
                                p->teacher + sample * p->weights);
    if (p->margin.kind == MARGIN_SYMMETRIC)
        return !margin_error(&p->margin, f);
    return (f > 0) - (f < 0);
}

static void draw_example(const struct section *keys, struct learner_counts c,
                         struct disorder *d, int sample, int64_t mu,
                         const struct lesson *lesson, double *x)
{
    double noise = section_real(keys, "label_noise", 0), turn = -1;
    int says;
    do {
        if (lesson->signs)
            draw_signs(d, x, c.inputs);
        else
            disorder_normal(d, x, c.inputs, 0);
        says = lesson->take(lesson->keeper, sample, mu, x);
    } while (!says);
    if (lesson->teacher && noise > 0 && mu < c.train)
        disorder_signs(d, &turn, 1, noise);
    for (int64_t i = 0; i < c.inputs && (says < 0) != (turn > 0); i++)
        x[i] = -x[i];
    lesson->take(lesson->keeper, sample, mu, x);
}

void learner_draw(const struct system *system, int sample,
                  struct disorder *disorder, const struct lesson *lesson)
{
    struct learner_counts c = learner_counts(system->keys, NULL);
    double *x = mem_new((size_t)c.inputs, sizeof *x);
    for (int64_t mu = 0; mu < c.train + c.test; mu++)
        draw_example(system->keys, c, disorder, sample, mu, lesson, x);
    free(x);
}

static void draw_examples(const struct system *system, struct patterns *p)
{
    struct lesson lesson = {
        .keeper = p, .take = take, .signs = p->bits != NULL,
        .teacher = section_is(system->keys, "labels", "teacher")};
    if (lesson.teacher)
        p->teacher = mem_new((size_t)(p->samples * p->weights), 1);
    for (int s = 0; s < p->samples; s++) {
        struct disorder d = disorder_of(system, s);
        if (p->teacher)
            draw_teacher(p, s, &d);
        learner_draw(system, s, &d, &lesson);
    }
}

/* Fields of N inputs up to `largest` stay below 2^30 units. */
static double unit_for(int64_t inputs, double largest)
{
    return ldexp(1, ilogb(largest * (double)inputs) - 29);
}

/* Normal numbers of 53 uniform bits are below 10 in size. */
enum { NORMAL_MOST = 10 };

static struct patterns *drawn(const struct system *system, int units,
                              bool tree)
{
    const struct section *keys = system->keys;
    struct learner_counts c = learner_counts(keys, NULL);
    bool signs = section_is(keys, "inputs", "pm1");
    struct patterns *p = patterns_new(c.inputs, units, tree, c.train, c.test,
                                      system->samples, signs);
    if (!signs)
        p->unit = unit_for(c.inputs, NORMAL_MOST);
    return p;
}

static bool all_signs(const struct dataset *set, double *largest)
{
    bool signs = true;
    *largest = 0;
    for (int64_t i = 0; i < set->examples * set->inputs; i++) {
        signs = signs && fabs(set->x[i]) == 1;
        *largest = fmax(*largest, fabs(set->x[i]));
    }
    return signs;
}

static struct patterns *loaded(const struct system *system, int units,
                               bool tree)
{
    struct dataset *set = examples_take(system->keys, DATASET_REALS, 0);
    struct learner_counts c = learner_counts(system->keys, set);
    double largest;
    bool signs = all_signs(set, &largest);
    struct patterns *p = patterns_new(c.inputs, units, tree, c.train, c.test,
                                      1, signs);
    if (!signs && largest > 0)
        p->unit = unit_for(c.inputs, largest);
    for (int64_t mu = 0; mu < set->examples; mu++) {
        double *x = set->x + mu * set->inputs;
        for (int64_t i = 0; i < set->inputs; i++)
            x[i] *= set->y[mu];
        patterns_set(p, 0, mu, x);
    }
    dataset_free(set);
    return p;
}

void learner_build(struct system *system, int units, bool tree)
{
    const struct section *keys = system->keys;
    const char *loss = section_text(keys, "loss", "step");
    double kappa = section_real(keys, "kappa", 0);
    bool file = examples_from_file(keys);
    struct patterns *p = file ? loaded(system, units, tree)
                              : drawn(system, units, tree);
    if (!file) {
        patterns_set_loss(p, loss, kappa); /* the teacher's */
        draw_examples(system, p);
    }
    patterns_set_loss(p, loss, kappa);
    system->patterns = p;
    system->sites = p->weights;
    system->state_bytes = (size_t)p->weights;
    system->resolution = p->margin.unit;
    learner_set_reference(system);
}

const char *learner_unplanted(const struct section *keys)
{
    return section_is(keys, "labels", "teacher")
               ? NULL : "only labels = \"teacher\" have a state hidden in "
                        "them";
}

void learner_planted(const struct system *system, int sample, void *state)
{
    const struct patterns *p = patterns(system);
    memcpy(state, p->teacher + sample * p->weights, (size_t)p->weights);
}

/* ---- facet local ------------------------------------------------------- */

static void delta(const struct system *system, int sample, const void *state,
                  int64_t site, int value, double *du)
{
    const struct patterns *p = patterns(system);
    const int8_t *w = state;
    bool turns = value != (w[site] > 0);
    du[0] = turns ? p->margin.unit *
                        (double)patterns_delta(p, sample, w, site) : 0;
    if (p->reference)
        du[1] = !turns ? 0
                : w[site] == p->reference[sample * p->weights + site] ? 1
                                                                      : -1;
}

static double bound(const struct system *system, const double *lambda)
{
    const struct patterns *p = patterns(system);
    return fabs(lambda[0]) * p->margin.unit * (double)patterns_change(p) +
           (p->reference ? fabs(lambda[1]) : 0);
}

const struct local learner_local = {.values = 2, .get = spins_get,
                                    .set = spins_set, .delta = delta,
                                    .bound = bound};

/* ---- statistics -------------------------------------------------------- */

void learner_measure(const struct system *system, int sample,
                     const void *state, double *statistics)
{
    struct patterns_sums sums = patterns_sum(patterns(system), sample, state);
    statistics[0] = (double)sums.loss;
    statistics[1] = (double)sums.errors;
    statistics[2] = (double)sums.teacher;
    statistics[3] = (double)sums.apart;
}

void learner_u(const struct system *system, const double *statistics,
               double *u)
{
    u[0] = patterns(system)->margin.unit * statistics[0];
    if (system->components > 1)
        u[1] = statistics[3];
}

/* All states where there are few, else draws. */
enum { EXACT_WEIGHTS = 12, DRAWS = 256, DRAWS_LEAST = 16 };

static void state_at(const struct system *system, int64_t number, bool exact,
                     int8_t *w)
{
    struct draws draws = {.kind = STREAM_WORD, .seed = 1, .walker = number};
    if (!exact)
        spins_draw(system, 0, &draws, RNG_VARIANCE, w);
    for (int64_t i = 0; exact && i < system->sites; i++)
        w[i] = number >> i & 1 ? 1 : -1;
}

double learner_variance(const struct system *system, int k)
{
    const struct patterns *p = patterns(system);
    bool exact = p->weights <= EXACT_WEIGHTS;
    int64_t draws = DRAWS / p->samples > DRAWS_LEAST ? DRAWS / p->samples
                                                     : DRAWS_LEAST;
    int64_t states = exact ? (int64_t)1 << p->weights : draws;
    if (k > 0) /* of the tether: independent bits */
        return 0.25 * (double)p->weights;
    int8_t *w = mem_new((size_t)p->weights, 1);
    double variance = 0;
    for (int s = 0; s < p->samples; s++) {
        double sum = 0, squares = 0, n = (double)states;
        for (int64_t i = 0; i < states; i++) {
            state_at(system, i, exact, w);
            double loss = p->margin.unit * (double)patterns_sum(p, s, w).loss;
            sum += loss;
            squares += loss * loss;
        }
        variance += (squares - sum / n * sum) / (exact ? n : n - 1);
    }
    free(w);
    return variance / p->samples;
}

/* ---- observables ------------------------------------------------------- */

/* The symmetric loss is the same at -w. */
bool learner_even(const struct system *system)
{
    return patterns(system)->margin.kind != MARGIN_SYMMETRIC;
}

const char *learner_no_teacher(const struct system *system)
{
    return patterns(system)->teacher ? NULL : "the labels are no teacher's";
}

const char *learner_no_test(const struct system *system)
{
    return patterns(system)->test ? NULL : "there are no test examples";
}

double learner_training_error(const struct system *system,
                              const double *statistics)
{
    return statistics[1] / (double)patterns(system)->train;
}

double learner_teacher_overlap(const struct system *system,
                               const double *statistics)
{
    return statistics[2] / (double)system->sites;
}

void learner_test_error(const struct system *system, int sample,
                        const void *state, double *out)
{
    const struct patterns *p = patterns(system);
    *out = (double)patterns_test_errors(p, sample, state) / (double)p->test;
}

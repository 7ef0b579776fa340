#include "core/real_learner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/disorder.h"
#include "core/sphere.h"
#include "systems/stability.h"

struct real_learner {
    struct weights weights; /* first */
    struct stability *stability;
};

static const struct stability *stability(const struct system *system)
{
    return ((const struct real_learner *)system->own)->stability;
}

/* ---- building ---------------------------------------------------------- */

void real_learner_check(const struct section *keys, struct err *err)
{
    bool sphere = section_is(keys, "weights", "spherical");
    double kappa = section_real(keys, "kappa", 0);
    learner_check(keys, 1, false, err);
    if (*section_text(keys, "reference", ""))
        err_add(err, EXIT_INPUT, section_where(keys, "reference"),
                "model.reference: goes with model.weights = \"binary\"");
    if (section_is(keys, "loss", "symmetric") && kappa <= 0)
        err_add(err, EXIT_INPUT, section_where(keys, "kappa"),
                "model.kappa: loss \"symmetric\" needs a kappa above 0");
    if (sphere && section_integer(keys, "N", 1) < 2)
        err_add(err, EXIT_INPUT, section_where(keys, "N"),
                "model.N: a sphere needs at least 2 weights");
}

/* Of struct lesson. */
static int take(void *keeper, int sample, int64_t mu, const double *x)
{
    struct stability *s = keeper;
    stability_set(s, sample, mu, x);
    if (!s->teacher)
        return 1;
    double h = stability_of(s, sample, mu, s->teacher + sample * s->inputs);
    if (s->kind == MARGIN_SYMMETRIC)
        return !stability_error(s, h);
    return (h > 0) - (h < 0);
}

static void draw_examples(const struct system *system, struct stability *s)
{
    struct lesson lesson = {
        .keeper = s, .take = take,
        .signs = section_is(system->keys, "inputs", "pm1"),
        .teacher = section_is(system->keys, "labels", "teacher")};
    if (lesson.teacher)
        s->teacher = mem_new((size_t)(s->samples * s->inputs),
                             sizeof *s->teacher);
    for (int n = 0; n < s->samples; n++) {
        struct disorder d = disorder_of(system, n);
        double *teacher = s->teacher + n * s->inputs;
        if (lesson.teacher) {
            disorder_normal(&d, teacher, s->inputs, 0);
            sphere_scale(teacher, s->inputs, s->root);
        }
        learner_draw(system, n, &d, &lesson);
    }
}

static void set_file(struct stability *s, const struct dataset *set)
{
    for (int64_t mu = 0; mu < set->examples; mu++) {
        double *x = set->x + mu * set->inputs;
        for (int64_t i = 0; i < set->inputs; i++)
            x[i] *= set->y[mu];
        stability_set(s, 0, mu, x);
    }
}

static double loss(const struct system *system, const struct grad_at *at,
                   double *gradient)
{
    const struct stability *s = stability(system);
    double *h = at->work;
    if (at->batch)
        return stability_batch(s, at->sample, at->x, at->batch,
                               at->batch_size, gradient);
    stability_fields(s, at->sample, at->x, h);
    double sum = stability_loss(s, h);
    if (gradient)
        stability_gradient(s, at->sample, h, gradient);
    return sum;
}

static void hessian(const struct system *system, const struct grad_at *at,
                    const double *v, double *out)
{
    const struct stability *s = stability(system);
    double *h = at->work, *hv = h + s->row;
    stability_fields(s, at->sample, at->x, h);
    stability_fields(s, at->sample, v, hv);
    stability_hessian(s, at->sample, h, hv, out);
}

/* h, and another one */
static size_t loss_work(const struct system *system)
{
    return 2 * (size_t)stability(system)->row * sizeof(double);
}

void real_learner_build(struct system *system)
{
    const struct section *keys = system->keys;
    struct real_learner *own = mem_new(1, sizeof *own);
    struct dataset *set = examples_from_file(keys)
                              ? examples_take(keys, DATASET_REALS, 0) : NULL;
    struct learner_counts c = learner_counts(keys, set);
    own->stability = stability_new(c.inputs, c.train, c.test,
                                   system->samples,
                                   section_text(keys, "loss", "step"),
                                   section_real(keys, "kappa", 0));
    if (set)
        set_file(own->stability, set);
    else
        draw_examples(system, own->stability);
    dataset_free(set);
    own->weights.loss = loss;
    own->weights.hessian = hessian;
    own->weights.work = loss_work;
    own->weights.examples = c.train;
    if (section_is(keys, "weights", "spherical"))
        own->weights.prior = PRIOR_SPHERE;
    weights_build(system, &own->weights, c.inputs, NULL);
}

void real_learner_release(struct system *system)
{
    struct real_learner *own = system->own;
    stability_free(own->stability);
    weights_release(system);
}

void real_learner_planted(const struct system *system, int sample,
                          void *state)
{
    const struct stability *s = stability(system);
    memcpy(state, s->teacher + sample * s->inputs,
           (size_t)s->inputs * sizeof(double));
}

const char *real_learner_no_grad(const struct section *keys)
{
    return stability_flat(section_text(keys, "loss", "step"));
}

/* ---- facet moves ------------------------------------------------------- */

/* Of a walker during a sweep: stabilities now and as proposed, and the weights
   a and b that would be `to`. */
struct motion {
    double *h, *h_to, loss, loss_to;
    int64_t a, b;
    double to[2];
};

/* Room for the struct, arrays after it. */
enum { MOTION = (sizeof(struct motion) + 63) / 64 * 64 };

static size_t motion_work(const struct system *system)
{
    return MOTION + loss_work(system);
}

static void begin(const struct system *system, int sample, void *state,
                  void *work)
{
    const struct stability *s = stability(system);
    struct motion *m = work;
    m->h = (double *)((char *)work + MOTION);
    m->h_to = m->h + s->row;
    if (system_weights(system)->prior == PRIOR_SPHERE)
        sphere_scale(state, s->inputs, s->root);
    stability_fields(s, sample, state, m->h);
    m->loss = stability_loss(s, m->h);
}

/* Weight `a` and one of the others turn by an angle of 2 atan(v). */
static void choose_turn(const struct draws *draws, int64_t number,
                        double step, const double *w, int64_t count,
                        struct motion *m)
{
    uint32_t on = draws_integer(draws, RNG_PROPOSE, 2 * number,
                                (uint32_t)count - 1);
    uint32_t word = draws_word(draws, RNG_PROPOSE, 2 * number + 1, 0);
    double v = step * (((double)word + 0.5) * 0x1p-31 - 1);
    double c = (1 - v * v) / (1 + v * v), s = 2 * v / (1 + v * v);
    m->a = number;
    m->b = (number + 1 + on) % count;
    m->to[0] = c * w[m->a] - s * w[m->b];
    m->to[1] = s * w[m->a] + c * w[m->b];
}

static void propose(const struct system *system, int sample,
                    const struct draws *draws, int64_t number, double step,
                    const void *state, void *work, double *du)
{
    const struct weights *own = system_weights(system);
    const double *w = state;
    struct motion *m = work;
    if (own->prior == PRIOR_SPHERE) {
        choose_turn(draws, number, step, w, own->count, m);
    } else {
        m->a = m->b = number;
        weights_continuous.propose(system, draws, number, step, &w[number],
                                   m->to);
        m->to[1] = w[number]; /* b stays: one weight */
    }
    stability_move(stability(system), sample, m->h, m->a,
                   m->to[0] - w[m->a], m->b, m->to[1] - w[m->b], m->h_to);
    m->loss_to = stability_loss(stability(system), m->h_to);
    double l2 = m->a == m->b ? own->l2 : 0; /* a turn keeps |w|^2 */
    du[0] = m->loss_to - m->loss +
            l2 / 2 * (m->to[0] * m->to[0] - w[m->a] * w[m->a]);
}

static void make(const struct system *system, void *state, void *work)
{
    struct motion *m = work;
    double *w = state, *h = m->h;
    (void)system;
    if (m->b != m->a)
        w[m->b] = m->to[1];
    w[m->a] = m->to[0];
    m->loss = m->loss_to;
    m->h = m->h_to;
    m->h_to = h;
}

const struct moves real_learner_moves = {
    .widest = 1, .work = motion_work, .begin = begin, .propose = propose,
    .make = make};

/* ---- statistics -------------------------------------------------------- */

static double dot(const double *a, const double *b, int64_t count)
{
    double sum = 0;
    for (int64_t i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

void real_learner_measure(const struct system *system, int sample,
                          const void *state, double *statistics)
{
    const struct stability *s = stability(system);
    const double *w = state;
    double *h = mem_new((size_t)s->row, sizeof *h), errors = 0;
    double least = INFINITY;
    stability_fields(s, sample, w, h);
    for (int64_t mu = 0; mu < s->train; mu++) {
        errors += stability_error(s, h[mu]);
        least = fmin(least, h[mu]);
    }
    statistics[WEIGHTS_LOSS] = stability_loss(s, h);
    statistics[WEIGHTS_SQUARE] = dot(w, w, s->inputs) / 2;
    statistics[WEIGHTS_APART] = 0;
    statistics[REAL_ERRORS] = errors;
    statistics[REAL_TEACHER] =
        s->teacher ? dot(w, s->teacher + sample * s->inputs, s->inputs) : 0;
    statistics[REAL_LEAST] = least;
    free(h);
}

/* ---- observables ------------------------------------------------------- */

/* The symmetric loss is the same at -w. */
bool real_learner_even(const struct system *system)
{
    return stability(system)->kind != MARGIN_SYMMETRIC;
}

const char *real_learner_no_teacher(const struct system *system)
{
    return stability(system)->teacher ? NULL : "the labels are no teacher's";
}

const char *real_learner_no_test(const struct system *system)
{
    return stability(system)->test ? NULL : "there are no test examples";
}

const char *real_learner_no_norm(const struct system *system)
{
    return system_weights(system)->prior == PRIOR_SPHERE
               ? "on the sphere it is 1" : NULL;
}

double real_learner_training_error(const struct system *system,
                                   const double *statistics)
{
    return statistics[REAL_ERRORS] / (double)stability(system)->train;
}

/* x / |w|; 0 where w is */
static double by_norm(const double *statistics, double x)
{
    double norm = sqrt(2 * statistics[WEIGHTS_SQUARE]);
    return norm > 0 ? x / norm : 0;
}

double real_learner_teacher_overlap(const struct system *system,
                                    const double *statistics)
{
    double R = by_norm(statistics, statistics[REAL_TEACHER]) /
               stability(system)->root;
    return fmax(-1, fmin(1, R));
}

double real_learner_least(const struct system *system,
                          const double *statistics)
{
    return by_norm(statistics, statistics[REAL_LEAST]) *
           stability(system)->root;
}

void real_learner_test_error(const struct system *system, int sample,
                             const void *state, double *out)
{
    const struct stability *s = stability(system);
    double *h = mem_new((size_t)s->row, sizeof *h), errors = 0;
    stability_fields(s, sample, state, h);
    for (int64_t mu = 0; mu < s->test; mu++)
        errors += stability_error(s, h[s->padded + mu]);
    *out = errors / (double)s->test;
    free(h);
}

void real_learner_overlap(const struct system *system, int sample,
                          const void *a, const void *b, double *out)
{
    int64_t n = system->sites;
    double norms = dot(a, a, n) * dot(b, b, n);
    (void)sample;
    *out = norms > 0 ? dot(a, b, n) / sqrt(norms) : 0;
}

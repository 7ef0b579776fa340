#include "core/weights.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/loops.h"
#include "base/math.h"
#include "core/disorder.h"
#include "core/sphere.h"

#define TWO_PI 0x1.921fb54442d18p+2

const struct weights *system_weights(const struct system *system)
{
    return system->model->grad == &weights_grad ? system->own : NULL;
}

static const struct weights *weights(const struct system *system)
{
    return system->own;
}

/* ---- building ---------------------------------------------------------- */

void weights_check(const struct section *keys, const char *references,
                   struct err *err)
{
    tether_check(keys, (struct tether_rule){.words = references, .one = true},
                 err);
}

static void set_prior(struct weights *own, const struct section *keys,
                      const double *scale)
{
    const char *prior = section_text(keys, "prior", "gaussian");
    double width = section_real(keys, "prior_scale", 1);
    if (own->prior != PRIOR_SPHERE)
        own->prior = !strcmp(prior, "gaussian") ? PRIOR_GAUSSIAN
                     : !strcmp(prior, "box")    ? PRIOR_BOX : PRIOR_NONE;
    own->box = own->prior == PRIOR_BOX ? width : INFINITY;
    own->precision = mem_new((size_t)own->count, sizeof *own->precision);
    if (own->prior != PRIOR_GAUSSIAN)
        return;
    own->scale = mem_new((size_t)own->count, sizeof *own->scale);
    for (int64_t i = 0; i < own->count; i++) {
        own->scale[i] = width * (scale ? scale[i] : 1);
        own->precision[i] = 1 / (own->scale[i] * own->scale[i]);
    }
}

/* A place far from sample 0's own numbers. */
enum { REFERENCE_FIRST = 1 << 30 };

static void set_reference(struct system *system, struct weights *own)
{
    const char *name = section_text(system->keys, "reference", "");
    const struct disorder disorder = disorder_of(system, 0);
    if (!*name)
        return;
    own->reference = mem_new((size_t)own->count, sizeof *own->reference);
    struct reference *ref = tether_take(system);
    for (int64_t i = 0; reference_of_file(name) && i < own->count; i++)
        own->reference[i] = ref ? ref->values[i] : NAN;
    reference_free(ref);
    if (!strcmp(name, "planted"))
        system->model->planted(system, 0, own->reference);
    for (int64_t i = 0; i < own->count && !strcmp(name, "random"); i++) {
        double width = own->scale ? own->scale[i]
                       : isfinite(own->box) ? own->box / 2 : 1;
        own->reference[i] = width * disorder_normal_at(
                                        &disorder, REFERENCE_FIRST +
                                                       (uint32_t)i);
    }
}

void weights_build(struct system *system, struct weights *own, int64_t count,
                   const double *scale)
{
    own->count = count;
    own->l2 = section_real(system->keys, "l2", 0);
    system->own = own;
    system->sites = count;
    system->freedom = (double)(count - (own->prior == PRIOR_SPHERE));
    system->state_bytes = (size_t)count * sizeof(double);
    system->resolution = 0;
    set_prior(own, system->keys, scale);
    set_reference(system, own);
    system->components = own->reference ? 2 : 1;
}

void weights_release(struct system *system)
{
    struct weights *own = system->own;
    free(own->scale);
    free(own->precision);
    free(own->reference);
    for (int s = 0; s < system->samples && own->quadratic; s++) {
        free(own->quadratic[s].H);
        free(own->quadratic[s].b);
    }
    free(own->quadratic);
}

/* ---- u ----------------------------------------------------------------- */

static void squares(const struct weights *own, const double *w,
                    double *statistics)
{
    double square = 0, apart = 0;
    for (int64_t i = 0; i < own->count; i++) {
        double d = own->reference ? w[i] - own->reference[i] : 0;
        square += w[i] * w[i];
        apart += d * d;
    }
    statistics[WEIGHTS_SQUARE] = square / 2;
    statistics[WEIGHTS_APART] = apart / 2;
}

static size_t work_of(const struct system *system)
{
    const struct weights *own = weights(system);
    return own->work ? own->work(system) : 0;
}

void weights_measure(const struct system *system, int sample,
                     const void *state, double *statistics)
{
    const struct weights *own = weights(system);
    size_t bytes = work_of(system);
    struct grad_at at = {.sample = sample, .x = state,
                         .work = bytes ? mem_new(1, bytes) : NULL};
    squares(own, state, statistics);
    statistics[WEIGHTS_LOSS] = own->loss(system, &at, NULL);
    free(at.work);
}

void weights_u(const struct system *system, const double *statistics,
               double *u)
{
    u[0] = statistics[WEIGHTS_LOSS] +
           weights(system)->l2 * statistics[WEIGHTS_SQUARE];
    if (system->components > 1)
        u[1] = statistics[WEIGHTS_APART];
}

/* ---- the exact points -------------------------------------------------- */

/* Of the sphere. */
static double radius_of(const struct weights *own)
{
    return sqrt((double)own->count);
}

/* The tether's strength at lambda. */
static double tether_of(const struct system *system, const double *lambda)
{
    return system->components > 1 ? lambda[1] : 0;
}

bool weights_exact_at(const struct system *system, const double *lambda,
                      double *ln_z)
{
    const struct weights *own = weights(system);
    double k = tether_of(system, lambda), sum = 0;
    if (lambda[0] != 0 || k < 0 || (own->prior == PRIOR_NONE && k == 0) ||
        (k != 0 && (own->prior == PRIOR_BOX || own->prior == PRIOR_SPHERE)))
        return false;
    for (int64_t i = 0; i < own->count && k > 0; i++) {
        double r = own->reference[i];
        double s2 = own->scale ? own->scale[i] * own->scale[i] : INFINITY;
        sum += own->scale ? -num_log(1 + k * s2) - k * r * r / (1 + k * s2)
                          : num_log(TWO_PI / k);
    }
    *ln_z = sum / 2;
    return true;
}

static double uniform(const struct draws *draws, enum rng_purpose purpose,
                      int64_t i)
{
    return rng_unit(draws_word(draws, purpose, i, 0),
                    draws_word(draws, purpose, i, 1));
}

void weights_draw_at(const struct system *system, int sample,
                     const double *lambda, const struct draws *draws,
                     enum rng_purpose purpose, void *state)
{
    const struct weights *own = weights(system);
    double k = tether_of(system, lambda), *w = state;
    (void)sample;
    if (own->prior == PRIOR_BOX) {
        for (int64_t i = 0; i < own->count; i++)
            w[i] = own->box * (2 * uniform(draws, purpose, i) - 1);
        return;
    }
    draws_normals(draws, purpose, 0, own->count, w);
    for (int64_t i = 0; i < own->count; i++) {
        double s = own->scale ? own->scale[i] : 1;
        double precision = own->scale ? 1 / (s * s) + k : k > 0 ? k : 1;
        double mean = k > 0 ? k * own->reference[i] / precision : 0;
        w[i] = mean + w[i] / sqrt(precision);
    }
    if (own->prior == PRIOR_SPHERE)
        sphere_scale(w, own->count, radius_of(own));
}

void weights_draw(const struct system *system, int sample,
                  const struct draws *draws, enum rng_purpose purpose,
                  void *state)
{
    const double zero[COMPONENTS_MAX] = {0};
    weights_draw_at(system, sample, zero, draws, purpose, state);
}

void weights_ordered(const struct system *system, void *state)
{
    const struct weights *own = weights(system);
    double *w = state;
    for (int64_t i = 0; i < own->count; i++)
        w[i] = own->prior == PRIOR_SPHERE;
}

enum { VARIANCE_DRAWS = 1024 };

double weights_variance(const struct system *system, int k)
{
    double *w = mem_new(1, system->state_bytes), mean = 0, sum = 0;
    for (int n = 1; n <= VARIANCE_DRAWS; n++) {
        const struct draws draws = {.kind = STREAM_WORD, .seed = 1,
                                    .walker = n};
        double statistics[WEIGHTS_STATISTICS], u[COMPONENTS_MAX];
        weights_draw(system, 0, &draws, RNG_VARIANCE, w);
        weights_measure(system, 0, w, statistics);
        weights_u(system, statistics, u);
        double off = u[k] - mean;
        mean += off / n;
        sum += off * (u[k] - mean);
    }
    free(w);
    return sum / VARIANCE_DRAWS;
}

/* ---- facet grad -------------------------------------------------------- */

static int64_t numbers(const struct system *system)
{
    return weights(system)->count;
}

static int64_t examples_of(const struct system *system)
{
    return weights(system)->examples;
}

static int64_t sphere(const struct system *system)
{
    const struct weights *own = weights(system);
    return own->prior == PRIOR_SPHERE ? own->count : 0;
}

static double radius(const struct system *system)
{
    return radius_of(weights(system));
}

static const char *drops(const struct system *system)
{
    return weights(system)->drops;
}

static double phi_of(const struct system *system, const struct grad_at *at,
                     double *gradient)
{
    const struct weights *own = weights(system);
    double beta = at->lambda[0], k = tether_of(system, at->lambda);
    double phi = beta * own->loss(system, at, gradient);
    double rest = loops_best()->pull(
        beta, beta * own->l2, at->bare ? NULL : own->precision, at->x,
        gradient, own->count);
    for (int64_t i = 0; i < own->count && k != 0; i++) {
        double apart = at->x[i] - own->reference[i];
        rest += k * apart * apart;
        if (gradient)
            gradient[i] += k * apart;
    }
    if (gradient && own->prior == PRIOR_SPHERE)
        sphere_tangent(at->x, gradient, own->count);
    return phi + rest / 2;
}

/* Mirrored at the walls of the box until inside. */
static double folded(double box, double x, bool *turned)
{
    *turned = false;
    while (fabs(x) > box) {
        x = (x > 0 ? 2 : -2) * box - x;
        *turned = !*turned;
    }
    return x;
}

static void fold(const struct system *system, double *x, double *p)
{
    const struct weights *own = weights(system);
    for (int64_t i = 0; i < own->count && own->prior == PRIOR_BOX; i++) {
        bool turned;
        x[i] = folded(own->box, x[i], &turned);
        if (turned)
            p[i] = -p[i];
    }
}

static void hessian_of(const struct system *system,
                       const struct grad_at *at, const double *v, double *out)
{
    const struct weights *own = weights(system);
    int64_t n = own->count;
    if (own->quadratic)
        for (int64_t i = 0; i < n; i++) {
            const double *row = own->quadratic[at->sample].H + i * n;
            out[i] = 0;
            for (int64_t j = 0; j < n; j++)
                out[i] += row[j] * v[j];
        }
    else
        own->hessian(system, at, v, out);
    for (int64_t i = 0; i < n; i++)
        out[i] += own->l2 * v[i];
}

const struct grad weights_grad = {.count = numbers, .work = work_of,
                                  .sphere = sphere, .radius = radius,
                                  .fold = fold, .examples = examples_of,
                                  .drops = drops, .phi = phi_of,
                                  .hessian = hessian_of};

/* ---- facet continuous -------------------------------------------------- */

static void get(const struct system *system, const void *state, int64_t site,
                double *value)
{
    (void)system;
    *value = ((const double *)state)[site];
}

static void set(const struct system *system, void *state, int64_t site,
                const double *value)
{
    (void)system;
    ((double *)state)[site] = *value;
}

/* Prior gaussian: an autoregression that leaves it alone (Neal 1998). */
static void propose(const struct system *system, const struct draws *draws,
                    int64_t site, double step, const double *from,
                    double *to)
{
    const struct weights *own = weights(system);
    double s = step < 1 ? step : 1, normal;
    bool turned;
    draws_normals(draws, RNG_PROPOSE, 4 * site, 1, &normal);
    if (own->scale)
        *to = sqrt(1 - s * s) * *from + s * own->scale[site] * normal;
    else
        *to = folded(own->box, *from + step * normal, &turned);
}

/* Two losses: for systems of few weights. */
static void delta(const struct system *system, int sample, const void *state,
                  int64_t site, const double *value, double *du)
{
    double a[WEIGHTS_STATISTICS], b[WEIGHTS_STATISTICS];
    double *w = mem_copy(state, 1, system->state_bytes), u[COMPONENTS_MAX];
    weights_measure(system, sample, w, a);
    w[site] = *value;
    weights_measure(system, sample, w, b);
    weights_u(system, a, u);
    weights_u(system, b, du);
    for (int k = 0; k < system->components; k++)
        du[k] -= u[k];
    free(w);
}

const struct continuous weights_continuous = {
    .dim = 1, .widest = 1e6, .get = get, .set = set, .propose = propose,
    .delta = delta};

const struct field weights_fields[] = {
    {.name = "weights", .type = FIELD_DOUBLE, .definition = "w_i"},
    {.name = NULL}};

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/math.h"
#include "base/rng_x86.h" /* HAVE_X86_BODIES */
#include "systems/stability_parts.h"

#if HAVE_X86_BODIES
#define BODY(s, call) ((s)->avx2 ? stability_avx2_##call                     \
                                 : stability_plain_##call)
#else
#define BODY(s, call) stability_plain_##call
#endif

static int64_t blocks(int64_t count)
{
    return (count + STABILITY_BLOCK - 1) / STABILITY_BLOCK * STABILITY_BLOCK;
}

/* Examples that fill up keep this h, as their inputs are 0. */
static double pad_of(const struct stability *s)
{
    return s->kind == MARGIN_LINEAR      ? s->end
           : s->kind == MARGIN_SYMMETRIC ? 0 : 1e300;
}

struct stability *stability_new(int64_t inputs, int64_t train, int64_t test,
                                int samples, const char *loss, double kappa)
{
    struct stability *s = mem_new(1, sizeof *s);
    *s = (struct stability){.inputs = inputs, .train = train, .test = test,
                            .padded = blocks(train), .samples = samples,
                            .kind = margin_named(loss), .kappa = kappa,
                            .root = sqrt((double)inputs)};
    s->row = s->padded + blocks(test);
    s->end = kappa + (s->kind == MARGIN_HINGE);
    s->pad = pad_of(s);
    s->x = mem_new((size_t)(samples * inputs * s->row), sizeof *s->x);
#if HAVE_X86_BODIES
    s->avx2 = __builtin_cpu_supports("avx2");
#endif
    return s;
}

void stability_free(struct stability *s)
{
    if (!s)
        return;
    free(s->x);
    free(s->teacher);
    free(s);
}

/* ---- examples ---------------------------------------------------------- */

static float *row_of(const struct stability *s, int sample, int64_t input)
{
    return s->x + (sample * s->inputs + input) * s->row;
}

static int64_t column(const struct stability *s, int64_t example)
{
    return example < s->train ? example : example - s->train + s->padded;
}

void stability_set(struct stability *s, int sample, int64_t example,
                   const double *x)
{
    for (int64_t i = 0; i < s->inputs; i++)
        row_of(s, sample, i)[column(s, example)] = (float)x[i];
}

double stability_of(const struct stability *s, int sample, int64_t example,
                    const double *w)
{
    double sum = 0;
    for (int64_t i = 0; i < s->inputs; i++)
        sum += w[i] * row_of(s, sample, i)[column(s, example)];
    return sum / s->root;
}

/* ---- h ----------------------------------------------------------------- */

void stability_fields(const struct stability *s, int sample, const double *w,
                      double *h)
{
    for (int64_t mu = 0; mu < s->row; mu++)
        h[mu] = mu < s->train || mu >= s->padded ? 0 : s->pad;
    for (int64_t i = 0; i < s->inputs; i += 2) {
        bool two = i + 1 < s->inputs;
        const float *x = row_of(s, sample, i);
        BODY(s, add)(h, x, w[i] / s->root, two ? x + s->row : x,
                     two ? w[i + 1] / s->root : 0, s->row, h);
    }
}

void stability_move(const struct stability *s, int sample, const double *h,
                    int64_t a, double da, int64_t b, double db, double *to)
{
    BODY(s, add)(h, row_of(s, sample, a), da / s->root,
                 row_of(s, sample, b), db / s->root, s->padded, to);
}

/* ---- losses ------------------------------------------------------------ */

static double logistic(double t)
{
    double rest = num_log(1 + num_exp(-fabs(t)));
    return t < 0 ? rest - t : rest;
}

static double loss_of(const struct stability *s, double h)
{
    switch (s->kind) {
    case MARGIN_STEP:
        return h <= s->kappa;
    case MARGIN_SYMMETRIC:
        return fabs(h) > s->kappa;
    case MARGIN_LINEAR:
        return s->end - h;
    case MARGIN_LOGISTIC:
        return logistic(h - s->kappa);
    default:
        return h < s->end ? s->end - h : 0;
    }
}

double stability_loss(const struct stability *s, const double *h)
{
    double sum = 0;
    if (s->kind != MARGIN_LOGISTIC)
        return BODY(s, loss)(s, h);
    for (int64_t mu = 0; mu < s->train; mu++)
        sum += loss_of(s, h[mu]);
    return sum;
}

static double slope(const struct stability *s, double h)
{
    switch (s->kind) {
    case MARGIN_LINEAR:
        return -1;
    case MARGIN_LOGISTIC:
        return -1 / (1 + num_exp(h - s->kappa));
    default:
        return h < s->end ? -1 : 0;
    }
}

/* Straight lines have none. */
static double curvature(const struct stability *s, double h)
{
    double p = 1 / (1 + num_exp(h - s->kappa));
    return s->kind == MARGIN_LOGISTIC ? p * (1 - p) : 0;
}

void stability_hessian(const struct stability *s, int sample, const double *h,
                       double *hv, double *out)
{
    for (int64_t mu = 0; mu < s->padded; mu++)
        hv[mu] = mu < s->train ? curvature(s, h[mu]) * hv[mu] / s->root : 0;
    for (int64_t i = 0; i < s->inputs; i++)
        out[i] = BODY(s, dot)(hv, row_of(s, sample, i), s->padded);
}

void stability_gradient(const struct stability *s, int sample, double *h,
                        double *gradient)
{
    for (int64_t mu = 0; mu < s->padded; mu++)
        h[mu] = mu < s->train ? slope(s, h[mu]) / s->root : 0;
    for (int64_t i = 0; i < s->inputs; i++)
        gradient[i] = BODY(s, dot)(h, row_of(s, sample, i), s->padded);
}

double stability_batch(const struct stability *s, int sample, const double *w,
                       const int64_t *example, int count, double *gradient)
{
    double times = (double)s->train / (double)count, sum = 0;
    for (int64_t i = 0; i < s->inputs && gradient; i++)
        gradient[i] = 0;
    for (int k = 0; k < count; k++) {
        double h = stability_of(s, sample, example[k], w);
        double g = times * slope(s, h) / s->root;
        sum += times * loss_of(s, h);
        for (int64_t i = 0; i < s->inputs && gradient; i++)
            gradient[i] += g * row_of(s, sample, i)[example[k]];
    }
    return sum;
}

bool stability_error(const struct stability *s, double h)
{
    return s->kind == MARGIN_SYMMETRIC ? fabs(h) > s->kappa : h <= 0;
}

const char *stability_flat(const char *loss)
{
    enum margin_kind kind = margin_named(loss);
    return kind == MARGIN_STEP || kind == MARGIN_SYMMETRIC
               ? "a loss that counts errors (its gradient is zero)" : NULL;
}

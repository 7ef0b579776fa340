/* The loops over examples for vectors of LANES doubles: stability_plain.c and
   stability_avx2.c include this. */
#include <string.h>

#include "systems/stability_parts.h"

enum { PARTS = STABILITY_BLOCK / LANES };
typedef double reals __attribute__((vector_size(8 * LANES)));
typedef float singles __attribute__((vector_size(4 * LANES)));
typedef int64_t masks __attribute__((vector_size(8 * LANES)));

static inline reals load(const double *from)
{
    reals v;
    memcpy(&v, from, sizeof v);
    return v;
}

static inline reals widened(const float *from)
{
    singles v;
    memcpy(&v, from, sizeof v);
    return __builtin_convertvector(v, reals);
}

void NAMED(add)(const double *h, const float *x, double a, const float *y,
                double b, int64_t count, double *to)
{
    for (int64_t i = 0; i < count; i += LANES) {
        reals sum = load(h + i) + a * widened(x + i) + b * widened(y + i);
        memcpy(to + i, &sum, sizeof sum);
    }
}

static inline double total(const reals part[PARTS])
{
    double sum = 0;
    for (int p = 0; p < PARTS; p++)
        for (int k = 0; k < LANES; k++)
            sum += part[p][k];
    return sum;
}

double NAMED(dot)(const double *h, const float *x, int64_t count)
{
    reals part[PARTS] = {{0}};
    for (int64_t i = 0; i < count; i += STABILITY_BLOCK)
        for (int p = 0; p < PARTS; p++)
            part[p] += load(h + i + p * LANES) * widened(x + i + p * LANES);
    return total(part);
}

static inline reals where(masks mask, reals x)
{
    return (reals)(mask & (masks)x);
}

static inline __attribute__((always_inline)) reals
term(const struct stability *s, enum margin_kind kind, reals h)
{
    const reals one = (reals){0} + 1, left = s->end - h;
    switch (kind) {
    case MARGIN_STEP:
        return where(h <= s->kappa, one);
    case MARGIN_SYMMETRIC:
        return where((h > s->kappa) | (h < -s->kappa), one);
    case MARGIN_LINEAR:
        return left;
    default:
        return where(left > 0, left);
    }
}

static inline __attribute__((always_inline)) double
loss_of(const struct stability *s, enum margin_kind kind, const double *h)
{
    reals part[PARTS] = {{0}};
    for (int64_t i = 0; i < s->padded; i += STABILITY_BLOCK)
        for (int p = 0; p < PARTS; p++)
            part[p] += term(s, kind, load(h + i + p * LANES));
    return total(part);
}

double NAMED(loss)(const struct stability *s, const double *h)
{
    switch (s->kind) {
    case MARGIN_STEP:
        return loss_of(s, MARGIN_STEP, h);
    case MARGIN_SYMMETRIC:
        return loss_of(s, MARGIN_SYMMETRIC, h);
    case MARGIN_LINEAR:
        return loss_of(s, MARGIN_LINEAR, h);
    default:
        return loss_of(s, MARGIN_PERCEPTRON, h);
    }
}

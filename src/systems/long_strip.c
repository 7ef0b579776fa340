#include "systems/long_strip.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "stat/leading.h"

#define RESIDUAL 3e-14
enum { CYCLES = 60, PRODUCTS = 600 };

static double dot(int64_t n, const double *a, const double *b)
{
    double even = 0, odd = 0;
    int64_t i = 0;
    for (; i + 2 <= n; i += 2) {
        even += a[i] * b[i];
        odd += a[i + 1] * b[i + 1];
    }
    return even + odd + (i < n ? a[i] * b[i] : 0);
}

static void times(void *context, const double *v, double *out)
{
    const struct layers *t = context;
    double *const x[3] = {out, NULL, NULL};
    memcpy(out, v, (size_t)t->strip->states * sizeof *v);
    layers_apply(t, 1, x);
}

/* ---- derivatives of the leading eigenvalue ------------------------------- */

/* x: the first-order change of v, a start on entry. */
static struct jet derivatives(const struct layers *t, double top,
                              const double *v, double *x, bool *curved)
{
    struct symmetric matrix = {t->strip->states, times, (void *)t};
    size_t states = (size_t)t->strip->states;
    int64_t n = t->strip->states;
    double *y[3], *b = mem_new(states, sizeof *b);
    for (int o = 0; o < 3; o++)
        y[o] = mem_new(states, sizeof *y[o]);
    memcpy(y[0], v, states * sizeof *v);
    layers_apply(t, 3, y);
    double first = dot(n, v, y[1]);
    for (int64_t i = 0; i < n; i++)
        b[i] = y[1][i] - first * v[i];
    /* b of rounding only: x.b is less than rounding */
    *curved = leading_solve(&matrix, top, v, b, x, 1e-11, PRODUCTS) ||
              sqrt(dot(n, b, b)) <= 1e-9 * fabs(first);
    double second = dot(n, v, y[2]) + 2 * dot(n, x, b);
    for (int o = 0; o < 3; o++)
        free(y[o]);
    free(b);
    return jet_log((struct jet){top, first, second});
}

static double reference(const struct strip *strip)
{
    return strip->h == 0 ? 0 : copysign(strip->n, strip->h);
}

/* Back from the best layer's weight. */
static void add_reference(const struct strip *strip, double beta,
                          enum layer_variable variable, struct jet *ln_top)
{
    double best = strip_best_layer(strip) + strip_best_across(strip);
    ln_top->v += beta * best;
    ln_top->d += variable == LAYER_BETA ? best : reference(strip);
}

struct long_strip long_strip_top(const struct strip *strip, double beta,
                                 enum layer_variable variable, double *v)
{
    struct layers t = layers_new(strip, beta, variable, reference(strip));
    struct symmetric matrix = {strip->states, times, &t};
    double *x = mem_new((size_t)strip->states, sizeof *x);
    struct leading top = leading_pair(&matrix, v, RESIDUAL, CYCLES);
    struct long_strip answer = {.found = top.found && top.value > 0};
    if (answer.found) {
        struct jet rough = derivatives(&t, top.value, v, x, &answer.curved);
        top = leading_pair(&matrix, v, 1, 1); /* one more cycle */
        answer.ln_top = derivatives(&t, top.value, v, x, &answer.curved);
        answer.error = jet_sub(answer.ln_top, rough);
        add_reference(strip, beta, variable, &answer.ln_top);
        answer.error.v = fabs(answer.error.v) +
                         4e-15 * (1 + fabs(answer.ln_top.v));
        answer.error.d = fabs(answer.error.d) +
                         4e-15 * (1 + fabs(answer.ln_top.d));
        answer.error.dd = fabs(answer.error.dd) +
                          1e-13 * (1 + fabs(answer.ln_top.dd));
    }
    free(x);
    layers_release(&t);
    return answer;
}

/* ---- the second eigenvalue ----------------------------------------------- */

struct rest { const struct layers *layers; const double *v; double *half; };

static void take_out(int64_t n, const double *v, double *x)
{
    double part = dot(n, v, x);
    for (int64_t i = 0; i < n; i++)
        x[i] -= part * v[i];
}

/* T^t T where v is not */
static void times_square(void *context, const double *x, double *out)
{
    struct rest *r = context;
    int64_t n = r->layers->strip->states;
    memcpy(out, x, (size_t)n * sizeof *x);
    take_out(n, r->v, out);
    times((void *)r->layers, out, r->half);
    layers_transposed(r->layers, r->half, out);
    take_out(n, r->v, out);
}

static void random_start(int64_t n, double *x)
{
    for (int64_t i = 0; i < n; i++) {
        struct rng_quad bits = rng_philox(1, RNG_PROBE, (uint32_t)(i / 4), 0,
                                          2, 0);
        x[i] = ((double)bits.v[i % 4] + 0.5) * 0x1p-31 - 1;
    }
}

bool long_strip_gap(const struct strip *strip, double beta, const double *v,
                    double *gap, double *error)
{
    int64_t n = strip->states;
    struct layers t = layers_new(strip, beta, LAYER_BETA, 0);
    double *x = mem_new((size_t)n, sizeof *x);
    double *half = mem_new((size_t)n, sizeof *half);
    times(&t, v, half);
    double top = dot(n, v, half);
    struct rest rest = {&t, v, half};
    struct symmetric square = {n, times_square, &rest};
    random_start(n, x);
    take_out(n, v, x);
    struct leading second = leading_pair(&square, x, 1e-10, CYCLES);
    double part = second.value / (top * top);
    *gap = -0.5 * log(part);
    *error = 0.5 * second.residual / fabs(second.value) + 2e-15;
    if (!(*gap > 3 * *error))
        *gap = 0;
    if (!(part > 1e-25)) { /* no correlations */
        *gap = INFINITY;
        *error = 0;
    }
    free(half);
    free(x);
    layers_release(&t);
    return second.found || !(part > 1e-25);
}

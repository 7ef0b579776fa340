#include "systems/belief.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/chance.h"
#include "stat/power.h"

/* ---- one message -------------------------------------------------------- */

/* With a = |K|, b = |h|: cosh(a + b) / cosh(a - b) = e^(2 min)
   (1 + e^-2(a + b)) / (1 + e^-2|a - b|). */
double belief_message(double K, double h)
{
    double a = fabs(K), b = fabs(h), small = fmin(a, b);
    double rest = 0;
    if (small == 0)
        return 0;
    if (isfinite(b))
        rest = log((1 + exp(-2 * (a + b))) / (1 + exp(-2 * fabs(a - b)))) / 2;
    return (K < 0) != (h < 0) ? -(small + rest) : small + rest;
}

double belief_slope(double K, double h)
{
    return isfinite(h) ? (tanh(h + K) - tanh(h - K)) / 2 : 0;
}

/* ---- tables ------------------------------------------------------------- */

struct belief belief_new(const struct pairs *p, int sample, double beta)
{
    struct belief belief = {.pairs = p, .sample = sample, .beta = beta,
                            .forward = true};
    int32_t *first = mem_new((size_t)p->bonds, sizeof *first);
    belief.back = mem_new(2 * (size_t)p->bonds, sizeof *belief.back);
    for (int64_t k = 0; k < 2 * p->bonds; k++) {
        int32_t b = p->bond[k];
        if (!first[b]) {
            first[b] = (int32_t)k + 1;
            continue;
        }
        belief.back[k] = first[b] - 1;
        belief.back[first[b] - 1] = (int32_t)k;
    }
    free(first);
    return belief;
}

void belief_release(struct belief *belief)
{
    free(belief->back);
    belief->back = NULL;
}

static double coupling(const struct belief *b, int64_t k)
{
    const struct pairs *p = b->pairs;
    return b->beta * p->unit * p->J[b->sample * p->bonds + p->bond[k]];
}

static double field_of(const struct belief *b, const double *u, int64_t i)
{
    const struct pairs *p = b->pairs;
    if (p->clamp && p->clamp[i])
        return p->clamp[i] > 0 ? INFINITY : -INFINITY;
    double field = p->h ? b->beta * p->unit * p->h[b->sample * p->sites + i]
                        : 0;
    for (int64_t k = p->start[i]; k < p->start[i + 1]; k++)
        field += u[k];
    return field;
}

void belief_start(const struct belief *b, const double *m, double *u)
{
    for (int64_t k = 0; k < 2 * b->pairs->bonds; k++)
        u[k] = coupling(b, k) * m[b->pairs->other[k]];
}

/* ---- sweeps ------------------------------------------------------------- */

/* All that site i sends; the largest move. */
static double send(const struct belief *b, double *u, int64_t i,
                   double damping)
{
    const struct pairs *p = b->pairs;
    double field = field_of(b, u, i), most = 0;
    for (int64_t k = p->start[i]; k < p->start[i + 1]; k++) {
        double *out = &u[b->back[k]];
        double fresh = belief_message(coupling(b, k), field - u[k]);
        most = fmax(most, fabs(fresh - *out) / fmax(1, fabs(fresh)));
        *out = damping * *out + (1 - damping) * fresh;
    }
    return most;
}

double belief_sweep(void *with, double *u, double damping)
{
    struct belief *b = with;
    int64_t n = b->pairs->sites;
    double most = 0;
    for (int64_t i = 0; i < n; i++)
        most = fmax(most, send(b, u, b->forward ? i : n - 1 - i, damping));
    b->forward = !b->forward;
    return most;
}

/* ---- what messages say -------------------------------------------------- */

/* <s t> of exp(K s t + a s + b t): tanh(K + atanh(tanh a tanh b)). */
static double correlation(double K, double a, double b)
{
    if (!isfinite(a))
        return isfinite(b) ? tanh(a > 0 ? b + K : -b + K)
                           : ((a > 0) == (b > 0) ? 1 : -1);
    return tanh(K + belief_message(a, b));
}

void belief_means(const struct belief *b, const double *u, double *m,
                  double *c)
{
    const struct pairs *p = b->pairs;
    for (int64_t i = 0; i < p->sites; i++)
        m[i] = tanh(field_of(b, u, i));
    double *field = mem_new((size_t)p->sites, sizeof *field);
    for (int64_t i = 0; i < p->sites; i++)
        field[i] = field_of(b, u, i);
    for (int64_t i = 0; i < p->sites; i++)
        for (int64_t k = p->start[i]; k < p->start[i + 1]; k++)
            if (k < b->back[k])
                c[p->bond[k]] = correlation(coupling(b, k), field[i] - u[k],
                                            field[p->other[k]] -
                                                u[b->back[k]]);
    free(field);
}

/* ---- stability ---------------------------------------------------------- */

/* The update linearised: slopes of the messages by the field of the sender. */
struct tangent { const struct pairs *pairs; const int32_t *back;
                 double *slope, damping; };

/* out = the update of v, both of length 2 bonds; |out|. */
static double linearised(const void *with, const double *v, double *out)
{
    const struct tangent *t = with;
    const struct pairs *p = t->pairs;
    double square = 0;
    for (int64_t i = 0; i < p->sites; i++) {
        double sum = 0;
        for (int64_t k = p->start[i]; k < p->start[i + 1]; k++)
            sum += v[k];
        for (int64_t k = p->start[i]; k < p->start[i + 1]; k++) {
            int32_t to = t->back[k];
            out[to] = t->damping * v[to] +
                      (1 - t->damping) * t->slope[to] * (sum - v[k]);
            square += out[to] * out[to];
        }
    }
    return sqrt(square);
}

static double *slopes(const struct belief *b, const double *u)
{
    const struct pairs *p = b->pairs;
    double *slope = mem_new(2 * (size_t)p->bonds, sizeof *slope);
    for (int64_t i = 0; i < p->sites; i++) {
        double field = field_of(b, u, i);
        for (int64_t k = p->start[i]; k < p->start[i + 1]; k++)
            slope[b->back[k]] = belief_slope(coupling(b, k), field - u[k]);
    }
    return slope;
}

double belief_stability(const struct belief *b, const double *u,
                        double damping, int steps, uint64_t seed,
                        double *error)
{
    int64_t count = 2 * b->pairs->bonds;
    struct chance chance = chance_of(seed, RNG_PROBE, 0, 0);
    struct tangent t = {b->pairs, b->back, slopes(b, u), damping};
    struct power power = {count, linearised, &t};
    double *v = mem_new((size_t)count, sizeof *v);
    for (int64_t k = 0; k < count; k++)
        v[k] = 0.5 + chance_unit(&chance);
    double modulus = power_modulus(&power, v, steps, error);
    free(v);
    free(t.slope);
    return modulus;
}

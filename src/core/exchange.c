#include "core/exchange.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/math.h"
#include "base/rng.h"

/* Below this acceptance the rejection hardly tells edges apart. */
#define SATURATED 0.01
#define ACCEPTANCE_LEAST 1e-300

struct exchange *exchange_new(struct exchange_shape shape, bool seo,
                              uint64_t seed)
{
    struct exchange *x = mem_new(1, sizeof *x);
    size_t edges = (size_t)(shape.rungs - 1);
    *x = (struct exchange){.copies = shape.copies, .samples = shape.samples,
                           .rungs = shape.rungs,
                           .components = shape.components, .seo = seo,
                           .seed = seed};
    x->ladders = shape.copies * shape.samples;
    x->walkers = (int64_t)x->ladders * x->rungs;
    size_t walkers = (size_t)x->walkers;
    x->label = mem_new(walkers, sizeof *x->label);
    x->walker = mem_new(walkers, sizeof *x->walker);
    x->heading = mem_new(walkers, sizeof *x->heading);
    x->trips = mem_new(walkers, sizeof *x->trips);
    x->attempts = mem_new((size_t)x->samples * edges, sizeof *x->attempts);
    x->accepts = mem_new((size_t)x->samples * edges, sizeof *x->accepts);
    x->chance = mem_new(edges, sizeof *x->chance);
    x->tries = mem_new(edges, sizeof *x->tries);
    for (int64_t w = 0; w < x->walkers; w++)
        x->label[w] = (int)(w % x->rungs);
    exchange_follow(x);
    return x;
}

void exchange_free(struct exchange *x)
{
    if (!x)
        return;
    free(x->label);
    free(x->walker);
    free(x->heading);
    free(x->trips);
    free(x->attempts);
    free(x->accepts);
    free(x->chance);
    free(x->tries);
    free(x);
}

void exchange_reset(struct exchange *x)
{
    size_t edges = (size_t)(x->rungs - 1), samples = (size_t)x->samples;
    memset(x->trips, 0, (size_t)x->walkers * sizeof *x->trips);
    memset(x->attempts, 0, samples * edges * sizeof *x->attempts);
    memset(x->accepts, 0, samples * edges * sizeof *x->accepts);
    memset(x->chance, 0, edges * sizeof *x->chance);
    memset(x->tries, 0, edges * sizeof *x->tries);
}

void exchange_follow(struct exchange *x)
{
    for (int64_t w = 0; w < x->walkers; w++)
        x->walker[w / x->rungs * x->rungs + x->label[w]] =
            (int)(w % x->rungs);
}

/* A walker was seen at an end of the ladder. */
static void note_ends(struct exchange *x, int64_t first)
{
    int64_t hot = first + x->walker[first];
    int64_t cold = first + x->walker[first + x->rungs - 1];
    if (x->heading[hot] == HEADING_HOT)
        x->trips[hot]++;
    x->heading[hot] = HEADING_COLD;
    if (x->heading[cold] == HEADING_COLD)
        x->heading[cold] = HEADING_HOT;
}

static void swap_edge(struct exchange *x, int64_t first, int edge)
{
    int *at = x->walker + first + edge;
    int kept = at[0];
    at[0] = at[1];
    at[1] = kept;
    x->label[first + at[0]] = edge;
    x->label[first + at[1]] = edge + 1;
}

/* min(1, exp((lambda_e - lambda_{e+1}) . (u_e - u_{e+1}))) */
static double swap_chance(const struct exchange *x, const struct rung *rung,
                          const double *u, int64_t first, int edge)
{
    double lambda[COMPONENTS_MAX] = {0}, du[COMPONENTS_MAX] = {0};
    int k = x->components;
    const double *a = u + (first + x->walker[first + edge]) * k;
    const double *b = u + (first + x->walker[first + edge + 1]) * k;
    for (int i = 0; i < k; i++) {
        lambda[i] = rung[edge].lambda[i] - rung[edge + 1].lambda[i];
        du[i] = a[i] - b[i];
    }
    double log_ratio = rung_dot(lambda, du, k);
    return log_ratio >= 0 ? 1 : num_exp(log_ratio);
}

static bool try_edge(struct exchange *x, const struct rung *rung,
                     const double *u, int ladder, int edge, double uniform)
{
    int64_t first = (int64_t)ladder * x->rungs;
    double chance = swap_chance(x, rung, u, first, edge);
    int count = ladder % x->samples * (x->rungs - 1) + edge;
    bool accept = uniform < chance;
    x->chance[edge] += chance;
    x->tries[edge]++;
    x->attempts[count]++;
    x->accepts[count] += accept;
    if (accept)
        swap_edge(x, first, edge);
    return accept;
}

/* The random numbers of (ladder, step, edge); edge = rungs: the parity. */
static struct rng_quad draw(const struct exchange *x, int ladder, int edge,
                            uint64_t step)
{
    return rng_philox(x->seed, RNG_EXCHANGE, (uint32_t)ladder,
                      (uint32_t)edge, (uint32_t)step,
                      (uint32_t)(step >> 32));
}

bool exchange_step(struct exchange *x, const struct rung *rung,
                   const double *u, uint64_t step)
{
    bool changed = false;
    if (x->rungs < 2)
        return false;
    for (int ladder = 0; ladder < x->ladders; ladder++) {
        int parity = (int)(step & 1);
        if (x->seo)
            parity = (int)(draw(x, ladder, x->rungs, step).v[0] & 1);
        for (int edge = parity; edge < x->rungs - 1; edge += 2) {
            struct rng_quad random = draw(x, ladder, edge, step);
            changed |= try_edge(x, rung, u, ladder, edge,
                                rng_unit(random.v[0], random.v[1]));
        }
        note_ends(x, (int64_t)ladder * x->rungs);
    }
    return changed;
}

double exchange_acceptance(const struct exchange *x, int edge)
{
    return x->tries[edge] ? x->chance[edge] / (double)x->tries[edge] : NAN;
}

double exchange_length(const struct exchange *x, int edge)
{
    double acceptance = exchange_acceptance(x, edge);
    if (!(acceptance < SATURATED))
        return 1 - acceptance;
    if (acceptance < ACCEPTANCE_LEAST)
        acceptance = ACCEPTANCE_LEAST;
    return (1 - SATURATED) *
           sqrt(num_log(acceptance) / num_log(SATURATED));
}

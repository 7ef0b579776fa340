#include "stat/population.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "stat/blocks.h"
#include "stat/gamma.h"

enum { BLOCK = 256, OBSERVABLES_MOST = 64, DRIFT_MOST = 5, BLOCKS = 8 };

struct population population_new(const struct population_rule *rule,
                                 int64_t members, uint64_t seed)
{
    size_t size = (size_t)members * (size_t)rule->width;
    struct population p = {.members = members, .width = rule->width,
                           .seed = seed, .mean_weight = 1};
    assert(members > 0 && members <= UINT32_MAX);
    p.member = mem_new(size, sizeof(double));
    p.made = mem_new(size, sizeof(double));
    p.weight = mem_new((size_t)members, sizeof(double));
    for (int64_t i = 0; i < members; i++) {
        struct chance chance = chance_of(seed, RNG_POPULATION, 0,
                                         (uint32_t)i);
        rule->start(&chance, p.member + i * p.width, rule->with);
    }
    p.step = 1;
    return p;
}

void population_free(struct population *population)
{
    free(population->member);
    free(population->made);
    free(population->weight);
}

const double *population_any(const struct population *population,
                             struct chance *chance)
{
    uint32_t i = chance_below(chance, (uint32_t)population->members);
    return population->member + (int64_t)i * population->width;
}

/* ---- a step -------------------------------------------------------------- */

void population_resample(const double *weight, int64_t count, double unit,
                         int64_t *take, int64_t takes)
{
    double sum = 0, reached = 0;
    int64_t i = 0;
    for (int64_t k = 0; k < count; k++)
        sum += weight[k];
    assert(sum > 0);
    for (int64_t t = 0; t < takes; t++) {
        double target = ((double)t + unit) / (double)takes * sum;
        while (i < count - 1 && reached + weight[i] <= target)
            reached += weight[i++];
        take[t] = i;
    }
}

/* Rounding may leave the last ones of weight 0 to be taken. */
static void choose(struct population *p)
{
    size_t bytes = (size_t)p->width * sizeof(double);
    struct chance chance = chance_of(p->seed, RNG_POPULATION, p->step++, 0);
    int64_t *take = mem_new((size_t)p->members, sizeof *take);
    int64_t last = p->members;
    while (last > 1 && p->weight[last - 1] == 0)
        last--;
    population_resample(p->weight, last, chance_unit(&chance), take,
                        p->members);
    for (int64_t i = 0; i < p->members; i++)
        memcpy(p->member + i * p->width, p->made + take[i] * p->width,
               bytes);
    free(take);
}

void population_step(struct population *population,
                     const struct population_rule *rule)
{
    struct population *p = population;
    bool plain = true;
    double sum = 0;
    #pragma omp parallel for schedule(static)
    for (int64_t i = 0; i < p->members; i++) {
        struct chance chance = chance_of(p->seed, RNG_POPULATION, p->step,
                                         (uint32_t)i);
        p->weight[i] = rule->make(p, &chance, p->made + i * p->width,
                                  rule->with);
    }
    p->step++;
    for (int64_t i = 0; i < p->members; i++) {
        sum += p->weight[i];
        plain = plain && p->weight[i] == 1;
    }
    p->mean_weight = sum / (double)p->members;
    if (plain) {
        double *spare = p->member;
        p->member = p->made;
        p->made = spare;
    } else if (sum > 0) {
        choose(p);
    }
}

/* ---- observables --------------------------------------------------------- */

static void observe_block(const struct population *p,
                          const struct population_rule *rule, int64_t from,
                          int64_t to, double *sum)
{
    double value[OBSERVABLES_MOST];
    for (int64_t i = from; i < to; i++) {
        struct chance chance = chance_of(p->seed, RNG_POPULATION, p->step,
                                         (uint32_t)i);
        rule->observe(p, &chance, value, rule->with);
        for (int k = 0; k < rule->observables; k++)
            sum[k] += value[k];
    }
}

void population_observe(struct population *population,
                        const struct population_rule *rule, int64_t samples,
                        double *mean)
{
    int64_t blocks = (samples + BLOCK - 1) / BLOCK, count = rule->observables;
    double *sum = mem_new((size_t)(blocks * count), sizeof *sum);
    assert(samples > 0 && samples <= UINT32_MAX &&
           count <= OBSERVABLES_MOST);
    #pragma omp parallel for schedule(static)
    for (int64_t b = 0; b < blocks; b++)
        observe_block(population, rule, b * BLOCK,
                      b + 1 < blocks ? (b + 1) * BLOCK : samples,
                      sum + b * count);
    for (int64_t k = 0; k < count; k++) {
        mean[k] = 0;
        for (int64_t b = 0; b < blocks; b++)
            mean[k] += sum[b * count + k];
        mean[k] /= (double)samples;
    }
    population->step++;
    free(sum);
}

struct population_series population_run(struct population *population,
                                        const struct population_rule *rule,
                                        int64_t settle, int64_t rows,
                                        int64_t samples)
{
    struct population_series s = {.observables = rule->observables,
                                  .rows = rows};
    s.at = mem_new((size_t)(rows * s.observables), sizeof *s.at);
    for (int64_t t = 0; t < settle; t++)
        population_step(population, rule);
    for (int64_t t = 0; t < rows; t++) {
        population_step(population, rule);
        population_observe(population, rule, samples,
                           s.at + t * s.observables);
    }
    return s;
}

void population_series_free(struct population_series *series)
{
    free(series->at);
}

/* ---- means and errors ---------------------------------------------------- */

/* By the gamma method, or by blocks if that is more: a slow mode of small
   amplitude under the noise of fresh draws escapes the window of the former.
   The planner of FFTW serves one thread at a time. */
static struct population_mean estimate(const double *series, int64_t rows)
{
    struct gamma_plan *plan;
    #pragma omp critical(fftw)
    plan = gamma_plan_new(rows);
    struct gamma g = gamma_estimate(plan, series, 1);
    #pragma omp critical(fftw)
    gamma_plan_free(plan);
    double slow = rows < 2 * BLOCKS
                      ? 0 : block_mean(series, rows, BLOCKS).error;
    double error = fmax(g.error, slow);
    double ratio = g.error > 0 ? error / g.error : 1;
    return (struct population_mean){.mean = g.mean, .error = error,
                                    .tau_int = g.tau_int * ratio * ratio};
}

/* By the error of the second half alone: on the way to the fixed point the
   first one scatters more. Rounding is no drift. */
static double drift(const double *series, int64_t rows)
{
    int64_t half = rows / 2;
    double first = 0, rounding, error;
    if (half < 2)
        return 0;
    for (int64_t t = 0; t < half; t++)
        first += series[t] / (double)half;
    struct population_mean second = estimate(series + rows - half, half);
    rounding = 1e-13 * (fabs(first) + fabs(second.mean));
    error = hypot(1.41421356 * second.error, rounding);
    return error > 0 ? (second.mean - first) / error : 0;
}

struct population_mean population_mean(const struct population_series *series,
                                       const double *coefficient)
{
    double *x = mem_new((size_t)series->rows, sizeof *x);
    for (int64_t t = 0; t < series->rows; t++)
        for (int k = 0; k < series->observables; k++)
            if (coefficient[k] != 0) /* others may be infinite */
                x[t] += coefficient[k] *
                        series->at[t * series->observables + k];
    struct population_mean mean = estimate(x, series->rows);
    mean.drift = drift(x, series->rows);
    free(x);
    return mean;
}

struct population_mean
population_observable(const struct population_series *series, int k)
{
    double coefficient[OBSERVABLES_MOST] = {0};
    coefficient[k] = 1;
    return population_mean(series, coefficient);
}

bool population_settled(const struct population_series *series)
{
    for (int k = 0; k < series->observables; k++)
        if (!(fabs(population_observable(series, k).drift) < DRIFT_MOST))
            return false;
    return true;
}

/* What is done to a data set: standardised inputs, wrong targets. */
#include "systems/dataset.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/rng.h"

void dataset_free(struct dataset *set)
{
    if (!set)
        return;
    free(set->x);
    free(set->y);
    free(set->label);
    free(set);
}

/* ---- standardised inputs ------------------------------------------------- */

struct moments { double mean, deviation; };

/* Of one input. Deviations from the first value are summed: a constant has
   deviation 0 exactly. */
static struct moments moments_of(const double *x, int64_t step, int64_t count)
{
    struct moments m = {0, 0};
    for (int64_t i = 0; i < count; i++)
        m.mean += x[i * step] - x[0];
    m.mean = x[0] + m.mean / (double)count;
    for (int64_t i = 0; i < count; i++) {
        double off = x[i * step] - m.mean;
        m.deviation += off * off;
    }
    m.deviation = sqrt(m.deviation / (double)count);
    return m;
}

void dataset_standardise(struct dataset *set, int64_t train)
{
    assert(0 < train && train <= set->examples);
    for (int64_t k = 0; k < set->inputs; k++) {
        double *x = set->x + k;
        struct moments m = moments_of(x, set->inputs, train);
        for (int64_t i = 0; i < set->examples; i++, x += set->inputs)
            *x = m.deviation > 0 ? (*x - m.mean) / m.deviation : 0;
    }
}

/* ---- wrong targets ------------------------------------------------------- */

/* An example's place in the order in which targets become wrong. */
struct turn {
    uint64_t key;
    int64_t example;
};

static int by_key(const void *a, const void *b)
{
    const struct turn *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->example > y->example) - (x->example < y->example);
}

static uint64_t wide(uint32_t high, uint32_t low)
{
    return (uint64_t)high << 32 | low;
}

static struct rng_quad draw(int64_t example, uint64_t seed, int64_t sample)
{
    return rng_philox(seed, RNG_DISORDER, (uint32_t)example,
                      (uint32_t)((uint64_t)example >> 32), (uint32_t)sample,
                      DATASET_DRAWS);
}

/* The remainder favours no class by more than 2^-48. */
static void falsify(struct dataset *set, int64_t example, uint64_t chance)
{
    if (set->label) {
        int32_t other = (int32_t)(chance % (uint64_t)(set->classes - 1));
        set->label[example] = other + (other >= set->label[example]);
    }
    for (int64_t k = 0; set->y && k < set->outputs; k++)
        set->y[example * set->outputs + k] *= -1;
}

int64_t dataset_noise(struct dataset *set, int64_t train, double fraction,
                      uint64_t seed, int64_t sample)
{
    assert(0 <= train && train <= set->examples);
    assert(0 <= fraction && fraction <= 1);
    assert(!set->label || set->classes >= 2);
    int64_t count = (int64_t)floor(fraction * (double)train + 0.5);
    struct turn *turns = mem_new((size_t)train, sizeof *turns);
    for (int64_t i = 0; i < train; i++) {
        struct rng_quad quad = draw(i, seed, sample);
        turns[i] = (struct turn){wide(quad.v[0], quad.v[1]), i};
    }
    if (count)
        qsort(turns, (size_t)train, sizeof *turns, by_key);
    for (int64_t i = 0; i < count; i++) {
        struct rng_quad quad = draw(turns[i].example, seed, sample);
        falsify(set, turns[i].example, wide(quad.v[2], quad.v[3]));
    }
    free(turns);
    return count;
}

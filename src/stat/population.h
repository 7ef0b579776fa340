/* Population dynamics: a distribution is held as a pool of members, each of
   `width` numbers, and its equation P = F[P, P, ...] is iterated by making
   every member anew out of old ones drawn at random (Mezard and Parisi, Eur.
   Phys. J. B 20, 217 (2001)). Members may be fields, messages, surveys.

   All that is drawn for a member comes from a sequence of its own,
   chance_of(seed, RNG_POPULATION, step, member), and sums are made in blocks
   of one size: numbers do not depend on the number of threads.

   Averages: after every step each observable is averaged over `samples` fresh
   draws, which gives one row; errors are those of the mean over rows,
   correlation between rows included: by the gamma method (stat/gamma.h), or by
   8 blocks of rows where that is more. They do not know of the
   bias of a finite pool, of order 1/members, nor of a pool that is still on
   its way, which the drift between the halves of the rows tells. */
#ifndef TEMPERA_STAT_POPULATION_H
#define TEMPERA_STAT_POPULATION_H
#include <stdbool.h>

#include "base/chance.h"

struct population {
    int64_t members; /* below 2^32 */
    int width;
    uint64_t seed;
    uint32_t step;      /* of everything that draws, counted from 0 */
    double *member;     /* [members][width], owned */
    double *made;       /* [members][width], owned: the next generation */
    double *weight;     /* [members], owned: how much each of it counts */
    double mean_weight; /* of the last step; 1 if the rule has no weights */
};

/* `with` is the caller's, read by several threads at once. */
struct population_rule {
    int width;
    const void *with;
    /* A first member. */
    void (*start)(struct chance *chance, double *member, const void *with);
    /* A new member, the chance->item-th, from those of `old`. Returned is the
       weight >= 0 with which it is to count: then members are drawn anew in
       proportion to weights, as for the reweighting of one step of replica
       symmetry breaking. Always 1: nothing is drawn anew. */
    double (*make)(const struct population *old, struct chance *chance,
                   double *member, const void *with);
    int observables;
    /* One draw of every observable. */
    void (*observe)(const struct population *now, struct chance *chance,
                    double *value, const void *with);
};

struct population population_new(const struct population_rule *rule,
                                 int64_t members, uint64_t seed);
void population_free(struct population *population);

/* A member drawn at random. */
const double *population_any(const struct population *population,
                             struct chance *chance);

/* Makes all members anew. With all weights 0 the pool stays as it was and
   mean_weight is 0. */
void population_step(struct population *population,
                     const struct population_rule *rule);

/* Means of the observables over `samples` draws. */
void population_observe(struct population *population,
                        const struct population_rule *rule, int64_t samples,
                        double *mean);

/* Which of count things to take so that each is taken in proportion to its
   weight: take[i] ascending, by equal steps from unit in [0, 1) of the first
   (systematic resampling). Not all weights 0. */
void population_resample(const double *weight, int64_t count, double unit,
                         int64_t *take, int64_t takes);

/* Rows of observables, one a step. */
struct population_series {
    int observables;
    int64_t rows;
    double *at; /* [rows][observables], owned */
};

/* `settle` steps, then `rows` of them with a row each. */
struct population_series population_run(struct population *population,
                                        const struct population_rule *rule,
                                        int64_t settle, int64_t rows,
                                        int64_t samples);
void population_series_free(struct population_series *series);

struct population_mean {
    double mean;
    double error;   /* one sigma */
    double tau_int; /* in rows: 1/2 when these are independent */
    double drift;   /* mean of the second half less that of the first, over
                       its error: beyond 5 the pool had not settled */
};

/* Of sum_k coefficient[k] observable[k], what they share cancelling. A
   function f of means has these errors with its derivatives as
   coefficients. */
struct population_mean population_mean(const struct population_series *series,
                                       const double *coefficient);
struct population_mean
population_observable(const struct population_series *series, int k);

/* Does no observable drift, beyond 5 standard errors? */
bool population_settled(const struct population_series *series);

#endif

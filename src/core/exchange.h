/* Swaps of neighbouring rungs, within each (copy, sample). Pure: a function
   of the labels, u, the rungs, the seed and the step number; every rank
   computes the same.

   Walkers on rungs e and e + 1 change places with probability
   min(1, exp((lambda_e - lambda_{e+1}) . (u_e - u_{e+1}))). DEO tries the
   even edges at even steps and the odd ones at odd steps (non-reversible;
   Okabe et al. 2001; Syed et al. 2022); SEO draws the parity. */
#ifndef TEMPERA_CORE_EXCHANGE_H
#define TEMPERA_CORE_EXCHANGE_H
#include <stdbool.h>
#include <stdint.h>

#include "core/rung.h"

enum exchange_heading { HEADING_NONE, HEADING_COLD, HEADING_HOT };

struct exchange {
    int copies, samples, rungs, components;
    bool seo;
    uint64_t seed;
    int ladders;       /* copies * samples; ladder = copy * samples + sample */
    int64_t walkers;   /* ladders * rungs; walker = ladder * rungs + index */
    int *label;        /* [walkers] rung of a walker */
    int *walker;       /* [ladders][rungs] index of the walker on a rung */
    int8_t *heading;   /* [walkers] enum exchange_heading: a walker last at
                          the hot end heads for the cold one */
    int64_t *trips;    /* [walkers] hot-cold-hot round trips */
    int64_t *attempts; /* [samples][rungs - 1] summed over copies */
    int64_t *accepts;  /* likewise */
    double *chance;    /* [rungs - 1] sum of acceptance probabilities, */
    int64_t *tries;    /* [rungs - 1] over so many attempts */
};

struct exchange_shape { int copies, samples, rungs, components; };

/* Walker i starts on rung i of its ladder. */
struct exchange *exchange_new(struct exchange_shape shape, bool seo,
                              uint64_t seed);
void exchange_free(struct exchange *exchange);

/* Counters (trips, attempts, accepts, chance, tries) to zero. */
void exchange_reset(struct exchange *exchange);

/* u[walkers][K]; step counts exchanges from the start of the run. true when
   a label changed. */
bool exchange_step(struct exchange *exchange, const struct rung *rung,
                   const double *u, uint64_t step);

/* After labels were set from outside: walker[][] follows. */
void exchange_follow(struct exchange *exchange);

/* Mean acceptance probability of an edge since the reset; NAN untried. */
double exchange_acceptance(const struct exchange *exchange, int edge);

/* How long adaptation takes an edge to be: its mean rejection; where nearly
   all is rejected more than that, by the logarithm of the acceptance, which
   of two Gaussian energy distributions falls as that of exp(-length^2). */
double exchange_length(const struct exchange *exchange, int edge);

#endif

/* The stochastic block model on an infinite tree: a population of messages of
   nodes of group 0 (those of group s have labels renamed), each from a Poisson
   number of neighbours of mean c, in group s with probability c_0s/(q c).
   Random numbers from RNG_POPULATION: item i is member i. */
#ifndef TEMPERA_SYSTEMS_BLOCK_POPULATION_H
#define TEMPERA_SYSTEMS_BLOCK_POPULATION_H
#include "systems/block_model.h"

struct block_population {
    struct blocks blocks;
    int64_t size;
    uint64_t seed;
    uint32_t step;
    double *psi, *next;    /* [size][q], owned, as are [size] of the last */
    double *largest;       /* generation: max_t psi_t, */
    double *node, *edge;   /* ln(Z_i/Z_0), ln(Z_ij/c), */
    double *degree;
};

/* Messages tell the group with probability hint, else nothing. first: of the
   steps of random numbers. */
struct block_population block_population_new(struct blocks blocks,
                                             int64_t size, uint64_t seed,
                                             uint32_t first, double hint);
void block_population_free(struct block_population *population);

/* The next generation. overlap = (<max_t psi_t> - 1/q)/(1 - 1/q), what the
   largest marginal achieves (Nishimori); excess = -<ln(Z_i/Z_0)> + (c/2)
   <ln(Z_ij/c)>, the Bethe free energy per node above that of uniform
   messages. */
void block_generation(struct block_population *population, double *overlap,
                      double *excess);

#endif

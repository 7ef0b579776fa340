/* Random numbers one after the other, from Philox: for theory that samples
   (populations, random instances), not for Markov chains, whose digits have
   addresses (core/stream.h).

   Whatever is drawn for item i of step t takes its own sequence,
   chance_of(seed, RNG_..., t, i): then the numbers do not depend on how items
   are shared among threads. */
#ifndef TEMPERA_BASE_CHANCE_H
#define TEMPERA_BASE_CHANCE_H
#include <stdint.h>

#include "base/rng.h"

struct chance {
    uint64_t seed;
    uint32_t purpose, step, item, block;
    int left;             /* words of the quad not yet used */
    struct rng_quad quad;
};

struct chance chance_of(uint64_t seed, enum rng_purpose purpose,
                        uint32_t step, uint32_t item);

uint32_t chance_word(struct chance *chance);
double chance_unit(struct chance *chance); /* in (0, 1), 53 digits */
uint32_t chance_below(struct chance *chance, uint32_t n); /* exact */
double chance_normal(struct chance *chance); /* mean 0, variance 1 */
/* Number of events of mean `mean`, at most some hundreds: by multiplication
   of uniforms (Knuth), mean < 690. */
int chance_poisson(struct chance *chance, double mean);
/* out[count] normal numbers of variance 1. */
void chance_normals(struct chance *chance, int64_t count, double *out);

#endif

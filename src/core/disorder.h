/* Random numbers of a disorder sample: a function of the model's seed and the
   sample's number alone, the same on every machine. */
#ifndef TEMPERA_CORE_DISORDER_H
#define TEMPERA_CORE_DISORDER_H
#include "core/model.h"

struct disorder {
    uint64_t seed;
    int64_t sample;  /* its number, first_sample included */
    uint32_t next;   /* numbers drawn so far */
};

struct disorder disorder_of(const struct system *system, int sample);

/* The next 128 random bits. */
struct rng_quad disorder_quad(struct disorder *disorder);
/* value[count] = +1 with probability p, else -1 */
void disorder_signs(struct disorder *disorder, double *value, int64_t count,
                    double p);
/* value[count] normal of variance 1: Marsaglia's polar method with our own
   logarithm (SIAM Rev. 6 (1964) 260) */
void disorder_normal(struct disorder *disorder, double *value, int64_t count,
                     double mean);
/* Number `number` of another sequence of such: any one at a time. */
double disorder_normal_at(const struct disorder *disorder, uint32_t number);

#endif

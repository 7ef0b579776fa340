#include "core/minibatch.h"

/* Rounds of a Feistel network, which maps pairs of `half` bits one to one;
   walked on until within range (Black, Rogaway, CT-RSA 2002). */
enum { ROUNDS = 6 };

static uint32_t mixed(const struct draws *d, uint64_t epoch, uint32_t word,
                      int round)
{
    return rng_philox(d->seed, RNG_BATCH, (uint32_t)d->walker,
                      (uint32_t)epoch,
                      (uint32_t)(epoch >> 32) << 3 | (uint32_t)round, word)
        .v[0];
}

static uint64_t shuffled(const struct draws *d, uint64_t epoch, uint64_t x,
                         int half)
{
    uint32_t mask = (uint32_t)((UINT64_C(1) << half) - 1);
    uint32_t left = (uint32_t)(x >> half), right = (uint32_t)x & mask;
    for (int round = 0; round < ROUNDS; round++) {
        uint32_t next = left ^ (mixed(d, epoch, right, round) & mask);
        left = right;
        right = next;
    }
    return (uint64_t)left << half | right;
}

void minibatch_choose(const struct draws *d, int64_t examples, int size,
                      int64_t *chosen)
{
    uint64_t batches = (uint64_t)(examples / size);
    uint64_t epoch = (d->tick - 1) / batches;
    uint64_t first = (d->tick - 1) % batches * (uint64_t)size;
    int half = 1;
    while (UINT64_C(1) << 2 * half < (uint64_t)examples)
        half++;
    for (int i = 0; i < size; i++) {
        uint64_t x = first + (uint64_t)i;
        do
            x = shuffled(d, epoch, x, half);
        while (x >= (uint64_t)examples);
        chosen[i] = (int64_t)x;
    }
}

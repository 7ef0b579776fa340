/* The baseline of `tempera bench`: the loop a physicist writes. Metropolis in
   typewriter order over an array of int8 spins, periodic by if-wraps, a table
   of exp(-dE/T), one double a proposal from xoshiro256+ (Blackman, Vigna, ACM
   Trans. Math. Softw. 47, 36 (2021)). */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/math.h"
#include "base/rng.h"
#include "cli/bench_parts.h"

struct textbook {
    int size;
    int8_t *spin;
    double accept[17]; /* min(1, exp(-beta dE)) at [8 + dE] */
    uint64_t random[4];
};

static inline uint64_t rotate(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

static inline double uniform(uint64_t s[4])
{
    uint64_t sum = s[0] + s[3], t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return (double)(sum >> 11) * 0x1p-53;
}

struct textbook *textbook_new(int size)
{
    struct textbook *t = mem_new(1, sizeof *t);
    t->size = size;
    t->spin = mem_new((size_t)(size * size), 1);
    for (int dE = -8; dE <= 8; dE++)
        t->accept[8 + dE] = dE > 0 ? num_exp(-0.44 * dE) : 1;
    struct rng_quad a = rng_philox(1, RNG_TEST, 0, 0, 0, 0);
    struct rng_quad b = rng_philox(1, RNG_TEST, 1, 0, 0, 0);
    for (int i = 0; i < 4; i++)
        t->random[i] = (uint64_t)a.v[i] << 32 | b.v[i];
    for (int i = 0; i < size * size; i++)
        t->spin[i] = uniform(t->random) < 0.5 ? 1 : -1;
    return t;
}

void textbook_free(struct textbook *t)
{
    if (!t)
        return;
    free(t->spin);
    free(t);
}

void textbook_sweep(struct textbook *t)
{
    int L = t->size;
    uint64_t random[4] = {t->random[0], t->random[1], t->random[2],
                          t->random[3]};
    for (int y = 0; y < L; y++) {
        int8_t *row = t->spin + y * L;
        const int8_t *above = t->spin + (y > 0 ? y - 1 : L - 1) * L;
        const int8_t *below = t->spin + (y < L - 1 ? y + 1 : 0) * L;
        for (int x = 0; x < L; x++) {
            int left = row[x > 0 ? x - 1 : L - 1];
            int right = row[x < L - 1 ? x + 1 : 0];
            int dE = 2 * row[x] * (left + right + above[x] + below[x]);
            if (uniform(random) < t->accept[8 + dE])
                row[x] = (int8_t)-row[x];
        }
    }
    for (int i = 0; i < 4; i++)
        t->random[i] = random[i];
}

double textbook_doubles(struct textbook *t, int count)
{
    uint64_t random[4] = {t->random[0], t->random[1], t->random[2],
                          t->random[3]};
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += uniform(random);
    for (int i = 0; i < 4; i++)
        t->random[i] = random[i];
    return sum;
}

#include "base/chance.h"

#include "base/math.h"
#include "base/normal.h"

struct chance chance_of(uint64_t seed, enum rng_purpose purpose,
                        uint32_t step, uint32_t item)
{
    return (struct chance){.seed = seed, .purpose = purpose, .step = step,
                           .item = item};
}

uint32_t chance_word(struct chance *chance)
{
    if (!chance->left) {
        chance->quad = rng_philox(chance->seed, chance->purpose,
                                  chance->block++, 0, chance->step,
                                  chance->item);
        chance->left = 4;
    }
    return chance->quad.v[--chance->left];
}

double chance_unit(struct chance *chance)
{
    uint32_t high = chance_word(chance), low = chance_word(chance);
    return rng_unit(high, low) + 0x1p-54;
}

/* Words that would make some numbers likelier are thrown away. */
uint32_t chance_below(struct chance *chance, uint32_t n)
{
    uint32_t spare = -n % n, word;
    uint64_t product;
    do {
        word = chance_word(chance);
        product = (uint64_t)word * n;
    } while ((uint32_t)product < spare);
    return (uint32_t)(product >> 32);
}

static uint64_t long_word(struct chance *chance)
{
    uint64_t high = chance_word(chance);
    return high << 32 | chance_word(chance);
}

/* The first of a pair; the other is lost. */
double chance_normal(struct chance *chance)
{
    uint64_t bits[2];
    double out[2];
    bits[0] = long_word(chance);
    bits[1] = long_word(chance);
    normal_pairs(bits, 1, out);
    return out[0];
}

int chance_poisson(struct chance *chance, double mean)
{
    double least = num_exp(-mean), product = chance_unit(chance);
    int count = 0;
    while (product > least) {
        product *= chance_unit(chance);
        count++;
    }
    return count;
}

void chance_normals(struct chance *chance, int64_t count, double *out)
{
    for (int64_t i = 0; i < count; i += 2) {
        uint64_t bits[2];
        double pair[2];
        bits[0] = long_word(chance);
        bits[1] = long_word(chance);
        normal_pairs(bits, 1, pair);
        out[i] = pair[0];
        if (i + 1 < count)
            out[i + 1] = pair[1];
    }
}

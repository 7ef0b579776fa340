#include "stat/ground.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/alloc.h"

static const struct ground nothing = {-INFINITY, 0};

static void add(struct ground *sum, double weight, double count, double tie)
{
    if (weight > sum->weight + tie)
        *sum = (struct ground){weight, count};
    else if (weight >= sum->weight - tie && count > 0)
        sum->count += count;
}

static void multiply(const struct ground *a, const struct ground *b,
                     int size, double tie, struct ground *to)
{
    for (ptrdiff_t i = 0; i < size; i++) {
        struct ground *row = &to[i * size];
        for (ptrdiff_t j = 0; j < size; j++)
            row[j] = nothing;
        for (ptrdiff_t k = 0; k < size; k++) {
            struct ground left = a[i * size + k];
            const struct ground *right = &b[k * size];
            for (ptrdiff_t j = 0; j < size; j++)
                add(&row[j], left.weight + right[j].weight,
                    left.count * right[j].count, tie);
        }
    }
}

static struct ground trace(const struct ground *a, const struct ground *b,
                           int size, double tie)
{
    struct ground sum = nothing;
    for (ptrdiff_t i = 0; i < size; i++)
        for (ptrdiff_t k = 0; k < size; k++)
            add(&sum, a[i * size + k].weight + b[k * size + i].weight,
                a[i * size + k].count * b[k * size + i].count, tie);
    return sum;
}

struct ground ground_trace(const struct ground *base, int size,
                           int64_t exponent, double tie)
{
    assert(exponent >= 2);
    size_t elements = (size_t)size * (size_t)size;
    bool even = exponent % 2 == 0;
    int64_t half = even ? exponent / 2 : exponent - 1;
    struct ground *power = mem_copy(base, elements, sizeof *base);
    struct ground *next = mem_new(elements, sizeof *next), *other;
    for (int bit = 62 - __builtin_clzll((unsigned long long)half); bit >= 0;
         bit--) {
        multiply(power, power, size, tie, next);
        other = power, power = next, next = other;
        if (half >> bit & 1) {
            multiply(power, base, size, tie, next);
            other = power, power = next, next = other;
        }
    }
    struct ground sum = trace(power, even ? power : base, size, tie);
    free(power);
    free(next);
    return sum;
}

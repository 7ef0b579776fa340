#include "systems/network.h"

#include <assert.h>
#include <string.h>

#include "base/alloc.h"

struct network_block network_block(const struct network *n, int layer)
{
    assert(1 <= layer && layer <= n->layers);
    struct network_block block = {.end = 0};
    for (int l = 1; l <= layer; l++) {
        block.in = n->width[l - 1];
        block.out = n->width[l];
        block.weights = block.end;
        block.biases = block.weights + (int64_t)block.in * block.out;
        block.end = block.biases + (n->bias ? block.out : 0);
    }
    return block;
}

int64_t network_count(const struct network *n)
{
    return network_block(n, n->layers).end;
}

void *network_inputs(const struct network *n, const double *x, int64_t count)
{
    size_t numbers = (size_t)(count * n->width[0]);
    if (!n->single)
        return mem_copy(x, numbers, sizeof *x);
    float *copy = mem_new(numbers, sizeof *copy);
    for (size_t i = 0; i < numbers; i++)
        copy[i] = (float)x[i];
    return copy;
}

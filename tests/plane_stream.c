/* Random bits as kernels consume them, to standard output without end, for
   dieharder: plane_stream tick|site|stream says which part of the address
   runs fastest. */
#include <stdio.h>
#include <string.h>

#include "base/rng.h"

enum { BLOCKS = 64, PLANES = 12 };

int main(int argc, char **argv)
{
    static uint64_t out[BLOCKS * PLANES * RNG_PLANE_WORDS];
    const char *order = argc > 1 ? argv[1] : "tick";
    rng_planes_fn *planes = rng_planes_best();
    struct rng_range range = {.planes = PLANES, .halves = 2};
    struct rng_address address = {.seed = 1, .tick = 1,
                                  .purpose = RNG_UPDATE};
    uint32_t blocks[BLOCKS];
    for (uint64_t n = 0;; n++) {
        for (uint32_t b = 0; b < BLOCKS; b++)
            blocks[b] = !strcmp(order, "site") ? (uint32_t)n * BLOCKS + b : b;
        if (!strcmp(order, "stream"))
            address.stream = (uint32_t)n;
        else if (strcmp(order, "site"))
            address.tick = n + 1;
        planes(out, &address, blocks, BLOCKS, range);
        if (fwrite(out, sizeof out, 1, stdout) != 1)
            return 0;
    }
}

#include "systems/dropout.h"

#include <assert.h>
#include <string.h>

enum { BLOCKS = 32 };

static void fill(const struct dropout *d, uint32_t block, int count,
                 double *times)
{
    uint64_t bits[BLOCKS * RNG_PLANE_WORDS];
    uint32_t blocks[BLOCKS], word[8 * BLOCKS];
    const uint32_t limit = (uint32_t)(d->p * 0x1p32);
    int needed = (count + 7) / 8;
    for (int i = 0; i < needed; i++)
        blocks[i] = block + (uint32_t)i;
    rng_planes_quick()(bits, &d->address, blocks, needed,
                       (struct rng_range){.planes = 1, .halves = 2});
    memcpy(word, bits, 4 * (size_t)count);
    for (int i = 0; i < count; i++)
        times[i] = word[i] < limit ? 0 : d->times;
}

void dropout_times(const struct dropout *d, int64_t example, int64_t units,
                   int64_t first, int count, double *times)
{
    int64_t block = example * ((units + 7) / 8) + first / 8;
    assert(first % 8 == 0);
    for (int done = 0; done < count; done += 8 * BLOCKS) {
        int left = count - done;
        fill(d, (uint32_t)(block + done / 8),
             left < 8 * BLOCKS ? left : 8 * BLOCKS, times + done);
    }
}

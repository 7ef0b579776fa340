/* Where a kernel's random planes come from: made where they are used, with
   VAES. AES and logic use different ports, and nothing is stored and read
   again. The same functions as kernels/feed_buffer.h, whole planes only. */
#ifndef TEMPERA_KERNELS_FEED_VAES_H
#define TEMPERA_KERNELS_FEED_VAES_H
#include <assert.h>

#include "base/rng_vaes.h"
#include "core/levels.h"
#include "kernels/vector.h"

enum { FEED_BLOCKS = 8, FEED_MORE = 4 };
_Static_assert(LEVELS_PLANES + FEED_MORE <= RNG_VAES_STEPS, "in one table");

struct feed {
    struct rng_vaes rng;
    __m256i start[FEED_BLOCKS];
};

static inline void feed_open(struct feed *feed, rng_planes_fn *body,
                             const struct rng_address *address,
                             struct rng_range range)
{
    (void)body;
    assert(range.halves == 2);
    range.planes += FEED_MORE;
    rng_vaes_open(&feed->rng, address, range);
}

/* The blocks of one table only. */
static inline int feed_make(struct feed *feed, const uint32_t *blocks,
                            int count)
{
    int made = 0;
    rng_vaes_seek(&feed->rng, blocks[0]);
    for (; made < FEED_BLOCKS && made < count &&
           rng_vaes_near(&feed->rng, blocks[made]); made++)
        feed->start[made] = rng_vaes_start(&feed->rng, blocks[made]);
    return made;
}

/* Copies, that may stay in registers. */
struct feed_view {
    const __m256i *start, *table;
    __m256i key[3];
};

static inline struct feed_view feed_look(const struct feed *feed, int block,
                                         int word)
{
    (void)word;
    return (struct feed_view){.start = feed->start + block,
                              .table = feed->rng.table,
                              .key = {feed->rng.key[3], feed->rng.key[4],
                                      feed->rng.key[5]}};
}

static inline VECTOR feed_plane(const struct feed_view *view, int block,
                                int word, int k)
{
    (void)word;
    __m256i x = _mm256_xor_si256(view->start[block], view->table[k]);
    x = _mm256_aesenc_epi128(x, view->key[0]);
    x = _mm256_aesenc_epi128(x, view->key[1]);
    return (VECTOR)_mm256_aesenclast_epi128(x, view->key[2]);
}

static inline void feed_more(const struct feed *feed, int i, uint32_t number,
                             uint64_t *out)
{
    (void)number;
    for (int k = 0; k < FEED_MORE; k++)
        _mm256_storeu_si256((__m256i *)(out + RNG_PLANE_WORDS * k),
                            rng_vaes_step(&feed->rng, feed->start[i],
                                          LEVELS_PLANES + k));
}

#endif

/* Where a kernel's random planes come from: made where they are used, with
   VAES. AES and logic use different ports, and nothing is stored and read
   again. The same functions as kernels/feed_buffer.h. */
#ifndef TEMPERA_KERNELS_FEED_VAES_H
#define TEMPERA_KERNELS_FEED_VAES_H
#include "base/rng_vaes.h"
#include "kernels/vector.h"

enum { FEED_BLOCKS = 8, FEED_PLANES = 12, FEED_MORE = 4 };
_Static_assert(FEED_PLANES + FEED_MORE <= RNG_VAES_STEPS, "in one table");

struct feed {
    struct rng_vaes rng;
    __m256i start[FEED_BLOCKS];
};

static inline void feed_open(struct feed *feed,
                             const struct rng_address *address, int planes)
{
    rng_vaes_open(&feed->rng, address,
                  (struct rng_range){.planes = planes + FEED_MORE,
                                     .halves = 2});
}

/* The blocks of one table only. */
static inline int feed_make(struct feed *feed, uint32_t first, int count)
{
    int left = 256 - (int)(first % 256);
    int made = count < FEED_BLOCKS ? count : FEED_BLOCKS;
    if (made > left)
        made = left;
    rng_vaes_seek(&feed->rng, first);
    for (int i = 0; i < made; i++)
        feed->start[i] = rng_vaes_start(&feed->rng, first + (uint32_t)i);
    return made;
}

/* What feed_plane looks at: copies, that may stay in registers. */
struct feed_view {
    const __m256i *start, *table;
    __m256i key[3];
};

static inline struct feed_view feed_look(const struct feed *feed, int i)
{
    struct feed_view view = {.start = feed->start + i,
                             .table = feed->rng.table};
    for (int r = 0; r < 3; r++)
        view.key[r] = feed->rng.key[3 + r];
    return view;
}

static inline VECTOR feed_plane(const struct feed_view *view, int i, int k)
{
    __m256i x = _mm256_xor_si256(view->start[i], view->table[k]);
    x = _mm256_aesenc_epi128(x, view->key[0]);
    x = _mm256_aesenc_epi128(x, view->key[1]);
    return (VECTOR)_mm256_aesenclast_epi128(x, view->key[2]);
}

static inline void feed_more(const struct feed *feed, int i, uint32_t block,
                             uint64_t *out)
{
    (void)block;
    for (int k = 0; k < FEED_MORE; k++)
        _mm256_storeu_si256((__m256i *)(out + RNG_PLANE_WORDS * k),
                            rng_vaes_step(&feed->rng, feed->start[i],
                                          FEED_PLANES + k));
}

#endif

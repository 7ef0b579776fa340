/* Where a kernel's random planes come from: made ahead into an L1 buffer, a
   chunk of blocks at a time, by the fastest body of base/rng. The other way:
   kernels/feed_vaes.h. */
#ifndef TEMPERA_KERNELS_FEED_BUFFER_H
#define TEMPERA_KERNELS_FEED_BUFFER_H
#include <stdalign.h>
#include <string.h>

#include "base/rng.h"
#include "kernels/vector.h"

enum { FEED_BLOCKS = 8, FEED_PLANES = 12, FEED_MORE = 4 };

/* Planes 0 .. planes - 1 of one address. */
struct feed {
    rng_planes_fn *body;
    struct rng_address address;
    struct rng_range range;
    alignas(32) uint64_t planes[FEED_BLOCKS * FEED_PLANES * RNG_PLANE_WORDS];
};

static inline void feed_open(struct feed *feed,
                             const struct rng_address *address, int planes)
{
    feed->body = rng_planes_best();
    feed->address = *address;
    feed->range = (struct rng_range){.planes = planes, .halves = 2};
}

/* Makes ready the planes of the blocks from `first` on, `count` or, if that
   is more than it can, fewer; returns how many. */
static inline int feed_make(struct feed *feed, uint32_t first, int count)
{
    uint32_t block[FEED_BLOCKS];
    int made = count < FEED_BLOCKS ? count : FEED_BLOCKS;
    for (int i = 0; i < made; i++)
        block[i] = first + (uint32_t)i;
    feed->body(feed->planes, &feed->address, block, made, feed->range);
    return made;
}

/* The blocks made ready, from vector i on. */
struct feed_view { const uint64_t *planes; int block_words; };

static inline struct feed_view feed_look(const struct feed *feed, int i)
{
    int words = feed->range.planes * RNG_PLANE_WORDS;
    return (struct feed_view){.planes = feed->planes +
                                        i / VECTORS_A_PLANE * words +
                                        i % VECTORS_A_PLANE * VECTOR_WORDS,
                              .block_words = words};
}

/* Plane k of the view's vector i; for i > 0 the view must begin a block. */
static inline VECTOR feed_plane(const struct feed_view *view, int i, int k)
{
    VECTOR v;
    memcpy(&v, view->planes + i / VECTORS_A_PLANE * view->block_words +
               i % VECTORS_A_PLANE * VECTOR_WORDS + k * RNG_PLANE_WORDS,
           sizeof v);
    return v;
}

/* Planes FEED_PLANES .. FEED_PLANES + FEED_MORE - 1 of the block ready at
   vector i, whole. */
static inline void feed_more(const struct feed *feed, int i, uint32_t block,
                             uint64_t *out)
{
    (void)i;
    feed->body(out, &feed->address, &block, 1,
               (struct rng_range){.first = FEED_PLANES, .planes = FEED_MORE,
                                  .halves = 2});
}

#endif

/* Where a kernel's random planes come from: made ahead into an L1 buffer, a
   chunk of blocks at a time, by the fastest body of base/rng. The other way:
   kernels/feed_vaes.h. */
#ifndef TEMPERA_KERNELS_FEED_BUFFER_H
#define TEMPERA_KERNELS_FEED_BUFFER_H
#include <stdalign.h>
#include <string.h>

#include "core/levels.h"
#include "kernels/vector.h"

/* Blocks made ready at once; further planes made for a tie. */
enum { FEED_BLOCKS = 8, FEED_MORE = 4 };

/* The planes of one address. */
struct feed {
    rng_planes_fn *body;
    struct rng_address address;
    struct rng_range range;
    int plane_words, block_words;
    alignas(32) uint64_t planes[FEED_BLOCKS * LEVELS_PLANES *
                                RNG_PLANE_WORDS];
};

/* At most LEVELS_PLANES planes, from 0 on, made by this body. */
static inline void feed_open(struct feed *feed, rng_planes_fn *body,
                             const struct rng_address *address,
                             struct rng_range range)
{
    feed->body = body;
    feed->address = *address;
    feed->range = range;
    feed->plane_words = 2 * range.halves;
    feed->block_words = feed->plane_words * range.planes;
}

/* Makes ready the planes of these blocks, or of the first ones, if they are
   more than it can; returns of how many. */
static inline int feed_make(struct feed *feed, const uint32_t *blocks,
                            int count)
{
    if (count > FEED_BLOCKS)
        count = FEED_BLOCKS;
    feed->body(feed->planes, &feed->address, blocks, count, feed->range);
    return count;
}

/* The blocks made ready, from this one on; `word` counts from the range's
   first half on. */
struct feed_view {
    const uint64_t *planes;
    int plane_words, block_words;
};

static inline struct feed_view feed_look(const struct feed *feed, int block,
                                         int word)
{
    return (struct feed_view){
        .planes = feed->planes + block * feed->block_words + word,
        .plane_words = feed->plane_words, .block_words = feed->block_words};
}

/* A vector of plane k, `block` blocks and `word` words on. */
static inline VECTOR feed_plane(const struct feed_view *view, int block,
                                int word, int k)
{
    VECTOR v;
    memcpy(&v, view->planes + block * view->block_words + word +
               k * view->plane_words, sizeof v);
    return v;
}

/* FEED_MORE whole planes from LEVELS_PLANES on, of block number `number`,
   which is made ready as block i. */
static inline void feed_more(const struct feed *feed, int i, uint32_t number,
                             uint64_t *out)
{
    (void)i;
    feed->body(out, &feed->address, &number, 1,
               (struct rng_range){.first = LEVELS_PLANES,
                                  .planes = FEED_MORE, .halves = 2});
}

#endif

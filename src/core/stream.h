/* Where a random bit of an update is read: dynamics.stream fixes the address,
   and so the numbers (DESIGN section 5, doc/randomness).

       site   stream = walker; block, bit = the tiling's virtual word and lane
       lane   stream = walker / 256, block = site, bit = walker mod 256
       word   stream = walker / 32, block = site; binary digits 1..32 of U are
              word (walker mod 32) of the block's depth 0, the next 32 of
              depth 1, ... Where sites of two values move by a binary rule
              (`bytes` of struct draws) digits 8 d + 1 to 8 d + 8 are byte
              (walker mod 32) of plane d instead: eight digits of 32 walkers
              cost one plane, and seldom are more needed
       shared stream = (copy, group of samples, rung): one number for all
              samples of a group, which have different disorder. Binary digits
              1..32 of U are 32-bit word (site mod 8) of plane 0 of block
              site / 8, the next 32 of plane 1, ... Where states are drawn
              (RNG_START, RNG_FRESH) numbers are not shared: block = site,
              bit = sample mod group. Walkers of one group on one rung are in
              one place: configurations move, see kernels/shared_body.h.

   What is not drawn once a site (bonds, clusters) is numbered on: stream site
   continues with further blocks beyond its lattice. */
#ifndef TEMPERA_CORE_STREAM_H
#define TEMPERA_CORE_STREAM_H
#include <stdbool.h>
#include <stdint.h>

#include "base/normal.h"
#include "base/rng.h"

struct lattice;

enum stream { STREAM_SITE, STREAM_LANE, STREAM_WORD, STREAM_SHARED,
              STREAM_COUNT };
extern const char *const stream_names[STREAM_COUNT + 1];

/* Walkers that share one counter `stream`: 1, 256 or 32. shared: 1, see
   struct sharing. */
int stream_group(enum stream stream);

/* What stream shared has to know: walker = (copy * samples + sample) * slots +
   index, groups of `group` samples (at most 256). */
struct sharing { int slots, samples, group, rungs; };

/* The first walker of the next group of ladders that share numbers. */
int64_t sharing_next(const struct sharing *sharing, int64_t walker);

/* The random numbers of one walker during one sweep. */
struct draws {
    enum stream kind;
    uint64_t seed, tick;
    int64_t walker;
    bool bytes;                    /* word stream: digits in bytes */
    const struct lattice *lattice; /* site stream: its tiling */
    rng_planes_fn *planes;         /* for normals; NULL: a quick one */
    normal_pairs_fn *normals;      /* NULL: the best */
    uint32_t shared;               /* shared stream: copy, group, rung */
    int lane;                      /* and the sample's place in its group */
};

/* Fills shared and lane for draws->walker on a rung. */
void draws_share(struct draws *draws, const struct sharing *sharing,
                 int rung);

/* Binary digit k (0 = most significant) of the uniform number of `purpose`
   at `site`. */
int draws_bit(const struct draws *draws, enum rng_purpose purpose,
              int64_t site, uint32_t k);

/* Digits 32 depth to 32 depth + 31, the first one highest: all that a number
   which is not compared with a probability is made of. */
uint32_t draws_word(const struct draws *draws, enum rng_purpose purpose,
                    int64_t site, uint32_t depth);

/* U < p, reading digits until one differs from p's; equal in all: false.
   p in [0, 1]; p = 1 is always true. */
bool draws_below(const struct draws *draws, enum rng_purpose purpose,
                 int64_t site, double p);

/* The same, the first `from` digits known to be equal. */
bool draws_below_from(const struct draws *draws, enum rng_purpose purpose,
                      int64_t site, double p, uint32_t from);

/* Uniform integer in [0, below), exactly: 32 digits at a time, rejected
   above the last whole multiple. */
uint32_t draws_integer(const struct draws *draws, enum rng_purpose purpose,
                       int64_t site, uint32_t below);

/* Normal numbers first (a multiple of four) to first + count - 1 of the
   walker's own: in any stream number i is of plane 0 of block i / 4, stream =
   walker. */
void draws_normals(const struct draws *draws, enum rng_purpose purpose,
                   int64_t first, int64_t count, double *out);

/* Binary digit k (0 = 1/2, 1 = 1/4, ...) of p in [0, 1). */
int binary_digit(double p, uint32_t k);

#endif

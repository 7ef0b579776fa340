/* Where a random bit of an update is read: dynamics.stream fixes the address,
   and so the numbers (DESIGN section 5, doc/randomness).

       site   stream = walker; block, bit = the tiling's virtual word and lane
       lane   stream = walker / 256, block = site, bit = walker mod 256
       word   stream = walker / 32, block = site; binary digits 1..32 of U are
              word (walker mod 32) of the block's depth 0, the next 32 of
              depth 1, ...

   What is not drawn once a site (bonds, clusters) is numbered on: stream site
   continues with further blocks beyond its lattice. */
#ifndef TEMPERA_CORE_STREAM_H
#define TEMPERA_CORE_STREAM_H
#include <stdbool.h>
#include <stdint.h>

#include "base/rng.h"

struct lattice;

enum stream { STREAM_SITE, STREAM_LANE, STREAM_WORD, STREAM_COUNT };
extern const char *const stream_names[STREAM_COUNT + 1];

/* Walkers that share one counter `stream`: 1, 256 or 32. */
int stream_group(enum stream stream);

/* The random numbers of one walker during one sweep. */
struct draws {
    enum stream kind;
    uint64_t seed, tick;
    int64_t walker;
    const struct lattice *lattice; /* site stream: its tiling */
};

/* Binary digit k (0 = most significant) of the uniform number of `purpose`
   at `site`. */
int draws_bit(const struct draws *draws, enum rng_purpose purpose,
              int64_t site, uint32_t k);

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

/* Binary digit k (0 = 1/2, 1 = 1/4, ...) of p in [0, 1). */
int binary_digit(double p, uint32_t k);

#endif

/* Counter-based random numbers. A random bit is bit b of
   G(seed, purpose; stream, tick, block, plane): stateless, the same however
   the work is split.

   G is ARS-5 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as
   easy as 1, 2, 3", SC11; Crush-resistant at 5 rounds): five AES rounds on
   the 128-bit counter
       { 2*plane + half, block, tick mod 2^32, stream }
   under the 128-bit key { seed low, seed high, purpose, tick div 2^32 } with
   Random123's Weyl key schedule. A plane is 256 bits, two halves of 128; bit
   b is bit b%64 of 64-bit word b/64 (little endian). Philox4x32-10 serves
   everything that is not a bit plane. */
#ifndef TEMPERA_BASE_RNG_H
#define TEMPERA_BASE_RNG_H
#include <stdint.h>

enum rng_purpose {
    RNG_START = 1,  /* the first state */
    RNG_FRESH,      /* a state drawn afresh at an exact point */
    RNG_UPDATE,     /* acceptance U, and heat-bath U */
    RNG_PROPOSE,    /* which other value (of more than two, continuous) */
    RNG_LAZY,       /* planes A, B of the lazy rule near lambda = 0 */
    RNG_EXCHANGE,   /* Philox: swap tests, SEO parity */
    RNG_DISORDER,   /* couplings, data */
    RNG_VARIANCE,   /* draws that estimate var_m u */
    RNG_TEST,       /* benchmarks, tests */
    RNG_BOND,       /* is a bond active? */
    RNG_CLUSTER,    /* where a cluster starts, what becomes of it */
    RNG_TURN,       /* the turn that clusters make */
    RNG_NOISE,      /* normal numbers of Langevin dynamics and momenta */
    RNG_BATCH,      /* which examples a minibatch takes */
    RNG_PROBE,      /* Philox: vectors that ask a matrix for its spectrum */
    RNG_HOUDAYER = 32, /* Philox: where a cluster of two copies starts */
    RNG_DROPOUT,    /* which units dropout keeps */
    RNG_POPULATION, /* Philox: members of a population of fields */
    RNG_INSTANCE    /* Philox: a random instance that theory is tried on */
};

/* All of an address but block and plane. */
struct rng_address {
    uint64_t seed;
    uint64_t tick;
    uint32_t purpose;
    uint32_t stream;
};

enum { RNG_PLANE_WORDS = 4 }; /* 64-bit words a plane */

/* Which planes of which blocks: halves [first_half, first_half + halves) of
   planes [first, first + planes). */
struct rng_range {
    int first, planes;
    int first_half, halves;
};

/* One 128-bit output of ARS with `rounds` rounds; portable C. */
void rng_ars(uint64_t out[2], const uint32_t counter[4],
             const uint32_t key[4], int rounds);

/* Fills out[block][plane][2 * halves] with the planes of `count` blocks. All
   bodies (portable, AES-NI, VAES) agree bit for bit. */
typedef void rng_planes_fn(uint64_t *out, const struct rng_address *address,
                           const uint32_t *blocks, int count,
                           struct rng_range range);
rng_planes_fn rng_planes_portable;
rng_planes_fn rng_planes_aesni;
rng_planes_fn rng_planes_vaes;

/* The fastest body this cpu can run, and its name. */
rng_planes_fn *rng_planes_best(void);
/* One that is found at once, for few planes: the best takes a cpuid to find,
   tens of microseconds in a virtual machine. */
rng_planes_fn *rng_planes_quick(void);
const char *rng_planes_name(void);

/* Bit `bit` (0..255) of a plane. */
int rng_bit(const struct rng_address *address, uint32_t block,
            uint32_t plane, int bit);

/* Bit `bit` of planes 32 depth ... 32 depth + 31, the first one highest. */
uint32_t rng_bits(const struct rng_address *address, uint32_t block,
                  uint32_t depth, int bit);

/* Word `word` (0..31) of the 1024 bits at depth `depth` of a block: the
   addressing of stream "word". */
uint32_t rng_word(const struct rng_address *address, uint32_t block,
                  uint32_t depth, int word);

/* Philox4x32-10 at counter (a, b, c, d) under (seed, purpose): 128 bits. */
struct rng_quad { uint32_t v[4]; };
struct rng_quad rng_philox(uint64_t seed, uint32_t purpose, uint32_t a,
                           uint32_t b, uint32_t c, uint32_t d);

/* 53 uniform bits of two words, in [0, 1). */
double rng_unit(uint32_t high, uint32_t low);

#endif

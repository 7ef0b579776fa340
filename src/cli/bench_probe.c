/* What the hardware can do: the ceilings of `tempera bench`. */
#include <cblas.h>
#include <stdalign.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "cli/bench_parts.h"

const char *const bench_probe_names[PROBE_COUNT] = {
    "planes", "logic_256", "logic_64", "sgemm_flops"};

enum { BLOCKS = 32, REPEATS = 300, CHAINS = 8, STEPS = 20000 };

static double make_planes(void)
{
    alignas(64) uint64_t planes[BLOCKS * LEVELS_PLANES * RNG_PLANE_WORDS];
    uint32_t block[BLOCKS];
    rng_planes_fn *make = rng_planes_best();
    struct rng_range range = {.planes = LEVELS_PLANES, .halves = 2};
    struct rng_address address = {.seed = 1, .purpose = RNG_TEST};
    for (uint32_t i = 0; i < BLOCKS; i++)
        block[i] = i;
    for (address.tick = 0; address.tick < REPEATS; address.tick++)
        make(planes, &address, block, BLOCKS, range);
    return (double)BLOCKS * LEVELS_PLANES * REPEATS;
}

/* Eight chains, an XOR and an AND a step each. The empty asm hides every
   value from the optimiser and keeps it in a register. */
#if defined(__x86_64__)
#define IN_VECTOR "+x"
#define IN_WORD "+r"
#else
#define IN_VECTOR "+m"
#define IN_WORD "+r"
#endif
#define HIDE(constraint, x) __asm__ volatile("" : constraint(x))
#define LOGIC(type, constraint)                                              \
    type a = {0}, b = a, c = a, d = a, e = a, f = a, g = a, h = a;           \
    type flip = ~a, mask = ~a;                                               \
    HIDE(constraint, flip);                                                  \
    HIDE(constraint, mask);                                                  \
    for (int i = 0; i < STEPS; i++) {                                        \
        LOGIC_STEP(constraint, ^=, flip)                                     \
        LOGIC_STEP(constraint, &=, mask)                                     \
    }                                                                        \
    HIDE("+m", a)
#define LOGIC_STEP(constraint, op, with)                                     \
    LOGIC_ONE(constraint, a, op, with) LOGIC_ONE(constraint, b, op, with)    \
    LOGIC_ONE(constraint, c, op, with) LOGIC_ONE(constraint, d, op, with)    \
    LOGIC_ONE(constraint, e, op, with) LOGIC_ONE(constraint, f, op, with)    \
    LOGIC_ONE(constraint, g, op, with) LOGIC_ONE(constraint, h, op, with)
#define LOGIC_ONE(constraint, x, op, with)                                   \
    x op with;                                                               \
    HIDE(constraint, x);

static void do_words(void)
{
    LOGIC(uint64_t, IN_WORD);
}

#if defined(__x86_64__)
typedef uint64_t vector __attribute__((vector_size(32)));

__attribute__((target("avx2"))) static void do_vectors(void)
{
    LOGIC(vector, IN_VECTOR);
}

static bool have_vectors(void) { return __builtin_cpu_supports("avx2"); }
#else
static void do_vectors(void) {}
static bool have_vectors(void) { return false; }
#endif

/* Absent where another BLAS is linked. */
extern void openblas_set_num_threads(int) __attribute__((weak));

enum { SIDE = 256, PRODUCTS = 16 };

static double multiply(void)
{
    float *a = mem_new(3 * SIDE * SIDE, sizeof *a);
    if (openblas_set_num_threads)
        openblas_set_num_threads(1);
    for (int i = 0; i < 2 * SIDE * SIDE; i++)
        a[i] = (float)(i % 7);
    for (int i = 0; i < PRODUCTS; i++)
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, SIDE, SIDE, SIDE,
                    1, a, SIDE, a + SIDE * SIDE, SIDE, 0,
                    a + 2 * SIDE * SIDE, SIDE);
    free(a);
    return 2.0 * SIDE * SIDE * SIDE * PRODUCTS;
}

double bench_probe(enum bench_probe probe)
{
    if (probe == PROBE_SGEMM)
        return multiply();
    if (probe == PROBE_PLANES)
        return make_planes();
    if (probe == PROBE_VECTOR && have_vectors()) {
        do_vectors();
        return 2.0 * CHAINS * STEPS;
    }
    do_words();
    return 2.0 * CHAINS * STEPS / (probe == PROBE_VECTOR ? 4 : 1);
}

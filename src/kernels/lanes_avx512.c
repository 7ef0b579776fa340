#define VECTOR_WORDS 4
#define NAMED(x) lanes_avx512_##x
#include "kernels/feed_vaes.h"
#include "kernels/lanes_body.h"

/* Vectors of 256 bits still: one operation takes three operands, and twice
   the registers hold more of them. */
static bool have_avx512(void)
{
    return rng_planes_best() == rng_planes_vaes &&
           __builtin_cpu_supports("avx512vl");
}

const struct kernel kernel_lanes_avx512 =
    LANES_KERNEL("avx512", 26, have_avx512);

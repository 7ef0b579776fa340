#define VECTOR_WORDS 4
#define NAMED(x) lanes_avx2_##x
#include "kernels/feed_buffer.h"
#include "kernels/lanes_body.h"

static bool have_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

const struct kernel kernel_lanes_avx2 = LANES_KERNEL("avx2", 20, have_avx2);

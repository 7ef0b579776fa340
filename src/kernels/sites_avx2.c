#define VECTOR_WORDS 4
#define NAMED(x) sites_avx2_##x
#include "kernels/feed_buffer.h"
#include "kernels/sites_body.h"

static bool have_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

const struct kernel kernel_sites_avx2 = SITES_KERNEL("avx2", 20, have_avx2);

#include "kernels/examples_body.h"

static bool have_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

const struct kernel kernel_examples_avx2 =
    EXAMPLES_KERNEL("avx2", 8, have_avx2);

#define VECTOR_WORDS 4
#include "kernels/perceptron_body.h"

static bool have_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

const struct kernel kernel_perceptron_avx2 =
    PERC_KERNEL("avx2", 20, have_avx2);

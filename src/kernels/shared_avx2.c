#define VECTOR_WORDS 4
#define NAMED(x) shared_avx2_##x
#include "kernels/shared_body.h"

static bool have_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

const struct kernel kernel_shared_avx2 = SHARED_KERNEL("avx2", 20, have_avx2);

#define NAMED_ISA(x) replicas_avx2_##x
#include "kernels/replicas_isa.h"

static bool have_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

const struct kernel kernel_replicas_avx2 =
    REPLICAS_KERNEL("avx2", 20, have_avx2);

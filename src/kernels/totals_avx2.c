#include "kernels/totals_body.h"

static bool have_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

const struct kernel kernel_totals_avx2 = TOTALS_KERNEL("avx2", 20, have_avx2);

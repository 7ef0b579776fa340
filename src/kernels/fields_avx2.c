#include "kernels/fields_isa.h"

static bool have_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

const struct kernel kernel_fields_avx2 = FIELDS_KERNEL("avx2", 25, have_avx2);

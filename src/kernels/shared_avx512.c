#define VECTOR_WORDS 4
#define NAMED(x) shared_avx512_##x
#include "kernels/shared_body.h"

/* See lanes_avx512.c: the compiler makes three-operand logic of it. */
static bool have_avx512(void) { return __builtin_cpu_supports("avx512vl"); }

const struct kernel kernel_shared_avx512 =
    SHARED_KERNEL("avx512", 30, have_avx512);

#define NAMED normal_pairs
#include "base/normal_body.h"
#include "base/rng_x86.h"

normal_pairs_fn *normal_pairs_best(void)
{
#if HAVE_X86_BODIES
    if (__builtin_cpu_supports("avx512f") &&
        __builtin_cpu_supports("avx512vl"))
        return normal_pairs_avx512;
    if (__builtin_cpu_supports("avx2"))
        return normal_pairs_avx2;
#endif
    return normal_pairs;
}

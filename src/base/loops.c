#define NAMED loops_plain
#include "base/loops_body.h"
#include "base/rng_x86.h"

const struct loops *loops_best(void)
{
#if HAVE_X86_BODIES
    if (__builtin_cpu_supports("avx2"))
        return &loops_avx2;
#endif
    return &loops_plain;
}

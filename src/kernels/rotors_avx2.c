#define FLOATS 8
#define FLOATS_ANY(mask) (__builtin_ia32_movmskps256((floats)(mask)) != 0)
#define FLOATS_SELECT(mask, yes, no)                                         \
    __builtin_ia32_blendvps256(no, yes, (floats)(mask))
#define FLOATS_MIN __builtin_ia32_minps256
#define FLOATS_MAX __builtin_ia32_maxps256
#define FLOATS_SQRT __builtin_ia32_sqrtps256
#define NAMED(x) rotors_avx2_##x
#include "kernels/rotors_body.h"

static bool have_avx2(void) { return __builtin_cpu_supports("avx2"); }

const struct kernel kernel_rotors_avx2 = ROTORS_KERNEL("avx2", 20, have_avx2);

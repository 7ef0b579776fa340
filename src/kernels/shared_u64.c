#define VECTOR_WORDS 1
#define NAMED(x) shared_u64_##x
#include "kernels/shared_body.h"

static bool any_cpu(void) { return true; }

const struct kernel kernel_shared_u64 = SHARED_KERNEL("u64", 10, any_cpu);

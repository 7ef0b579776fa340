#include "kernels/examples_body.h"

static bool any_cpu(void) { return true; }

const struct kernel kernel_examples_u64 = EXAMPLES_KERNEL("u64", 6, any_cpu);

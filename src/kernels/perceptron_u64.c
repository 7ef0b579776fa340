#define VECTOR_WORDS 1
#include "kernels/perceptron_body.h"

static bool any_cpu(void) { return true; }

const struct kernel kernel_perceptron_u64 = PERC_KERNEL("u64", 10, any_cpu);

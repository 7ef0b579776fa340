#define NAMED_ISA(x) replicas_u64_##x
#include "kernels/replicas_isa.h"

static bool any_cpu(void) { return true; }

const struct kernel kernel_replicas_u64 = REPLICAS_KERNEL("u64", 10, any_cpu);

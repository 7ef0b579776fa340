#include "kernels/fields_isa.h"

static bool any_cpu(void) { return true; }

const struct kernel kernel_fields_u64 = FIELDS_KERNEL("u64", 15, any_cpu);

#define VECTOR_WORDS 1
#define NAMED(x) lanes_u64_##x
#include "kernels/feed_buffer.h"
#include "kernels/lanes_body.h"

static bool any_cpu(void) { return true; }

const struct kernel kernel_lanes_u64 = LANES_KERNEL("u64", 10, any_cpu);

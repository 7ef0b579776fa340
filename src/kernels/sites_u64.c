#define VECTOR_WORDS 1
#define NAMED(x) sites_u64_##x
#include "kernels/feed_buffer.h"
#include "kernels/sites_body.h"

static bool any_cpu(void) { return true; }

const struct kernel kernel_sites_u64 = SITES_KERNEL("u64", 10, any_cpu);

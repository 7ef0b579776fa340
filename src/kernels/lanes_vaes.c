#define VECTOR_WORDS 4
#define NAMED(x) lanes_vaes_##x
#include "kernels/feed_vaes.h"
#include "kernels/lanes_body.h"

static bool have_vaes(void) { return rng_planes_best() == rng_planes_vaes; }

const struct kernel kernel_lanes_vaes = LANES_KERNEL("vaes", 25, have_vaes);

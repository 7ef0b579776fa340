#define VECTOR_WORDS 4
#define NAMED(x) sites_vaes_##x
#include "kernels/feed_vaes.h"
#include "kernels/sites_body.h"

static bool have_vaes(void) { return rng_planes_best() == rng_planes_vaes; }

const struct kernel kernel_sites_vaes = SITES_KERNEL("vaes", 25, have_vaes);

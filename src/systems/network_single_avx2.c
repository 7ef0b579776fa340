#define LANES 8
#define NAMED(x) network_single_avx2_##x
#include "systems/network_vector_single.h"
#include "systems/network_body.h"

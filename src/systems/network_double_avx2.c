#define LANES 4
#define NAMED(x) network_double_avx2_##x
#include "systems/network_vector_double.h"
#include "systems/network_body.h"

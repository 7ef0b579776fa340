#define LANES 4
#define NAMED(x) network_single_plain_##x
#include "systems/network_vector_single.h"
#include "systems/network_body.h"

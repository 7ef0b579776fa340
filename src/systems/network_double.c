#define LANES 2
#define NAMED(x) network_double_plain_##x
#include "systems/network_vector_double.h"
#include "systems/network_body.h"

#define LANES 4
#define NAMED(x) stability_avx2_##x
#include "systems/stability_body.h"

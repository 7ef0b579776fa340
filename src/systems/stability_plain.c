#define LANES 2
#define NAMED(x) stability_plain_##x
#include "systems/stability_body.h"

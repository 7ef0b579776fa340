#define NAMED normal_pairs_avx2
#include "base/normal_body.h"

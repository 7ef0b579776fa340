#define NAMED normal_pairs_avx512
#include "base/normal_body.h"

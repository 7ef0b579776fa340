#define NAMED loops_avx2
#include "base/loops_body.h"

#define FLOATS 4
#define NAMED(x) rotors_u64_##x
#include "kernels/rotors_body.h"

/* Words of random planes are taken as they lie in memory. */
static bool cpu(void) { return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__; }

const struct kernel kernel_rotors_u64 = ROTORS_KERNEL("u64", 10, cpu);

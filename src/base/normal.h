/* Normal numbers of mean 0 and variance 1 from random bits: Box and Muller
   (Ann. Math. Stat. 29, 610 (1958)), exact in law up to double precision, the
   radius from 53 bits (|x| up to 8.6; what is cut off has probability 6e-18).
   Our own log, sin and cos: the same numbers on every machine, in loops that
   compilers turn into vectors. */
#ifndef TEMPERA_BASE_NORMAL_H
#define TEMPERA_BASE_NORMAL_H
#include <stdint.h>

/* out[2 pairs] from bits[2 pairs]: two words make two numbers. All bodies
   give the same bits. */
typedef void normal_pairs_fn(const uint64_t *bits, int64_t pairs,
                             double *out);
normal_pairs_fn normal_pairs, normal_pairs_avx2, normal_pairs_avx512;

/* The fastest this cpu can run. */
normal_pairs_fn *normal_pairs_best(void);

#endif

/* Mean of a series that remembers, and its error by blocks.

   Blocks of 1, 2, 4, ... terms, down to 9 of them; the error of the mean is
   the largest that any of these lengths gives: it grows with the length until
   blocks are longer than the memory. (Flyvbjerg, Petersen, J. Chem. Phys. 91,
   461 (1989).) For short series of theory that samples, such as sweeps of a
   population; runs have stat/gamma.h. */
#ifndef TEMPERA_STAT_BLOCKS_H
#define TEMPERA_STAT_BLOCKS_H
#include <stdint.h>

struct block_mean { double mean, error; };

/* By a fixed number of blocks of equal length; what is left over at the end
   does not count. count >= blocks >= 2 */
struct block_mean block_mean_of(const double *series, int64_t count,
                                int blocks);

/* count >= 2 */
struct block_mean block_mean(const double *series, int count);

#endif

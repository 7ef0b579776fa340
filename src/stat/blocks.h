/* Mean of a series that remembers and its error, from a few blocks longer than
   the memory: for short series of theory that samples, such as generations of
   a population; runs have stat/gamma.h. */
#ifndef TEMPERA_STAT_BLOCKS_H
#define TEMPERA_STAT_BLOCKS_H
#include <stdint.h>

struct block_mean { double mean, error; };

/* By `blocks` of equal length; what is left over at the end does not count.
   count >= blocks >= 2 */
struct block_mean block_mean(const double *series, int64_t count, int blocks);

#endif

/* Code length of a sequence of bits by context-tree weighting (Willems,
   Shtarkov, Tjalkens, IEEE Trans. Inform. Theory 41, 653 (1995)) with the
   estimator of Krichevsky and Trofimov (ibid. 27, 199 (1981)).

   The next bit is predicted from `depth` earlier ones, the i-th of them
   offset[i] places back (those before the start count as 0); trees that look
   at the first 0, 1, ... of them along each branch are all weighted, so a
   context that tells nothing costs next to nothing. The lengths are those of
   a real code, exp(-length) sums to 1 over all sequences: the mean length is
   never below the entropy, whatever the source. */
#ifndef TEMPERA_STAT_CONTEXT_TREE_H
#define TEMPERA_STAT_CONTEXT_TREE_H
#include <stdint.h>

enum { CONTEXT_DEPTH_MOST = 16 };

/* In nats; bit i is set where symbol[i] > 0. */
double context_tree_length(const int8_t *symbol, int64_t count,
                           const int64_t *offset, int depth);

#endif

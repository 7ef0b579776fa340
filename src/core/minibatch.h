/* Which examples a minibatch takes: every epoch goes once through all of them
   in an order of its own (one batch short at most), a function of the walker's
   seed and the step's number alone. */
#ifndef TEMPERA_CORE_MINIBATCH_H
#define TEMPERA_CORE_MINIBATCH_H
#include "core/stream.h"

/* chosen[size], distinct, of 0 .. examples - 1; size <= examples. */
void minibatch_choose(const struct draws *draws, int64_t examples, int size,
                      int64_t *chosen);

#endif

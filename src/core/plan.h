/* Who hosts which walkers: consecutive ones, whole groups of the stream (256
   lanes) where ranks are few enough, else words of 64 lanes. A function of
   its arguments; numbers do not depend on it. Rank 0 always hosts some. */
#ifndef TEMPERA_CORE_PLAN_H
#define TEMPERA_CORE_PLAN_H
#include "core/stream.h"

struct plan {
    int ranks;
    int64_t walkers;
    int unit;        /* walkers that are never split */
    int64_t *first;  /* [ranks + 1] rank r hosts [first[r], first[r + 1]) */
    int idle;        /* ranks without a walker */
    double used;     /* fraction of bit lanes that carry a walker; 1 when
                        there are no bit lanes */
};

struct plan *plan_new(int64_t walkers, enum stream stream, int ranks);
/* Stream shared: whole groups of samples with all their rungs. */
struct plan *plan_shared(int64_t walkers, const struct sharing *sharing,
                         int ranks);
void plan_free(struct plan *plan);

#endif

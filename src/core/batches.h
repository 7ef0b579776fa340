/* Sites in batches that may be updated at once: no two of a batch are
   coupled, and of two coupled sites the one that the reference sweep visits
   first is in an earlier batch. So every site sees what it would see in the
   reference's order, and kernels can take a batch in stages: short loops that
   do not wait for each other. Clamped sites are left out. */
#ifndef TEMPERA_CORE_BATCHES_H
#define TEMPERA_CORE_BATCHES_H
#include "core/model.h"

struct batches {
    int64_t sites;   /* that move */
    uint32_t *site;  /* [sites] in the order of visits */
    int64_t count;
    int64_t *start;  /* [count + 1] into site */
};

/* Of at most `most` sites each. The system has pairs. */
struct batches *batches_new(const struct system *system, int most);
void batches_free(struct batches *batches);

#endif

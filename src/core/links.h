/* Neighbour lists of equal length, for kernels: from system->pairs, or else
   from system->lattice. */
#ifndef TEMPERA_CORE_LINKS_H
#define TEMPERA_CORE_LINKS_H
#include "core/model.h"

struct links {
    int sites, degree;   /* the largest */
    int missing_most;    /* by how much a site's is smaller, at most */
    int32_t *other;      /* [sites][degree], -1: none */
    int32_t *bond;       /* [sites][degree] number of the bond; NULL without
                            pairs */
    int8_t *missing;     /* [sites] */
    uint32_t *order;     /* [sites] colour by colour */
    int colours, colour_start[3];
};

struct links *links_new(const struct system *system);
void links_free(struct links *links);

#endif

/* Where the bits of a formula occur: edges, indices into cnf->literal, by
   bit. */
#ifndef TEMPERA_SYSTEMS_OCCURRENCES_H
#define TEMPERA_SYSTEMS_OCCURRENCES_H
#include "systems/cnf.h"

struct occurrences {
    int64_t *start;  /* [bits + 1] into edge */
    int64_t *edge;   /* ascending for each bit */
    int32_t *clause; /* [literals] of an edge */
    int64_t most;    /* edges of a bit */
    int64_t longest; /* literals of a clause */
};

struct occurrences occurrences_of(const struct cnf *cnf);
void occurrences_free(struct occurrences *at);

#endif

/* Sums over all colourings, independent sets or matchings of a small graph,
   exactly: sites one after the other, remembering of those done only what the
   ones to come can feel (the frontier). Time and memory grow exponentially
   with the width of the frontier, not with the number of sites. */
#ifndef TEMPERA_SYSTEMS_GRAPH_SUM_H
#define TEMPERA_SYSTEMS_GRAPH_SUM_H
#include "systems/graph.h"

enum graph_counted {
    COUNT_COLORINGS,         /* of the sites, no edge between equal colours */
    COUNT_INDEPENDENT_SETS,  /* sites, no two joined by an edge */
    COUNT_MATCHINGS,         /* edges, no two with a site in common */
    COUNT_PERFECT_MATCHINGS  /* and every site in one */
};

struct graph_sum {
    bool done;     /* false: the frontier is too wide, nothing else is set */
    double ln_z;   /* -inf: there is none */
    double size;   /* mean number of sites or edges in one; colourings: 0 */
    double count;  /* exp(ln_z) where weights are 1 and all is exact in a
                      double, else NAN */
};

/* Weight: fugacity^size; q colours. Loops and weights of the graph do not
   count. At most `most` states of the frontier. */
struct graph_sum graph_sum_over(const struct graph *graph,
                                enum graph_counted what, int64_t q,
                                double fugacity, int64_t most);

#endif

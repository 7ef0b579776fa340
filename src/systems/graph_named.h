/* Small graphs of note, all weights 1. */
#ifndef TEMPERA_SYSTEMS_GRAPH_NAMED_H
#define TEMPERA_SYSTEMS_GRAPH_NAMED_H
#include "systems/graph.h"

/* "petersen", "cube", "dodecahedron" (generalised Petersen graphs GP(5, 2),
   GP(4, 1), GP(10, 2)); "complete" or "ring" of so many sites. */
struct graph *graph_named(const char *name, int64_t sites);

#endif

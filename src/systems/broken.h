/* All 2^n states of two-valued sites on a small lattice, by how many bonds join
   unlike values and how many sites are up: in Gray code order, a flip a
   state. */
#ifndef TEMPERA_SYSTEMS_BROKEN_H
#define TEMPERA_SYSTEMS_BROKEN_H
#include "systems/lattice.h"

enum { BROKEN_SITES_MOST = 24 };

/* states[broken * (sites + 1) + up], [bonds + 1][sites + 1]; the caller frees
   it. A double bond counts twice. */
uint64_t *broken_bonds(const struct lattice *lattice);

#endif

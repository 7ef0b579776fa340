/* Local search for a satisfying assignment: a bit of a random violated clause
   is turned, bit v with probability in proportion to f(break(v)), break(v) the
   number of clauses that this makes violated (probSAT: Balint and Schoening,
   SAT 2012): f = (0.9 + break)^-2.06 where clauses have up to three literals,
   else c^-break. Walks for ever unless it finds one: that it does not is no
   proof. */
#ifndef TEMPERA_SYSTEMS_LOCAL_SEARCH_H
#define TEMPERA_SYSTEMS_LOCAL_SEARCH_H
#include "base/chance.h"
#include "systems/cnf.h"

/* value[bits], -1 or 1: from where, and to where it came. Returned is the
   number of flips made, `most` at the most; *violated: clauses that still
   are. No clause may be empty. */
int64_t local_search(const struct cnf *cnf, int8_t *value, int64_t most,
                     struct chance *chance, int64_t *violated);

#endif

/* Belief propagation for models of q values on a lattice whose bonds depend on
   the difference of the two values: potts and clock (systems/
   belief_values.h). */
#ifndef TEMPERA_CORE_VALUES_ANSWER_H
#define TEMPERA_CORE_VALUES_ANSWER_H
#include "core/solver.h"

/* NULL when it is such a model; else why not (static text). */
const char *values_refuses(const struct system *system);
/* Keys as in core/mean_field_answer.h. */
void values_answer(const struct system *system, const struct section *keys,
                   struct solution *solution);

#endif

/* The key `shape` of lattice models, checked and built in one way. */
#ifndef TEMPERA_CORE_SHAPE_H
#define TEMPERA_CORE_SHAPE_H
#include "core/model.h"

/* Keys shape, and boundary if there is one: 1 to 4 axes, at most `most`
   sites times samples. */
void shape_check(const struct section *keys, double most, struct err *err);
struct lattice *shape_lattice(const struct section *keys);

#endif

/* Between the files src/systems/mean_field*.c only. */
#ifndef TEMPERA_SYSTEMS_MEAN_FIELD_PARTS_H
#define TEMPERA_SYSTEMS_MEAN_FIELD_PARTS_H
#include "systems/belief.h"
#include "systems/mean_field.h"

/* K = beta J of a bond. */
static inline double mean_field_coupling(const struct mean_field_task *t,
                                         int64_t bond)
{
    const struct pairs *p = t->pairs;
    return t->beta * p->unit * p->J[t->sample * p->bonds + bond];
}

/* Fills in stability, plefka and admitted of a solution; x: its messages. */
void mean_field_judge(const struct mean_field_task *task, const double *x,
                      const struct belief *belief,
                      struct mean_field_state *state);

#endif

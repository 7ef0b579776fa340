/* Energy levels: values sorted, equal ones (up to rounding) taken together. */
#ifndef TEMPERA_STAT_ENERGY_LEVELS_H
#define TEMPERA_STAT_ENERGY_LEVELS_H
#include <stdint.h>

struct energy_level { double energy, states; };

/* From `count` >= 1 energies with their numbers of states; returns how many
   levels, ascending, in *level, which the caller frees. Energies closer than
   1e-12 of the largest in size are one. */
int64_t energy_levels(const double *energy, const double *states,
                      int64_t count, struct energy_level **level);

#endif

/* What is said of the energy levels of a discrete system all states of which
   were counted: the ground state, the gap above it, the density of states; of
   several disorder samples the mean ground state. */
#ifndef TEMPERA_CORE_ANSWER_LEVELS_H
#define TEMPERA_CORE_ANSWER_LEVELS_H
#include "base/scatter.h"
#include "core/solver.h"
#include "stat/energy_levels.h"

/* Of one sample: ground_energy (per site), ground_states, energy_gap,
   gap_states; curves too, where levels are few. */
void answer_levels(const struct energy_level *level, int64_t count,
                   double sites, const char *unit, bool curves,
                   struct solution *solution);

/* Over samples, one after the other. */
struct ground_states { struct scatter energy, entropy; };
void ground_states_take(struct ground_states *ground,
                        const struct energy_level *lowest, double sites);
/* ground_energy and ground_entropy_per_site, with standard errors of the
   mean over samples, of which there are at least 2. */
void ground_states_answer(const struct ground_states *ground,
                          const char *unit, struct solution *solution);

#endif

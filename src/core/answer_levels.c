#include "core/answer_levels.h"

#include <math.h>

#include "base/alloc.h"

enum { LEVELS_MOST = 4096 };

static void add_curve(struct solution *solution, const char *name,
                      const char *unit, const char *definition,
                      const struct energy_level *level, int64_t count,
                      bool energy)
{
    struct solution_curve curve = {name, unit, definition, count, NULL,
                                   energy ? NULL : "levels"};
    curve.value = mem_new((size_t)count, sizeof *curve.value);
    for (int64_t i = 0; i < count; i++)
        curve.value[i] = energy ? level[i].energy : level[i].states;
    solution_add_curve(solution, curve);
}

void answer_levels(const struct energy_level *level, int64_t count,
                   double sites, const char *unit, bool curves,
                   struct solution *solution)
{
    solution_add(solution, "ground_energy", level[0].energy / sites, 0, unit);
    solution_add(solution, "ground_states", level[0].states, 0, "1");
    if (count > 1) {
        solution_add(solution, "energy_gap",
                     level[1].energy - level[0].energy, 0, unit);
        solution_add(solution, "gap_states", level[1].states, 0, "1");
    }
    if (!curves || count > LEVELS_MOST)
        return;
    add_curve(solution, "levels", unit,
              "energies of the whole system that there are", level, count,
              true);
    add_curve(solution, "level_states", "1",
              "number of states of each of these levels", level, count,
              false);
}

void ground_states_take(struct ground_states *ground,
                        const struct energy_level *lowest, double sites)
{
    scatter_add(&ground->energy, lowest->energy / sites);
    scatter_add(&ground->entropy, log(lowest->states) / sites);
}

void ground_states_answer(const struct ground_states *ground,
                          const char *unit, struct solution *solution)
{
    solution_add(solution, "ground_energy", ground->energy.mean,
                 scatter_error(&ground->energy), unit);
    solution_add(solution, "ground_entropy_per_site", ground->entropy.mean,
                 scatter_error(&ground->entropy), "nats");
}

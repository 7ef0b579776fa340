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
    double value[2] = {lowest->energy / sites, log(lowest->states) / sites};
    ground->samples++;
    for (int k = 0; k < 2; k++) {
        double off = value[k] - ground->mean[k];
        ground->mean[k] += off / ground->samples;
        ground->squares[k] += off * (value[k] - ground->mean[k]);
    }
}

void ground_states_answer(const struct ground_states *ground,
                          const char *unit, struct solution *solution)
{
    double n = ground->samples;
    double error[2] = {sqrt(ground->squares[0] / n / (n - 1)),
                       sqrt(ground->squares[1] / n / (n - 1))};
    solution_add(solution, "ground_energy", ground->mean[0], error[0], unit);
    solution_add(solution, "ground_entropy_per_site", ground->mean[1],
                 error[1], "nats");
}

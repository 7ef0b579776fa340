#include "stat/energy_levels.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"

static int by_energy(const void *a, const void *b)
{
    double x = ((const struct energy_level *)a)->energy;
    double y = ((const struct energy_level *)b)->energy;
    return (x > y) - (x < y);
}

int64_t energy_levels(const double *energy, const double *states,
                      int64_t count, struct energy_level **level)
{
    struct energy_level *l = mem_new((size_t)count, sizeof *l);
    double most = 0;
    int64_t levels = 0;
    for (int64_t i = 0; i < count; i++) {
        l[i] = (struct energy_level){energy[i], states[i]};
        most = fmax(most, fabs(energy[i]));
    }
    qsort(l, (size_t)count, sizeof *l, by_energy);
    for (int64_t i = 0; i < count; i++)
        if (levels && l[i].energy - l[levels - 1].energy <= 1e-12 * most)
            l[levels - 1].states += l[i].states;
        else
            l[levels++] = l[i];
    *level = l;
    return levels;
}

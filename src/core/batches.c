#include "core/batches.h"

#include <stdlib.h>

#include "base/alloc.h"

static bool held(const struct pairs *p, int64_t site)
{
    return p->clamp && p->clamp[site];
}

/* One more than that of any neighbour visited before; of sites that are not
   visited: -1. */
static int32_t *levels_of(const struct system *system, int32_t *levels)
{
    const struct pairs *p = system->pairs;
    const struct local *local = system->model->local;
    int32_t *level = mem_new((size_t)p->sites, sizeof *level);
    for (int64_t i = 0; i < p->sites; i++)
        level[i] = -1;
    *levels = 0;
    for (int colour = 0; colour < system->colours; colour++)
        for (int64_t i = 0; i < p->sites; i++) {
            if (local->colour(system, i) != colour || held(p, i))
                continue;
            int32_t highest = -1;
            for (int64_t k = p->start[i]; k < p->start[i + 1]; k++)
                if (level[p->other[k]] > highest)
                    highest = level[p->other[k]];
            level[i] = highest + 1;
            if (level[i] >= *levels)
                *levels = level[i] + 1;
        }
    return level;
}

/* first[l]: where the sites of level l begin. */
static int64_t *sort(struct batches *batches, const int32_t *level,
                     int64_t sites, int32_t levels)
{
    int64_t *first = mem_new((size_t)levels + 1, sizeof *first);
    int64_t *at = mem_new((size_t)levels + 1, sizeof *at);
    for (int64_t i = 0; i < sites; i++)
        if (level[i] >= 0)
            first[level[i] + 1]++;
    for (int32_t l = 0; l < levels; l++) {
        first[l + 1] += first[l];
        at[l] = first[l];
    }
    batches->sites = first[levels];
    batches->site = mem_new((size_t)sites, sizeof *batches->site);
    for (int64_t i = 0; i < sites; i++)
        if (level[i] >= 0)
            batches->site[at[level[i]]++] = (uint32_t)i;
    free(at);
    return first;
}

struct batches *batches_new(const struct system *system, int most)
{
    struct batches *batches = mem_new(1, sizeof *batches);
    int64_t sites = system->pairs->sites;
    int32_t levels;
    int32_t *level = levels_of(system, &levels);
    int64_t *first = sort(batches, level, sites, levels);
    batches->start = mem_new((size_t)(sites + 1), sizeof *batches->start);
    for (int32_t l = 0; l < levels; l++)
        for (int64_t at = first[l]; at < first[l + 1]; at += most)
            batches->start[batches->count++] = at;
    batches->start[batches->count] = batches->sites;
    free(level);
    free(first);
    return batches;
}

void batches_free(struct batches *batches)
{
    if (!batches)
        return;
    free(batches->site);
    free(batches->start);
    free(batches);
}

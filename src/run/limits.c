#include "run/limits.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/registry.h"

/* One quantity estimated in two ways is one. */
static bool another_estimator(const char *name)
{
    return strstr(name, "_ti") || strstr(name, "_mbar");
}

static void add_line(struct limit *limit, const struct estimate *e,
                     const struct solution *solution, int rungs)
{
    struct prediction line;
    if (e->internal || another_estimator(e->name) ||
        !theory_predict(e, rungs, solution, &line))
        return;
    limit->line = mem_grow(limit->line, (size_t)limit->count + 1,
                           sizeof *limit->line);
    limit->line[limit->count++] = line;
}

static void take_warnings(struct limit *limit, const struct solution *solution,
                          int rungs)
{
    for (int r = rungs - 1; r >= 0; r--)
        if (solution[r].warnings) {
            limit->warned++;
            limit->rung = r;
            memcpy(limit->warning, solution[r].warning[0], WARNING_SIZE);
        }
}

static struct limit limit_of(const struct data *data,
                             const struct estimates *estimates,
                             const struct solver *solver)
{
    struct limit limit = {.solver = solver};
    int rungs = data->rungs;
    struct solution *solution = mem_new((size_t)rungs, sizeof *solution);
    struct solver_task task = {data->system, rungs, data->lambda, solution};
    solver->overlay(&task);
    take_warnings(&limit, solution, rungs);
    for (int i = 0; i < estimates->count; i++)
        add_line(&limit, &estimates->at[i], solution, rungs);
    for (int r = 0; r < rungs; r++)
        solution_release(&solution[r]);
    free(solution);
    return limit;
}

struct limits *limits_new(const struct data *data,
                          const struct estimates *estimates)
{
    struct limits *limits = mem_new(1, sizeof *limits);
    for (int s = 0; registry_solvers[s]; s++) {
        const struct solver *solver = registry_solvers[s];
        if (!solver->limit || !theory_speaks(data, estimates, solver))
            continue;
        struct limit limit = limit_of(data, estimates, solver);
        if (!limit.count)
            continue;
        limits->at = mem_grow(limits->at, (size_t)limits->count + 1,
                              sizeof *limits->at);
        limits->at[limits->count++] = limit;
    }
    return limits;
}

void limits_free(struct limits *limits)
{
    if (!limits)
        return;
    for (int i = 0; i < limits->count; i++) {
        struct limit *limit = &limits->at[i];
        for (int l = 0; l < limit->count; l++)
            prediction_release(&limit->line[l]);
        free(limit->line);
    }
    free(limits->at);
    free(limits);
}

#include "core/evolution.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/scatter.h"

bool evolution_fits(double numbers, struct err *err)
{
    const double most = 4e8;
    if (numbers > most)
        err_add(err, EXIT_INPUT, NULL, "N: an instance would be %.2g "
                "numbers; at most %g", numbers, most);
    return numbers <= most;
}

struct evolution evolution_new(const struct section *keys)
{
    struct evolution e = {
        .steps = 1 + (int)section_integer(keys, "iterations", 0),
        .instances = section_integer(keys, "N", 0) > 0
                         ? (int)section_integer(keys, "instances", 1) : 0};
    size_t all = (size_t)e.steps * (size_t)e.instances;
    e.theory = mem_new((size_t)e.steps, sizeof(double));
    e.run = mem_new(all ? all : 1, sizeof(double));
    for (int t = 0; t < e.steps; t++)
        e.theory[t] = NAN;
    for (size_t i = 0; i < all; i++)
        e.run[i] = NAN;
    return e;
}

void evolution_free(struct evolution *evolution)
{
    free(evolution->theory);
    free(evolution->run);
}

struct evolution_mean evolution_mean(const double *value, int instances,
                                     int stride)
{
    struct scatter s = {0};
    for (int k = 0; k < instances; k++)
        scatter_add(&s, value[k * stride]);
    return (struct evolution_mean){s.mean,
                                   instances > 1 ? scatter_error(&s) : 0};
}

void evolution_curve(struct solution *solution, const char *name,
                     const char *unit, const char *definition, int64_t count,
                     const double *value)
{
    solution_add_curve(solution, (struct solution_curve){
        .name = name, .unit = unit, .definition = definition,
        .count = count,
        .value = mem_copy(value, (size_t)count, sizeof *value)});
}

static void add_runs(const struct evolution *e,
                     const struct evolution_names *names,
                     struct solution *solution)
{
    size_t steps = (size_t)e->steps;
    double *mean = mem_new(steps, sizeof *mean);
    double *error = mem_new(steps, sizeof *error);
    for (int t = 0; t < e->steps; t++) {
        struct evolution_mean m = evolution_mean(e->run + t, e->instances,
                                                 e->steps);
        mean[t] = m.mean;
        error[t] = m.error;
    }
    evolution_curve(solution, names->run, names->unit, names->definition,
                    e->steps, mean);
    if (e->instances > 1)
        evolution_curve(solution, names->error, names->unit,
                        "standard error of the mean over instances",
                        e->steps, error);
    else
        solution_warn(solution, "one instance: how far others lie from it is "
                      "not known, errors of its numbers are given as 0");
    double last = mean[steps - 1], off = last - e->theory[steps - 1];
    if (isfinite(last))
        solution_add(solution, names->result, last, error[steps - 1],
                     names->unit);
    else
        solution_warn(solution, "the runs diverged");
    if (isfinite(off) && error[steps - 1] > 0)
        solution_add(solution, names->deviation, off / error[steps - 1], 0,
                     "standard errors");
    free(mean);
    free(error);
}

void evolution_report(const struct evolution *evolution,
                      const struct evolution_names *names,
                      struct solution *solution)
{
    if (!isnan(evolution->theory[0]))
        evolution_curve(solution, names->theory, names->unit,
                        names->definition, evolution->steps,
                        evolution->theory);
    if (evolution->instances)
        add_runs(evolution, names, solution);
}

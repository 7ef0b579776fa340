#include "run/theory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/dynamics.h"
#include "core/registry.h"

const struct prediction *theory_find(const struct theory *theory,
                                     const char *name)
{
    for (int i = 0; i < theory->count; i++)
        if (!strcmp(theory->at[i].name, name))
            return &theory->at[i];
    return NULL;
}

/* Theory's value of what an estimate calls `name`; relative names are
   differences from rung 0, estimators' suffixes fall away. */
static double value_at(const struct solution *solution, const char *name)
{
    static const char *const same[][2] = {
        {"ln_z_ti", "ln_z"}, {"specific_heat_mbar", "specific_heat"},
        {"ln_z_relative", "ln_z"}, {"ln_z_ti_relative", "ln_z"},
        {"entropy_relative", "entropy"}};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (!strcmp(name, same[i][0]))
            name = same[i][1];
    return solution_value(solution, name);
}

static double error_at(const struct solution *solution, const char *name)
{
    for (int i = 0; i < solution->count; i++)
        if (!strcmp(solution->result[i].name, name))
            return solution->result[i].error;
    return 0;
}

/* Differences below the rounding of the arithmetic are none. */
static double z_score(double estimate, double error, double theory,
                      double theory_error)
{
    double difference = estimate - theory;
    double sigma = hypot(error, theory_error);
    double rounding = 1e-12 * fmax(1, fabs(theory));
    if (isnan(difference))
        return NAN; /* theory is silent */
    if (sigma <= rounding)
        return fabs(difference) <= 100 * rounding ? 0 : INFINITY;
    return difference / sigma;
}

bool theory_predict(const struct estimate *e, int rungs,
                    const struct solution *solution,
                    struct prediction *p)
{
    bool relative = strstr(e->name, "_relative") != NULL;
    double first = relative ? value_at(&solution[0], e->name) : 0;
    bool any = false;
    for (int r = 0; r < rungs; r++)
        any |= isfinite(value_at(&solution[r], e->name) - first);
    if (!any || e->size > 1)
        return false;
    *p = (struct prediction){mem_text("%s", e->name), NULL,
                             mem_new((size_t)rungs, sizeof(double)),
                             mem_new((size_t)rungs, sizeof(double)),
                             mem_new((size_t)rungs, sizeof(double))};
    for (int r = 0; r < rungs; r++) {
        p->mean[r] = value_at(&solution[r], e->name) - first;
        p->error[r] = error_at(&solution[r], e->name);
        p->z[r] = z_score(e->mean[r], e->error[r], p->mean[r], p->error[r]);
        if (p->z[r] != 0 && e->error[r] == 0 && e->n_eff[r] > 0)
            p->z[r] = NAN; /* a series that never moved has no error */
    }
    return true;
}

void prediction_release(struct prediction *p)
{
    free(p->name);
    free(p->source);
    free(p->mean);
    free(p->error);
    free(p->z);
}

static void add(struct theory *theory, const struct estimate *e, int rungs,
                const struct solution *solution, const char *source)
{
    struct prediction p;
    if (theory_find(theory, e->name) ||
        !theory_predict(e, rungs, solution, &p))
        return;
    p.source = mem_text("%s", source);
    theory->at = mem_grow(theory->at, (size_t)theory->count + 1,
                          sizeof *theory->at);
    theory->at[theory->count++] = p;
}

bool theory_speaks(const struct data *data, const struct estimates *estimates,
                   const struct solver *solver)
{
    bool other = data->samples != data->system->samples; /* merged */
    if (data->input->dynamics->conserves || data->quench ||
        !estimates->count)
        return false; /* solvers know p over all states */
    return solver->overlay && solver->refuses &&
           !(other && solver->takes_model) &&
           !solver->refuses(data->system, data->rungs);
}

static void ask(struct theory *theory, const struct solver *solver,
                const struct data *data, const struct estimates *estimates)
{
    struct solution *solution = mem_new((size_t)data->rungs,
                                        sizeof *solution);
    struct solver_task task = {data->system, data->rungs, data->lambda,
                               solution};
    char *source = mem_text("%s: %s", solver->name, solver->source);
    solver->overlay(&task);
    for (int i = 0; i < estimates->count; i++)
        add(theory, &estimates->at[i], data->rungs, solution, source);
    for (int r = 0; r < data->rungs; r++)
        solution_release(&solution[r]);
    free(source);
    free(solution);
}

struct theory *theory_new(const struct data *data,
                          const struct estimates *estimates)
{
    struct theory *theory = mem_new(1, sizeof *theory);
    for (int s = 0; registry_solvers[s]; s++)
        if (!registry_solvers[s]->limit &&
            theory_speaks(data, estimates, registry_solvers[s]))
            ask(theory, registry_solvers[s], data, estimates);
    return theory;
}

void theory_free(struct theory *theory)
{
    if (!theory)
        return;
    for (int i = 0; i < theory->count; i++)
        prediction_release(&theory->at[i]);
    free(theory->at);
    free(theory);
}

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/solver.h"

const char *const solver_families[FAMILY_COUNT] = {
    [FAMILY_EXACT] = "exact",
    [FAMILY_MEAN_FIELD] = "on a given instance, mean field and others",
    [FAMILY_REPLICA] = "replica theory, infinite systems",
    [FAMILY_CAVITY] = "cavity method, sparse random graphs and formulas",
    [FAMILY_INFERENCE] = "message passing for inference"};

void solution_add(struct solution *solution, const char *name, double value,
                  double error, const char *unit)
{
    int i = solution->count++;
    assert(i < SOLUTION_MAX);
    solution->result[i].name = name;
    solution->result[i].value = value;
    solution->result[i].error = error;
    solution->result[i].unit = unit;
}

void solution_warn(struct solution *solution, const char *format, ...)
{
    va_list list;
    if (solution->warnings == WARNINGS_MAX)
        return;
    va_start(list, format);
    vsnprintf(solution->warning[solution->warnings++], WARNING_SIZE, format,
              list);
    va_end(list);
}

void solution_add_curve(struct solution *solution, struct solution_curve curve)
{
    int i = solution->curves++;
    assert(i < CURVES_MAX);
    solution->curve[i] = curve;
}

void solution_release(struct solution *solution)
{
    for (int i = 0; i < solution->curves; i++)
        free(solution->curve[i].value);
    solution->curves = 0;
}

void solution_thermal(struct solution *solution, double sites, double beta,
                      struct jet ln_z)
{
    solution_add(solution, "ln_z", ln_z.v, 0, "1");
    solution_add(solution, "energy", -ln_z.d / sites, 0, "energy");
    solution_add(solution, "specific_heat", beta * beta * ln_z.dd / sites, 0,
                 "1");
    solution_add(solution, "entropy", ln_z.v - beta * ln_z.d, 0, "nats");
    if (beta != 0)
        solution_add(solution, "free_energy", -ln_z.v / beta, 0, "energy");
}

double solution_value(const struct solution *solution, const char *name)
{
    for (int i = 0; i < solution->count; i++)
        if (!strcmp(solution->result[i].name, name))
            return solution->result[i].value;
    return NAN;
}

static double rounded(const struct system *system, double value)
{
    return system->resolution == 0
               ? value
               : nearbyint(value / system->resolution) * system->resolution;
}

double solver_coupling(const struct system *system, const char *key,
                       double absent)
{
    const struct reals *axis = section_reals(system->keys, "J_axis");
    double value = section_real(system->keys, key, absent);
    if (axis && axis->count && !strcmp(key, "J"))
        value = axis->at[0];
    return rounded(system, value);
}

bool solver_uniform(const struct system *system)
{
    const struct reals *axis = section_reals(system->keys, "J_axis");
    for (int a = 1; axis && a < axis->count; a++)
        if (rounded(system, axis->at[a]) != rounded(system, axis->at[0]))
            return false;
    return true;
}

#include "core/levels.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

struct levels *levels_new(int degree, int missing_most, int rungs)
{
    struct levels *levels = mem_new(1, sizeof *levels);
    levels->degree = degree;
    levels->missing_most = missing_most;
    levels->rungs = rungs;
    for (int c = 0; c < LEVELS_CLASSES; c++) {
        levels->p[c].p = mem_new((size_t)rungs, sizeof(double));
        levels->base[c].p = mem_new((size_t)rungs, sizeof(double));
    }
    return levels;
}

void levels_free(struct levels *levels)
{
    if (!levels)
        return;
    for (int c = 0; c < LEVELS_CLASSES; c++) {
        free(levels->p[c].p);
        free(levels->base[c].p);
    }
    free(levels);
}

/* Adds a level to the class with these values, or makes the class. All
   zeros: no class is needed. */
static void classify(struct level_class *classes, int *count,
                     const double *values, int rungs, int missing, int bit)
{
    size_t bytes = (size_t)rungs * sizeof *values;
    bool zero = true;
    for (int r = 0; r < rungs; r++)
        zero = zero && values[r] == 0;
    if (zero)
        return;
    int c = 0;
    while (c < *count && memcmp(classes[c].p, values, bytes))
        c++;
    if (c == *count) {
        assert(c < LEVELS_CLASSES);
        memcpy(classes[c].p, values, bytes);
        memset(classes[c].members, 0, sizeof classes[c].members);
        (*count)++;
    }
    classes[c].members[missing] |= 1u << bit;
}

void levels_update(struct levels *levels, const struct system *system,
                   const struct dynamics *dynamics, const struct rung *rung)
{
    const struct model *model = system->model;
    double *p = mem_new((size_t)levels->rungs, sizeof *p);
    double *base = mem_new((size_t)levels->rungs, sizeof *base);
    levels->p_count = levels->base_count = 0;
    for (int m = 0; m <= levels->missing_most; m++)
        for (int s = 0; s < 2; s++)
            for (int a = 0; a <= levels->degree - m; a++) {
                double du[COMPONENTS_MAX];
                model->binary->flip(system, s, a, levels->degree - m, du);
                for (int r = 0; r < levels->rungs; r++) {
                    int toggled;
                    double x = rung_dot(rung[r].lambda, du,
                                        system->components);
                    dynamics->binary->level(x, &p[r], &toggled);
                    base[r] = toggled;
                    if (rung[r].exact)
                        p[r] = base[r] = 0;
                }
                classify(levels->p, &levels->p_count, p, levels->rungs, m,
                         16 * s + a);
                classify(levels->base, &levels->base_count, base,
                         levels->rungs, m, 16 * s + a);
            }
    free(p);
    free(base);
}

double levels_p(const struct levels *levels, int rung, int s, int agree,
                int missing)
{
    for (int c = 0; c < levels->p_count; c++)
        if (levels->p[c].members[missing] >> (16 * s + agree) & 1)
            return levels->p[c].p[rung];
    return 0;
}

uint32_t levels_digits(double p)
{
    uint32_t digits = 0;
    for (uint32_t k = 0; k < LEVELS_PLANES; k++)
        digits |= (uint32_t)binary_digit(p, k) << k;
    return digits;
}

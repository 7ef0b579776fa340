#include "systems/teacher.h"

#include <math.h>

#include "stat/probit.h"

static const double PI = 0x1.921fb54442d18p1;

static void integrand(double t, void *with, double *value)
{
    double x = *(double *)with * t;
    value[0] = probit_density(x) * probit_hazard(x);
    value[1] = -2 * probit_tail(x) * probit_ln_tail(x);
}

struct teacher teacher_at(double g, int finer)
{
    struct probit_grid grid = {.width = {g > 0 ? 1 / g : INFINITY, INFINITY},
                               .finer = finer};
    double out[2];
    probit_average(grid, integrand, &g, 2, out);
    return (struct teacher){out[0], out[1]};
}

double teacher_disagreement(double apart)
{
    return atan2(sqrt(apart * (2 - apart)), 1 - apart) / PI;
}

#include "stat/power.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"

static void scale(double *v, int64_t size, double by)
{
    for (int64_t k = 0; k < size; k++)
        v[k] *= by;
}

/* Growth of two steps at a time, since eigenvalues may come as +-; that of the
   last once three agree, else, as a pair of complex ones makes it waver, the
   mean logarithm over the second half. */
static double growth(const struct power *p, double *v, double *out, int steps,
                     double *error)
{
    double first = 0, second = 0, last = 0, before = 0, grown = 0;
    int half = steps / 2;
    for (int s = 0; s < 2 * half; s++) {
        before = last;
        last = grown;
        p->times(p->with, v, out);
        grown = sqrt(p->times(p->with, out, v));
        if (grown < 1e-75)
            return *error = 0;
        scale(v, p->size, 1 / (grown * grown));
        *(s < half ? &first : &second) += log(grown) / half;
        *error = fabs(grown - last) + fabs(grown - before);
        if (s > 2 && *error < 1e-13 * grown)
            return grown;
    }
    *error = exp(second) * fabs(second - first) / 2;
    return exp(second);
}

double power_modulus(const struct power *p, double *v, int steps,
                     double *error)
{
    double norm = 0, modulus;
    for (int64_t k = 0; k < p->size; k++)
        norm += v[k] * v[k];
    *error = 0;
    if (norm == 0)
        return 0;
    scale(v, p->size, 1 / sqrt(norm));
    double *out = mem_new((size_t)p->size, sizeof *out);
    modulus = growth(p, v, out, steps, error);
    free(out);
    return modulus;
}

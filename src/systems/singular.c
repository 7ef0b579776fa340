#include "systems/singular.h"

#include <math.h>

/* |x|^n, n >= 0 */
static double raised(double x, int n)
{
    double product = 1;
    for (int k = 0; k < n; k++)
        product *= fabs(x);
    return product;
}

double singular_power(int power, int64_t d, const double *x,
                      double *gradient)
{
    double u = 0;
    for (int64_t i = 0; i < d; i++) {
        double slope = raised(x[i], power - 1);
        u += slope * fabs(x[i]);
        if (gradient)
            gradient[i] = copysign(power * slope, x[i]);
    }
    return u;
}

void singular_power_hessian(int power, int64_t d, const double *x,
                            const double *v, double *out)
{
    for (int64_t i = 0; i < d; i++)
        out[i] = power * (power - 1) * raised(x[i], power - 2) * v[i];
}

/* prod x_k over all k but i and j */
static double without(int64_t d, const double *x, int64_t i, int64_t j)
{
    double product = 1;
    for (int64_t k = 0; k < d; k++)
        product *= k == i || k == j ? 1 : x[k];
    return product;
}

double singular_product(int64_t d, const double *x, double *gradient)
{
    double whole = without(d, x, -1, -1);
    for (int64_t i = 0; i < d && gradient; i++)
        gradient[i] = 2 * whole * without(d, x, i, i);
    return whole * whole;
}

void singular_product_hessian(int64_t d, const double *x, const double *v,
                              double *out)
{
    double whole = without(d, x, -1, -1);
    for (int64_t i = 0; i < d; i++) {
        double rest = without(d, x, i, i);
        out[i] = 2 * rest * rest * v[i];
        for (int64_t j = 0; j < d; j++)
            if (j != i)
                out[i] += 4 * whole * without(d, x, i, j) * v[j];
    }
}

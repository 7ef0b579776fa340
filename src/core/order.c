#include "core/order.h"

double order_energy(const struct system *system, const double *statistics)
{
    double u[COMPONENTS_MAX];
    system->model->u(system, statistics, u);
    return u[0] / (double)system->sites;
}

double order_susceptibility(const struct system *system,
                            const double *lambda, const double *mean)
{
    return lambda[0] * (double)system->sites * (mean[1] - mean[0] * mean[0]);
}

double order_binder(const struct system *system, const double *lambda,
                    const double *mean)
{
    (void)system;
    (void)lambda;
    return 1 - mean[1] / (3 * mean[0] * mean[0]);
}

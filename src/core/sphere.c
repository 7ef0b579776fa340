#include "core/sphere.h"

#include <math.h>

static double dot(const double *a, const double *b, int64_t count)
{
    double sum = 0;
    for (int64_t i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

void sphere_scale(double *x, int64_t count, double radius)
{
    double length = sqrt(dot(x, x, count));
    for (int64_t i = 0; i < count; i++)
        x[i] = x[i] / length * radius;
}

void sphere_tangent(const double *x, double *v, int64_t count)
{
    double along = dot(x, v, count) / dot(x, x, count);
    for (int64_t i = 0; i < count; i++)
        v[i] -= along * x[i];
}

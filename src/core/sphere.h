/* Vectors on a sphere: unit vectors, weights of a fixed norm. */
#ifndef TEMPERA_CORE_SPHERE_H
#define TEMPERA_CORE_SPHERE_H
#include <stdint.h>

/* x[count] brought to length `radius`. */
void sphere_scale(double *x, int64_t count, double radius);
/* v less its part along x. */
void sphere_tangent(const double *x, double *v, int64_t count);

#endif

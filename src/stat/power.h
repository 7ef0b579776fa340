/* The largest eigenvalue of a matrix known by its products, by powers. */
#ifndef TEMPERA_STAT_POWER_H
#define TEMPERA_STAT_POWER_H
#include <stdint.h>

struct power {
    int64_t size;
    /* out = A v; |out| */
    double (*times)(const void *with, const double *v, double *out);
    const void *with;
};

/* Its modulus, from the start v[size], which is overwritten, by at most 2
   `steps` products; *error: how much the estimate still moved. 0 where powers
   of A vanish. */
double power_modulus(const struct power *power, double *v, int steps,
                     double *error);

#endif

/* Random signals and what is measured of them, y = A x + w. */
#ifndef TEMPERA_SYSTEMS_SIGNAL_H
#define TEMPERA_SYSTEMS_SIGNAL_H
#include <stdbool.h>

#include "systems/operator.h"

struct signal_law {
    double rho;      /* weight of what is not 0 */
    double size;     /* then it is +-size; 0: N(0, 1) */
    bool one_sided;  /* +size only */
};

/* Owned by the caller. */
double *signal_draw(struct signal_law law, uint64_t seed, int instance,
                    int64_t count);

/* Numbers of mean 0 and the given variance; owned by the caller. */
double *signal_noise(uint64_t seed, int instance, enum instance_step step,
                     int64_t count, double variance);

/* Measured by an iid normal matrix of variance 1/rows. */
struct measured {
    struct normal_matrix A;
    double *truth, *y;
};
struct measured measured_new(struct signal_law law, uint64_t seed,
                             int instance, int64_t rows, int64_t columns,
                             double noise);
void measured_free(struct measured *measured);

#endif

/* Matrices as message passing meets them: products only. Iid normal matrices
   are kept whole; what they give does not depend on the number of threads. */
#ifndef TEMPERA_SYSTEMS_OPERATOR_H
#define TEMPERA_SYSTEMS_OPERATOR_H
#include <stdint.h>

struct linear_map {
    int64_t rows, columns;
    /* out[rows] = A in; out[columns] = A' in. Neither may overlap. */
    void (*times)(const void *with, const double *in, double *out);
    void (*back)(const void *with, const double *in, double *out);
    const void *with;
};

/* Random instances have steps of their own in RNG_INSTANCE: INSTANCE_STEPS an
   instance, and the rows of a matrix are its items. */
enum instance_step {
    INSTANCE_MATRIX, INSTANCE_SIGNAL, INSTANCE_NOISE, INSTANCE_START,
    INSTANCE_MORE, INSTANCE_STEPS = 8
};

/* Row-major, A_ij normal of mean 0. */
struct normal_matrix {
    int64_t rows, columns;
    double *at; /* owned */
};

/* Variance 1/rows. Free by normal_matrix_free. */
struct normal_matrix normal_matrix_new(uint64_t seed, int instance,
                                       int64_t rows, int64_t columns);
/* Symmetric: off the diagonal variance 1, on it 2. */
struct normal_matrix normal_matrix_symmetric(uint64_t seed, int instance,
                                             int64_t n);
void normal_matrix_free(struct normal_matrix *matrix);

/* Borrows matrix. */
struct linear_map normal_matrix_map(const struct normal_matrix *matrix);

#endif

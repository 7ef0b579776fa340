/* Matrices whose elements are jets (base/jet.h), and the trace of a high
   power: what a transfer matrix needs. */
#ifndef TEMPERA_STAT_JET_MATRIX_H
#define TEMPERA_STAT_JET_MATRIX_H
#include <stdbool.h>
#include <stdint.h>

#include "base/jet.h"

/* e^ln_scale times value, first and second derivative, row-major. */
struct jet_matrix {
    int size;
    bool general; /* not symmetric: costs half as much again */
    double *at[3];
    double ln_scale;
};

/* All zero; give back with jet_matrix_release. */
struct jet_matrix jet_matrix_new(int size);
void jet_matrix_release(struct jet_matrix *matrix);

/* ln Tr base^exponent, exponent >= 2, by repeated squaring. Rescaled by
   powers of two on the way, so no exponent overflows. Elements must have one
   sign: then every digit but the last few is right. -inf or NaN when the
   trace underflows against the largest element. */
struct jet jet_matrix_ln_trace(const struct jet_matrix *base,
                               int64_t exponent);

#endif

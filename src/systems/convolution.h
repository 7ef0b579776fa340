/* Fields of a pair interaction that depends on the distance alone, on a
   periodic lattice, by FFTW (real to complex in all dimensions,
   FFTW_ESTIMATE): N ln N in the place of N^2. Couplings are integers and so is
   what comes out, rounded to them: sums of |J| below 2^31 leave the error of
   the transform far below 1/2. */
#ifndef TEMPERA_SYSTEMS_CONVOLUTION_H
#define TEMPERA_SYSTEMS_CONVOLUTION_H
#include "systems/lattice.h"

struct convolution;

/* J[sites]: coupling of site 0 and every other; J[0] is ignored. Not to be
   called by two threads at once; the others may be. */
struct convolution *convolution_new(const struct lattice *lattice,
                                    const int32_t *J);
void convolution_free(struct convolution *convolution);

/* out[x] = sum_y J(x - y) spin[y] */
void convolution_fields(const struct convolution *convolution,
                        const int8_t *spin, double *out);
/* sum over pairs of J(x - y) spin[x] spin[y] */
int64_t convolution_bonds(const struct convolution *convolution,
                          const int8_t *spin);

#endif

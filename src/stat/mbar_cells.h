/* Cells of the points (bins of a distance, say) as they are at any lambda,
   a rung's or not, from the samples of all rungs. */
#ifndef TEMPERA_STAT_MBAR_CELLS_H
#define TEMPERA_STAT_MBAR_CELLS_H
#include "stat/mbar.h"

/* w(n) = exp(-lambda.u_n) / D(u_n); ln_z[cells] is ln sum of w over the
   cell, its part of Z(lambda) / Z_0; -INFINITY where it is empty. With
   lambda = 0 that is the m of the cell's states. */
struct mbar_cells {
    double *ln_z;
    double *mean;     /* [cells] of a */
    double *n_eff;    /* [cells] (sum w)^2 / sum w^2, w of all samples */
    double *stretches;/* [cells] the same of 32 stretches of time: by how
                         many of them the cell was visited */
    double *ln_z_influence, *mean_influence; /* [bins][cells] */
};

/* Room for all, and its end. */
struct mbar_cells mbar_cells_new(int cells, int64_t bins);
void mbar_cells_free(struct mbar_cells *cells);

/* a[P]; cell[P] of each point, -1: none; ln_z as mbar_influence says, with the
   same bin. mbar->ok must hold. */
struct mbar_cells_of {
    const double *lambda, *a;
    const int32_t *cell;
    int cells;
};
void mbar_cells(const struct mbar *mbar, const struct mbar_cells_of *of,
                int64_t bin, const double *ln_z,
                const struct mbar_cells *out);

#endif

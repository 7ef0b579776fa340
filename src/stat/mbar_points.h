/* The samples of a run, equal u taken together. */
#ifndef TEMPERA_STAT_MBAR_POINTS_H
#define TEMPERA_STAT_MBAR_POINTS_H
#include <stdint.h>

#include "stat/gamma.h"

/* The samples of a view, equal u taken together: spin models have few
   distinct u. Which rung a sample came from does not matter. */
struct mbar_points {
    int64_t count;            /* P, distinct u, in order of appearance */
    int64_t rows, per_row;    /* per_row = copies * rungs of the view */
    int components;           /* K */
    double *u;                /* [count][components] */
    double *weight;           /* [count] samples with this u */
    int32_t *index;           /* [rows][per_row] point of each sample */
};

/* Equality is that of doubles (0 == -0). At most 2^30 distinct points. */
struct mbar_points *mbar_points_new(const struct series_view *view);
void mbar_points_free(struct mbar_points *points);

/* a[P] = component k of u. */
void mbar_component(const struct mbar_points *points, int k, double *a);

/* Effective fraction of the samples of `rung` (those of the view) after
   reweighting from lambda `from` to `to`: (sum w)^2 / (n sum w^2), w =
   exp(-(to - from) . u), in (0, 1] (Kish). */
double reweighting_fraction(const struct series_view *view, int rung,
                            const double *from, const double *to);

#endif

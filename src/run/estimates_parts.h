/* Between the files src/run/estimates*.c only. */
#ifndef TEMPERA_RUN_ESTIMATES_PARTS_H
#define TEMPERA_RUN_ESTIMATES_PARTS_H
#include "run/estimates.h"
#include "stat/gamma.h"

/* One analysis: shapes and plans. An influence series is [bins][rungs]. */
struct analysis {
    const struct data *data;
    struct estimates *out;
    int rungs;
    int64_t bin, bins;
    struct gamma_plan *plan, *half; /* bins; bins / 2 */
};

/* A new row of estimates: means given, the rest from the influence series;
   extra[rungs] (or NULL) is added to errors in quadrature. */
struct estimate *analysis_add(struct analysis *a, const char *name,
                              const char *unit, const char *definition,
                              const double *mean, const double *influence,
                              const double *extra);

/* [bins][rungs] doubles. */
double *analysis_series(const struct analysis *a);

/* u of component k as an influence series of its mean: bin means, averaged
   over ladders. */
double *analysis_u(const struct analysis *a, int k, double *mean);

/* ln Z, entropy, free energy, specific heats. */
void analysis_thermal(struct analysis *a);

#endif

/* Between the files src/run/estimates*.c only. */
#ifndef TEMPERA_RUN_ESTIMATES_PARTS_H
#define TEMPERA_RUN_ESTIMATES_PARTS_H
#include "run/estimates.h"
#include "stat/gamma.h"

/* One analysis: shapes and plans. An influence series is [bins][rungs]. */
struct analysis {
    struct data *data;
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
/* An empty new row of `size` numbers a rung. */
struct estimate *analysis_row(struct estimates *out, const char *name,
                              const char *unit, const char *definition,
                              int size);

/* [bins][rungs] doubles. */
double *analysis_series(const struct analysis *a);

/* u of component k as an influence series of its mean: bin means, averaged
   over ladders. */
double *analysis_u(const struct analysis *a, int k, double *mean);

/* ln Z, entropy, free energy, specific heats. */
void analysis_thermal(struct analysis *a);

/* lppd, p_waic, waic, where log_likelihood was recorded. */
void analysis_predictive(struct analysis *a, struct err *err);

/* One sample, or a model without disorder: errors over time. */
struct estimates *estimates_of_time(struct data *data, struct err *err);
/* Every sample by itself, then errors over samples. */
struct estimates *estimates_of_samples(struct data *data, struct err *err);
/* Of a run along a schedule. */
struct estimates *estimates_of_annealing(struct data *data);
/* Of a quench. */
struct estimates *estimates_of_quench(struct data *data, struct err *err);
/* Mean of value[samples], and its error from their scatter, or that of the
   groups that share random numbers. */
void analysis_average(const struct data *data, const double *value,
                      double *mean, double *error);
/* out->plateau, out->balance */
void analysis_equilibrium(struct data *data, struct estimates *out,
                          struct err *err);
/* Rows *_residual, free_energy_*, where there are states and fields. */
void analysis_mean_field(struct data *data, struct estimates *out,
                         struct err *err);
void plateau_free(struct plateau *plateau);
void balance_free(struct balance *balance);
/* An empty result. */
struct estimates *estimates_room(int rungs);

int derived_terms(const struct derived *derived);
/* Are all its series there? */
bool derived_recorded(const struct data *data, const struct derived *derived);
/* d value / d mean[j], by a difference small beside any error bar. */
double derived_slope(const struct data *data, const struct derived *derived,
                     int rung, const double *mean, int j);

#endif

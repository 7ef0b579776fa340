/* What exact solvers say about the system of a report, at its rungs. */
#ifndef TEMPERA_RUN_THEORY_H
#define TEMPERA_RUN_THEORY_H
#include "core/solver.h"
#include "run/estimates.h"

struct prediction {
    char *name;            /* as in estimates, "_relative" included */
    char *source;          /* "kaufman: Kaufman 1949" */
    double *mean, *error;  /* [rungs]; NAN where theory is silent */
    double *z;             /* [rungs] (estimate - theory) / errors; NAN when
                              there is no such estimate, or both are exact */
};

struct theory {
    int count;
    struct prediction *at;
};

/* May it speak about these data at all, by overlay? */
bool theory_speaks(const struct data *data, const struct estimates *estimates,
                   const struct solver *solver);

/* What solution[rungs] say of an estimate; false when nothing, or of a vector.
   prediction is filled, source apart, and owned by the caller. */
bool theory_predict(const struct estimate *e, int rungs,
                    const struct solution *solution,
                    struct prediction *prediction);
void prediction_release(struct prediction *prediction);

/* Of every quantity both sides know, by the first solver that gives it, of
   those that speak of this very system (limits.h has the others). */
struct theory *theory_new(const struct data *data,
                          const struct estimates *estimates);
void theory_free(struct theory *theory);

const struct prediction *theory_find(const struct theory *theory,
                                     const char *name);

#endif

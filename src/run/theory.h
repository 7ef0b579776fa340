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

/* What a solution says of an estimate: relative names without their
   difference from rung 0, estimators' suffixes fall away. */
double theory_value(const struct solution *solution, const char *name);
double theory_error(const struct solution *solution, const char *name);

/* Of every quantity both sides know, by the first solver that gives it, of
   those that speak of this very system (limits.h has the others). */
struct theory *theory_new(const struct data *data,
                          const struct estimates *estimates);
void theory_free(struct theory *theory);

const struct prediction *theory_find(const struct theory *theory,
                                     const char *name);

#endif

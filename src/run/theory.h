/* What exact solvers say about the system of a report, at its rungs. */
#ifndef TEMPERA_RUN_THEORY_H
#define TEMPERA_RUN_THEORY_H
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

/* Of every quantity both sides know, by the first solver that gives it. */
struct theory *theory_new(const struct data *data,
                          const struct estimates *estimates);
void theory_free(struct theory *theory);

const struct prediction *theory_find(const struct theory *theory,
                                     const char *name);

#endif

/* State evolution and the runs of finite size beside it: one number an
   iteration, averaged over random instances. */
#ifndef TEMPERA_CORE_EVOLUTION_H
#define TEMPERA_CORE_EVOLUTION_H
#include "core/solver.h"

/* Keys that such solvers share. */
#define EVOLUTION_KEYS(KEY, SIZE, MOST, STEPS)                               \
    KEY(integer, N, SIZE, 0, MOST, NULL, "", 0,                              \
        "components of random instances that are run as well; 0: none")      \
    KEY(integer, instances, "4", 1, 1000, NULL, "", 0,                       \
        "random instances; the error of their mean is from their scatter")   \
    KEY(integer, iterations, STEPS, 1, 100000, NULL, "", 0,                  \
        "of state evolution and runs, in the curves")                        \
    KEY(seed, seed, "1", 0, 0, NULL, "", 0, "of the instances")

struct evolution {
    int steps;      /* values: 0 is the start, steps - 1 after the last */
    int instances;  /* 0: theory alone */
    double *theory; /* [steps] */
    double *run;    /* [instances][steps] */
};

/* Whether an instance of so many numbers is small enough (3 GB); else says so
   to err. */
bool evolution_fits(double numbers, struct err *err);

/* By the keys; NaN throughout. */
struct evolution evolution_new(const struct section *keys);
void evolution_free(struct evolution *evolution);

/* The mean over instances of value[instances] and its standard error (0 for
   one instance). */
struct evolution_mean { double mean, error; };
struct evolution_mean evolution_mean(const double *value, int instances,
                                     int stride);

/* Static texts. */
struct evolution_names {
    const char *theory, *run, *error; /* curves */
    const char *result, *deviation;   /* of the last iteration */
    const char *definition, *unit;
};

/* The curves; of runs the last value and how far it is from state evolution
   at the same iteration in standard errors. */
void evolution_report(const struct evolution *evolution,
                      const struct evolution_names *names,
                      struct solution *solution);

/* A curve with a copy of value[count]. */
void evolution_curve(struct solution *solution, const char *name,
                     const char *unit, const char *definition, int64_t count,
                     const double *value);

#endif

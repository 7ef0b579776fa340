/* The walkers a rank hosts: its banks, and the numbers the generic layer
   touches. Walkers are addressed by their number from the rank's first. */
#ifndef TEMPERA_CORE_HOSTED_H
#define TEMPERA_CORE_HOSTED_H
#include "core/bank.h"

struct hosted {
    const struct system *system;
    const struct kernel *kernel; /* NULL when no walker is hosted */
    int64_t first;               /* number of the first walker */
    int walkers;
    int threads;
    int banks;
    struct bank **bank;
    double *statistics;          /* [walkers][S], after hosted_measure */
    double *u;                   /* [walkers][K], likewise */
};

struct hosted_spec {
    const struct system *system;
    const struct dynamics *dynamics;
    enum stream stream;
    uint64_t seed;
    struct sharing sharing;   /* slots fixes a walker's sample */
    int rungs;
    const struct rung *rung;
    int64_t first;
    int walkers;
    int threads;
    const struct section *keys; /* of section dynamics */
    const char *wanted;       /* kernel */
    const char *where;        /* for its error */
};

/* NULL when no kernel fits (err says why). */
struct hosted *hosted_new(const struct hosted_spec *spec, struct err *err);
void hosted_free(struct hosted *hosted);

void hosted_put(struct hosted *hosted, int walker, const void *state);
void hosted_get(const struct hosted *hosted, int walker, void *state);

/* What the walker carries besides its state; NULL: nothing. */
double *hosted_extra(const struct hosted *hosted, int walker);

/* Does the walker stay as it is (dynamics that go downhill)? */
void hosted_rest(struct hosted *hosted, int walker, bool rests);

/* label[walkers] of the hosted ones; all: the rungs changed too. */
void hosted_relabel(struct hosted *hosted, const int *label, bool all);
/* tunes: a sweep of burn-in, in which steps are tuned. */
void hosted_sweep(struct hosted *hosted, uint64_t tick, bool tunes);
/* Adds what the dynamics counted since the last call to success[rungs], each
   walker's under its present rung. */
void hosted_successes(struct hosted *hosted, struct success *success);
void hosted_measure(struct hosted *hosted);

/* values[walkers] of an observable, stride apart. */
void hosted_observe(const struct hosted *hosted,
                    const struct observable *observable, double *values,
                    int stride);

#endif

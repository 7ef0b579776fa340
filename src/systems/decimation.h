/* Satisfying assignments by decimation: bits that surveys or beliefs bias most
   are set, the rest is asked again, and what is left when surveys vanish goes
   to local search (Mezard, Parisi and Zecchina 2002; Braunstein, Mezard and
   Zecchina 2005). */
#ifndef TEMPERA_SYSTEMS_DECIMATION_H
#define TEMPERA_SYSTEMS_DECIMATION_H
#include "systems/cnf.h"

struct decimation_plan {
    double rho;          /* 1: surveys, 0: beliefs */
    double fraction;     /* of the bits not yet set, set in one step */
    int64_t iterations;  /* sweeps at most for surveys to converge */
    int64_t flips;       /* of a local search at most */
    int64_t restarts;    /* tries after the first */
    uint64_t seed;
};

enum decimation_outcome {
    DECIMATION_FOUND,
    DECIMATION_NOT_FOUND,    /* no proof of anything */
    DECIMATION_CONTRADICTION /* clauses of one bit contradict each other, with
                                nothing set: no assignment exists */
};

struct decimation {
    enum decimation_outcome outcome;
    int8_t *value;       /* [bits] the best assignment of all tries, -1 or 1 */
    int64_t violated;    /* clauses that it violates: counted at the end */
    int64_t forced;      /* bits that the formula sets before any choice */
    /* The fixed point with nothing else set: */
    bool converged;      /* to 1e-9 in every eta; else there is no */
    double entropy, entropy_error; /* ln(solutions) or ln(clusters) of Bethe */
    double largest;      /* eta */
    double *bias;        /* [bits] P(1) - P(-1) */
    /* Of the last try: */
    int64_t decimated, propagated; /* bits set by choice, and in consequence */
    bool failed;         /* they contradicted a clause */
    int64_t searched;    /* bits left to local search */
    /* Of all tries: */
    int64_t tries, sweeps, flips;
    int64_t unconverged; /* steps that set bits by surveys in motion */
};

struct decimation decimate(const struct cnf *cnf,
                           const struct decimation_plan *plan);
void decimation_free(struct decimation *result);

#endif

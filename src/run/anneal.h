/* Where walkers are on an annealing schedule: a function of the sweep number
   alone. The points are the ladder's rungs; a pass of S sweeps gives sweep j
   (0 .. S-1) to point first + j (P - first) / S, where first is 0, or in
   production passes after the first one the point of key reheat. */
#ifndef TEMPERA_RUN_ANNEAL_H
#define TEMPERA_RUN_ANNEAL_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct section;
struct system;

struct anneal {
    int points, components;
    int64_t walkers;
    int64_t pass;    /* sweeps of a production pass */
    int again;       /* first point of passes after the first */
    double *u;       /* [points][walkers][K] at the end of each point of the
                        present pass; NAN: not visited */
};

struct anneal *anneal_new(const struct section *run, int points,
                          int components, int64_t walkers);
void anneal_free(struct anneal *anneal);

/* One sweep of a pass. */
struct anneal_sweep {
    int point;
    bool starts;  /* first of its pass */
    bool afresh;  /* ... which starts from new states */
    bool leaves;  /* last sweep at its point */
    bool ends;    /* last of its pass */
};

/* Sweep number `done` (from 0) of a burn-in round of `length` sweeps; length
   0: of production. */
struct anneal_sweep anneal_at(const struct anneal *anneal, int64_t done,
                              int64_t length);

/* Thermodynamic length of each edge in the present pass, from the spread of
   u over walkers at its two ends: what the schedule's points share equally
   for constant thermodynamic speed (Salamon, Berry 1983). */
void anneal_lengths(const struct anneal *anneal, const double *lambda,
                    double *length);

#endif

/* Equations x = F(x) by repeated substitution, and what became of it. */
#ifndef TEMPERA_STAT_FIXED_POINT_H
#define TEMPERA_STAT_FIXED_POINT_H
#include <stdint.h>

struct fixed_point {
    int64_t count;
    double *x;
    /* One sweep over x in place, x <- damping x + (1 - damping) F(x) entry by
       entry; the largest |F(x) - x| met, in units of max(1, |F(x)|). */
    double (*sweep)(void *with, double *x, double damping);
    void *with;
    double damping, tolerance;
    int most; /* sweeps */
};

enum fixed_fate {
    FIXED_CONVERGED,   /* the last sweep moved less than the tolerance */
    FIXED_OSCILLATING, /* in the end x came back to where it had been */
    FIXED_CREEPING,    /* neither, but moves are below 1e-3: near a bifurcation,
                          or walls between domains on their way */
    FIXED_WANDERING    /* nothing of these */
};

struct fixed_end {
    enum fixed_fate fate;
    int sweeps, period; /* period: sweeps of a round; 0: none */
    double residual;    /* of the last sweep */
    double off;         /* how far x may still be from its limit: what is left
                           of the geometric series of residuals */
};

struct fixed_end fixed_point_solve(const struct fixed_point *problem);

#endif

/* All replica-symmetric states of a perceptron (systems/saddle.h), found
   backwards: a field qhat fixes Rhat, by the ratio of the two equations, in
   which alpha is not, and then alpha. Along qhat the states of one beta, kappa
   lie on a curve alpha(qhat): it rises where they are stable against
   fluctuations of R and q and falls between two of them. */
#ifndef TEMPERA_SYSTEMS_SADDLE_BRANCHES_H
#define TEMPERA_SYSTEMS_SADDLE_BRANCHES_H
#include "systems/saddle.h"

/* A point of the curve. found: Rhat was solved. */
struct saddle_state {
    bool found;
    double alpha, R_hat, q_hat;
    struct saddle_weights weights;
    struct saddle_examples examples;
};

/* At qhat + Rhat^2 = total. guess: of ln(Rhat / qhat), to be found with this
   precision. wrong <= 1/2. */
struct saddle_state saddle_state_at(const struct saddle *saddle, double total,
                                    double guess, double precision,
                                    int finer);

enum { SADDLE_BRANCHES_MAX = 4 };
struct saddle_branches {
    int count; /* stable states at saddle->alpha, by increasing q */
    struct saddle_state state[SADDLE_BRANCHES_MAX];
    int peaks; /* where the curve turns down: a branch ends */
    struct saddle_state peak[SADDLE_BRANCHES_MAX];
    bool lost; /* something was not solved */
};

/* alpha, beta > 0, beta finite or not; wrong <= 1/2. Without the teacher's own
   state R = q = 1 of binary weights, kappa = 0. */
enum saddle_scope { SADDLE_FIRST, /* the state of least q */
                    SADDLE_ALL,
                    SADDLE_PEAKS /* also all peaks, not only next to alpha */ };
struct saddle_branches saddle_branches(const struct saddle *saddle,
                                       enum saddle_scope scope);

/* Is the teacher itself (q = R = 1) a state of its own? Of binary weights at
   kappa = 0: any step away from it costs more errors than it gains entropy. */
bool saddle_has_perfect(const struct saddle *saddle);

#endif

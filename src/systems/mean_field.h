/* Solutions of the mean-field equations of Ising spins coupled in pairs: naive
   mean field and TAP (systems/tap.h), Bethe by messages (systems/belief.h).
   Each from several starts, as there may be several solutions; all magneti-
   sations m_i are stationary points of the ln Z of their kind.

   Naive mean field and TAP: site after site takes the m_i at which ln Z is
   largest with the others as they are,

       naive  m_i = tanh(A_i),      A_i = beta (h_i + sum_j J_ij m_j)
       TAP    atanh m_i + B_i m_i = A_i,  B_i = beta^2 sum_j J_ij^2 (1 - m_j^2)

   so undamped sweeps climb ln Z, and settle in the end. */
#ifndef TEMPERA_SYSTEMS_MEAN_FIELD_H
#define TEMPERA_SYSTEMS_MEAN_FIELD_H
#include "stat/fixed_point.h"
#include "systems/pairs.h"

enum mean_field_kind { MEAN_FIELD_NAIVE, MEAN_FIELD_TAP, MEAN_FIELD_BETHE };

struct mean_field_task {
    enum mean_field_kind kind;
    const struct pairs *pairs;
    int sample;
    double beta, damping, tolerance;
    int iterations, restarts; /* restarts: random starts besides the others */
    uint64_t seed;
    const double *start;      /* [sites] a further start, or NULL */
};

struct mean_field_state {
    double *m;         /* [sites]; without fields and clamps sum m >= 0 */
    double ln_z, energy, entropy; /* of the system; energy -d ln Z/d beta */
    double residual;   /* of the last sweep */
    double off;        /* of m_i, as far as the last sweeps tell */
    int iterations;
    double stability;  /* naive, TAP: the largest eigenvalue of the linearised
                          equations, below 1 at maxima of ln Z; Bethe: modulus
                          of that of the messages' update, below 1 where small
                          errors die out */
    double stability_error;
    double plefka;     /* the largest eigenvalue of beta^2 J_ij^2 (1 - m_i^2)
                          (1 - m_j^2): the expansion makes sense below 1
                          (Plefka 1982: in the SK model beta^2 [(1 - m^2)^2]
                          < 1) */
    bool admitted;     /* Bethe: stable, or stable when damped by a half; TAP:
                          plefka < 1; naive: always */
};

struct mean_field_found {
    int starts, converged, oscillating, period, creeping;
    double residual;   /* the least of the starts that did not converge */
    int distinct;      /* solutions, a flip of all spins not counted where
                          that is a symmetry */
    struct mean_field_state best; /* admitted, of the largest ln Z; m NULL:
                                     there is none */
    struct mean_field_state other; /* the next admitted one, or else the best
                                      of those not admitted; m NULL: none */
};

struct mean_field_found mean_field_solve(const struct mean_field_task *task);
void mean_field_release(struct mean_field_found *found);

/* One sweep of naive mean field or TAP over m[sites], undamped; the largest
   move. */
double mean_field_sweep(const struct mean_field_task *task, double *m);

#endif

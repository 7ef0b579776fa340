/* Motion in the landscape Phi = lambda . u - ln m (facet grad), for the
   dynamics that follow its gradient: kicks and drifts of the numbers x and
   momenta p of one walker, at unit temperature: p(x, p) ~ exp(-Phi - p^2/2).

   On spheres of length 1 (unit vectors) momenta are tangent and a drift goes
   along great circles, exactly (Byrne, Girolami, Scand. J. Stat. 40, 825
   (2013)). */
#ifndef TEMPERA_CORE_FLOW_H
#define TEMPERA_CORE_FLOW_H
#include "core/dynamics.h"

struct flow {
    const struct sweep *sweep;
    const struct grad *grad;
    int64_t count;
    int sphere;      /* numbers of a unit vector; 0: flat */
    double *x, *p;   /* [count] */
    double *g;       /* [count] gradient at x, after flow_phi */
    double *x0;      /* [count] for a dynamics to keep a position */
    void *work;      /* of grad->phi */
};

/* Bytes of scratch for a flow: dynamics->work. */
size_t flow_work(const struct system *system);

/* x from the walker's state, in sweep->work; p is not set. */
struct flow flow_begin(const struct sweep *sweep);
/* The state takes x. */
void flow_end(const struct flow *flow);

/* Phi at x, its gradient into g. */
double flow_phi(struct flow *flow);

/* out[count]: normal numbers of variance 1, tangent at x on spheres. The
   `number`th such of this sweep. */
void flow_normals(const struct flow *flow, int number, double *out);

/* p -= h g */
void flow_kick(struct flow *flow, double h);
/* x moves along p for a time h; p stays tangent. */
void flow_drift(struct flow *flow, double h);
/* p^2 / 2 */
double flow_kinetic(const struct flow *flow);

/* ---- steps of a rung ---------------------------------------------------- */

/* Counts an attempt whose Metropolis test would have been passed with
   probability min(1, exp(-x)): U is digit for digit that of RNG_UPDATE 0.
   Returns whether it is. */
bool flow_accept(const struct flow *flow, double x);

/* For tune: the step at which hits / tries would be `target`, by at most a
   factor of two. */
double flow_tune(double step, int64_t tries, int64_t hits, double target);

#endif

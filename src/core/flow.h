/* Motion in the landscape Phi = lambda . u - ln m (facet grad), for the
   dynamics that follow its gradient: kicks and drifts of the numbers x and
   momenta p of one walker, at unit temperature: p(x, p) ~ exp(-Phi - p^2/2).

   On spheres (unit vectors; weights of a fixed norm) momenta are tangent and
   a drift goes along great circles, exactly (Byrne, Girolami, Scand. J. Stat.
   40, 825 (2013)). */
#ifndef TEMPERA_CORE_FLOW_H
#define TEMPERA_CORE_FLOW_H
#include "core/dynamics.h"

struct flow {
    const struct sweep *sweep;
    const struct grad *grad;
    int64_t count;
    int64_t sphere;  /* numbers of a vector on a sphere; 0: flat */
    double radius;   /* of the sphere */
    double *x, *p;   /* [count] */
    double *g;       /* [count] gradient at x, after flow_phi */
    double *x0;      /* [count] for a dynamics to keep a position */
    void *work;      /* of grad->phi */
    bool bare;       /* Phi without -ln m; false at first */
    const struct dropout *dropout; /* of flow_phi_batch; NULL: none */
};

/* Bytes of scratch for a flow: dynamics->work. */
size_t flow_work(const struct system *system);

/* x from the walker's state, in sweep->work; p is not set. */
struct flow flow_begin(const struct sweep *sweep);
/* On spheres: vectors of x to length 1. */
void flow_normalise(const struct flow *flow);
/* The same where no move is refused: x is the state itself if that is but its
   numbers. */
struct flow flow_begin_here(const struct sweep *sweep);
/* The state takes x. */
void flow_end(const struct flow *flow);

/* Phi at x, its gradient into g. */
double flow_phi(struct flow *flow);
/* The same as estimated from `size` examples of this step's minibatch
   (core/minibatch.h), at most all; sweep->work is of flow_batch_work. */
double flow_phi_batch(struct flow *flow, int size);
/* Bytes of scratch of a flow by minibatches. */
size_t flow_batch_work(const struct system *system);
/* Examples the loss is a sum over, or 0. */
int64_t flow_examples(const struct system *system);
/* NULL, or why there are no minibatches. */
const char *flow_no_examples(const struct system *system);

/* out[count]: normal numbers of variance 1, tangent at x on spheres. The
   `number`th such of this sweep. */
void flow_normals(const struct flow *flow, int number, double *out);

/* p -= h g */
void flow_kick(struct flow *flow, double h);
/* x moves along p for a time h; p stays tangent. */
void flow_drift(struct flow *flow, double h);
/* A step of Euler and Maruyama: p = noise - h g, noise = sqrt(2 h) xi, or 0
   unless noisy; a drift along p for a time 1. Returns |noise|^2. */
double flow_euler(struct flow *flow, double h, bool noisy);
/* p^2 / 2 */
double flow_kinetic(const struct flow *flow);

/* ---- steps of a rung ---------------------------------------------------- */

/* Keys of a dynamics with a step: 0 has it tuned. */
#define FLOW_KEYS(KEY, means, accept_)                                       \
    KEY(real, step, "0.0", 0, 1e9, NULL, "", 0,                              \
        means "; 0: found in burn-in, rung by rung")                         \
    KEY(real, accept, accept_, 0.05, 0.999, NULL, "", 0,                     \
        "share of moves that the step is tuned for: of those a Metropolis "  \
        "test accepts, or would accept")

/* At unit temperature: the rung's own where it is tuned; else the key `step`
   divided by beta^power (a time t has t' = T t, or sqrt(T) t). */
double flow_step(const struct sweep *sweep, double power);
/* Is the step being tuned in this sweep? */
bool flow_tuning(const struct sweep *sweep);
/* For first_step: what tuning starts from; 0 where the key is given. */
double flow_first_step(const struct system *system,
                       const struct section *keys);

/* Counts an attempt whose Metropolis test would have been passed with
   probability min(1, exp(-x)): U is digit for digit that of RNG_UPDATE 0.
   Returns whether it is. */
bool flow_accept(const struct flow *flow, double x);

/* For tune: towards hits / tries = accept, by at most a factor of four. */
double flow_tune(const struct system *system, const struct section *keys,
                 double step, int64_t tries, int64_t hits);

#endif

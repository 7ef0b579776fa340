/* Going down, for the dynamics of protocol quench. They minimise

       f = lambda . u / lambda_1        (u_1 alone where lambda_1 = 0)

   of the walker's rung: u itself where lambda has one component; with a tether
   u_1 + lambda_2 / lambda_1 u_2. Key prior adds -T ln m, T = 1 / lambda_1: the
   most probable state (MAP). Walls of a box play no part.

   On spheres f is a function of r x / |x| over numbers x of any length: steps
   are straight and x is brought back to the radius r after them. */
#ifndef TEMPERA_CORE_DOWNHILL_H
#define TEMPERA_CORE_DOWNHILL_H
#include "core/flow.h"

#define DOWNHILL_KEYS(KEY)                                                   \
    KEY(flag, prior, "false", 0, 0, NULL, "", 0,                             \
        "true: u - T ln m is minimised, T of the rung (where it is > 0): "   \
        "the most probable state")

struct downhill {
    struct flow flow;
    struct sweep sweep; /* flow's own, on this rung: */
    struct rung rung;
    double scale;       /* f = scale Phi */
};

/* x from the walker's state; scratch as flow_work says, or flow_batch_work. *d
   stays where it is: it points into itself. */
void downhill_begin(struct downhill *d, const struct sweep *sweep);
/* x, brought back to spheres, into the walker's state. */
void downhill_end(struct downhill *d);

/* f at x on its spheres; its gradient in flow.g. */
double downhill_f(struct downhill *d);
/* The same, estimated from `batch` examples of this step; 0, or no fewer than
   there are: all. */
double downhill_estimate(struct downhill *d, int64_t batch);
/* f of y of any length; x is changed. */
double downhill_value(struct downhill *d, const double *y);
/* And its gradient. */
double downhill_at(struct downhill *d, const double *y, double *gradient);

/* |gradient| as last taken in flow.g */
double downhill_slope(const struct downhill *d);

#endif

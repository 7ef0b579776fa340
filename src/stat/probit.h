/* What theories of perceptrons are made of: a normal number z (mean 0, variance
   1), the chance that it exceeds x, and averages over it.

     phi(x) = e^(-x^2/2) / sqrt(2 pi),   H(x) = int_x^inf phi,
     R(x)   = phi(x)/H(x) = -(d/dx) ln H(x),   R'(x) = R (R - x)

   (H is Gardner's; R the inverse of Mills' ratio.) Good to about 1e-14 of the
   value for any x. */
#ifndef TEMPERA_STAT_PROBIT_H
#define TEMPERA_STAT_PROBIT_H

double probit_density(double x);      /* phi */
double probit_tail(double x);         /* H; 0 from x = 38.6 on */
double probit_ln_tail(double x);      /* ln H */
double probit_hazard(double x);       /* R: above x and above 0 */
double probit_hazard_slope(double x); /* R': rises from 0 to 1 */
/* int Dz max(z + k, 0)^2 = (1 + k^2) H(-k) + k phi(k), without cancellation:
   1/excess(kappa) is Gardner's capacity. */
double probit_excess(double k);

/* An example that costs beta when it is wrong (stability not above kappa) has
   the weight W(x) = e^-beta + (1 - e^-beta) H(x), x = (kappa - sqrt(q) z) /
   sqrt(1 - q), where the rest of the stability, of variance 1 - q, has been
   averaged over. 0 <= beta <= infinity: there W = H. */
struct probit_soft {
    double ln;     /* ln W */
    double hazard; /* r = -d ln W / dx = (1 - e^-beta) phi / W */
    double slope;  /* dr/dx = r (r - x): negative where it pays to be wrong */
    double wrong;  /* -d ln W / d beta = e^-beta (1 - H) / W: its chance */
};
struct probit_soft probit_soft(double x, double beta);
/* H(x) = e^-beta: right on one side, wrong on the other. beta > ln 2. */
double probit_soft_edge(double beta);

/* ---- averages ------------------------------------------------------------

   out[i] = int Dz f_i(z), i < count: f fills value[count]. They are analytic,
   grow like a power at most, and change over distances of order 1, but near
   z = kink[k] within width[k]. Gauss-Legendre panels of 20 points: of length
   at most 1, the width at a kink and doubling from there. Error 1e-14 of
   int Dz |f| for widths from 1e-12 up. `finer` doubles the panels that many
   times: what then changes is an estimate of the error. */
enum { PROBIT_KINKS = 3 };
struct probit_grid {
    double kink[PROBIT_KINKS], width[PROBIT_KINKS]; /* 0, INFINITY: no kink */
    int finer;
};
enum { PROBIT_COUNT_MAX = 8 };

/* For functions of x above: kinks at x = 0 and, at finite beta, at the edge.
   gap = 1 - q, which keeps its digits as q -> 1. */
struct probit_grid probit_grid_of(double kappa, double gap, double beta);

void probit_average(struct probit_grid grid,
                    void (*f)(double z, void *with, double *value),
                    void *with, int count, double *out);

/* The examples' part of a replica-symmetric theory with random labels:
     ln     = int Dz ln W(x)
     square = int Dz r(x)^2       (d ln / dq = -square / 2(1 - q))
     slope2 = int Dz r'(x)^2      (replicon)
     wrong  = int Dz wrong(x)     (energy per example) */
struct probit_examples { double ln, square, slope2, wrong; };
struct probit_examples probit_examples(double kappa, double gap, double beta,
                                       int finer);

#endif

/* Averages over a standard normal z of functions of w = a + b z that mean-field
   theories are made of. Good to about 1e-15 of 1 for any a and b >= 0: a
   trapezoidal rule in z for small b; for large b, where the functions are
   steps in z, one in w after integration by parts, which leaves sech^2 w
   against error functions. */
#ifndef TEMPERA_STAT_TANH_AVERAGE_H
#define TEMPERA_STAT_TANH_AVERAGE_H

struct tanh_average {
    double tanh, tanh2; /* <tanh w>, <tanh^2 w> */
    double sech2, sech4; /* sech2 = 1 - tanh2, without cancellation */
    double ln_2cosh;
};

struct tanh_average tanh_average(double a, double b);

/* Of a spin in the field w = b z in units of T: its entropy ln 2 cosh w -
   w tanh w, and w^2 sech^2 w. Both are small for large b, and have their digits
   still. */
struct tanh_thermal { double entropy, heat; };
struct tanh_thermal tanh_thermal(double b);

#endif

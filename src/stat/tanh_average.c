#include "stat/tanh_average.h"

#include <math.h>
#include <stdbool.h>

/* sech^2 x without overflow. */
static double sech2(double x)
{
    double e = exp(-2 * fabs(x));
    return 4 * e / ((1 + e) * (1 + e));
}

static double ln_2cosh(double x)
{
    return fabs(x) + log1p(exp(-2 * fabs(x)));
}

/* By z. The functions are analytic for |Im z| < pi / 2b, at least pi: the
   step's error is e^-(2 pi^2 / step), the cut's e^-39. */
static struct tanh_average narrow(double a, double b)
{
    const double step = 0.4375, root_2pi = 0x1.40d931ff62705p1;
    struct tanh_average t = {0};
    for (int i = -20; i <= 20; i++) {
        double z = i * step, w = a + b * z, s = sech2(w), m = tanh(w);
        double weight = step / root_2pi * exp(-z * z / 2);
        t.tanh += weight * m;
        t.tanh2 += weight * m * m;
        t.sech2 += weight * s;
        t.sech4 += weight * s * s;
        t.ln_2cosh += weight * ln_2cosh(w);
    }
    return t;
}

/* By w = v:
   <sech^2 w>    = int dv sech^2 v N(v; a, b)
   <tanh w>      = int dv (sech^2 v)/2 erf((a - v) / (b sqrt 2))
   <ln 2 cosh w> = int dv (sech^2 v)/2 <|a + b z - v|>
   sech^2 has the Fourier transform pi k / sinh(pi k / 2), sech^4 about k^2
   times that; at k = 2 pi / step this is below 1e-16. */
static struct tanh_average wide(double a, double b)
{
    const double step = 0.2, root_2pi = 0x1.40d931ff62705p1;
    struct tanh_average t = {0};
    for (int i = -100; i <= 100; i++) {
        double v = i * step, s = sech2(v), x = (a - v) / b;
        double normal = exp(-x * x / 2) / root_2pi;
        double sign = erf(x * 0x1.6a09e667f3bcdp-1);
        t.tanh += step * s / 2 * sign;
        t.sech2 += step * s * normal / b;
        t.sech4 += step * s * s * normal / b;
        t.ln_2cosh += step * s / 2 * (2 * b * normal + (a - v) * sign);
    }
    t.tanh2 = 1 - t.sech2;
    return t;
}

struct tanh_average tanh_average(double a, double b)
{
    struct tanh_average t = b < 0.5 ? narrow(a, b) : wide(a, b);
    if (a == 0)
        t.tanh = 0;
    return t;
}

/* Analytic in the same strip, gone beyond |w| = 20. By z, or by w itself. */
struct tanh_thermal tanh_thermal(double b)
{
    const double root_2pi = 0x1.40d931ff62705p1;
    bool small = b < 0.5;
    int most = small ? 20 : 100;
    double step = small ? 0.4375 : 0.2 / b;
    struct tanh_thermal t = {0};
    for (int i = -most; i <= most; i++) {
        double z = i * step, w = small ? b * z : i * 0.2;
        double weight = step / root_2pi * exp(-z * z / 2);
        double e = exp(-2 * fabs(w));
        t.entropy += weight * (log1p(e) + 2 * fabs(w) * e / (1 + e));
        t.heat += weight * w * w * sech2(w);
    }
    return t;
}

#include "stat/soft.h"

#include <float.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>

static const double root_half = 0x1.6a09e667f3bcdp-1,
                    root_2pi = 0x1.40d931ff62705p1;

static double density(double z)
{
    return exp(-z * z / 2) / root_2pi;
}

/* P(z > x) */
static double above(double x)
{
    return erfc(x * root_half) / 2;
}

/* ---- risk ---------------------------------------------------------------- */

/* A component of size s: all that is not said is the threshold a. */
static struct soft_risk of_size(double a, double s, bool one_sided)
{
    double p = above(a - s), m = above(a + s);
    if (isinf(s))
        return (struct soft_risk){1 + a * a, 1};
    if (one_sided) /* int_(z > a - s) (z - a)^2 + s^2 P(z < a - s) */
        return (struct soft_risk){(1 + a * a) * p - (a + s) * density(a - s) +
                                      s * s * above(s - a), p};
    return (struct soft_risk){(1 + a * a) * (p + m) +
                                  s * s * fmax(0, above(s - a) - m) -
                                  (a - s) * density(a + s) -
                                  (a + s) * density(a - s), p + m};
}

/* x of variance s^2 = V - 1: V P(3/2, b^2/2) - erf(b/sqrt 2) + (1 + a^2)
   erfc(b/sqrt 2), b = a/sqrt(V). */
static struct soft_risk of_width(double a, double s)
{
    double V = 1 + s * s, b = a / sqrt(V);
    if (isinf(s))
        return (struct soft_risk){1 + a * a, 1};
    return (struct soft_risk){V * gsl_sf_gamma_inc_P(1.5, b * b / 2) -
                                  erf(b * root_half) +
                                  (1 + a * a) * 2 * above(b), 2 * above(b)};
}

struct soft_risk soft_risk(struct soft soft, double a, double tau)
{
    struct soft_risk none = of_size(a, 0, soft.one_sided);
    struct soft_risk some = soft.law == SOFT_GAUSS
                                ? of_width(a, 1 / tau)
                                : of_size(a, 1 / tau, soft.one_sided);
    return (struct soft_risk){
        (1 - soft.rho) * none.ratio + soft.rho * some.ratio,
        (1 - soft.rho) * none.active + soft.rho * some.active};
}

double soft_denoise(bool one_sided, double theta, int64_t count,
                    const double *r, double *mean)
{
    int64_t active = 0;
    for (int64_t i = 0; i < count; i++) {
        double size = one_sided ? r[i] : fabs(r[i]);
        active += size > theta;
        mean[i] = size > theta ? copysign(size - theta, r[i]) : 0;
    }
    return (double)active / (double)count;
}

/* ---- transition ---------------------------------------------------------- */

/* F(-z)/f(z), at large z by its continued fraction. */
static double mills(double z)
{
    if (z < 25)
        return above(z) / density(z);
    double tail = 0;
    for (int k = 30; k > 0; k--)
        tail = k / (z + tail);
    return 1 / (z + tail);
}

struct family { double k, aim; };

static double delta_at(double z, double k)
{
    double rest = k * (1 - z * mills(z)), f = density(z);
    return f > 0 ? k * f / (z + rest * f) : 0;
}

static double delta_misfit(double z, void *with)
{
    const struct family *f = with;
    return delta_at(z, f->k) - f->aim;
}

static double density_misfit(double z, void *with)
{
    const struct family *f = with;
    return delta_at(z, f->k) * (1 - z * mills(z)) - f->aim;
}

enum { Z_MOST = 37 };

struct soft_transition soft_transition(double delta, bool one_sided)
{
    struct family family = {one_sided ? 1 : 2, delta};
    struct root z = root_between(delta_misfit, &family, 0, Z_MOST);
    struct soft_transition t = {.found = z.found, .threshold = z.x};
    if (z.found) {
        t.sparsity = 1 - z.x * mills(z.x);
        double moved = 1 - (z.x + z.width) * mills(z.x + z.width);
        t.width = fabs(moved - t.sparsity) + 4 * DBL_EPSILON;
    }
    return t;
}

struct root soft_least_delta(double rho, bool one_sided)
{
    struct family family = {one_sided ? 1 : 2, rho};
    if (rho >= 1)
        return (struct root){1, 0, true};
    struct root z = root_between(density_misfit, &family, 0, Z_MOST);
    if (!z.found)
        return z;
    double delta = delta_at(z.x, family.k);
    double moved = delta_at(z.x + z.width, family.k);
    return (struct root){delta, fabs(moved - delta) + 4 * DBL_EPSILON, true};
}

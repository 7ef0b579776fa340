#include "stat/eigen_law.h"

#include <gsl/gsl_sf_dilog.h>
#include <math.h>

static double share_of(struct eigen_law law)
{
    return fmin(law.delta, 1);
}

double eigen_largest(struct eigen_law law)
{
    double f = share_of(law), k = law.condition;
    return law.kind == EIGEN_ORTHOGONAL
               ? 1 / f : 2 * log(k) / (f * (1 - 1 / (k * k)));
}

/* variance V: 1/V = g + c/(1 + c V/delta); <ln> is the extremum over V of
   g V + delta ln(1 + c V/delta) - ln V - 1. */
static struct eigen_average normal_entries(double delta, double c, double g)
{
    double a = g * c / delta, b = g + c - c / delta;
    double root = sqrt(b * b + 4 * a);
    double V = b >= 0 ? 2 / (b + root) : (root - b) / (2 * a);
    double more = 1 + c * V / delta, pull = c / more;
    return (struct eigen_average){
        V, 1 / (pull * pull / delta - 1 / (V * V)), pull,
        g * V + delta * log1p(c * V / delta) - log(V) - 1};
}

static struct eigen_average orthogonal(double f, double c, double g)
{
    double a = c / f;
    return (struct eigen_average){
        f / (a + g) + (1 - f) / g,
        -f / ((a + g) * (a + g)) - (1 - f) / (g * g),
        c * g / (g + (1 - f) * a), f * log(a + g) + (1 - f) * log(g)};
}

/* c s^2 = b e^(-C t), t uniform on (0, 1): 1 - g V = (f/C) ln((b + g) /
   (b e^-C + g)); <ln(1 + b e^(-C t)/g)> by dilogarithms. */
static struct eigen_average geometric(struct eigen_law law, double c, double g)
{
    double f = share_of(law), C = 2 * log(law.condition);
    double b = c * eigen_largest(law), last = b * exp(-C);
    double part = f / C * (log1p(b / g) - log1p(last / g));
    double V = (1 - part) / g;
    /* d(g V)/dg = (f/C) (b/(g (b + g)) - last/(g (last + g))) */
    double rise = f / C * (b / (g * (b + g)) - last / (g * (last + g)));
    return (struct eigen_average){
        V, (rise - V) / g, part / V,
        log(g) + f / C * (gsl_sf_dilog(-last / g) - gsl_sf_dilog(-b / g))};
}

struct eigen_average eigen_average(struct eigen_law law, double c, double g)
{
    switch (law.kind) {
    case EIGEN_MARCHENKO_PASTUR: return normal_entries(law.delta, c, g);
    case EIGEN_ORTHOGONAL: return orthogonal(share_of(law), c, g);
    default: return geometric(law, c, g);
    }
}

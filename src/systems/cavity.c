#include "systems/cavity.h"

#include <math.h>

static const double ln2 = 0x1.62e42fefa39efp-1;

/* T ln(1 + e^(-2|x|/T)): what makes |x| soft. */
static double rounding_off(double T, double x)
{
    return T > 0 ? T * log1p(exp(-2 * fabs(x) / T)) : 0;
}

double cavity_soft(double T, double x)
{
    return fabs(x) + rounding_off(T, x);
}

double cavity_spin_entropy(double T, double x)
{
    if (T == 0)
        return x == 0 ? ln2 : 0;
    double e = exp(-2 * fabs(x) / T);
    return log1p(e) + (e > 0 ? 2 * fabs(x) / T * e / (1 + e) : 0);
}

/* S(x), tanh x/T and the entropy of a spin, by one exponential. */
struct spin { double soft, tanh, entropy; };

static struct spin spin_in(double T, double x)
{
    double reduced = 2 * fabs(x) / T, e = exp(-reduced), ln = log1p(e);
    return (struct spin){fabs(x) + T * ln, copysign((1 - e) / (1 + e), x),
                         ln + (e > 0 ? reduced * e / (1 + e) : 0)};
}

struct cavity_field cavity_field(double T, double J, double x)
{
    struct cavity_field f = {.u = (fabs(J + x) - fabs(J - x)) / 2,
                             .soft = (fabs(J + x) + fabs(J - x)) / 2};
    if (T == 0) {
        f.slope = fabs(x) < fabs(J) ? (J > 0 ? 1 : -1) : 0;
        return f;
    }
    struct spin with = spin_in(T, J + x), against = spin_in(T, J - x);
    f.u = (with.soft - against.soft) / 2;
    f.soft = (with.soft + against.soft) / 2;
    f.slope = (with.tanh + against.tanh) / 2;
    f.by_T = (with.entropy - against.entropy) / 2;
    return f;
}

double cavity_link(double T, double J, double x, double y)
{
    double even = J + cavity_soft(T, x + y);
    double odd = -J + cavity_soft(T, x - y);
    double both = (even + odd) / 2 + cavity_soft(T, (even - odd) / 2);
    return cavity_soft(T, x) + cavity_soft(T, y) - both;
}

struct cavity_pair cavity_pair(double T, double J, const double x[2],
                               const double x_T[2])
{
    double sum = x[0] + x[1], difference = x[0] - x[1];
    double w = (2 * J + cavity_soft(T, sum) - cavity_soft(T, difference)) /
               (2 * T);
    double slope = cavity_spin_entropy(T, sum) -
                   cavity_spin_entropy(T, difference) +
                   tanh(sum / T) * (x_T[0] + x_T[1]) -
                   tanh(difference / T) * (x_T[0] - x_T[1]);
    double t = tanh(w), c = 1 / cosh(w);
    return (struct cavity_pair){t, c * c * (slope / (2 * T) - w / T)};
}

#include "systems/cavity_regular.h"

#include <float.h>
#include <math.h>

#include "systems/cavity.h"

static const double ln2 = 0x1.62e42fefa39efp-1;

double cavity_regular_critical(double degree)
{
    return degree > 2 ? 1 / atanh(1 / (degree - 1)) : 0;
}

/* h + (c - 1) u(1, x) - x; h is negative for x against it. */
static double excess(double x, void *with)
{
    const struct cavity_regular *at = with;
    return at->h + (at->degree - 1) * cavity_field(at->T, 1, x).u - x;
}

/* How much of a change of x remains after one step. */
static double stiffness(const struct cavity_regular *at, double x)
{
    return 1 - (at->degree - 1) * cavity_field(at->T, 1, x).slope;
}

/* atanh sqrt y with 1 - y by its logarithm, which may be below -1000. */
double cavity_regular_spinodal(struct cavity_regular at)
{
    double b = at.degree - 1, t = tanh(1 / at.T), bottom = b * t - t * t;
    double y = fmax(0, (b * t - 1) / bottom);
    double ln_sech = ln2 - 1 / at.T - log1p(exp(-2 / at.T));
    return at.T * (log1p(sqrt(y)) - ln_sech + log(bottom) / 2);
}

double cavity_regular_spinodal_field(struct cavity_regular at)
{
    at.h = 0;
    return excess(cavity_regular_spinodal(at), &at);
}

static struct root solved(struct cavity_regular at, double low, double high)
{
    struct root x = root_between(excess, &at, low, high);
    double stiff = fmax(fabs(stiffness(&at, x.x)), DBL_EPSILON);
    x.width += DBL_EPSILON * (fabs(x.x) + fabs(at.h)) / stiff;
    return x;
}

struct root cavity_regular_along(struct cavity_regular at)
{
    double low = at.h;
    if (at.h == 0) {
        if (at.T >= cavity_regular_critical(at.degree))
            return (struct root){0, 0, true};
        low = cavity_regular_spinodal(at);
    }
    return solved(at, low, at.h + at.degree - 1);
}

struct root cavity_regular_against(struct cavity_regular at)
{
    at.h = -at.h;
    struct root x = solved(at, cavity_regular_spinodal(at), at.degree - 1);
    x.x = -x.x;
    return x;
}

struct cavity_regular_state cavity_regular_state(struct cavity_regular at,
                                                 double x)
{
    double T = at.T, c = at.degree;
    struct cavity_field f = cavity_field(T, 1, x);
    double H = at.h + c * f.u, m = tanh(H / T), sech = 1 / cosh(H / T);
    double stiff = stiffness(&at, x), bend = sech * sech;
    double x_T = (c - 1) * f.by_T / stiff, x_h = 1 / stiff;
    double H_T = c * (f.by_T + f.slope * x_T), H_h = 1 + c * f.slope * x_h;
    double ends[2] = {x, x}, ends_T[2] = {x_T, x_T};
    struct cavity_pair pair = cavity_pair(T, 1, ends, ends_T);
    struct cavity_regular_state s = {
        .magnetization = m,
        .energy = -c / 2 * pair.correlation - at.h * m,
        .free_energy = -c * (f.soft - cavity_soft(T, x)) -
                       cavity_soft(T, H) - c / 2 * cavity_link(T, 1, x, x),
        .specific_heat = -c / 2 * pair.by_T -
                         (bend > 0 ? at.h * bend * (H_T - H / T) / T : 0),
        .susceptibility = stiff > 1e-13 ? bend * H_h / T : NAN};
    s.entropy = (s.energy - s.free_energy) / T;
    return s;
}

#include "stat/root.h"

#include <float.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>
#include <math.h>

#include "base/alloc.h"

enum { STEPS_MOST = 200 };

static struct root exactly(double x)
{
    return (struct root){x, DBL_EPSILON * fabs(x), true};
}

static struct root brent(gsl_function *f, double low, double high)
{
    gsl_set_error_handler_off(); /* for good: threads share it */
    gsl_root_fsolver *solver =
        gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    int status = gsl_root_fsolver_set(solver, f, low, high);
    struct root root = {NAN, NAN, false};
    for (int i = 0; i < STEPS_MOST && !status && !root.found; i++) {
        status = gsl_root_fsolver_iterate(solver);
        low = gsl_root_fsolver_x_lower(solver);
        high = gsl_root_fsolver_x_upper(solver);
        root.x = gsl_root_fsolver_root(solver);
        root.found = GSL_FN_EVAL(f, root.x) == 0 ||
                     gsl_root_test_interval(low, high, 0,
                                            4 * DBL_EPSILON) == GSL_SUCCESS;
    }
    root.found = root.found && !status;
    root.width = fmin(high - low, 8 * DBL_EPSILON * fabs(root.x));
    gsl_root_fsolver_free(solver);
    return root;
}

struct root root_between(double (*f)(double, void *), void *with,
                         double low, double high)
{
    gsl_function function = {.function = f, .params = with};
    double first = f(low, with), last = f(high, with);
    if (first == 0)
        return exactly(low);
    if (last == 0)
        return exactly(high);
    if (!isfinite(first) || !isfinite(last) || (first > 0) == (last > 0))
        return (struct root){NAN, NAN, false};
    return brent(&function, low, high);
}

/* f' by differences of fourth order. */
struct slope { double (*f)(double, void *); void *with; double step; };

static double slope_at(double x, void *with)
{
    const struct slope *s = with;
    double h = s->step;
    return (8 * (s->f(x + h, s->with) - s->f(x - h, s->with)) -
            (s->f(x + 2 * h, s->with) - s->f(x - 2 * h, s->with))) /
           (12 * h);
}

struct root peak_between(double (*f)(double, void *), void *with,
                         double low, double high, int points)
{
    double ratio = pow(high / low, 1.0 / (points - 1)), best = -INFINITY;
    int at = 0;
    for (int i = 0; i < points; i++) {
        double value = f(low * pow(ratio, i), with);
        if (value > best) {
            best = value;
            at = i;
        }
    }
    if (at == 0 || at == points - 1)
        return (struct root){NAN, NAN, false};
    double x = low * pow(ratio, at);
    struct slope slope = {f, with, 0.01 * x * (ratio - 1)};
    struct root root = root_between(slope_at, &slope, x / ratio, x * ratio);
    /* The differences are good to rounding over step. */
    root.width = fmax(root.width, 1e-10 * fabs(root.x));
    return root;
}

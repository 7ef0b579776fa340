#include "stat/tail.h"

#include <math.h>

#include "stat/root.h"

struct tail { int k; double power, ratio; };

static double misfit(double a, void *with)
{
    const struct tail *t = with;
    double far = pow(t->k - 2 + a, -t->power);
    double mid = pow(t->k - 1 + a, -t->power);
    return (far - mid) / (mid - pow(t->k + a, -t->power)) - t->ratio;
}

double tail_limit(const double last[3], int k, double power)
{
    double step = last[2] - last[1];
    struct tail t = {k, power, (last[1] - last[0]) / step};
    struct root a = root_between(misfit, &t, 2.01 - k, 20);
    if (!a.found)
        return NAN;
    double mid = pow(k - 1 + a.x, -power), near = pow(k + a.x, -power);
    return last[2] - step * near / (near - mid);
}

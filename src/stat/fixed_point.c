#include "stat/fixed_point.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"

/* x is back when it is so much nearer than it was half a round before. */
static const double BACK = 1e-4;
static const double CREEPING = 1e-3;

/* The last quarter of the sweeps is watched for a return to where it began:
   the distance rises, then falls to nearly nothing. */
struct watch { double *from, farthest; int since, period; };

static double distance(const struct fixed_point *p, const double *from)
{
    double most = 0;
    for (int64_t i = 0; i < p->count; i++)
        most = fmax(most, fabs(p->x[i] - from[i]));
    return most;
}

static void look(const struct fixed_point *p, struct watch *w)
{
    double far = distance(p, w->from);
    w->since++;
    if (!w->period && w->since > 1 && far < BACK * w->farthest)
        w->period = w->since;
    w->farthest = fmax(w->farthest, far);
}

/* Residuals shrink by `rate` a sweep, the mean of some: r (rate + rate^2 ...),
   no slower than in all these sweeps: in the end they are rounding. */
static double remainder_of(double residual, double rate, int sweeps)
{
    double slowest = 1 - 1 / (1 + (double)sweeps);
    rate = rate < slowest ? rate : slowest;
    return residual * rate / (1 - rate);
}

struct fixed_end fixed_point_solve(const struct fixed_point *p)
{
    enum { LAG = 8 };
    struct fixed_end end = {.fate = FIXED_WANDERING, .residual = INFINITY};
    struct watch watch = {.from = NULL};
    double last[LAG];
    int begin = p->most - p->most / 4;
    while (end.sweeps < p->most && !(end.residual < p->tolerance)) {
        if (end.sweeps == begin)
            watch.from = mem_copy(p->x, (size_t)p->count, sizeof *p->x);
        last[end.sweeps % LAG] = end.residual;
        end.residual = p->sweep(p->with, p->x, p->damping);
        end.sweeps++;
        if (watch.from)
            look(p, &watch);
    }
    int back = end.sweeps <= LAG ? end.sweeps - 1 : LAG;
    double before = back > 0 ? last[(end.sweeps - back) % LAG] : 0;
    double rate = back > 0 && end.residual > 0
                      ? pow(end.residual / before, 1.0 / back) : 0;
    end.off = remainder_of(end.residual, rate, end.sweeps);
    if (end.residual < p->tolerance)
        end.fate = FIXED_CONVERGED;
    else if (watch.period) {
        end.fate = FIXED_OSCILLATING;
        end.period = watch.period;
    } else if (end.residual < CREEPING)
        end.fate = FIXED_CREEPING;
    free(watch.from);
    return end;
}

#include "core/ladder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/math.h"

/* No rung sits closer to its neighbour than it would with this rejection:
   keeps places apart where nothing was ever rejected. */
#define REJECTION_LEAST 1e-3

/* ---- placing ----------------------------------------------------------- */

/* t in [0, 1] from a to b. */
static double between(double a, double b, double t, bool geometric)
{
    if (t == 0 || t == 1)
        return t == 0 ? a : b;
    if (!geometric)
        return a + t * (b - a);
    double sign = a < 0 ? -1 : 1;
    return sign * num_exp((1 - t) * num_log(fabs(a)) +
                          t * num_log(fabs(b)));
}

/* What a path's corners and legs are placed by. u_2 of real weights w is
   |w - w*|^2/2, so its lambda adds to the precision of every weight; u_1 adds
   beta times a curvature nobody knows, taken to be between nothing and
   `most`: at the largest beta as much as the strongest tether. The distance
   between two points is then at most sqrt(d / (2 pi)) times what bound_of
   says, and no edge is longer than its share of it. */
struct legs {
    const struct ladder_request *request;
    int tether;  /* the component; -1: nothing is known, spread by number */
    double most;
};

static struct legs legs_of(const struct system *system,
                           const struct ladder_request *request)
{
    const struct distance *distance = system->model->distance;
    struct legs legs = {.request = request, .tether = -1};
    double strongest = 0, beta_most = 0;
    if (request->spacing != LADDER_ADAPTIVE || request->line || !distance ||
        system->components != 2 || !(system->freedom > 0))
        return legs;
    for (int c = 0; c < request->points; c++) {
        double tether = request->point[2 * c + distance->component];
        double beta = request->point[2 * c + 1 - distance->component];
        if (!(tether > 0) || beta < 0)
            return legs;
        strongest = tether > strongest ? tether : strongest;
        beta_most = beta > beta_most ? beta : beta_most;
    }
    legs.tether = distance->component;
    legs.most = beta_most > 0 ? strongest / beta_most : 0;
    return legs;
}

static double precision(const struct legs *legs, int corner, double curvature)
{
    const double *lambda = legs->request->point + 2 * corner;
    return lambda[legs->tether] + curvature * lambda[1 - legs->tether];
}

/* |d ln precision| along the leg to a corner, at the curvature that makes it
   longest, which is kept. */
static double bound_of(const struct legs *legs, int corner, double *curvature)
{
    double bound[2], tried[2] = {0, legs->most};
    for (int i = 0; i < 2; i++)
        bound[i] = fabs(num_log(precision(legs, corner, tried[i]) /
                                precision(legs, corner - 1, tried[i])));
    *curvature = tried[bound[1] > bound[0]];
    return bound[bound[1] > bound[0]];
}

/* Rungs of the path's corners: an edge for every leg at least. */
static void place_corners(const struct legs *legs, int *rung)
{
    int last = legs->request->points - 1, edges = legs->request->rungs - 1;
    double total = 0, below = 0, curvature;
    for (int c = 1; c <= last && legs->tether >= 0; c++)
        total += bound_of(legs, c, &curvature);
    rung[0] = 0;
    for (int c = 1; c <= last; c++) {
        rung[c] = (int)((int64_t)c * edges / last);
        if (!(total > 0))
            continue;
        below += bound_of(legs, c, &curvature);
        rung[c] = (int)(below / total * edges + 0.5);
        if (rung[c] <= rung[c - 1])
            rung[c] = rung[c - 1] + 1;
        if (rung[c] > edges - (last - c))
            rung[c] = edges - (last - c);
    }
}

/* How far along the leg to a corner, in lambda, a share of its length is. */
static double along(const struct legs *legs, int corner, double share)
{
    double curvature = 0;
    if (legs->tether < 0 || !(bound_of(legs, corner, &curvature) > 0))
        return share;
    double a = precision(legs, corner - 1, curvature);
    double b = precision(legs, corner, curvature);
    return (between(a, b, share, true) - a) / (b - a);
}

static void place_path(const struct ladder_request *request,
                       const struct system *system, double *lambda,
                       bool *fixed)
{
    bool geometric = request->spacing == LADDER_GEOMETRIC;
    int components = system->components;
    int *rung = mem_new((size_t)request->points, sizeof *rung);
    struct legs legs = legs_of(system, request);
    place_corners(&legs, rung);
    memcpy(lambda, request->point, (size_t)components * sizeof *lambda);
    fixed[0] = true;
    for (int c = 1; c < request->points; c++) {
        int from = rung[c - 1], to = rung[c];
        const double *a = request->point + (c - 1) * components;
        for (int r = from + 1; r <= to; r++) {
            double t = along(&legs, c, (double)(r - from) / (to - from));
            for (int k = 0; k < components; k++)
                lambda[r * components + k] =
                    between(a[k], a[components + k], t, geometric);
        }
        fixed[to] = true;
    }
    if (request->spacing != LADDER_ADAPTIVE)
        for (int r = 0; r < request->rungs; r++)
            fixed[r] = true;
    free(rung);
}

/* Hot to cold: by ascending |lambda|, of which the first component alone
   varies. */
static void order_line(double *lambda, int rungs, int components)
{
    int end = (rungs - 1) * components;
    if (fabs(lambda[0]) <= fabs(lambda[end]))
        return;
    for (int i = 0, j = end; i < j; i += components, j -= components) {
        double kept = lambda[i];
        lambda[i] = lambda[j];
        lambda[j] = kept;
    }
}

/* ---- the anchor -------------------------------------------------------- */

/* Barrier between lambda = 0 and `to`: y / sqrt(pi), y = lambda sigma, of two
   Gaussian energy distributions moving apart. Of d weights u ends as a
   quadratic form, whose width falls as d/2 / lambda. */
static double anchor_barrier(const struct system *system, const double *to)
{
    const double pi = 0x1.921fb54442d18p+1;
    double y2 = 0, half = system->freedom / 2;
    for (int k = 0; k < system->components; k++)
        y2 += to[k] * to[k] * system->model->variance(system, k);
    if (half > 0 && y2 > half)
        return sqrt(half / pi) * (1 + num_log(sqrt(y2 / half)));
    return sqrt(y2 / pi);
}

static bool exact_anywhere(const struct ladder *ladder,
                           const struct system *system)
{
    double ln_z;
    for (int r = 0; r < ladder->rungs; r++)
        if (system_exact(system, ladder->lambda + r * ladder->components,
                         &ln_z))
            return true;
    return false;
}

/* Nobody has so many rungs. */
enum { ANCHOR_MOST = 1000000 };

/* How many rungs to add; sets anchor_needed when they are left out. */
static int anchor_count(struct ladder *ladder, const struct system *system,
                        const struct ladder_request *request)
{
    const double zero[COMPONENTS_MAX] = {0};
    double ln_z;
    if (!request->anchor || exact_anywhere(ladder, system) ||
        !system_exact(system, zero, &ln_z))
        return 0;
    int count = request->anchor_rungs;
    int most = 4 * request->rungs > 64 ? 4 * request->rungs : 64;
    double needed = ceil(2 * anchor_barrier(system, ladder->lambda));
    if (!count)
        count = needed < ANCHOR_MOST ? (int)needed : ANCHOR_MOST;
    count = count < 1 ? 1 : count;
    bool left_out = request->anchor && !request->anchor_given &&
                    !request->anchor_rungs && count > most;
    if (left_out)
        ladder->anchor_needed = count;
    return request->anchor && !left_out ? count : 0;
}

static void add_anchor(struct ladder *ladder, int count)
{
    int k = ladder->components, total = ladder->rungs + count;
    double *lambda = mem_new((size_t)(total * k), sizeof *lambda);
    bool *fixed = mem_new((size_t)total, sizeof *fixed);
    for (int i = 0; i < count * k; i++)
        lambda[i] = ladder->lambda[i % k] * (double)(i / k) / count;
    memcpy(lambda + count * k, ladder->lambda,
           (size_t)(ladder->rungs * k) * sizeof *lambda);
    memcpy(fixed + count, ladder->fixed, (size_t)ladder->rungs);
    fixed[0] = true;
    free(ladder->lambda);
    free(ladder->fixed);
    ladder->lambda = lambda;
    ladder->fixed = fixed;
    ladder->first_requested = count;
    ladder->rungs = total;
}

/* ---- the whole --------------------------------------------------------- */

struct ladder *ladder_new(const struct system *system,
                          const struct ladder_request *request)
{
    struct ladder *ladder = mem_new(1, sizeof *ladder);
    int k = system->components;
    ladder->components = k;
    ladder->never_exact = request->never_exact;
    ladder->rungs = request->rungs;
    ladder->lambda = mem_new((size_t)(request->rungs * k), sizeof(double));
    ladder->fixed = mem_new((size_t)request->rungs, sizeof(bool));
    place_path(request, system, ladder->lambda, ladder->fixed);
    if (request->inverse)
        for (int r = 0; r < ladder->rungs; r++)
            ladder->lambda[r * k] = 1 / ladder->lambda[r * k];
    if (k == 1 || request->line)
        order_line(ladder->lambda, ladder->rungs, k);
    int count = anchor_count(ladder, system, request);
    if (count)
        add_anchor(ladder, count);
    ladder->rung = mem_new((size_t)ladder->rungs, sizeof *ladder->rung);
    ladder->step = mem_new((size_t)ladder->rungs, sizeof *ladder->step);
    ladder_refresh(ladder, system);
    return ladder;
}

void ladder_free(struct ladder *ladder)
{
    if (!ladder)
        return;
    free(ladder->lambda);
    free(ladder->fixed);
    free(ladder->rung);
    free(ladder->step);
    free(ladder);
}

void ladder_refresh(struct ladder *ladder, const struct system *system)
{
    double ln_z;
    for (int r = 0; r < ladder->rungs; r++) {
        ladder->rung[r] = system_rung(system, ladder->lambda +
                                                  r * ladder->components);
        ladder->rung[r].step = ladder->step[r];
        ladder->rung[r].exact &= !ladder->never_exact;
    }
    ladder->absolute = system_exact(system, ladder->lambda, &ln_z) &&
                       !ladder->never_exact;
    ladder->ln_z_first = ladder->absolute ? ln_z : 0;
}

/* Rungs first .. last: rung r goes where the rejection summed from first is
   (r - first)/(last - first) of the whole. */
static void adapt_stretch(struct ladder *ladder, const double *rejection,
                          int first, int last)
{
    int k = ladder->components;
    double total = 0, below = 0;
    double *old = mem_copy(ladder->lambda + first * k,
                           (size_t)((last - first + 1) * k), sizeof *old);
    double *step = mem_new((size_t)(last - first), sizeof *step);
    for (int e = 0; e < last - first; e++) {
        step[e] = rejection[first + e] > REJECTION_LEAST
                      ? rejection[first + e] : REJECTION_LEAST;
        total += step[e];
    }
    for (int r = first + 1, e = 0; r < last; r++) {
        double target = total * (r - first) / (last - first);
        while (e < last - first - 1 && below + step[e] < target)
            below += step[e++];
        double t = (target - below) / step[e];
        t = t < 0 ? 0 : t > 1 ? 1 : t;
        for (int i = 0; i < k; i++)
            ladder->lambda[r * k + i] =
                old[e * k + i] + t * (old[(e + 1) * k + i] - old[e * k + i]);
    }
    free(step);
    free(old);
}

bool ladder_adapt(struct ladder *ladder, const struct system *system,
                  const double *rejection)
{
    bool moved = false;
    for (int first = 0; first < ladder->rungs - 1; ) {
        int last = first + 1;
        while (!ladder->fixed[last])
            last++;
        if (last > first + 1) {
            adapt_stretch(ladder, rejection, first, last);
            moved = true;
        }
        first = last;
    }
    if (moved)
        ladder_refresh(ladder, system);
    return moved;
}

/* Limited-memory BFGS. The memory, pairs of steps and changes of gradient,
   goes with the walker from sweep to sweep. The line search brackets a point
   of enough decrease and less slope (the weak conditions of Wolfe), which
   losses with kinks allow too (Lewis, Overton, Math. Program. 141, 135
   (2013)). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/downhill.h"

#define LBFGS_KEYS(KEY)                                                      \
    KEY(integer, iterations, "10", 1, 1e9, NULL, "", 0,                      \
        "of one sweep, each a line search of one or two gradients as a rule")\
    DOWNHILL_KEYS(KEY)
PARAM_STRUCT(lbfgs_keys, LBFGS_KEYS);
#define PARAM_ROW_lbfgs_keys(...) PARAM_ROW(lbfgs_keys, __VA_ARGS__)
PARAM_TABLE(static, lbfgs_table, "dynamics", lbfgs_keys, LBFGS_KEYS);

/* Wolfe's constants; what of f may be rounding (networks in single precision);
   evaluations of a line search; pairs kept. */
#define DECREASE 1e-4
#define SLOPE 0.9
#define ROUNDING 1e-6
enum { TRIALS = 40, MEMORY = 10 };

struct bout {
    struct downhill d;
    int64_t n;
    int pairs;             /* so far; the last MEMORY are kept */
    double f;
    double *x, *g;         /* [n] here */
    double *p;             /* [n] the way to go */
    double *to, *slope;    /* [n] tried */
    double *s, *y;         /* [MEMORY][n] the pairs, in extra */
    double rho[MEMORY];    /* 1 / s.y */
    double part[MEMORY];
};

/* How many pairs there were; s; y. */
static int64_t extra(const struct system *system)
{
    return 1 + 2 * MEMORY * system->model->grad->count(system);
}

static double dot(const double *a, const double *b, int64_t n)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static void add(double *a, double h, const double *b, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        a[i] += h * b[i];
}

/* p = -H g by the two loops (Nocedal, Math. Comput. 35, 773 (1980)). */
static void aim(struct bout *b)
{
    int64_t n = b->n;
    int first = b->pairs > MEMORY ? b->pairs - MEMORY : 0;
    for (int64_t i = 0; i < n; i++)
        b->p[i] = -b->g[i];
    for (int k = b->pairs - 1; k >= first; k--) {
        int at = k % MEMORY;
        b->part[at] = b->rho[at] * dot(b->s + at * n, b->p, n);
        add(b->p, -b->part[at], b->y + at * n, n);
    }
    if (b->pairs) {
        int at = (b->pairs - 1) % MEMORY;
        double *y = b->y + at * n;
        double scale = 1 / (b->rho[at] * dot(y, y, n));
        for (int64_t i = 0; i < n; i++)
            b->p[i] *= scale;
    }
    for (int k = first; k < b->pairs; k++) {
        int at = k % MEMORY;
        double back = b->rho[at] * dot(b->y + at * n, b->p, n);
        add(b->p, b->part[at] - back, b->s + at * n, n);
    }
}

struct trial { double t, f, slope; };

static struct trial try(struct bout *b, double t)
{
    struct trial here = {.t = t};
    memcpy(b->to, b->x, (size_t)b->n * sizeof *b->x);
    add(b->to, t, b->p, b->n);
    here.f = downhill_at(&b->d, b->to, b->slope);
    here.slope = dot(b->slope, b->p, b->n);
    return here;
}

/* The minimum of the parabola through low with its slope and f of high, kept
   away from both ends. */
static double between(struct trial low, struct trial high)
{
    double width = high.t - low.t;
    double bend = (high.f - low.f) / width - low.slope;
    double t = -low.slope * width / (2 * bend);
    if (!(t > 0.1 * width))
        t = 0.1 * width;
    return low.t + (t < 0.9 * width ? t : 0.9 * width);
}

/* Where f has risen, or not fallen as it should: beyond what is wanted. What
   rounding hides of a fall the slope shows (Hager, Zhang 2005). */
static bool too_far(const struct trial *from, const struct trial *here)
{
    double noise = ROUNDING * fabs(from->f);
    if (here->f <= from->f + DECREASE * here->t * from->slope)
        return false;
    return !(here->f <= from->f + noise &&
             here->slope <= (2 * DECREASE - 1) * from->slope);
}

/* Moves x along p; false when no way down was found. */
static bool search(struct bout *b, double first)
{
    struct trial from = {0, b->f, dot(b->g, b->p, b->n)};
    struct trial low = from, high = {.t = INFINITY}, here;
    double t = first;
    if (!(from.slope < 0))
        return false;
    for (int i = 0; i < TRIALS; i++) {
        here = try(b, t);
        if (!isfinite(here.f) || too_far(&from, &here))
            high = here;
        else if (here.slope < SLOPE * from.slope)
            low = here;
        else
            break;
        if (high.t < INFINITY)
            t = isfinite(high.f) ? between(low, high)
                                 : (low.t + high.t) / 2;
        else
            t *= 4;
    }
    if (too_far(&from, &here) || !isfinite(here.f))
        here = try(b, low.t);
    b->f = here.f;
    return here.t > 0;
}

/* s.y of the step just tried, if the memory can take it: else 0. */
static double curvature(const struct bout *b)
{
    double sy = 0, yy = 0;
    for (int64_t i = 0; i < b->n; i++) {
        double y = b->slope[i] - b->g[i];
        sy += (b->to[i] - b->x[i]) * y;
        yy += y * y;
    }
    return sy > 1e-12 * yy && isfinite(1 / sy) ? sy : 0;
}

/* x and g go on to where the search ended; the memory learns the pair. */
static void learn(struct bout *b)
{
    double sy = curvature(b);
    int at = b->pairs % MEMORY;
    for (int64_t i = 0; i < b->n && sy > 0; i++) {
        b->s[at * b->n + i] = b->to[i] - b->x[i];
        b->y[at * b->n + i] = b->slope[i] - b->g[i];
    }
    if (sy > 0) {
        b->rho[at] = 1 / sy;
        b->pairs++;
    }
    memcpy(b->x, b->to, (size_t)b->n * sizeof *b->x);
    memcpy(b->g, b->slope, (size_t)b->n * sizeof *b->g);
}

/* Five arrays of the caller's; the pairs of the sweep before. */
static double *open_bout(struct bout *b, const struct sweep *s)
{
    downhill_begin(&b->d, s);
    b->n = b->d.flow.count;
    size_t n = (size_t)b->n;
    double *room = mem_new(5 * n, sizeof *room);
    b->x = room;
    b->g = room + n;
    b->p = room + 2 * n;
    b->to = room + 3 * n;
    b->slope = room + 4 * n;
    b->pairs = (int)s->extra[0];
    b->s = s->extra + 1;
    b->y = b->s + MEMORY * n;
    for (int k = 0; k < MEMORY && k < b->pairs; k++)
        b->rho[k] = 1 / dot(b->s + k * b->n, b->y + k * b->n, b->n);
    memcpy(b->x, b->d.flow.x, n * sizeof *b->x);
    b->f = downhill_at(&b->d, b->x, b->g);
    return room;
}

static void sweep(const struct sweep *s)
{
    int64_t most = s->keys ? section_integer(s->keys, "iterations", 10)
                           : 10;
    struct bout b;
    double *room = open_bout(&b, s);
    for (int64_t i = 0; i < most; i++) {
        double slope = sqrt(dot(b.g, b.g, b.n));
        bool fresh = b.pairs == 0;
        if (!(slope > 0) || !isfinite(slope))
            break;
        aim(&b);
        if (search(&b, fresh && slope > 1 ? 1 / slope : 1))
            learn(&b);
        else if (fresh)
            break;
        else
            b.pairs = 0;
    }
    s->extra[0] = b.pairs % MEMORY + (b.pairs >= MEMORY ? MEMORY : 0);
    memcpy(b.d.flow.x, b.x, (size_t)b.n * sizeof *b.x);
    downhill_end(&b.d);
    free(room);
}

const struct dynamics dynamics_lbfgs = {
    .name = "lbfgs",
    .summary = "limited-memory BFGS",
    .source = "Liu, Nocedal, Math. Program. 45, 503 (1989)",
    .downhill = true,
    .needs = FACET_GRAD,
    .keys = &lbfgs_table,
    .extra = extra,
    .work = flow_work,
    .sweep = sweep};

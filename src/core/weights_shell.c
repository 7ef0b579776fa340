/* The prior's mass of a shell around w*: how much there is to be found at a
   distance before any loss. */
#include <complex.h>
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "core/weights.h"

static const struct weights *weights(const struct system *system)
{
    return system->own;
}

/* ---- flat: ln of a shell's volume ---------------------------------------- */

/* Of from <= |w - w*| < to in n dimensions. */
static double ln_volume(double n, double from, double to)
{
    const double pi = 3.14159265358979323846;
    return n / 2 * log(pi) - lgamma(n / 2 + 1) + n * log(to) +
           log(-expm1(n * (log(from) - log(to))));
}

/* ---- normal: Q = sum_i (s_i z_i - w*_i)^2 -------------------------------- */

/* Weights of one variance v: how many, and sum of w*^2. */
struct kind { double v, count, square; };
struct kinds { int count; struct kind *at; double mean, edge; };

static struct kinds kinds_of(const struct weights *own)
{
    struct kinds kinds = {.edge = INFINITY};
    for (int64_t i = 0; i < own->count; i++) {
        double v = own->scale[i] * own->scale[i];
        double r = own->reference[i];
        int k = 0;
        while (k < kinds.count && kinds.at[k].v != v)
            k++;
        if (k == kinds.count) {
            kinds.at = mem_grow(kinds.at, (size_t)++kinds.count,
                                sizeof *kinds.at);
            kinds.at[k] = (struct kind){.v = v};
        }
        kinds.at[k].count += 1;
        kinds.at[k].square += r * r;
        kinds.mean += v + r * r;
        kinds.edge = fmin(kinds.edge, 1 / (2 * v));
    }
    return kinds;
}

/* ln E exp(s Q). */
static double complex cumulants(const struct kinds *kinds, double complex s)
{
    double complex sum = 0;
    for (int k = 0; k < kinds->count; k++) {
        double complex g = 1 - 2 * s * kinds->at[k].v;
        sum += s * kinds->at[k].square / g -
               kinds->at[k].count / 2 * clog(g);
    }
    return sum;
}

/* Its first and second derivatives at a real s. */
static void slopes(const struct kinds *kinds, double s, double out[2])
{
    out[0] = out[1] = 0;
    for (int k = 0; k < kinds->count; k++) {
        const struct kind *a = &kinds->at[k];
        double g = 1 / (1 - 2 * s * a->v);
        out[0] += a->count * a->v * g + a->square * g * g;
        out[1] += 2 * a->count * a->v * a->v * g * g +
                  4 * a->square * a->v * g * g * g;
    }
}

/* Where the first is q, by halving; below the edge, never 0. */
static double saddle(const struct kinds *kinds, double q)
{
    double low = -1 / q, high = kinds->edge, at[2];
    for (slopes(kinds, low, at); at[0] > q; slopes(kinds, low, at))
        low *= 2;
    for (int i = 0; i < 200; i++) {
        double middle = (low + high) / 2;
        slopes(kinds, middle, at);
        *(at[0] > q ? &high : &low) = middle;
    }
    double least = 1e-3 * fmin(kinds->edge, 1 / q);
    return fabs(low) > least ? low : -least;
}

/* ln P(a <= Q < b) = ln of 1/(2 pi i) integral ds exp(K(s)) (exp(-s a) -
   exp(-s b)) / s, along a parabola through the saddle that opens to the right,
   round the singularities: both factors die fast. */
static double ln_within(const struct kinds *kinds, double a, double b)
{
    const double pi = 3.14159265358979323846;
    double q = b < kinds->mean ? b : a > kinds->mean ? a : kinds->mean;
    double c = saddle(kinds, q), at[2], sum = 0, last = 1;
    slopes(kinds, c, at);
    double bend = 0.25 / (kinds->edge - c), h = 1 / (16 * sqrt(at[1]));
    double top = creal(cumulants(kinds, c)) - c * q;
    h = fmin(h, 0.25 / (b - a));
    for (int i = 0; i < 100000 && last > 1e-17; i++) {
        double t = (i + 0.5) * h;
        double complex s = c + bend * t * t + I * t;
        double complex k = cumulants(kinds, s) - top;
        double complex f = (cexp(k - s * a) - cexp(k - s * b)) / s *
                           (1 - 2 * I * bend * t);
        sum += creal(f);
        last = cabs(f) / fmax(fabs(sum), 1e-300);
    }
    return top + log(sum * h / pi);
}

/* ---- the facet ----------------------------------------------------------- */

static double distance_of(const struct system *system, double u)
{
    return sqrt(2 * u / (double)system->sites);
}

static double shell(const struct system *system, double from, double to)
{
    const struct weights *own = weights(system);
    double n = (double)own->count, root = sqrt(n);
    from = fmax(from, 0);
    if (own->prior != PRIOR_GAUSSIAN)
        return ln_volume(n, from * root, to * root) -
               (own->prior == PRIOR_BOX ? n * log(2 * own->box) : 0);
    struct kinds kinds = kinds_of(own);
    double ln = ln_within(&kinds, n * from * from, n * to * to);
    free(kinds.at);
    return ln;
}

bool weights_normless(const struct system *system, const double *lambda)
{
    const struct weights *own = weights(system);
    double k = system->components > 1 ? lambda[1] : 0;
    if (lambda[0] != 0 || k > 0 || own->prior == PRIOR_BOX ||
        own->prior == PRIOR_SPHERE)
        return false;
    for (int64_t i = 0; i < own->count && own->scale; i++)
        if (k * own->scale[i] * own->scale[i] <= -1)
            return true;
    return !own->scale;
}

static const char *shell_is(const struct system *system)
{
    static const char *const text[] = {
        [PRIOR_GAUSSIAN] = "mass of the normal prior",
        [PRIOR_BOX] = "volume in units of the box, its walls not counted",
        [PRIOR_NONE] = "volume"};
    return text[weights(system)->prior];
}

const struct distance weights_distance = {
    .component = 1, .unit = "1", .definition = "|w - w*| / sqrt(N)",
    .of = distance_of, .shell = shell, .shell_is = shell_is};

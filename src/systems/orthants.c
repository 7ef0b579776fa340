#include "systems/orthants.h"

#include <gsl/gsl_integration.h>
#include <math.h>

#include "stat/probit.h"
#include "stat/root.h"

static const double TWO_PI = 0x1.921fb54442d18p2, ROOT_HALF =
    0x1.6a09e667f3bcdp-1;
/* e^(-CUT^2/2); below LEAST a chance is rounding, and tells nothing */
static const double CUT = 9, LEAST = 1e-13;
enum { POINTS = 12, NODES_MOST = 16 * POINTS };

/* Two unknown parts of variance v, correlation rho <= 0. Orthants by Sheppard
   and Plackett: the excess over independence is
       1/(2 pi) int_0^asin(rho) dt e^-[(h^2 + k^2 - 2 h k sin t)/(2 cos^2 t)]
   */
struct unknown {
    double v, root_v, rho, rest; /* rest = sqrt(1 - rho^2) */
    int nodes;
    double sine[NODES_MOST], over[NODES_MOST], weight[NODES_MOST];
    const gsl_integration_glfixed_table *rule;
};

/* Panels that shrink towards rho = -1, where the integrand grows sharp. */
static void set_angles(struct unknown *u)
{
    double end = asin(u->rho), from = 0, quarter = TWO_PI / 4;
    u->nodes = 0;
    while (from > end && u->nodes < NODES_MOST) {
        double to = fmax(end, from - 0.55 * (quarter + from));
        if (u->nodes == NODES_MOST - POINTS)
            to = end;
        for (int i = 0; i < POINTS; i++) {
            double t, weight, c;
            int k = u->nodes++;
            gsl_integration_glfixed_point(to, from, (size_t)i, &t, &weight,
                                          u->rule);
            c = cos(t);
            u->sine[k] = sin(t);
            u->over[k] = 0.5 / (c * c);
            u->weight[k] = -weight / TWO_PI;
        }
        from = to;
    }
}

static struct unknown unknown_of(double gap_p, double gap_m,
                                 const gsl_integration_glfixed_table *rule)
{
    struct unknown u = {.v = (gap_p + gap_m) / 2, .rule = rule};
    u.root_v = sqrt(u.v);
    u.rho = (gap_p - gap_m) / (gap_p + gap_m);
    u.rho = fmin(u.rho, 0);
    u.rest = 2 * sqrt(gap_p * gap_m) / (gap_p + gap_m);
    set_angles(&u);
    return u;
}

static double excess(const struct unknown *u, double h, double k)
{
    double sum = 0, squares = h * h + k * k, product = 2 * h * k;
    for (int i = 0; i < u->nodes; i++)
        sum += u->weight[i] *
               exp(-(squares - product * u->sine[i]) * u->over[i]);
    return sum;
}

/* ---- one place ---------------------------------------------------------- */

/* Answers 1, -1, 0: chances and slopes. */
enum { PLUS, MINUS, NONE, ANSWERS };
struct place { double Z[ANSWERS], p[ANSWERS], m[ANSWERS], mm[ANSWERS]; };

static struct place place_at(const struct unknown *u, double p, double m)
{
    double h = (p + m) * ROOT_HALF / u->root_v;
    double k = (p - m) * ROOT_HALF / u->root_v, more = excess(u, h, k);
    double t = (k - u->rho * h) / u->rest, s = (h - u->rho * k) / u->rest;
    double of_h = probit_density(h), of_k = probit_density(k);
    double both = of_h * probit_density(t) / u->rest;
    struct place at = {.Z = {
        probit_tail(-h) * probit_tail(-k) + more,
        probit_tail(h) * probit_tail(k) + more,
        probit_tail(-h) * probit_tail(k) + probit_tail(h) * probit_tail(-k) -
            2 * more}};
    for (int y = PLUS; y <= MINUS; y++) {
        double sign = y == PLUS ? 1 : -1;
        double by_h = sign * of_h * probit_tail(-sign * t) / u->root_v;
        double by_k = sign * of_k * probit_tail(-sign * s) / u->root_v;
        at.p[y] = (by_h + by_k) * ROOT_HALF;
        at.m[y] = (by_h - by_k) * ROOT_HALF;
        at.mm[y] = -(h * by_h + k * by_k) / (2 * u->root_v) -
                   (1 + u->rho) * both / u->v;
    }
    at.p[NONE] = -(at.p[PLUS] + at.p[MINUS]);
    at.m[NONE] = -(at.m[PLUS] + at.m[MINUS]);
    at.mm[NONE] = -(at.mm[PLUS] + at.mm[MINUS]);
    return at;
}

static void add(const struct place *at, double weight, struct orthants *sum)
{
    double difference = at->Z[PLUS] - at->Z[MINUS];
    for (int y = 0; y < ANSWERS; y++) {
        double Z = at->Z[y];
        if (Z < LEAST)
            continue;
        sum->p += weight * at->p[y] * at->p[y] / Z;
        sum->m += weight * at->m[y] * at->m[y] / Z;
        sum->bend += weight * at->mm[y] * at->mm[y] / Z;
        sum->told -= weight * Z * log(Z);
        sum->match += weight * Z * Z;
    }
    sum->square += weight * difference * difference;
}

/* ---- averages over places ----------------------------------------------- */

/* A kink of one direction, of this width, in standard deviations. */
struct line { double kink, width; int finer; };

/* The end of the panel that begins at z. */
static double panel(const struct line *line, double z)
{
    double apart = z - line->kink;
    double most = fmax(2 * line->width, apart < 0 ? -apart / 2 : apart);
    return fmin(CUT, z + fmin(2, most));
}

/* Calls `at` with nodes and weights of the normal measure from `low` to CUT. */
static void along(const struct line *line, double low,
                  const gsl_integration_glfixed_table *rule,
                  void (*at)(double z, double weight, void *with), void *with)
{
    int parts = 1 << line->finer;
    for (double high; low < CUT; low = high) {
        high = panel(line, low);
        for (int i = 0; i < parts * POINTS; i++) {
            double step = (high - low) / parts, z, weight;
            double from = low + step * (i / POINTS);
            gsl_integration_glfixed_point(from, from + step,
                                          (size_t)(i % POINTS), &z, &weight,
                                          rule);
            at(z, weight * probit_density(z), with);
        }
    }
}

struct plane {
    struct unknown unknown;
    double root_p, root_m; /* sqrt of qp, qm */
    double narrow;         /* sqrt of the smaller gap */
    double m, weight;      /* of the line */
    int finer;
    bool best;             /* wanted */
    struct orthants sum;
};

static void at_place(double z, double weight, void *with)
{
    struct plane *plane = with;
    struct place at = place_at(&plane->unknown, plane->root_p * z, plane->m);
    add(&at, plane->weight * weight, &plane->sum);
}

/* By how much answer 1 is more likely than 0. */
static double lead(double z, void *with)
{
    const struct plane *plane = with;
    struct place at = place_at(&plane->unknown, plane->root_p * z, plane->m);
    return at.Z[PLUS] - at.Z[NONE];
}

static void at_lead(double z, double weight, void *with)
{
    struct plane *plane = with;
    plane->sum.best += plane->weight * weight * lead(z, plane);
}

/* p >= 0: -p is alike with the answers exchanged. */
static void at_line(double z, double weight, void *with)
{
    struct plane *plane = with;
    plane->m = plane->root_m * z;
    plane->weight = 2 * weight;
    struct line line = {plane->m / plane->root_p,
                        plane->narrow / plane->root_p, plane->finer};
    along(&line, 0, plane->unknown.rule, at_place, plane);
    struct root even = {.found = false};
    if (plane->best)
        even = root_between(lead, plane, 0, CUT);
    if (even.found)
        along(&line, even.x, plane->unknown.rule, at_lead, plane);
}

struct orthants orthants_of(double gap_p, double gap_m, bool best,
                            int finer)
{
    gsl_integration_glfixed_table *rule =
        gsl_integration_glfixed_table_alloc(POINTS);
    struct plane plane = {.root_p = sqrt(1 - gap_p),
                          .root_m = sqrt(1 - gap_m), .finer = finer,
                          .best = best,
                          .narrow = sqrt(fmin(gap_p, gap_m))};
    plane.unknown = unknown_of(gap_p, gap_m, rule);
    if (gap_m == 1) {
        at_line(0, 1, &plane);
    } else {
        struct line line = {0, plane.narrow / plane.root_m, finer};
        along(&line, 0, rule, at_line, &plane); /* m and -m are alike */
        double *sum = (double *)&plane.sum;
        for (size_t i = 0; i < sizeof plane.sum / sizeof *sum; i++)
            sum[i] *= 2;
    }
    plane.sum.best += 0.5; /* of answer 0 */
    gsl_integration_glfixed_table_free(rule);
    return plane.sum;
}

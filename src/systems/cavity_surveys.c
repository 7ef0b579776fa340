#include "systems/cavity_surveys.h"

#include <gsl/gsl_sf_bessel.h>
#include <math.h>
#include <string.h>

#include "stat/root.h"

enum { NEIGHBOURS_MOST = 2 * CAVITY_DEGREE_MOST };

/* ---- one site, one link -------------------------------------------------- */

/* The law of H = sum_k u_k, each weighed by e^(-y |u_k|), and its derivative
   by y; centre is H = 0. */
struct sums {
    int n;
    double e; /* e^-y */
    double w[2 * NEIGHBOURS_MOST + 1], d[2 * NEIGHBOURS_MOST + 1];
};

static void sums_start(struct sums *s, double y)
{
    s->n = 0;
    s->e = exp(-y);
    s->w[0] = 1;
    s->d[0] = 0;
}

/* One more neighbour, whose u is 0 or +1 with these probabilities. */
static void sums_add(struct sums *s, double zero, double plus)
{
    int old = 2 * s->n + 1;
    double up = plus * s->e, down = (1 - zero - plus) * s->e;
    double w[2] = {0}, d[2] = {0}; /* the two above, as they were */
    if (s->n == NEIGHBOURS_MOST) /* beyond what Poisson's law gives */
        return;
    for (int i = 0; i < old + 2; i++) {
        double here_w = i < old ? s->w[i] : 0, here_d = i < old ? s->d[i] : 0;
        s->w[i] = down * here_w + zero * w[0] + up * w[1];
        s->d[i] = down * (here_d - here_w) + zero * d[0] +
                  up * (d[1] - w[1]);
        w[1] = w[0];
        d[1] = d[0];
        w[0] = here_w;
        d[0] = here_d;
    }
    s->n++;
}

/* With e^(y |H|): probabilities of H = 0 and H > 0, ln <e^(-y dE)> and its
   derivative by y. */
struct site { double zero, plus, ln, slope; };

static struct site sums_site(const struct sums *s, double y)
{
    double zero = s->w[s->n], plus = 0, all = zero, slope = s->d[s->n];
    double grown = 1, growth = exp(y);
    for (int h = 1; h <= s->n; h++) {
        double up = s->w[s->n + h], down = s->w[s->n - h];
        grown *= growth;
        plus += grown * up;
        all += grown * (up + down);
        slope += grown * (s->d[s->n + h] + s->d[s->n - h] +
                          h * (up + down));
    }
    return (struct site){zero / all, plus / all, y * s->n + log(all),
                         s->n + slope / all};
}

/* ln <e^(-y dE)> of a link whose ends disagree with probability b. */
static double link_ln(double y, double b, double *slope)
{
    double good = 1 - b, bad = b * exp(-2 * y);
    *slope = (good - bad) / (good + bad);
    return y + log(good + bad);
}

/* ---- regular graphs ------------------------------------------------------ */

struct map { int degree; double y; };

static struct site site_of(int n, double zero, double y)
{
    struct sums s;
    sums_start(&s, y);
    for (int k = 0; k < n; k++)
        sums_add(&s, zero, (1 - zero) / 2);
    return sums_site(&s, y);
}

static double misfit(double zero, void *with)
{
    const struct map *m = with;
    return site_of(m->degree - 1, zero, m->y).zero / zero - 1;
}

/* With an odd number of neighbours zero = 0 is a root, and the one that is
   stable where there is no other. */
static double factorised_zero(struct map *m)
{
    double least = m->degree % 2 ? 1e-30 : 1e-9;
    if (m->degree % 2 == 0 && misfit(least, m) <= 0)
        return 0;
    return root_between(misfit, m, least, 1 - 1e-6).x;
}

static struct cavity_valleys factorised(int degree, double y)
{
    struct map m = {degree, y};
    struct cavity_valleys v = {.y = y, .zero = factorised_zero(&m)};
    double slope, b = (1 - v.zero) * (1 - v.zero) / 2;
    if (!isfinite(v.zero))
        return v;
    struct site site = site_of(degree, v.zero, y);
    double link = link_ln(y, b, &slope), half = 0.5 * degree;
    v.found = true;
    v.energy = half * slope - site.slope;
    v.phi = y > 0 ? (half * link - site.ln) / y : v.energy;
    v.phi_error = 1e-14 * fabs(v.phi);
    v.complexity = y * (v.energy - v.phi);
    v.complexity_error = y * v.phi_error;
    return v;
}

static double complexity(double y, void *with)
{
    struct map *m = with;
    return factorised(m->degree, y).complexity;
}

/* The complexity rises from 0 at y = 0 and falls through 0 at the top. */
static struct cavity_valleys factorised_ground(int degree)
{
    struct map m = {.degree = degree};
    double low = 0.5 / degree, high = low;
    while (high < 20 && complexity(high, &m) > 0) {
        low = high;
        high *= 1.1;
    }
    struct root y = root_between(complexity, &m, low, high);
    struct cavity_valleys v = {.found = false};
    if (y.found) {
        v = factorised(degree, y.x);
        v.y_error = y.width + 1e-12;
    }
    return v;
}

/* ---- random graphs ------------------------------------------------------- */

/* H is the difference of two Poisson numbers of mean a/2 each. */
static double integer_misfit(double zero, void *with)
{
    double a = *(double *)with * (1 - zero);
    return gsl_sf_bessel_I0_scaled(a) - zero;
}

static struct cavity_valleys poisson_symmetric(double c)
{
    struct cavity_valleys v = {.zero = 1, .found = true};
    if (c > 1) {
        double low = 0, high = 1;
        while (integer_misfit(high, &c) >= 0 && 1 - high < 0.5)
            high = 1 - (high == 1 ? 1e-12 : 4 * (1 - high));
        v.zero = root_between(integer_misfit, &c, low, high).x;
        v.found = isfinite(v.zero);
    }
    double one = 1 - v.zero, a = c * one;
    v.energy = v.phi = -c * v.zero + 0.5 * c * (1 - one * one) -
                       a * (gsl_sf_bessel_I0_scaled(a) +
                            gsl_sf_bessel_I1_scaled(a));
    return v;
}

/* ---- populations of surveys ---------------------------------------------- */

struct surveys { double c, y; };
enum { ZERO, PLUS, WIDTH };
enum { LN, SLOPE, ZEROS, OBSERVED };

static void start(struct chance *chance, double *member, const void *with)
{
    (void)with;
    member[ZERO] = 0.5 * chance_unit(chance);
    member[PLUS] = (1 - member[ZERO]) * chance_unit(chance);
}

/* An old survey across J = +1 or -1. */
static void draw(const struct population *p, struct chance *chance,
                 double survey[WIDTH])
{
    memcpy(survey, population_any(p, chance), WIDTH * sizeof *survey);
    if (chance_word(chance) & 1)
        survey[PLUS] = 1 - survey[ZERO] - survey[PLUS];
}

/* Of n surveys all but `without` (none: -1). */
static struct site site_with(double (*survey)[WIDTH], int n, int without,
                             double y)
{
    struct sums s;
    sums_start(&s, y);
    for (int k = 0; k < n; k++)
        if (k != without)
            sums_add(&s, survey[k][ZERO], survey[k][PLUS]);
    return sums_site(&s, y);
}

static int incoming(const struct population *p, struct chance *chance,
                    double c, double (*survey)[WIDTH])
{
    int n = cavity_neighbours(chance, c, p->members);
    n = n < NEIGHBOURS_MOST ? n : NEIGHBOURS_MOST;
    for (int k = 0; k < n; k++)
        draw(p, chance, survey[k]);
    return n;
}

static double make(const struct population *old, struct chance *chance,
                   double *member, const void *with)
{
    const struct surveys *own = with;
    double survey[NEIGHBOURS_MOST][WIDTH];
    int n = incoming(old, chance, own->c, survey);
    struct site site = site_with(survey, n, -1, own->y);
    member[ZERO] = site.zero;
    member[PLUS] = fmin(site.plus, 1 - site.zero);
    return 1;
}

/* A site and half of each of its links, with what it would be without that
   neighbour: distributed as members are, and most scatter cancels. */
static void observe(const struct population *now, struct chance *chance,
                    double *value, const void *with)
{
    const struct surveys *own = with;
    double survey[NEIGHBOURS_MOST][WIDTH], slope;
    int n = incoming(now, chance, own->c, survey);
    struct site site = site_with(survey, n, -1, own->y);
    value[LN] = site.ln;
    value[SLOPE] = site.slope;
    value[ZEROS] = site.zero;
    for (int k = 0; k < n; k++) {
        struct site rest = site_with(survey, n, k, own->y);
        double up = survey[k][PLUS], down = 1 - survey[k][ZERO] - up;
        double apart = up * (1 - rest.zero - rest.plus) + down * rest.plus;
        value[LN] -= link_ln(own->y, apart, &slope) / 2;
        value[SLOPE] -= slope / 2;
    }
}

static struct cavity_valleys random_valleys(double c, double y,
                                            const struct cavity_effort *effort)
{
    struct surveys own = {c, y};
    struct population_rule rule = {
        .width = WIDTH, .with = &own, .start = start, .make = make,
        .observables = OBSERVED, .observe = observe};
    struct population p = population_new(&rule, effort->members,
                                         effort->seed);
    struct population_series s = population_run(&p, &rule, 20 +
                                                effort->rows / 2,
                                                effort->rows,
                                                effort->members);
    double weigh[OBSERVED] = {[LN] = 1, [SLOPE] = -y};
    struct population_mean ln = population_observable(&s, LN);
    struct population_mean sigma = population_mean(&s, weigh);
    struct cavity_valleys v = {
        .y = y, .phi = -ln.mean / y, .phi_error = ln.error / y,
        .energy = -population_observable(&s, SLOPE).mean,
        .complexity = sigma.mean, .complexity_error = sigma.error,
        .zero = population_observable(&s, ZEROS).mean,
        .found = population_settled(&s)};
    population_series_free(&s);
    population_free(&p);
    return v;
}

/* From one seed: then the complexity is nearly a smooth function of y. */
static struct cavity_valleys random_ground(double c,
                                           const struct cavity_effort *effort)
{
    double least = 0.05 / sqrt(c), most = 8 / sqrt(c);
    double low = least, high = most;
    struct cavity_effort quick = *effort;
    quick.rows = effort->rows / 5 < 20 ? 20 : effort->rows / 5;
    for (int i = 0; i < 7; i++) {
        double y = sqrt(low * high);
        struct cavity_valleys v = random_valleys(c, y, &quick);
        *(v.complexity > 0 ? &low : &high) = y;
    }
    struct cavity_valleys v = random_valleys(c, sqrt(low * high), effort);
    v.y_error = low > least && high < most ? high - low : INFINITY;
    return v;
}

/* ---- either -------------------------------------------------------------- */

struct cavity_valleys
cavity_symmetric(const struct cavity_ensemble *ensemble)
{
    return ensemble->poisson ? poisson_symmetric(ensemble->degree)
                             : factorised((int)ensemble->degree, 0);
}

struct cavity_valleys cavity_valleys(const struct cavity_ensemble *ensemble,
                                     double y,
                                     const struct cavity_effort *effort)
{
    return ensemble->poisson ? random_valleys(ensemble->degree, y, effort)
                             : factorised((int)ensemble->degree, y);
}

struct cavity_valleys cavity_ground(const struct cavity_ensemble *ensemble,
                                    const struct cavity_effort *effort)
{
    return ensemble->poisson ? random_ground(ensemble->degree, effort)
                             : factorised_ground((int)ensemble->degree);
}

void cavity_valley_curves(const struct cavity_ensemble *ensemble, double most,
                          int points, double *out)
{
    for (int i = 0; i < points; i++) {
        double y = most * (i + 1) / points;
        struct cavity_valleys v = factorised((int)ensemble->degree, y);
        out[i] = y;
        out[points + i] = v.energy;
        out[2 * points + i] = v.complexity;
        out[3 * points + i] = v.phi;
    }
}

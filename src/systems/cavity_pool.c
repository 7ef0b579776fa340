#include "systems/cavity_pool.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "systems/cavity.h"

/* Of a member. */
enum { X, BY_T, BY_H, V, WIDTH };
/* Of a row; the last is not drawn but found by the step. */
enum { F, U, M, Q, LINK, HEAT, CHI, GROWTH, ROW };
enum { ARMS_MOST = 1024 }; /* of mean 500 never as many */
static const double DEAD = -600; /* ln of what perturbations never become */

static double coupling(const struct cavity_ensemble *e,
                       struct chance *chance)
{
    if (e->couplings == CAVITY_NORMAL)
        return chance_normal(chance);
    return e->up >= 1 || chance_unit(chance) < e->up ? 1 : -1;
}

int cavity_neighbours(struct chance *chance, double mean, int64_t items)
{
    double u = (chance->item + chance_unit(chance)) / (double)items;
    double p = exp(-mean), below = p;
    int n = 0;
    while (u > below && p > 0) {
        p *= mean / ++n;
        below += p;
    }
    return n;
}

static int neighbours(const struct cavity_ensemble *e, struct chance *chance,
                      const struct population *p, int without)
{
    return e->poisson ? cavity_neighbours(chance, e->degree, p->members)
                      : (int)e->degree - without;
}

static void start(struct chance *chance, double *member, const void *with)
{
    const struct cavity_ensemble *e = with;
    member[X] = e->start + e->spread * chance_normal(chance);
    member[V] = 1;
}

/* What neighbour k does to a site, along it goes what it is without the
   site. */
struct arm {
    double J, x, x_T;  /* its field and dx/dT */
    double u, u_T;     /* what it brings, and d/dT of that */
};

/* The field of a site with n neighbours; arm[n] unless NULL. */
static void gather(const struct population *old, struct chance *chance, int n,
                   const struct cavity_ensemble *e, double *member,
                   double *shift, struct arm *arm)
{
    member[X] = e->h;
    member[BY_T] = member[V] = *shift = 0;
    member[BY_H] = 1;
    for (int k = 0; k < n; k++) {
        const double *other = population_any(old, chance);
        double J = coupling(e, chance);
        struct cavity_field f = cavity_field(e->T, J, other[X]);
        double u_T = f.by_T + f.slope * other[BY_T];
        member[X] += f.u;
        member[BY_T] += u_T;
        member[BY_H] += f.slope * other[BY_H];
        member[V] += f.slope * f.slope * other[V];
        if (arm) {
            *shift += f.soft - cavity_soft(e->T, other[X]);
            arm[k] = (struct arm){J, other[X], other[BY_T], f.u, u_T};
        }
    }
}

static double make(const struct population *old, struct chance *chance,
                   double *member, const void *with)
{
    double shift;
    gather(old, chance, neighbours(with, chance, old, 1), with, member,
           &shift, NULL);
    return 1;
}

static void observe_site(const struct cavity_ensemble *e,
                         const double *site, double shift, double *value)
{
    double T = e->T, x = site[X], m = T > 0 ? tanh(x / T) : (x > 0) - (x < 0);
    double sech = T > 0 ? 1 / cosh(x / T) : 0, bend = sech * sech;
    value[F] = -shift - cavity_soft(T, x);
    value[U] = -e->h * m;
    value[M] = m;
    value[Q] = m * m;
    value[LINK] = value[HEAT] = value[CHI] = 0;
    if (T > 0 && bend > 0) {
        value[HEAT] = -e->h * bend * (site[BY_T] - x / T) / T;
        value[CHI] = bend * site[BY_H] / T;
    }
}

/* Half of a link of the site, whose field across it is what the others make.
   At the fixed point that is distributed as members are, and most of the
   scatter of f_site and of its links cancels. */
static void observe_link(const struct cavity_ensemble *e, const double *site,
                         const struct arm *arm, double *value)
{
    double x[2] = {arm->x, site[X] - arm->u};
    double x_T[2] = {arm->x_T, site[BY_T] - arm->u_T};
    value[F] -= cavity_link(e->T, arm->J, x[0], x[1]) / 2;
    if (e->T > 0) {
        struct cavity_pair pair = cavity_pair(e->T, arm->J, x, x_T);
        value[U] -= arm->J * pair.correlation / 2;
        value[LINK] += pair.correlation * pair.correlation / e->degree;
        value[HEAT] -= arm->J * pair.by_T / 2;
    }
}

static void observe(const struct population *now, struct chance *chance,
                    double *value, const void *with)
{
    const struct cavity_ensemble *e = with;
    struct arm arm[ARMS_MOST];
    double site[WIDTH], shift;
    int n = neighbours(e, chance, now, 0);
    n = n < ARMS_MOST ? n : ARMS_MOST;
    gather(now, chance, n, e, site, &shift, arm);
    observe_site(e, site, shift, value);
    for (int k = 0; k < n; k++)
        observe_link(e, site, &arm[k], value);
    if (e->T == 0)
        value[U] = value[F];
}

/* ---- runs ---------------------------------------------------------------- */

/* Brings the mean of v back to 1; what it was. */
static double perturbation(struct population *p)
{
    double mean = 0;
    for (int64_t i = 0; i < p->members; i++)
        mean += p->member[i * WIDTH + V] / (double)p->members;
    for (int64_t i = 0; i < p->members && mean > 0; i++)
        p->member[i * WIDTH + V] /= mean;
    return mean;
}

static void run(struct population *p, const struct population_rule *rule,
                struct population_series *s)
{
    double value[ROW];
    for (int64_t t = 0; t < s->rows; t++) {
        double *row = s->at + t * ROW;
        population_step(p, rule);
        row[GROWTH] = fmax(log(perturbation(p)), DEAD - 1);
        population_observe(p, rule, p->members, value);
        for (int k = 0; k < rule->observables; k++)
            row[k] = isfinite(value[k]) ? value[k] : 0; /* HEAT, CHI */
    }
}

/* Rows that hang together too long give errors too small. */
enum { TIMES_LEAST = 50, LONGER_MOST = 3 };

static bool settled(const struct population_series *s, bool *long_enough)
{
    static const int watched[] = {F, U, M, Q, GROWTH};
    bool still = true;
    *long_enough = true;
    for (size_t i = 0; i < sizeof watched / sizeof *watched; i++) {
        struct population_mean mean = population_observable(s, watched[i]);
        still = still && !(fabs(mean.drift) >= 5);
        *long_enough = *long_enough &&
                       TIMES_LEAST * mean.tau_int <= (double)s->rows;
    }
    return still;
}

static struct cavity_averages averages(const struct population_series *s,
                                       double T)
{
    struct cavity_averages a = {
        .free_energy = population_observable(s, F),
        .energy = population_observable(s, U),
        .magnetization = population_observable(s, M),
        .q = population_observable(s, Q)};
    if (T > 0) {
        double entropy[ROW] = {[F] = -1 / T, [U] = 1 / T};
        a.entropy = population_mean(s, entropy);
        a.entropy.error += 1e-15 * (fabs(a.energy.mean) +
                                    fabs(a.free_energy.mean)) / T;
        a.link_overlap = population_observable(s, LINK);
        a.specific_heat = population_observable(s, HEAT);
        a.susceptibility = population_observable(s, CHI);
        a.stability = population_observable(s, GROWTH);
        if (a.stability.mean < DEAD)
            a.stability.mean = -INFINITY;
    }
    return a;
}

struct cavity_averages cavity_pool(const struct cavity_ensemble *ensemble,
                                   const struct cavity_effort *effort)
{
    struct population_rule rule = {
        .width = WIDTH, .with = ensemble, .start = start, .make = make,
        .observables = GROWTH, .observe = observe};
    struct population p = population_new(&rule, effort->members,
                                         effort->seed);
    struct population_series s = {.observables = ROW};
    struct cavity_averages a;
    int64_t steps = 20 + effort->rows / 2;
    bool still = false, enough = false;
    for (int64_t t = 0; t < steps; t++) {
        population_step(&p, &rule);
        perturbation(&p);
    }
    for (int tries = 0; tries <= effort->doublings && !enough; tries++) {
        steps += s.rows;
        s.rows = effort->rows << tries;
        free(s.at);
        s.at = mem_new((size_t)(s.rows * ROW), sizeof *s.at);
        run(&p, &rule, &s);
        still = settled(&s, &enough);
        enough = still && (enough || tries >= LONGER_MOST);
    }
    a = averages(&s, ensemble->T);
    a.settled = still;
    a.settled_by = steps;
    population_series_free(&s);
    population_free(&p);
    return a;
}

/* ---- graphs of the program ----------------------------------------------- */

enum { SITES_LEAST = 32 };

/* Short loops are rare: without a field couplings -1 on all bonds are as
   frustrated as +-1. */
static double part_up(const char *couplings, double h)
{
    bool negative = !strcmp(couplings, "antiferromagnet") ||
                    !strcmp(couplings, "cut");
    return !strcmp(couplings, "ferromagnet") ? 1
           : negative && h != 0 ? 0 : 0.5;
}

bool cavity_of_graph(const struct section *keys,
                     struct cavity_ensemble *ensemble)
{
    const char *generate = section_text(keys, "generate", "");
    const char *couplings = section_text(keys, "couplings", "");
    int64_t degree = section_integer(keys, "degree", 0);
    int64_t sites = section_integer(keys, "N", 0);
    bool regular = !strcmp(generate, "random_regular");
    ensemble->degree = (double)degree;
    ensemble->poisson = !regular;
    ensemble->couplings = strcmp(couplings, "gaussian") ? CAVITY_PM
                                                        : CAVITY_NORMAL;
    ensemble->h = section_real(keys, "h", 0);
    ensemble->up = part_up(couplings, ensemble->h);
    return (regular || !strcmp(generate, "erdos_renyi")) &&
           !*section_text(keys, "file", "") &&
           section_is(keys, "units", "spin") &&
           !section_integers(keys, "clamp_up")->count &&
           !section_integers(keys, "clamp_down")->count && degree >= 1 &&
           sites >= SITES_LEAST && degree * degree <= sites;
}

#include "systems/p_spin_rsb.h"

#include <math.h>

#include "stat/root.h"
#include "systems/cosh_average.h"

static const double ln2 = 0x1.62e42fefa39efp-1;

static const struct p_spin_state none = {.found = false};

struct p_spin_state p_spin_paramagnet(struct p_spin_theory t, double T)
{
    double entropy = t.ising ? ln2 : 0;
    return (struct p_spin_state){
        .found = T > 0, .T = T, .m = 1, .y = 1 / T, .replicon = 1,
        .f = -T * entropy - 1 / (4 * T), .u = -1 / (2 * T),
        .s = entropy - 1 / (4 * T * T)};
}

/* ==== spherical =========================================================== */

/* From T, c = (1 - q)/T and x. */
static struct p_spin_state spherical(struct p_spin_theory t, double T,
                                     struct root c, double x)
{
    struct p_spin_state s = {.found = c.found, .T = T, .q = 1 - c.x * T,
                             .width = c.width / c.x};
    double p = t.p;
    s.y = x * c.x / s.q;
    s.m = s.y * T;
    if (T > 0) {
        double grown = log1p(x) / s.m;
        double less = -expm1(p * log1p(-c.x * T)); /* 1 - q^p */
        double square = (less + s.m * (1 - less)) / (4 * T * T);
        s.s = -square + (log(c.x * T) + grown) / 2;
        s.u = -2 * T * square;
        s.f = s.u - T * s.s;
    } else {
        s.f = s.u = -c.x * (p + x) / 2;
        s.s = -INFINITY;
    }
    s.complexity = (log1p(x) - x / (1 + x)) / 2 -
                   s.y * s.y * pow(s.q, t.p) / 4;
    s.replicon = 1 - p * (p - 1) / 2 * pow(s.q, t.p - 2) * c.x * c.x;
    return s;
}

/* (p/2) q^(p-2) c^2 factor = 1 for the largest q = 1 - c T, which falls as T
   rises until c T = 2/p. */
struct overlap_of { struct p_spin_theory t; double T, factor; };

static double overlap_misfit(double c, void *with)
{
    const struct overlap_of *o = with;
    double q = 1 - c * o->T;
    return o->t.p / 2.0 * pow(q, o->t.p - 2) * c * c * o->factor - 1;
}

static struct root overlap(struct p_spin_theory t, double T, double factor)
{
    struct overlap_of o = {t, T, factor};
    double low = sqrt(2 / (t.p * factor));
    if (T == 0)
        return (struct root){low, 1e-16 * low, true};
    return root_between(overlap_misfit, &o, low * (1 - 1e-15),
                        2 / (t.p * T));
}

/* m = 1: (p/2) q^(p-2) (1 - q) = T^2, 1 - q at most 1/(p-1). By 1 - q. */
static double states_misfit(double gap, void *with)
{
    const struct overlap_of *o = with;
    return o->t.p / 2.0 * pow(1 - gap, o->t.p - 2) * gap - o->T * o->T;
}

static struct p_spin_state spherical_states(struct p_spin_theory t, double T)
{
    struct overlap_of o = {.t = t, .T = T};
    double most = 1 / (t.p - 1.0);
    double edge = states_misfit(most, &o);
    struct root gap = {most, 1e-16, fabs(edge) < 1e-14 * T * T};
    if (!gap.found)
        gap = root_between(states_misfit, &o, 0, most);
    struct root c = {gap.x / T, gap.width / T, gap.found};
    return gap.found ? spherical(t, T, c, (1 - gap.x) / gap.x) : none;
}

static double static_misfit(double x, void *with)
{
    return x * x / *(int *)with - (1 + x) * log1p(x) + x;
}

/* x at which m is stationary, whatever T. */
static struct root static_x(struct p_spin_theory t)
{
    double high = 2 * t.p;
    while (static_misfit(high, &t.p) < 0)
        high *= 2;
    return root_between(static_misfit, &t.p, 0.1, high);
}

static struct p_spin_state spherical_glass(struct p_spin_theory t, double T)
{
    struct root x = static_x(t), c = overlap(t, T, 1 + x.x);
    struct p_spin_state s = spherical(t, T, c, x.x);
    s.complexity = 0;
    return c.found && s.m <= 1 + 1e-14 ? s : none;
}

struct p_spin_state p_spin_threshold(struct p_spin_theory t, double T)
{
    struct root c = overlap(t, T, t.p - 1);
    struct p_spin_state s = spherical(t, T, c, t.p - 2);
    s.replicon = 0;
    return !t.ising && c.found && s.m <= 1 + 1e-14 ? s : none;
}

static struct p_spin_state spherical_static(struct p_spin_theory t)
{
    double x = static_x(t).x, q = x / (1 + x);
    double T = sqrt(t.p / 2.0 * pow(q, t.p - 2) * (1 - q));
    struct p_spin_state s = spherical(t, T, (struct root){(1 - q) / T, 1e-15,
                                                          true}, x);
    s.complexity = 0;
    return s;
}

static struct p_spin_state spherical_dynamical(struct p_spin_theory t)
{
    double q = (t.p - 2.0) / (t.p - 1.0);
    double T = sqrt(t.p / 2.0 * pow(q, t.p - 2) * (1 - q));
    return spherical(t, T, (struct root){(1 - q) / T, 0, true}, t.p - 2);
}

/* Crisanti, Sommers, J. Phys. I 5, 805 (1995), with z^2 p/2 = v. */
static double spherical_complexity(struct p_spin_theory t, double e)
{
    double p = t.p, most = 2 * (p - 1) / p;
    double z = (-e - sqrt(fmax(0, e * e - most))) / (p - 1);
    double v = p * z * z / 2;
    return 0.5 * ((2 - p) / p - log(v) + (p - 1) / p * v - 1 / (p * v));
}

/* ==== Ising =============================================================== */

/* By a = m b and m; b = a/m is infinite at T = 0. */
struct point { struct p_spin_theory t; double m, T, e; };

static struct p_spin_state ising(struct p_spin_theory t, double m, double a)
{
    double p = t.p, of_b = m / a; /* 1/b */
    struct cosh_rule *rule = cosh_rule_new(of_b, a, 1);
    struct cosh_average x = cosh_average(rule, 0);
    double less = cosh_rule_less(rule);
    cosh_rule_free(rule);
    struct p_spin_state s = {.found = true, .m = m};
    double ln_A = x.ln_A + a * less, aL = a * (x.F + less);
    s.q = m > 0 ? x.tanh2 : 1;
    double lambda = p / 2 * pow(s.q, t.p - 1);
    s.T = sqrt(lambda) * of_b;
    s.y = a / sqrt(lambda);
    s.complexity = a * a * (p - 1) * s.q / (2 * p) + ln_A - aL;
    if (m == 0) {
        s.f = (p - 1) * s.y / 4 - ln_A / s.y;
        s.u = (p - 1) * s.y / 2 - aL / s.y; /* of the states */
        double c = 2 * x.zero / sqrt(lambda); /* of 1 - q = c T */
        s.s = -p * (p - 1) * c * c / 8;
        s.replicon = -INFINITY;
        return s;
    }
    /* [1 + (1 - m)(p - 1) q^p - p q^(p-1)] and 1 - (1 - m) q^p by 1 - q */
    double ln_q = log1p(-x.sech2), qp = exp(p * ln_q);
    double rest = (p - 1) * expm1(p * ln_q) - p * expm1((p - 1) * ln_q);
    s.f = -rest / (4 * s.T) + (p - 1) * s.y * qp / 4 - ln_A / s.y;
    s.u = expm1(p * ln_q) / (2 * s.T) - s.y * qp / 2;
    s.s = (s.u - s.f) / s.T;
    s.replicon = 1 - (p - 1) / (of_b * of_b * s.q) * x.sech4;
    return s;
}

static double complexity_by_a(double a, void *with)
{
    const struct point *at = with;
    return ising(at->t, at->m, a).complexity;
}

/* a at which m is stationary. */
static struct root static_a(struct p_spin_theory t, double m)
{
    struct point at = {.t = t, .m = m};
    double high = 1;
    while (complexity_by_a(high, &at) > 0 && high < 100)
        high *= 2;
    return root_between(complexity_by_a, &at, 0.3, high);
}

static double temperature_by_m(double m, void *with)
{
    const struct point *at = with;
    return ising(at->t, m, static_a(at->t, m).x).T - at->T;
}

static struct p_spin_state ising_glass(struct p_spin_theory t, double T)
{
    struct point at = {.t = t, .T = T};
    struct root m = {0, 0, T == 0};
    if (T > 0) /* y lies between 1 and 4 for all p */
        m = root_between(temperature_by_m, &at, fmin(0.1 * T, 0.5), 1);
    if (!m.found)
        return none;
    struct root a = static_a(t, m.x);
    struct p_spin_state s = ising(t, m.x, a.x);
    if (T == 0)
        s.u = s.f;
    s.complexity = 0;
    s.T = T;
    s.width = (m.x > 0 ? m.width / m.x : 0) + a.width / a.x;
    return s;
}

static double temperature_by_b(double b, void *with)
{
    const struct point *at = with;
    return ising(at->t, 1, b).T - at->T;
}

struct p_spin_state p_spin_dynamical(struct p_spin_theory t)
{
    struct point at = {.t = t};
    if (!t.ising)
        return spherical_dynamical(t);
    struct root b = peak_between(temperature_by_b, &at, 0.3, 30, 40);
    struct p_spin_state s = ising(t, 1, b.x);
    s.found = b.found;
    s.width = b.width / b.x;
    return s;
}

struct p_spin_state p_spin_states(struct p_spin_theory t, double T)
{
    struct point at = {.t = t, .T = T};
    if (!t.ising)
        return spherical_states(t, T);
    struct root low = peak_between(temperature_by_b, &at, 0.3, 30, 40);
    double high = 2 * low.x;
    while (temperature_by_b(high, &at) > 0 && high < 1e6)
        high *= 2;
    struct root b = root_between(temperature_by_b, &at, low.x, high);
    struct p_spin_state s = b.found ? ising(t, 1, b.x) : none;
    s.T = T;
    s.width = b.width / b.x;
    return s;
}

struct p_spin_state p_spin_static(struct p_spin_theory t)
{
    if (!t.ising)
        return spherical_static(t);
    struct root a = static_a(t, 1);
    struct p_spin_state s = a.found ? ising(t, 1, a.x) : none;
    s.width = a.width / a.x;
    return s;
}

struct p_spin_state p_spin_glass(struct p_spin_theory t, double T)
{
    return t.ising ? ising_glass(t, T) : spherical_glass(t, T);
}

static double replicon_by_m(double m, void *with)
{
    const struct point *at = with;
    return ising(at->t, m, static_a(at->t, m).x).replicon;
}

struct p_spin_state p_spin_gardner(struct p_spin_theory t)
{
    struct point at = {.t = t};
    struct root m = root_between(replicon_by_m, &at, 1e-6, 1);
    struct p_spin_state s = m.found && t.ising
                                ? ising(t, m.x, static_a(t, m.x).x) : none;
    s.width = m.width / m.x;
    return s;
}

/* ==== complexity at T = 0 ================================================= */

static double energy_by_a(double a, void *with)
{
    const struct point *at = with;
    return ising(at->t, 0, a).u - at->e;
}

/* The branch from e_0 up to the most numerous states. */
static double ising_complexity(struct p_spin_theory t, double e, double *top)
{
    struct point at = {.t = t, .e = e};
    struct root low = static_a(t, 0);
    struct root most = peak_between(complexity_by_a, &at, 0.02, low.x, 40);
    *top = energy_by_a(most.x, &at) + e;
    struct root a = root_between(energy_by_a, &at, most.x, low.x);
    return a.found ? ising(t, 0, a.x).complexity : NAN;
}

double p_spin_complexity(struct p_spin_theory t, double e, double *top)
{
    double highest = -sqrt(2 * (t.p - 1.0) / t.p), value;
    if (t.ising)
        value = ising_complexity(t, e, &highest);
    else
        value = e > highest || e < spherical_glass(t, 0).f * (1 + 1e-15)
                    ? NAN : spherical_complexity(t, e);
    if (top)
        *top = highest;
    return value;
}

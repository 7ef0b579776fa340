#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "systems/cosh_average.h"

/* Where the normal number is at most half as wide as T: a sum at equal steps,
   good to 1e-16 (see stat/tanh_average.c). Else e^(y|x|), which has closed
   forms, and what T makes of its corner at x = 0: Gauss-Legendre in panels of
   2 T, gone at 20 T. */
enum { NARROW = 21, PANELS = 10, NODES = 20 };

/* At x > 0: what e^(y F) times 1, F, tanh, sech^2, sech^4 is above the same
   with |x| for F. */
struct corner { double x, A, F, tanh, sech2, sech4; };

struct cosh_rule {
    double T, y, variance;
    int corners;
    struct corner corner[PANELS * NODES];
};

static const double root_2pi = 0x1.40d931ff62705p1,
                    root_half = 0x1.6a09e667f3bcdp-1,
                    ln2 = 0x1.62e42fefa39efp-1;

static struct corner corner_at(double T, double y, double x, double weight)
{
    double e = exp(-2 * x / T), rest = T * log1p(e), t = (1 - e) / (1 + e);
    double sech2 = 4 * e / ((1 + e) * (1 + e)), more = expm1(y * rest);
    double of_x = weight * exp(y * x);
    return (struct corner){
        .x = x,
        .A = of_x * more,
        .F = of_x * (more * x + (1 + more) * rest),
        .tanh = of_x * (more * t - 2 * e / (1 + e)),
        .sech2 = of_x * (1 + more) * sech2,
        .sech4 = of_x * (1 + more) * sech2 * sech2};
}

struct cosh_rule *cosh_rule_new(double T, double y, double variance)
{
    struct cosh_rule *rule = mem_new(1, sizeof *rule);
    rule->T = T;
    rule->y = y;
    rule->variance = variance;
    if (T == 0 || sqrt(variance) < T / 2)
        return rule;
    gsl_integration_glfixed_table *table =
        gsl_integration_glfixed_table_alloc(NODES);
    for (int panel = 0; panel < PANELS; panel++)
        for (size_t i = 0; i < NODES; i++) {
            double x, weight;
            gsl_integration_glfixed_point(2 * panel * T, 2 * (panel + 1) * T,
                                          i, &x, &weight, table);
            rule->corner[rule->corners++] = corner_at(T, y, x, weight);
        }
    gsl_integration_glfixed_table_free(table);
    return rule;
}

void cosh_rule_free(struct cosh_rule *rule)
{
    free(rule);
}

/* ln cosh w without cancellation at small w or overflow at large. */
static double ln_cosh(double w)
{
    double s = sinh(w / 2);
    return fabs(w) > 20 ? fabs(w) - ln2 : log1p(2 * s * s);
}

static struct cosh_average narrow(const struct cosh_rule *r, double x)
{
    const double step = 0.4375;
    double width = sqrt(r->variance), about = r->T * ln_cosh(x / r->T);
    struct cosh_average a = {0};
    double more = 0;
    for (int k = -NARROW; k <= NARROW; k++) {
        double z = k * step, w = (x + width * z) / r->T, t = tanh(w);
        double F = r->T * ln_cosh(w), normal = step / root_2pi *
                                               exp(-z * z / 2);
        double grown = expm1(r->y * (F - about)), s = 1 / cosh(w);
        double weight = normal * (1 + grown);
        more += normal * grown;
        a.F += weight * F;
        a.tanh += weight * t;
        a.tanh2 += weight * t * t;
        a.sech2 += weight * s * s;
        a.sech4 += weight * s * s * s * s;
    }
    a.ln_A = log1p(more) + r->y * about;
    a.F /= 1 + more;
    a.tanh /= 1 + more;
    a.tanh2 /= 1 + more;
    a.sech2 /= 1 + more;
    a.sech4 /= 1 + more;
    return a;
}

/* Everything in units of e^(y x + y^2 variance/2). */
static struct cosh_average wide(const struct cosh_rule *r, double x)
{
    double width = sqrt(r->variance), shift = r->y * r->variance;
    double up = (x + shift) / width, down = (shift - x) / width;
    double other = exp(-2 * r->y * x);
    double above = 0.5 * erfc(-up * root_half);
    double below = 0.5 * erfc(-down * root_half) * other;
    double normal = exp(-up * up / 2) / root_2pi;
    /* the density of both at 0, e^(-x^2/2 var) in these units */
    double A = above + below, D = above - below;
    double F = (x + shift) * above + (shift - x) * below + 2 * width * normal;
    double sech2 = 0, sech4 = 0;
    double unit = exp(-r->y * x - r->y * shift / 2) / (root_2pi * width);
    for (int i = 0; i < r->corners; i++) {
        const struct corner *c = &r->corner[i];
        double near = (c->x - x) / width, far = (c->x + x) / width;
        if (fabs(near) > 9)
            continue;
        double n = unit * exp(-near * near / 2);
        double f = unit * exp(-far * far / 2);
        A += (n + f) * c->A;
        F += (n + f) * c->F;
        D += (n - f) * c->tanh;
        sech2 += (n + f) * c->sech2;
        sech4 += (n + f) * c->sech4;
    }
    return (struct cosh_average){
        .ln_A = log(A) + r->y * x + r->y * shift / 2,
        .F = F / A, .tanh = D / A, .tanh2 = 1 - sech2 / A,
        .sech2 = sech2 / A, .sech4 = sech4 / A,
        .zero = r->T == 0 ? normal / width / A : 0};
}

static bool is_narrow(const struct cosh_rule *rule)
{
    return rule->T > 0 && sqrt(rule->variance) < rule->T / 2;
}

struct cosh_average cosh_average(const struct cosh_rule *rule,
                                  double x)
{
    return is_narrow(rule) ? narrow(rule, x) : wide(rule, x);
}

double cosh_rule_less(const struct cosh_rule *rule)
{
    return is_narrow(rule) ? rule->T * ln2 : 0;
}

/* Naive mean field, TAP and Bethe: on trees Bethe is exact, for small beta
   the expansions have the orders they should, fields are gradients of ln Z.
   Exact magnetisations by enumeration: no statistics. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "systems/bethe.h"
#include "systems/tap.h"
#include "tap.h"

enum { SITES = 8, BONDS_MOST = 28 };

struct exact { double ln_z, m[SITES], c[BONDS_MOST]; };

static struct exact enumerate(const struct pairs *p, double beta)
{
    struct exact e = {.ln_z = 0};
    double z = 0;
    for (int n = 0; n < 1 << p->sites; n++) {
        int8_t s[SITES];
        bool held = true;
        for (int i = 0; i < p->sites; i++) {
            s[i] = n >> i & 1 ? 1 : -1;
            held = held && !(p->clamp && p->clamp[i] == -s[i]);
        }
        if (!held)
            continue;
        double w = exp(-beta * (p->unit * (double)pairs_energy(p, 0, s) +
                                p->constant));
        z += w;
        for (int i = 0; i < p->sites; i++)
            e.m[i] += w * s[i];
        for (int b = 0; b < p->bonds; b++)
            e.c[b] += w * s[p->ends[2 * b]] * s[p->ends[2 * b + 1]];
    }
    for (int i = 0; i < p->sites; i++)
        e.m[i] /= z;
    for (int b = 0; b < p->bonds; b++)
        e.c[b] /= z;
    e.ln_z = log(z);
    return e;
}

static const double couplings[BONDS_MOST] = {
    0.9, -1.2, 0.4, 1.1, -0.7, 0.3, -1.5, 0.8, -0.2, 0.6, -0.9, 1.3, 0.5, -0.4,
    0.7, -1.1, 0.2, 1.0, -0.6, 0.1, 1.4, -0.8, 0.35, -0.25, 0.95, -1.05, 0.15,
    0.55};
static const double fields[SITES] = {0.3, -0.5, 0.2, 0.7, -0.1, 0.4, -0.6,
                                     0.25};

static struct pairs *tree(bool clamped)
{
    static const int32_t ends[] = {0, 1, 0, 2, 1, 3, 1, 4, 2, 5, 5, 6, 5, 7};
    struct pairs *p = pairs_new(SITES, SITES - 1, ends, 1);
    pairs_set(p, couplings, fields);
    p->constant = 0.5;
    if (clamped) {
        p->clamp = mem_new(SITES, sizeof *p->clamp);
        p->clamp[1] = -1;
        p->clamp[6] = 1;
    }
    pairs_seal(p);
    return p;
}

static struct pairs *complete(void)
{
    struct pairs *p = pairs_complete(SITES, 1);
    pairs_set(p, couplings, fields);
    pairs_seal(p);
    return p;
}

static void check_tree(bool clamped, double beta)
{
    struct pairs *p = tree(clamped);
    struct exact e = enumerate(p, beta);
    double off = 0;
    near(bethe_ln_z(p, 0, beta, e.m, e.c), e.ln_z, 1e-11,
         "Bethe's ln Z of a tree, measured correlations");
    near(bethe_ln_z(p, 0, beta, e.m, NULL), e.ln_z, 1e-11,
         "and its own correlations");
    for (int b = 0; b < p->bonds; b++) {
        double K = beta * p->unit * p->J[b];
        off = fmax(off, fabs(e.c[b] - bethe_correlation(
            K, e.m[p->ends[2 * b]], e.m[p->ends[2 * b + 1]])));
    }
    near(off, 0, 1e-11, "which are the measured ones");
    near(mean_field_residual(p, 0, beta, e.m, bethe_field), 0, 1e-20,
         "Bethe's residual on a tree");
    ok(mean_field_residual(p, 0, beta, e.m, naive_mf_field) > 1e-4 &&
       mean_field_residual(p, 0, beta, e.m, tap_field) > 1e-5,
       "mutants rejected: naive and TAP residuals are not 0");
    e.m[0] += 0.01;
    ok(mean_field_residual(p, 0, beta, e.m, bethe_field) > 1e-6,
       "mutant rejected: another magnetisation");
    pairs_free(p);
}

/* ln Z at fixed m minus the truth falls as beta^(order + 1). */
static double order_of(double (*ln_z)(const struct pairs *, int, double,
                                      const double *))
{
    double off[2];
    for (int i = 0; i < 2; i++) {
        double beta = i ? 0.01 : 0.02;
        struct pairs *p = complete();
        struct exact e = enumerate(p, beta);
        off[i] = fabs(ln_z(p, 0, beta, e.m) - e.ln_z);
        pairs_free(p);
    }
    return log2(off[0] / off[1]) - 1;
}

static double bethe_own(const struct pairs *p, int sample, double beta,
                        const double *m)
{
    return bethe_ln_z(p, sample, beta, m, NULL);
}

static double tap_twice(const struct pairs *p, int sample, double beta,
                        const double *m)
{
    return 2 * tap_ln_z(p, sample, beta, m) -
           naive_mf_ln_z(p, sample, beta, m);
}

static void check_orders(void)
{
    near(order_of(naive_mf_ln_z), 1, 0.1, "naive mean field: first order");
    near(order_of(tap_ln_z), 2, 0.1, "TAP: second order");
    near(order_of(bethe_own), 2, 0.1,
         "Bethe with triangles: second order");
    ok(fabs(order_of(tap_twice) - 2) > 0.5,
       "mutant rejected: twice the reaction term");
}

/* d ln Z / d m_i = field_i - atanh m_i */
static double gradient_off(double (*ln_z)(const struct pairs *, int, double,
                                          const double *),
                           double (*field)(const struct pairs *, int, double,
                                           const double *, int64_t))
{
    static const double at[SITES] = {0.1, -0.4, 0.7, 0.3, -0.8, 0.55, -0.2,
                                     0.45};
    const double beta = 0.6, h = 1e-5;
    double off = 0, m[SITES];
    struct pairs *p = complete();
    memcpy(m, at, sizeof m);
    for (int i = 0; i < SITES; i++) {
        m[i] = at[i] + h;
        double up = ln_z(p, 0, beta, m);
        m[i] = at[i] - h;
        double slope = (up - ln_z(p, 0, beta, m)) / (2 * h);
        m[i] = at[i];
        off = fmax(off, fabs(slope - field(p, 0, beta, m, i) + atanh(m[i])));
    }
    pairs_free(p);
    return off;
}

int main(void)
{
    check_tree(false, 0.8);
    check_tree(false, 2.5);
    check_tree(true, 0.8);
    check_orders();
    near(gradient_off(naive_mf_ln_z, naive_mf_field), 0, 1e-8,
         "naive mean field: the field is the gradient");
    near(gradient_off(tap_ln_z, tap_field), 0, 1e-8, "TAP: likewise");
    near(gradient_off(bethe_own, bethe_field), 0, 1e-8, "Bethe: likewise");
    ok(gradient_off(tap_ln_z, naive_mf_field) > 1e-2,
       "mutant rejected: TAP's ln Z with the naive field");
    near(bethe_correlation(0.7, 0, 0), tanh(0.7), 1e-14, "two free spins");
    near(bethe_correlation(0, 0.3, -0.5), -0.15, 1e-15, "uncoupled spins");
    return tap_done();
}

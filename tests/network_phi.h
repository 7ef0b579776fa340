/* tanh, erf, relu and gelu on vectors against libm, in the precision whose
   vectors were included before. */
#include <string.h>

#include "systems/network_phi.h"
#include "tap.h"

/* Largest error of phi, phi' and phi'' at z of both signs, magnitudes from
   2^-30 to 2^9 and beyond, in units of max(|value|, floor); `strain` shifts z
   by a relative amount: the mutant. */
struct worst {
    double value, slope, bend;
};

static void look(enum network_activation kind, const real *z, double strain,
                 double floor, struct worst *w)
{
    real a[LANES], d[LANES], bend[LANES];
    reals in, out[3] = {{0}};
    real strained[LANES];
    for (int i = 0; i < LANES; i++)
        strained[i] = (real)(z[i] * (1 + strain));
    memcpy(&in, strained, sizeof in);
    phi(kind, in, &out[0], &out[1], &out[2]);
    memcpy(a, &out[0], sizeof a);
    memcpy(d, &out[1], sizeof d);
    memcpy(bend, &out[2], sizeof bend);
    for (int i = 0; i < LANES; i++) {
        double want[2], value = network_activation(kind, z[i], want);
        w->value = fmax(w->value, fabs(a[i] - value) /
                                      fmax(fabs(value), floor));
        w->slope = fmax(w->slope, fabs(d[i] - want[0]));
        w->bend = fmax(w->bend, fabs(bend[i] - want[1]));
    }
}

static struct worst worst_of(enum network_activation kind, double strain,
                             double floor)
{
    struct worst w = {0};
    real z[LANES];
    for (double x = 0x1p-30; x < 512; x *= 1 + 0x1p-14)
        for (int sign = -1; sign <= 1; sign += 2) {
            for (int i = 0; i < LANES; i++)
                z[i] = (real)(sign * x * (1 + 0x1p-16 * i));
            look(kind, z, strain, floor, &w);
        }
    const double far[] = {0, 1e3, 1e10, 1e30};
    for (int f = 0; f < 4; f++) {
        for (int i = 0; i < LANES; i++)
            z[i] = (real)(i % 2 ? far[f] : -far[f]);
        look(kind, z, strain, floor, &w);
    }
    return w;
}

/* The bounds of network_phi.h. */
static void test_accuracy(const char *precision, double bound)
{
    const char *name[] = {"tanh", "erf", "relu", "gelu"};
    for (enum network_activation k = 0; k <= NETWORK_GELU; k++) {
        double floor = k == NETWORK_GELU ? 1 : 0x1p-40;
        struct worst w = worst_of(k, 0, floor);
        ok(w.value <= bound && w.slope <= bound && w.bend <= 2 * bound,
           "%s in %s precision: value, slope, bend", name[k], precision);
        printf("# off by %.3g, %.3g, %.3g of %.3g\n", w.value / bound,
               w.slope / bound, w.bend / bound, bound);
        w = worst_of(k, 8 * bound, floor);
        ok(w.value > bound, "%s of shifted numbers is rejected", name[k]);
    }
}

/* Saturated exactly, odd, and what is not a number stays so. */
static void test_ends(void)
{
    for (enum network_activation k = 0; k <= NETWORK_GELU; k++) {
        reals a, d, bend;
        phi(k, all((real)1e20), &a, &d, &bend);
        bool top = a[0] == (k <= NETWORK_ERF ? 1 : (real)1e20);
        phi(k, all((real)-1e20), &a, &d, &bend);
        ok(top && a[0] == (k <= NETWORK_ERF ? -1 : 0), "ends of phi %u", k);
        phi(k, all((real)NAN), &a, &d, &bend);
        ok(isnan(a[0]), "phi %u of NaN", k);
    }
}

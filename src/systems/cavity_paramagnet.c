#include "systems/cavity_paramagnet.h"

#include <math.h>

#include "stat/tanh_average.h"
#include "systems/cavity.h"

static const double ln2 = 0x1.62e42fefa39efp-1;

double cavity_branches(const struct cavity_ensemble *ensemble)
{
    return ensemble->poisson ? ensemble->degree : ensemble->degree - 1;
}

double cavity_mean_coupling(const struct cavity_ensemble *ensemble)
{
    return ensemble->couplings == CAVITY_PM ? 2 * ensemble->up - 1 : 0;
}

/* At w = J/T; .tanh is that of |J| = 1. */
static struct tanh_average link_average(const struct cavity_ensemble *e)
{
    double K = 1 / e->T, t = tanh(K), sech = 1 / cosh(K);
    if (e->couplings == CAVITY_NORMAL)
        return tanh_average(0, K);
    return (struct tanh_average){.tanh = t, .tanh2 = t * t,
                                 .sech2 = sech * sech,
                                 .ln_2cosh = K + log1p(exp(-2 * K))};
}

/* ---- lines --------------------------------------------------------------- */

static double glass_misfit(double T, void *with)
{
    struct cavity_ensemble e = *(const struct cavity_ensemble *)with;
    e.T = T;
    return cavity_branches(&e) * link_average(&e).tanh2 - 1;
}

struct root cavity_glass_line(const struct cavity_ensemble *ensemble)
{
    struct cavity_ensemble e = *ensemble;
    double n = cavity_branches(&e);
    struct root T = {0, 0, true};
    if (n <= 1)
        return T;
    if (e.couplings == CAVITY_NORMAL)
        return root_between(glass_misfit, &e, 1e-9, sqrt(n) + 1);
    T.x = 1 / atanh(1 / sqrt(n));
    return T;
}

double cavity_ferro_line(const struct cavity_ensemble *ensemble)
{
    double n = cavity_branches(ensemble) * cavity_mean_coupling(ensemble);
    return n > 1 ? 1 / atanh(1 / n) : 0;
}

double cavity_nishimori(const struct cavity_ensemble *ensemble)
{
    double J = cavity_mean_coupling(ensemble);
    return J > 0 && J < 1 ? 1 / atanh(J) : 0;
}

/* ---- populations --------------------------------------------------------- */

/* On the side of h or <J>; without a side about as wide as fields become. */
static void begin(struct cavity_ensemble *e)
{
    double J = cavity_mean_coupling(e), Tg = cavity_glass_line(e).x;
    e->start = J > 0 ? (e->h < 0 ? -1 : 1) : e->h;
    e->spread = 1;
    if (J == 0 && e->h == 0 && Tg > e->T)
        e->spread = Tg * fmin(1, sqrt(2 * (1 - e->T / Tg)));
}

struct cavity_averages cavity_fields(const struct cavity_ensemble *ensemble,
                                     const struct cavity_effort *effort)
{
    struct cavity_ensemble e = *ensemble;
    struct cavity_effort longer = *effort;
    if (e.h == 0 && e.T > 0) {
        struct tanh_average a = link_average(&e);
        double n = cavity_branches(&e), J = cavity_mean_coupling(&e);
        double rate = fmax(n * a.tanh2, n * J * a.tanh) - 1;
        if (!(rate * 16 * (double)effort->rows >= 20))
            return (struct cavity_averages){.settled = false};
        if (20 / rate > (double)effort->rows) {
            longer.rows = (int64_t)(20 / rate);
            longer.doublings = 1;
        }
    }
    begin(&e);
    return cavity_pool(&e, &longer);
}

/* ---- thermodynamics ------------------------------------------------------ */

/* Of a spin in the field J: its mean entropy, <(J/T)^2 sech^2 J/T>. */
static struct tanh_thermal link_thermal(const struct cavity_ensemble *e)
{
    double K = 1 / e->T, w = K / cosh(K);
    if (e->couplings == CAVITY_NORMAL)
        return tanh_thermal(K);
    return (struct tanh_thermal){cavity_spin_entropy(e->T, 1),
                                 w > 0 ? w * w : 0};
}

/* 1 + c t + c n t^2 + ... */
static double shells(double c, double n, double t)
{
    return n * t < 1 ? (1 + (c - n) * t) / (1 - n * t) : NAN;
}

struct cavity_paramagnet
cavity_paramagnet(const struct cavity_ensemble *ensemble)
{
    const struct cavity_ensemble *e = ensemble;
    struct tanh_average a = link_average(e);
    struct tanh_thermal link = link_thermal(e);
    double c = e->degree, n = cavity_branches(e), T = e->T;
    double ln_z = ln2 + c / 2 * (a.ln_2cosh - ln2);
    double mean = cavity_mean_coupling(e) * a.tanh;
    double J_correlation = e->couplings == CAVITY_PM ? a.tanh : a.sech2 / T;
    return (struct cavity_paramagnet){
        .energy = -c / 2 * J_correlation, .free_energy = -T * ln_z,
        .entropy = ln2 + c / 2 * (link.entropy - ln2),
        .specific_heat = c / 2 * link.heat, .link_overlap = a.tanh2,
        .susceptibility = shells(c, n, mean) / T,
        .glass_susceptibility = shells(c, n, a.tanh2),
        .stability = log(n * a.tanh2)};
}

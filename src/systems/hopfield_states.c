#include "systems/hopfield_states.h"

#include <math.h>

#include "stat/tanh_average.h"

static const double root_half = 0x1.6a09e667f3bcdp-1,
                    root_2_pi = 0x1.9884533d43651p-1; /* sqrt(2/pi) */

/* ---- states ------------------------------------------------------------ */

struct hopfield_state hopfield_at(double T, double m, double delta)
{
    struct hopfield_state s = {.T = T, .m = m, .delta = delta, .q = 1};
    double y = m / delta * root_half;
    if (T == 0) {
        s.m_out = erf(y);
        s.C = root_2_pi * exp(-y * y) / delta;
        s.sech4 = INFINITY;
        s.entropy_of_spin = m * s.m_out + delta * delta * s.C;
        return s;
    }
    struct tanh_average t = tanh_average(m / T, delta / T);
    s.m_out = t.tanh;
    s.q = t.tanh2;
    s.C = t.sech2 / T;
    s.sech4 = t.sech4 / (T * T);
    s.entropy_of_spin = T * t.ln_2cosh;
    return s;
}

double hopfield_load(const struct hopfield_state *s)
{
    double gap = 1 - s->C;
    return gap > 0 ? s->delta * s->delta * gap * gap / s->q : -INFINITY;
}

void hopfield_results(const struct hopfield_state *s, double alpha,
                      double value[HOPFIELD_RESULTS])
{
    double T = s->T, gap = 1 - s->C, r = s->q / (gap * gap);
    value[HOPFIELD_Q] = s->q;
    value[HOPFIELD_R] = r;
    value[HOPFIELD_U] = 0.5 * (alpha - s->m * s->m -
                               alpha * (1 / gap + r * s->C));
    value[HOPFIELD_F] = 0.5 * (alpha + s->m * s->m) - s->entropy_of_spin +
                        0.5 * alpha * (T * log(gap) - s->q / gap + r * s->C);
    value[HOPFIELD_S] = T > 0 ? (value[HOPFIELD_U] - value[HOPFIELD_F]) / T
                              : -0.5 * alpha * (log(gap) + s->C / gap);
    value[HOPFIELD_REPLICON] = gap * gap - alpha * s->sech4;
}

/* ---- the retrieval curve ------------------------------------------------ */

struct curve { double T, y, alpha; };

static double magnetization_misfit(double delta, void *with)
{
    const struct curve *c = with;
    double m = c->y * delta / root_half;
    struct hopfield_state s = hopfield_at(c->T, m, delta);
    return s.m_out / m - 1;
}

/* delta falls below what it is at T = 0. */
struct hopfield_state hopfield_on_curve(double T, double y)
{
    struct curve c = {.T = T, .y = y};
    double high = erf(y) * root_half / y, low = high;
    if (T == 0)
        return hopfield_at(T, erf(y), high);
    high *= 1 + 1e-9; /* the bracket must see a change of sign */
    while (low > 1e-12 && magnetization_misfit(low, &c) <= 0)
        low /= 2;
    struct root delta = root_between(magnetization_misfit, &c, low, high);
    return hopfield_at(T, y * delta.x / root_half, delta.x);
}

static double load_on_curve(double y, void *with)
{
    const struct curve *c = with;
    struct hopfield_state s = hopfield_on_curve(c->T, y);
    return hopfield_load(&s);
}

/* 1.511 at T = 0, 1.478 near T = 1, where alpha_c = 0.262 (1 - T)^2. */
struct root hopfield_capacity(double T)
{
    struct curve c = {.T = T};
    if (T >= 1)
        return (struct root){NAN, NAN, false};
    return peak_between(load_on_curve, &c, 1, 2.2, 9);
}

static double load_misfit(double y, void *with)
{
    return load_on_curve(y, with) - ((struct curve *)with)->alpha;
}

/* alpha(y) < 1/(2 y^2) */
struct root hopfield_retrieval(double T, double alpha, double top)
{
    struct curve c = {.T = T, .alpha = alpha};
    if (!isfinite(top) || load_misfit(top, &c) < 0)
        return (struct root){NAN, NAN, false};
    return root_between(load_misfit, &c, top, sqrt(0.6 / alpha));
}

/* ---- the spin glass ----------------------------------------------------- */

static double glass_misfit(double delta, void *with)
{
    const struct curve *c = with;
    struct hopfield_state s = hopfield_at(c->T, 0, delta);
    return delta * (1 - s.C) - sqrt(c->alpha * s.q);
}

struct root hopfield_glass(double T, double alpha)
{
    struct curve c = {.T = T, .alpha = alpha};
    double high = (sqrt(alpha) + root_2_pi) * (1 + 1e-9), low = high;
    if (T >= 1 + sqrt(alpha))
        return (struct root){0, 0, true};
    if (T == 0)
        return (struct root){sqrt(alpha) + root_2_pi, 0, true};
    while (low > 1e-9 && glass_misfit(low, &c) >= 0)
        low /= 2;
    return root_between(glass_misfit, &c, low, high);
}

/* ---- lines -------------------------------------------------------------- */

/* The capacity decreases to 0 at T = 1. */
static double capacity_misfit(double T, void *with)
{
    struct hopfield_state s = hopfield_on_curve(T, hopfield_capacity(T).x);
    return hopfield_load(&s) - *(double *)with;
}

struct root hopfield_melting(double alpha)
{
    return root_between(capacity_misfit, &alpha, 0.0229, 1 - 1e-5);
}

static double free_energy(struct hopfield_state s, double alpha)
{
    double value[HOPFIELD_RESULTS];
    hopfield_results(&s, alpha, value);
    return value[HOPFIELD_F];
}

double hopfield_advantage(double T, double alpha, double top)
{
    double y = hopfield_retrieval(T, alpha, top).x;
    double delta = hopfield_glass(T, alpha).x;
    return free_energy(hopfield_on_curve(T, y), alpha) -
           free_energy(hopfield_at(T, 0, delta), alpha);
}

/* Where to look for the stable state from: y = 1.5 where alpha(1.5) is above
   alpha, as beyond the capacity alpha(y) only falls; else the capacity's y. */
static double top_of(double T, double alpha)
{
    struct curve c = {.T = T, .alpha = alpha};
    return T < 1 && load_misfit(1.5, &c) > 0 ? 1.5 : hopfield_capacity(T).x;
}

static double advantage_by_T(double T, void *with)
{
    double alpha = *(double *)with;
    return hopfield_advantage(T, alpha, top_of(T, alpha));
}

struct root hopfield_balance(double alpha, double melting)
{
    return root_between(advantage_by_T, &alpha, 0, melting * (1 - 1e-6));
}

static double advantage_by_load(double alpha, void *with)
{
    const struct curve *c = with;
    return hopfield_advantage(c->T, alpha, c->y);
}

struct root hopfield_balance_load(double T, double top, double most)
{
    struct curve c = {.T = T, .y = top};
    return root_between(advantage_by_load, &c, 1e-4 * most,
                        most * (1 - 1e-9));
}

static double replicon_by_ln_T(double ln_T, void *with)
{
    double alpha = *(double *)with, T = exp(ln_T), value[HOPFIELD_RESULTS];
    double y = hopfield_retrieval(T, alpha, top_of(T, alpha)).x;
    struct hopfield_state s = hopfield_on_curve(T, y);
    hopfield_results(&s, alpha, value);
    return value[HOPFIELD_REPLICON];
}

struct root hopfield_breaking(double alpha, double melting)
{
    double low = fmax(-200, 0.5 * log(alpha / 3.534) - 0.5 / alpha) - 3;
    return root_between(replicon_by_ln_T, &alpha, low,
                        log(fmin(0.999 * melting, 0.03)));
}

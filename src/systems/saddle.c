#include "systems/saddle.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <math.h>

#include "stat/tanh_average.h"

/* Where a normal density is below 1e-30 of its height. */
#define EDGE 12.0
#define ROOT_HALF 0.70710678118654752
#define TWO_PI 6.283185307179586477
/* 1 - q at least: the fields diverge at q = 1. */
#define APART_LEAST 1e-9

struct integrand {
    const struct saddle *saddle;
    double wide;   /* sqrt(1 - q) */
    double root_q, ratio; /* R / sqrt(q - R^2) */
    double along;  /* sqrt(q - R^2) */
};

static double density(double x)
{
    return exp(-x * x / 2) / sqrt(TWO_PI);
}

/* phi(x) / H(x), x large */
static double hazard(double x)
{
    double above = 0.5 * erfc(x * ROOT_HALF);
    return above > 1e-290 ? density(x) / above : x + 1 / x;
}

/* phi / (e^-beta / (1 - e^-beta) + H) / sqrt(1 - q) */
static double g(const struct integrand *t, double w)
{
    double x = (t->saddle->kappa - w) / t->wide, beta = t->saddle->beta;
    double floor = 1 / expm1(beta);
    return (floor > 0 ? density(x) / (floor + 0.5 * erfc(x * ROOT_HALF))
                      : hazard(x)) / t->wide;
}

static double of_R(double s, void *context)
{
    const struct integrand *t = context;
    return density(s) * g(t, t->along * s);
}

static double of_q(double z, void *context)
{
    const struct integrand *t = context;
    double slope = g(t, t->root_q * z), wrong = t->saddle->wrong;
    double chance = wrong + (1 - 2 * wrong) * 0.5 *
                                erfc(-t->ratio * z * ROOT_HALF);
    return density(z) * chance * slope * slope;
}

/* Over the normal measure; kinks are at 0, and near where a step of g is. */
static double integral(double (*of)(double, void *), struct integrand *t,
                       double kink)
{
    enum { ROOM = 200 };
    gsl_integration_workspace *room = gsl_integration_workspace_alloc(ROOM);
    gsl_function f = {.function = of, .params = t};
    double sum, error, middle = fmin(fmax(kink, -EDGE / 2), EDGE / 2);
    double at[] = {-EDGE, fmin(0, middle), fmax(0, middle), EDGE}, whole = 0;
    for (int i = 0; i < 3; i++)
        if (at[i] < at[i + 1]) {
            gsl_integration_qag(&f, at[i], at[i + 1], 1e-14, 1e-11, ROOM,
                                GSL_INTEG_GAUSS61, room, &sum, &error);
            whole += sum;
        }
    gsl_integration_workspace_free(room);
    return whole;
}

void saddle_residual(const struct saddle *saddle, double R, double q,
                     double out[2])
{
    double edge = 1 - APART_LEAST, inside = fmin(fmax(q, R * R), edge);
    double rest = fmax(inside - R * R, 0);
    struct integrand t = {.saddle = saddle, .wide = sqrt(1 - inside),
                          .root_q = sqrt(inside), .along = sqrt(rest)};
    t.ratio = rest > 0 ? R / t.along : copysign(1e9, R);
    double kink = t.root_q > 0 ? saddle->kappa / t.root_q : 0;
    double R_hat = 0, q_hat = 0;
    gsl_error_handler_t *old = gsl_set_error_handler_off();
    if (saddle->beta > 0) {
        R_hat = 2 * saddle->alpha * (1 - 2 * saddle->wrong) / sqrt(TWO_PI) *
                integral(of_R, &t, rest > 0 ? saddle->kappa / t.along : 0);
        q_hat = 2 * saddle->alpha * integral(of_q, &t, kink);
    }
    gsl_set_error_handler(old);
    if (saddle->sphere) { /* (1 - q)^2 total = q */
        double total = q_hat + R_hat * R_hat;
        double apart = 2 / (1 + sqrt(1 + 4 * total));
        out[0] = R - R_hat * apart;
        out[1] = q - (1 - apart);
    } else {
        struct tanh_average mean = tanh_average(R_hat, sqrt(q_hat));
        out[0] = R - mean.tanh;
        out[1] = q - mean.tanh2;
    }
}

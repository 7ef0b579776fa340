/* stat/channel.h against integrals of other forms, dI/d(1/S) = mmse/2, and the
   Nishimori identity: the mean posterior variance of draws is the mmse. */
#include <gsl/gsl_integration.h>
#include <math.h>

#include "base/chance.h"
#include "stat/channel.h"
#include "tap.h"

static const char *const name[] = {"gaussian", "bernoulli_gauss",
                                   "rademacher", "sparse_rademacher"};

struct at { struct channel channel; double S; };

/* P(r) of the prior in full. */
static double density(const struct at *a, double r)
{
    double rho = a->channel.rho, c = 1 / sqrt(rho), S = a->S;
    double none = exp(-r * r / (2 * S)) / sqrt(2 * M_PI * S);
    double wide = exp(-r * r / (2 * (1 + S))) / sqrt(2 * M_PI * (1 + S));
    double two = (exp(-(r - c) * (r - c) / (2 * S)) +
                  exp(-(r + c) * (r + c) / (2 * S))) /
                 sqrt(8 * M_PI * S);
    switch (a->channel.prior) {
    case CHANNEL_BERNOULLI_GAUSS: return (1 - rho) * none + rho * wide;
    case CHANNEL_RADEMACHER: return two;
    case CHANNEL_SPARSE_RADEMACHER: return (1 - rho) * none + rho * two;
    default: return wide;
    }
}

/* mmse = <x^2> - int P(r) <x>^2, another form than that of the program. */
static double known(double r, void *with)
{
    const struct at *a = with;
    double mean;
    channel_denoise(a->channel, a->S, 1, &r, &mean);
    return density(a, r) * mean * mean;
}

/* h(r) */
static double surprise(double r, void *with)
{
    double p = density(with, r);
    return p > 0 ? -p * log(p) : 0;
}

/* Over r from -most to most. */
static double integral(double (*f)(double, void *), struct at a, double most)
{
    gsl_integration_workspace *w = gsl_integration_workspace_alloc(2000);
    gsl_function g = {f, &a};
    double sum = 0, error;
    for (int i = -40; i < 40; i++) {
        double part;
        gsl_integration_qag(&g, most * i / 40, most * (i + 1) / 40, 1e-16,
                            1e-12, 2000, GSL_INTEG_GAUSS61, w, &part, &error);
        sum += part;
    }
    gsl_integration_workspace_free(w);
    return sum;
}

static void one(struct at a)
{
    double rho = a.channel.rho, h = 1e-4 / a.S;
    double most = 1 / sqrt(rho) + 12 * sqrt(1 + a.S);
    double mmse = channel_mmse(a.channel, a.S);
    double other = channel_power(a.channel) - integral(known, a, most);
    ok(fabs(mmse - other) < 1e-11, "%s %.2g S = %g: mmse %.12f",
       name[a.channel.prior], rho, a.S, mmse);
    near(channel_known(a.channel, a.S), integral(known, a, most), 1e-11,
         "what is known");
    double I = channel_information(a.channel, a.S);
    other = integral(surprise, a, most) -
            log(2 * M_PI * exp(1) * a.S) / 2;
    ok(fabs(I - other) < 1e-10, "information %.12f (%.2g off)", I, I - other);
    double slope = (channel_information(a.channel, 1 / (1 / a.S + h)) -
                    channel_information(a.channel, 1 / (1 / a.S - h))) /
                   (2 * h);
    ok(fabs(slope - mmse / 2) < 1e-7 * (1 + mmse) * a.S / fmin(a.S, 1),
       "dI/d(1/S) = mmse/2");
}

/* The mean over draws of r of the posterior variance and of the squared error
   are the mmse; 5 standard errors (false alarm 6e-7), and that of another S
   is rejected. */
static double misfit(struct at a, double claimed, double truth_of_error)
{
    enum { DRAWS = 20000 };
    double sum = 0, sum2 = 0, rho = a.channel.rho;
    struct chance c = chance_of(3, RNG_TEST, 0, 0);
    for (int i = 0; i < DRAWS; i++) {
        double u = chance_unit(&c), x = chance_normal(&c), mean;
        double sign = x < 0 ? -1 : 1;
        bool discrete = a.channel.prior >= CHANNEL_RADEMACHER;
        x = discrete ? sign / sqrt(rho) : x;
        if (a.channel.prior != CHANNEL_GAUSSIAN && u > rho)
            x = 0;
        double r = x + sqrt(a.S) * chance_normal(&c);
        double variance = channel_denoise(a.channel, a.S, 1, &r, &mean);
        double term = truth_of_error > 0 ? (x - mean) * (x - mean) : variance;
        sum += term;
        sum2 += term * term;
    }
    double average = sum / DRAWS;
    return (average - claimed) /
           sqrt((sum2 / DRAWS - average * average) / DRAWS);
}

int main(void)
{
    static const double noise[] = {0.01, 0.2, 3};
    for (int p = 0; p < 4; p++)
        for (int k = 0; k < 3; k++)
            one((struct at){{(enum channel_prior)p, p % 2 ? 0.15 : 1},
                            noise[k]});
    for (int p = 1; p < 4; p++) {
        struct at a = {{(enum channel_prior)p, p % 2 ? 0.15 : 1}, 0.3};
        double mmse = channel_mmse(a.channel, 0.3);
        double other = channel_mmse(a.channel, 0.25);
        ok(fabs(misfit(a, mmse, 1)) < 5, "%s: squared errors", name[p]);
        ok(fabs(misfit(a, mmse, 0)) < 5, "posterior variances");
        ok(fabs(misfit(a, other, 1)) > 5, "rejected: another noise");
    }
    /* limits: rho = 1, S -> 0 and infinity */
    struct channel dense = {CHANNEL_BERNOULLI_GAUSS, 1},
                   thin = {CHANNEL_BERNOULLI_GAUSS, 0.1};
    near(channel_mmse(dense, 0.5), 1.0 / 3, 1e-15, "rho = 1 is Gaussian");
    near(channel_mmse(thin, 1e-30) / 1e-30, 0.1, 0.02, "S -> 0: rho S");
    near(channel_mmse(thin, 1e8), 0.1, 1e-8, "S -> infinity: rho");
    near(channel_information((struct channel){CHANNEL_SPARSE_RADEMACHER, 0.1},
                             1e-5),
         -0.1 * log(0.05) - 0.9 * log(0.9), 1e-14, "all is known");
    return tap_done();
}

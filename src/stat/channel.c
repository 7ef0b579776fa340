#include "stat/channel.h"

#include <math.h>

#include "stat/tanh_average.h"

static const double root_2pi = 0x1.40d931ff62705p1,
                    ln_2 = 0x1.62e42fefa39efp-1;

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

double channel_power(struct channel channel)
{
    return channel.prior == CHANNEL_BERNOULLI_GAUSS ? channel.rho : 1;
}

/* ---- Bernoulli-Gauss ---------------------------------------------------- */

/* ln of the odds that x is not 0, at r = y sqrt(S). */
static double odds(double rho, double S, double y)
{
    return log(rho / (1 - rho)) + 0.5 * log(S / (1 + S)) +
           0.5 * y * y / (1 + S);
}

/* What is not known of x beside whether it is 0: rho S/(1 + S), then the part
   of that, pi (1 - pi) (r/(1 + S))^2. P(r) (1 - pi) = (1 - rho) N(r; 0, S), so
   that the sum is over y with weight e^(-y^2/2); for all S > 1e-40 the poles of
   pi lie beyond Im y = 0.3, and what is cut off is less than e^-100 of it. */
struct sparse { double mmse, equivocation, known; };

static struct sparse sparse_of(double rho, double S)
{
    const double step = 1.0 / 32;
    struct sparse sum = {0, 0, 0};
    for (int i = 0; i < 20 * 32; i++) {
        double y = i * step, L = odds(rho, S, y), e = exp(-fabs(L));
        double weight = (i ? 2 : 1) * step / root_2pi * exp(-y * y / 2);
        double tail = log1p(e); /* softplus(-|L|) */
        /* -pi/(1 - pi) ln pi - ln(1 - pi) */
        double doubt = L > 0 ? (e > 0 ? tail / e : 1) + L + tail
                             : e * (tail - L) + tail;
        sum.mmse += weight * y * y * logistic(L);
        sum.equivocation += weight * doubt;
    }
    sum.mmse *= (1 - rho) * S / ((1 + S) * (1 + S));
    sum.equivocation *= 1 - rho;
    return sum;
}

static double entropy_of(double p)
{
    return p <= 0 || p >= 1 ? 0 : -p * log(p) - (1 - p) * log1p(-p);
}

/* ---- 0 and +-1/sqrt(rho) ------------------------------------------------- */

/* Averages over z at x = 0 and at x = +-c; mu = c / sqrt(S). Poles lie at
   Im z = pi/2 mu. Beyond mu = 80 errors are e^(-mu^2/8) < 1e-300. */
static struct sparse three_values(double rho, double S)
{
    double mu = 1 / sqrt(rho * S), step = fmin(1.0 / 32, 0.25 / mu);
    double none = rho < 1 ? log1p(-rho) : -INFINITY, some = log(rho) - ln_2;
    struct sparse sum = {0, 0, 0};
    if (mu > 80) {
        sum.known = 1;
        return sum;
    }
    int most = (int)(12 / step);
    for (int i = -most; i <= most; i++) {
        double z = i * step, weight = step / root_2pi * exp(-z * z / 2);
        for (int k = 0; k < 2; k++) {
            double y = k * mu + z, share = k ? rho : 1 - rho;
            /* ln of P(x) N(y - x) / N(y), x = 0, +c, -c */
            double plus = some + mu * y - mu * mu / 2;
            double minus = some - mu * y - mu * mu / 2;
            double top = fmax(none, fmax(plus, minus));
            double p0 = exp(none - top), p1 = exp(plus - top),
                   p2 = exp(minus - top), all = p0 + p1 + p2;
            double m = (p1 - p2) / all;
            sum.mmse += share * weight * ((p1 + p2) / all - m * m);
            sum.known += share * weight * m * m;
            /* -ln of the posterior weight of what x is */
            double own = k ? plus : none;
            if (share > 0)
                sum.equivocation += share * weight * (top + log(all) - own);
        }
    }
    sum.mmse /= rho;
    sum.known /= rho;
    return sum;
}

/* ---- all ----------------------------------------------------------------- */

double channel_mmse(struct channel channel, double S)
{
    double rho = channel.rho;
    switch (channel.prior) {
    case CHANNEL_BERNOULLI_GAUSS:
        return rho * S / (1 + S) + (rho < 1 ? sparse_of(rho, S).mmse : 0);
    case CHANNEL_RADEMACHER:
        return tanh_average(1 / S, 1 / sqrt(S)).sech2;
    case CHANNEL_SPARSE_RADEMACHER:
        return three_values(rho, S).mmse;
    default:
        return S / (1 + S);
    }
}

double channel_known(struct channel channel, double S)
{
    switch (channel.prior) {
    case CHANNEL_BERNOULLI_GAUSS:
        return channel.rho - channel_mmse(channel, S);
    case CHANNEL_RADEMACHER:
        return tanh_average(1 / S, 1 / sqrt(S)).tanh2;
    case CHANNEL_SPARSE_RADEMACHER:
        return three_values(channel.rho, S).known;
    default:
        return 1 / (1 + S);
    }
}

double channel_information(struct channel channel, double S)
{
    double rho = channel.rho;
    switch (channel.prior) {
    case CHANNEL_BERNOULLI_GAUSS:
        return entropy_of(rho) + rho / 2 * log1p(1 / S) -
               (rho < 1 ? sparse_of(rho, S).equivocation : 0);
    case CHANNEL_RADEMACHER:
        return 1 / S + ln_2 - tanh_average(1 / S, 1 / sqrt(S)).ln_2cosh;
    case CHANNEL_SPARSE_RADEMACHER:
        return entropy_of(rho) + rho * ln_2 - three_values(rho, S).equivocation;
    default:
        return log1p(1 / S) / 2;
    }
}

/* Posterior mean and variance of one r. */
struct posterior { double mean, variance; };

static struct posterior posterior_of(struct channel channel, double S,
                                     double r)
{
    double rho = channel.rho, c = 1 / sqrt(rho), t;
    switch (channel.prior) {
    case CHANNEL_BERNOULLI_GAUSS: {
        double pi = rho < 1 ? logistic(odds(rho, S, r / sqrt(S))) : 1;
        double slab = r / (1 + S);
        return (struct posterior){pi * slab, pi * S / (1 + S) +
                                                 pi * (1 - pi) * slab * slab};
    }
    case CHANNEL_RADEMACHER:
        t = tanh(r / S);
        return (struct posterior){t, 1 - t * t};
    case CHANNEL_SPARSE_RADEMACHER: {
        double field = fabs(c * r / S);
        /* ln cosh = |x| + ln(1 + e^-2|x|) - ln 2 */
        double L = log(rho / (1 - rho)) - c * c / (2 * S) + field +
                   log1p(exp(-2 * field)) - ln_2;
        double pi = rho < 1 ? logistic(L) : 1;
        t = tanh(c * r / S);
        return (struct posterior){pi * c * t,
                                  pi * c * c * (1 - pi * t * t)};
    }
    default:
        return (struct posterior){r / (1 + S), S / (1 + S)};
    }
}

double channel_denoise(struct channel channel, double S, int64_t count,
                       const double *r, double *mean)
{
    double sum = 0;
    for (int64_t i = 0; i < count; i++) {
        struct posterior p = posterior_of(channel, S, r[i]);
        mean[i] = p.mean;
        sum += p.variance;
    }
    return sum / (double)count;
}

/* stat/soft.h against quadrature, against draws, and the transition against
   the maximum over thresholds that it stands for. */
#include <gsl/gsl_integration.h>
#include <math.h>

#include "stat/soft.h"
#include "tap.h"

struct at { struct soft soft; double a, tau; };

static double error_of(struct at a, double x, double z)
{
    double r = x + a.tau * z, mean;
    soft_denoise(a.soft.one_sided, a.a * a.tau, 1, &r, &mean);
    return (mean - x) * (mean - x);
}

/* Over z by Simpson's rule between the kinks of eta. */
static double over_noise(struct at a, double x)
{
    double cut[] = {-12, -a.a - x / a.tau, a.a - x / a.tau, 12}, sum = 0;
    for (int k = 0; k < 3; k++) {
        double low = fmin(fmax(cut[k], -12), 12);
        double high = fmin(fmax(cut[k + 1], -12), 12), h = (high - low) / 2000;
        for (int i = 0; i <= 2000 && h > 0; i++) {
            /* nudged off the kink, where eta is continuous anyway */
            double z = low + i * h;
            double w = i == 0 || i == 2000 ? 1 : i % 2 ? 4 : 2;
            sum += w * h / 3 * exp(-z * z / 2) / sqrt(2 * M_PI) *
                   error_of(a, x, z);
        }
    }
    return sum;
}

static double expected(struct at a)
{
    double some = 0, rho = a.soft.rho;
    if (a.soft.law == SOFT_VALUES)
        some = a.soft.one_sided
                   ? over_noise(a, 1)
                   : (over_noise(a, 1) + over_noise(a, -1)) / 2;
    else
        for (int i = -400; i <= 400; i++) { /* smooth in x: trapezoid */
            double x = i * 0.025;
            some += 0.025 * exp(-x * x / 2) / sqrt(2 * M_PI) *
                    over_noise(a, x);
        }
    return (1 - rho) * over_noise(a, 0) + rho * some;
}

/* max over z of (1 - (k/delta) R(z)) / (1 + z^2 - k R(z)), R(z) =
   (1 + z^2) F(-z) - z f(z). */
static double sparsity_by_search(double delta, double k)
{
    double best = 0;
    for (int i = 0; i < 400000; i++) {
        double z = i * 1e-5;
        double R = (1 + z * z) * erfc(z / sqrt(2)) / 2 -
                   z * exp(-z * z / 2) / sqrt(2 * M_PI);
        best = fmax(best, (1 - k / delta * R) / (1 + z * z - k * R));
    }
    return best;
}

int main(void)
{
    static const struct soft law[] = {{SOFT_VALUES, 0.128, false},
                                      {SOFT_VALUES, 0.2, true},
                                      {SOFT_GAUSS, 0.3, false}};
    static const double a[] = {0.3, 1.5}, tau[] = {0.05, 0.6, 4};
    for (int l = 0; l < 3; l++)
        for (int i = 0; i < 2; i++)
            for (int j = 0; j < 3; j++) {
                struct at at = {law[l], a[i], tau[j]};
                double risk = soft_risk(law[l], a[i], tau[j]).ratio;
                double other = expected(at) / (tau[j] * tau[j]);
                ok(fabs(risk - other) < 1e-8 * (1 + other),
                   "law %d a %g tau %g: %.10f (%.1e off)", l, a[i], tau[j],
                   risk, risk - other);
            }
    for (int k = 1; k <= 2; k++)
        for (int i = 0; i < 3; i++) {
            double delta = 0.1 + 0.35 * i;
            struct soft_transition t = soft_transition(delta, k == 1);
            near(t.sparsity, sparsity_by_search(delta, k), 1e-9,
                 "transition is the best threshold's");
            struct root d = soft_least_delta(delta * t.sparsity, k == 1);
            near(d.x, delta, 1e-12, "and back");
        }
    ok(soft_transition(1e-4, false).found, "few measurements");
    near(soft_risk(law[2], 1.2, 1e-9).ratio,
         soft_risk(law[2], 1.2, 0).ratio, 1e-8, "tau -> 0");
    return tap_done();
}

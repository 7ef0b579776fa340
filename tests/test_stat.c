/* The gamma method and Student's factor (src/stat). */
#include <stdlib.h>

#include "base/alloc.h"
#include "coverage.h"
#include "stat/gamma.h"
#include "stat/student.h"

/* x[t] = rho x[t-1] + noise, stationary, mean 3 */
static void autoregress(struct source *source, double rho, int64_t rows,
                        double *x)
{
    double state = normal(source);
    for (int64_t t = 0; t < rows; t++) {
        x[t] = 3 + state;
        state = rho * state + sqrt(1 - rho * rho) * normal(source);
    }
}

static void check_autoregression(double rho, int rows, uint32_t stream)
{
    enum { REPLICAS = 600, ROWS_MAX = 4000 };
    static double x[ROWS_MAX];
    struct source source = {.stream = stream};
    struct tally honest = {0}, naive = {0};
    struct gamma_plan *plan = gamma_plan_new(rows);
    double tau = 0, want = (1 + rho) / (2 * (1 - rho));
    for (int i = 0; i < REPLICAS; i++) {
        autoregress(&source, rho, rows, x);
        struct gamma gamma = gamma_estimate(plan, x, 1);
        count(&honest, gamma.mean - 3, gamma.error);
        count(&naive, gamma.mean - 3, naive_error(x, rows, 1));
        tau += gamma.tau_int / REPLICAS;
    }
    gamma_plan_free(plan);
    char what[80];
    snprintf(what, sizeof what, "AR(1), rho = %g, %d rows", rho, rows);
    covers(&honest, true, what);
    if (rows < 100)
        return;
    ok(fabs(tau / want - 1) < 0.05, "tau_int of %s: %.3f, exact %.3f", what,
       tau, want);
    if (rho != 0) {
        snprintf(what, sizeof what, "naive errors at rho = %g", rho);
        covers(&naive, false, what);
    }
}

/* White noise and a slow mode of little weight, var 1/25 and tau 100 rows:
   without the blocks' word a window would follow the noise and give 0.4 of the
   error. */
static void check_slow_mode(void)
{
    enum { ROWS = 8000, REPLICAS = 300 };
    static double x[ROWS], slow[ROWS];
    const double rho = 0.99, weight = 0.04;
    double tau = (1 + rho) / (2 * (1 - rho)), square = 0, window = 0;
    double want = sqrt((1 + 2 * tau * weight) / ROWS);
    struct source source = {.stream = 77};
    struct tally honest = {0};
    struct gamma_plan *plan = gamma_plan_new(ROWS);
    for (int i = 0; i < REPLICAS; i++) {
        autoregress(&source, rho, ROWS, slow);
        for (int t = 0; t < ROWS; t++)
            x[t] = 3 + normal(&source) + sqrt(weight) * (slow[t] - 3);
        struct gamma gamma = gamma_estimate(plan, x, 1);
        count(&honest, gamma.mean - 3, gamma.error);
        square += gamma.error * gamma.error / REPLICAS;
        window += gamma.window > 30 ? 1.0 / REPLICAS : 0;
    }
    gamma_plan_free(plan);
    ok(fabs(sqrt(square) / want - 1) < 0.1, "a slow mode of little weight: "
       "error %.4f, exact %.4f, seen in %.0f %% of the series",
       sqrt(square), want, 100 * window);
    covers(&honest, true, "a slow mode of little weight");
}

static void check_gamma_limits(void)
{
    double x[64];
    struct gamma_plan *plan = gamma_plan_new(32), *one = gamma_plan_new(1);
    for (int i = 0; i < 64; i++)
        x[i] = i % 2 ? 1e3 + i : 0.1;
    struct gamma gamma = gamma_estimate(plan, x, 2);
    ok(gamma.mean == 0.1 && gamma.error == 0 && gamma.tau_int == 0.5 &&
       gamma.n_eff == 32, "a constant series, strided");
    gamma = gamma_estimate(one, x, 1);
    ok(gamma.mean == 0.1 && isinf(gamma.error) && gamma.n_eff == 1,
       "one row: infinite error");
    x[6] = INFINITY;
    gamma = gamma_estimate(plan, x, 1);
    ok(isinf(gamma.error) && gamma.n_eff == 0, "an infinite value");
    gamma_plan_free(plan);
    gamma_plan_free(one);
    bool fine = true;
    for (int rows = 2; rows < 10; rows++) {
        plan = gamma_plan_new(rows);
        for (int i = 0; i < rows; i++)
            x[i] = i % 3;
        gamma = gamma_estimate(plan, x, 1);
        fine = fine && gamma.error > 0 && isfinite(gamma.error) &&
               gamma.tau_int > 0;
        gamma_plan_free(plan);
    }
    ok(fine, "2 to 9 rows: finite, positive");
    near(student_factor(1), tan(0.6826894921370859 * M_PI / 2), 1e-9,
         "Student's factor at dof 1");
    near(student_factor(1e9), 1, 1e-6, "Student's factor at large dof");
    near(normal_two_sided(1.959963984540054), 0.05, 1e-12,
         "normal two-sided probability");
}

static void check_autocorrelation(void)
{
    enum { ROWS = 100000, BIN = 5 };
    double *x = mem_new(ROWS, sizeof *x), rho[4], worst = 0;
    double *bins = mem_new(ROWS, sizeof *bins);
    struct source source = {.stream = 99};
    autoregress(&source, 0.9, ROWS, x);
    struct gamma_plan *plan = gamma_plan_new(ROWS);
    struct gamma_plan *binned = gamma_plan_new(ROWS / BIN);
    gamma_autocorrelation(plan, x, 1, 3, rho);
    for (int t = 0; t < 4; t++)
        worst = fmax(worst, fabs(rho[t] - pow(0.9, t)));
    ok(worst < 0.02, "autocorrelation function of AR(1)");
    gamma_bin_means(x, 1, ROWS, BIN, bins);
    struct gamma all = gamma_estimate(plan, x, 1);
    struct gamma some = gamma_estimate(binned, bins, 1);
    ok(fabs(some.error / all.error - 1) < 0.05 && some.tau_int < 3,
       "bins shorter than tau: same error");
    ok(gamma_bin(8192) == 1 && gamma_bin(8193) == 2, "bin length");
    gamma_plan_free(plan);
    gamma_plan_free(binned);
    free(x);
    free(bins);
}

int main(void)
{
    check_slow_mode();
    check_gamma_limits();
    check_autocorrelation();
    check_autoregression(0.0, 1000, 1);
    check_autoregression(0.5, 1000, 2);
    check_autoregression(0.9, 4000, 3);
    check_autoregression(-0.5, 2000, 4);
    check_autoregression(0.0, 50, 5);
    check_autoregression(0.5, 50, 6);
    return tap_done();
}

/* MBAR and thermodynamic integration, with their error bars (src/stat). */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "coverage.h"
#include "stat/gamma.h"
#include "stat/mbar.h"
#include "stat/ti.h"

/* u in {0, 1} sampled at lambda = 0 and 2: MBAR's equation is quadratic. */
static void check_two_states(void)
{
    double u[100], lambda[2] = {0, 2}, samples[2] = {40, 60}, ones = 30;
    for (int i = 0; i < 100; i++)
        u[i] = i < ones;
    struct series_view view = {.at = u, .rows = 100, .copies = 1, .rungs = 1,
                               .components = 1, .row_stride = 1};
    struct mbar_points *points = mbar_points_new(&view);
    struct mbar *mbar = mbar_solve(points, 2, lambda, samples, NULL);
    double q = exp(-2), a = 60 * q, b = 70 + 30 * q - 60 * (1 + q), c = -40;
    double x = (-b + sqrt(b * b - 4 * a * c)) / (2 * a);
    ok(points->count == 2 && mbar->ok, "two states: solved");
    near(mbar->ln_z[1], -log(x), 1e-12, "two states: ln Z");
    double mean[2], variance[2], p = q * x * 30 / (40 + 60 * q * x);
    mbar_moments(mbar, points->u, 1, NULL,
                 &(struct mbar_moments){.mean = mean, .variance = variance});
    near(mean[1], points->u[0] == 1 ? p : 1 - p, 1e-12, "two states: mean");
    near(variance[1], p * (1 - p), 1e-12, "two states: variance");
    mbar_free(mbar);
    mbar_points_free(points);
}

/* Rungs that share no samples, at every strength, from a bad guess. */
static void check_disconnected(void)
{
    double u[200], lambda[4] = {0, 1, 5, 6}, guess[4] = {0, 3e3, -1e2, 7};
    bool silent = false, sane = true;
    for (double gap = 1; gap < 1e6; gap *= 10) {
        for (int i = 0; i < 200; i++)
            u[i] = i % 4 < 2 ? i % 7 : -gap - i % 5;
        struct series_view view = {.at = u, .rows = 50, .copies = 1,
                                   .rungs = 4, .components = 1,
                                   .row_stride = 4};
        struct mbar_points *points = mbar_points_new(&view);
        struct mbar *mbar = mbar_solve(points, 4, lambda, NULL, guess);
        double phi[200];
        mbar_influence(mbar, 1, phi);
        for (int k = 0; k < 4; k++)
            sane = sane && isfinite(mbar->ln_z[k]) && !isnan(phi[4 + k]);
        silent = silent || (gap > 1e2 && (mbar->ok || isfinite(phi[7])));
        mbar_free(mbar);
        mbar_points_free(points);
    }
    ok(sane && !silent, "no overlap: said so, no NaN");
    double same[2] = {1, 1}, one[2] = {0, 0};
    struct series_view view = {.at = same, .rows = 2, .copies = 1, .rungs = 1,
                               .components = 1, .row_stride = 1};
    struct mbar_points *points = mbar_points_new(&view);
    struct mbar *mbar = mbar_solve(points, 1, one, NULL, NULL);
    ok(mbar->ok && mbar->ln_z[0] == 0 && mbar->weakest == -1, "one rung");
    mbar_free(mbar);
    mbar_points_free(points);
}

static void check_hermite(void)
{
    /* a(s) = 1 + 2s + 3s^2 + 4s^3 on [0, 1], v = -a' */
    near(ti_segment(1, 10, -2, -20), -(1 + 1 + 1 + 1.0), 1e-14,
         "Hermite rule is exact for cubics");
}

/* An influence is what a row's weight changes, per unit of weight: compare
   with solutions in which one row counts a little more. */
static void check_derivatives(void)
{
    enum { ROWS = 20, RUNGS = 3 };
    const double step = 1e-5, lambda[RUNGS] = {0, 0.5, 1.2};
    double u[ROWS * RUNGS], phi[ROWS * RUNGS], worst = 0;
    struct source source = {.stream = 30};
    for (int i = 0; i < ROWS * RUNGS; i++)
        u[i] = floor(6 * uniform(&source)) - 2 * (i % RUNGS);
    struct series_view view = {.at = u, .rows = ROWS, .copies = 1,
                               .rungs = RUNGS, .components = 1,
                               .row_stride = RUNGS};
    struct mbar_points *points = mbar_points_new(&view);
    double mean[2][RUNGS], variance[2][RUNGS], ln_z[2][RUNGS];
    double mean_phi[ROWS * RUNGS], variance_phi[ROWS * RUNGS];
    struct mbar *mbar = mbar_solve(points, RUNGS, lambda, NULL, NULL);
    mbar_influence(mbar, 1, phi);
    mbar_moments(mbar, points->u, 1, phi, &(struct mbar_moments){
        .mean = mean[0], .variance = variance[0],
        .mean_influence = mean_phi, .variance_influence = variance_phi});
    mbar_free(mbar);
    for (int t = 0; t < ROWS; t++) {
        for (int side = 0; side < 2; side++) {
            double change = side ? -step : step, samples[RUNGS];
            for (int r = 0; r < RUNGS; r++) {
                points->weight[points->index[t * RUNGS + r]] += change;
                samples[r] = ROWS + change;
            }
            mbar = mbar_solve(points, RUNGS, lambda, samples, NULL);
            mbar_moments(mbar, points->u, 1, NULL, &(struct mbar_moments){
                .mean = mean[side], .variance = variance[side]});
            memcpy(ln_z[side], mbar->ln_z, sizeof ln_z[side]);
            mbar_free(mbar);
            for (int r = 0; r < RUNGS; r++)
                points->weight[points->index[t * RUNGS + r]] -= change;
        }
        for (int r = 0; r < RUNGS; r++) {
            double scale = ROWS / (2 * step);
            int at = t * RUNGS + r;
            worst = fmax(worst, fabs(scale * (ln_z[0][r] - ln_z[1][r]) -
                                     phi[at]));
            worst = fmax(worst, fabs(scale * (mean[0][r] - mean[1][r]) -
                                     mean_phi[at]));
            worst = fmax(worst, fabs(scale * (variance[0][r] -
                                              variance[1][r]) -
                                     variance_phi[at]));
        }
    }
    mbar_points_free(points);
    near(worst, 0, 1e-5, "influence of ln Z, mean, variance = derivative");
}

/* ---- a paramagnet, exactly solved, sampled with memory ----------------- */

enum { SPINS = 16, RUNGS = 6, ROWS = 500, MIDDLE = 3 };

/* N spins in fields, u = -sum s, ln Z = N ln 2 cosh beta. Each row keeps a
   spin with probability `keep`, else draws it afresh; then neighbouring
   rungs may exchange, so that rungs are correlated too. u[rows][RUNGS]. */
static void sample_paramagnet(struct source *source, const double *beta,
                              double keep, int64_t rows, double *u)
{
    signed char spin[RUNGS][SPINS] = {0}, other[SPINS];
    for (int64_t t = 0; t < rows; t++, u += RUNGS) {
        for (int r = 0; r < RUNGS; r++) {
            double up = 1 / (1 + exp(-2 * beta[r]));
            u[r] = 0;
            for (int i = 0; i < SPINS; i++) {
                if (!spin[r][i] || uniform(source) >= keep)
                    spin[r][i] = uniform(source) < up ? 1 : -1;
                u[r] -= spin[r][i];
            }
        }
        double now[RUNGS];
        memcpy(now, u, sizeof now);
        for (int r = (int)(t % 2); r + 1 < RUNGS; r += 2) {
            double gain = (beta[r + 1] - beta[r]) * (now[r + 1] - now[r]);
            if (uniform(source) < exp(gain)) {
                memcpy(other, spin[r], sizeof other);
                memcpy(spin[r], spin[r + 1], sizeof other);
                memcpy(spin[r + 1], other, sizeof other);
            }
        }
    }
}

/* Influence series of one sampled run. */
struct analysis {
    struct ti *ti;
    struct mbar_points *points;
    struct mbar *mbar;
    double phi[ROWS * RUNGS];
    struct mbar_moments moments;
};

static void analyse(struct analysis *now, const double *u,
                    const double *beta)
{
    struct series_view view = {.at = u, .rows = ROWS, .copies = 1,
                               .rungs = RUNGS, .components = 1,
                               .row_stride = RUNGS};
    now->ti = ti_new(&view, beta, 1);
    now->points = mbar_points_new(&view);
    now->mbar = mbar_solve(now->points, RUNGS, beta, NULL, now->ti->ln_z);
    mbar_influence(now->mbar, 1, now->phi);
    now->moments = (struct mbar_moments){
        .mean = mem_new(RUNGS, sizeof(double)),
        .variance = mem_new(RUNGS, sizeof(double)),
        .mean_influence = mem_new(ROWS * RUNGS, sizeof(double)),
        .variance_influence = mem_new(ROWS * RUNGS, sizeof(double))};
    mbar_moments(now->mbar, now->points->u, 1, now->phi, &now->moments);
}

static void forget(struct analysis *now)
{
    ti_free(now->ti);
    mbar_free(now->mbar);
    mbar_points_free(now->points);
    free(now->moments.mean);
    free(now->moments.variance);
    free(now->moments.mean_influence);
    free(now->moments.variance_influence);
}

enum quantity {
    MBAR_LAST, MBAR_MIDDLE, TI_LAST, TI_MIDDLE, DIFFERENCE, MBAR_MEAN,
    MBAR_VARIANCE, VARIANCE, MUTANT, MUTANT_DIFFERENCE, QUANTITIES
};

static double squared_sum(double a, double b) { return sqrt(a * a + b * b); }

/* One replica into the tallies. */
static void tally_paramagnet(const struct analysis *now, const double *u,
                             const double *beta, struct gamma_plan *plan,
                             struct tally *tally)
{
    const double *phi = now->phi, *ti = now->ti->influence;
    double last = SPINS * log(cosh(beta[RUNGS - 1]));
    double middle = SPINS * log(cosh(beta[MIDDLE]));
    double flat = SPINS / pow(cosh(beta[MIDDLE]), 2);
    double magnet = -SPINS * tanh(beta[MIDDLE]);
    double errors[2], x[ROWS], mean = 0, variance = 0;
    for (int i = 0; i < 2; i++)
        errors[i] = gamma_estimate(plan, phi + (i ? MIDDLE : RUNGS - 1),
                                   RUNGS).error;
    count(&tally[MBAR_LAST], now->mbar->ln_z[RUNGS - 1] - last, errors[0]);
    count(&tally[MBAR_MIDDLE], now->mbar->ln_z[MIDDLE] - middle, errors[1]);
    count(&tally[MUTANT], now->mbar->ln_z[RUNGS - 1] - last,
          naive_error(phi + RUNGS - 1, ROWS, RUNGS));
    for (int i = 0; i < 2; i++) {
        int r = i ? MIDDLE : RUNGS - 1;
        double error = gamma_estimate(plan, ti + r, RUNGS).error;
        count(&tally[i ? TI_MIDDLE : TI_LAST],
              now->ti->ln_z[r] - (i ? middle : last),
              squared_sum(error, now->ti->quadrature[r]));
        if (i == 0) {
            for (int t = 0; t < ROWS; t++)
                x[t] = ti[t * RUNGS + r] - phi[t * RUNGS + r];
            double off = now->ti->ln_z[r] - now->mbar->ln_z[r];
            double joint = gamma_estimate(plan, x, 1).error;
            count(&tally[DIFFERENCE], off,
                  squared_sum(joint, now->ti->quadrature[r]));
            count(&tally[MUTANT_DIFFERENCE], off,
                  squared_sum(error, errors[0]));
        }
    }
    count(&tally[MBAR_MEAN], now->moments.mean[MIDDLE] - magnet,
          gamma_estimate(plan, now->moments.mean_influence + MIDDLE,
                         RUNGS).error);
    count(&tally[MBAR_VARIANCE], now->moments.variance[MIDDLE] - flat,
          gamma_estimate(plan, now->moments.variance_influence + MIDDLE,
                         RUNGS).error);
    for (int t = 0; t < ROWS; t++)
        mean += u[t * RUNGS + MIDDLE] / ROWS;
    for (int t = 0; t < ROWS; t++) {
        x[t] = pow(u[t * RUNGS + MIDDLE] - mean, 2);
        variance += x[t] / ROWS;
    }
    count(&tally[VARIANCE], variance - flat,
          gamma_estimate(plan, x, 1).error);
}

static void check_coverage(void)
{
    enum { REPLICAS = 400 };
    static const char *const what[QUANTITIES] = {
        "ln Z by MBAR, last rung", "ln Z by MBAR, middle rung",
        "ln Z by TI, last rung", "ln Z by TI, middle rung",
        "TI - MBAR, joint error", "mean by MBAR",
        "specific heat by MBAR", "specific heat by fluctuations",
        "MBAR errors without autocorrelation",
        "TI - MBAR errors as if independent"};
    static const double beta[RUNGS] = {0, 0.2, 0.4, 0.6, 0.8, 1.0};
    static double u[ROWS * RUNGS];
    static struct analysis now;
    struct tally tally[QUANTITIES] = {0};
    struct source source = {.stream = 40};
    struct gamma_plan *plan = gamma_plan_new(ROWS);
    for (int i = 0; i < REPLICAS; i++) {
        sample_paramagnet(&source, beta, 0.6, ROWS, u);
        analyse(&now, u, beta);
        tally_paramagnet(&now, u, beta, plan, tally);
        forget(&now);
    }
    gamma_plan_free(plan);
    for (int q = 0; q < QUANTITIES; q++)
        covers(&tally[q], q < MUTANT, what[q]);
}

/* Spins in fields at lambda[rungs][2]: u = (-M1, -M2). Very many spins, and
   series with exactly the right means and variances, leave the error of the
   quadrature alone. */
static double quadrature_ratio(const double *lambda, int rungs, double *off)
{
    enum { LONG = 64 };
    double *u = mem_new((size_t)(LONG * 2 * rungs), sizeof *u), ln_z = 0;
    for (int t = 0; t < LONG; t++)
        for (int i = 0; i < 2 * rungs; i++) {
            double spins = i % 2 ? 9e12 : 16e12;
            u[t * 2 * rungs + i] = -spins * tanh(lambda[i]) +
                                   (t % 2 ? 1 : -1) * sqrt(spins) /
                                   cosh(lambda[i]);
        }
    struct series_view view = {.at = u, .rows = LONG, .copies = 1,
                               .rungs = rungs, .components = 2,
                               .row_stride = 2 * rungs};
    struct ti *ti = ti_new(&view, lambda, 1);
    for (int i = 0; i < 2; i++)
        ln_z += (i ? 9e12 : 16e12) * (log(cosh(lambda[2 * (rungs - 1) + i])) -
                                log(cosh(lambda[i])));
    *off = fabs(ti->ln_z[rungs - 1] - ln_z);
    double ratio = ti->quadrature[rungs - 1] / *off;
    ti_free(ti);
    free(u);
    return ratio;
}

static void check_quadrature(void)
{
    double coarse[2 * 9] = {0}, fine[2 * 17] = {0}, corner[2 * 13] = {0};
    double lone[2 * 2] = {0, 0, 1, 0}, off[4], ratio[4];
    for (int i = 0; i < 17; i++)
        fine[2 * i] = i / 8.0;
    for (int i = 0; i < 9; i++)
        coarse[2 * i] = i / 4.0;
    for (int i = 0; i < 13; i++) {
        corner[2 * i] = i < 8 ? i / 8.0 : 1;
        corner[2 * i + 1] = i > 8 ? (i - 8) / 4.0 : 0;
    }
    ratio[0] = quadrature_ratio(coarse, 9, &off[0]);
    ratio[1] = quadrature_ratio(fine, 17, &off[1]);
    ratio[2] = quadrature_ratio(corner, 13, &off[2]);
    ratio[3] = quadrature_ratio(lone, 2, &off[3]);
    printf("# estimated / true %.2f %.2f %.2f %.2f, true %.2g %.2g\n",
           ratio[0], ratio[1], ratio[2], ratio[3], off[0], off[1]);
    ok(ratio[0] > 0.7 && ratio[0] < 10 && ratio[1] > 0.9 && ratio[1] < 10,
       "quadrature error, estimated against true");
    ok(off[0] / off[1] > 12 && off[0] / off[1] < 20, "fourth order");
    ok(ratio[2] > 0.9 && ratio[2] < 10, "two components, round a corner");
    ok(ratio[3] > 0.9, "a lone segment");
}

/* Two components, two copies, a third field between that is not ours: the
   view's strides; bins of two rows. */
static void check_components(void)
{
    enum { LENGTH = 400, STEPS = 5, WIDTH = 2 * 2 * STEPS + 3 };
    static double u[LENGTH * WIDTH], phi[LENGTH / 2 * STEPS];
    const double lambda[2 * STEPS] = {0, 0, .4, 0, .8, 0, .8, .5, .8, 1.};
    struct source source = {.stream = 50};
    for (int i = 0; i < LENGTH * WIDTH; i++) {
        int at = i % WIDTH, field = at % (2 * STEPS);
        double up = 1 / (1 + exp(-2 * lambda[field]));
        for (int n = 0; at < 2 * 2 * STEPS && n < (at % 2 ? 9 : 16); n++)
            u[i] -= uniform(&source) < up ? 1 : -1;
        if (at >= 2 * 2 * STEPS)
            u[i] = NAN;
    }
    struct series_view view = {.at = u, .rows = LENGTH, .copies = 2,
                               .rungs = STEPS, .components = 2,
                               .row_stride = WIDTH,
                               .copy_stride = 2 * STEPS};
    double want = 16 * log(cosh(.8)) + 9 * log(cosh(1.));
    struct mbar_points *points = mbar_points_new(&view);
    struct mbar *mbar = mbar_solve(points, STEPS, lambda, NULL, NULL);
    struct ti *ti = ti_new(&view, lambda, 2);
    struct gamma_plan *plan = gamma_plan_new(LENGTH / 2);
    mbar_influence(mbar, 2, phi);
    double error = gamma_estimate(plan, phi + STEPS - 1, STEPS).error;
    double z = (mbar->ln_z[STEPS - 1] - want) / error;
    ok(mbar->ok && fabs(z) < 4 && error < 0.2, "K = 2: MBAR, z = %.2f", z);
    error = gamma_estimate(plan, ti->influence + STEPS - 1, STEPS).error;
    z = (ti->ln_z[STEPS - 1] - want) /
        squared_sum(error, ti->quadrature[STEPS - 1]);
    ok(fabs(z) < 4 && error < 0.3, "K = 2: TI, z = %.2f", z);
    /* E_0[w]^2 / E_0[w^2] of 16 spins, 0 to 0.4 */
    double reach = reweighting_fraction(&view, 0, lambda, lambda + 2);
    double exact = pow(pow(cosh(.4), 2) / cosh(.8), 16);
    ok(fabs(reach / exact - 1) < 0.3, "reweighting fraction %.3f, exact "
       "%.3f", reach, exact);
    gamma_plan_free(plan);
    ti_free(ti);
    mbar_free(mbar);
    mbar_points_free(points);
}

int main(void)
{
    check_hermite();
    check_quadrature();
    check_two_states();
    check_disconnected();
    check_derivatives();
    check_components();
    check_coverage();
    return tap_done();
}

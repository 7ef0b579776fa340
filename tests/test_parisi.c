/* The Parisi free energy of K steps: slopes against differences, sums against
   a nested integral done plainly, limits, and u = d(beta f)/d beta; limits of
   sequences. */
#include <gsl/gsl_errno.h>

#include "stat/tail.h"
#include "stat/tanh_average.h"
#include "systems/cosh_average.h"
#include "systems/parisi.h"
#include "tap.h"

static double f_of(const struct parisi *p)
{
    struct parisi_means means;
    parisi_means(p, 1, &means);
    return means.free_energy;
}

/* Largest deviation of slopes from fourth-order differences of -f. */
static double slopes_off(struct parisi p, double error_made)
{
    struct parisi_means means;
    double most = 0;
    parisi_means(&p, 1, &means);
    for (int i = 0; i < 2 * p.K + 1; i++) {
        double *at = i <= p.K ? &p.q[i] : &p.y[i - p.K];
        if (p.T == 0 && i == p.K)
            continue; /* q_K = 1 */
        double here = *at, d = 1e-3 * here, f[4];
        for (int k = 0; k < 4; k++) {
            *at = here + d * (k < 2 ? k - 2 : k - 1);
            f[k] = f_of(&p);
        }
        *at = here;
        double slope = i <= p.K ? means.slope_q[i] : means.slope_y[i - p.K];
        double want = -(8 * (f[2] - f[1]) - (f[3] - f[0])) / (12 * d);
        most = fmax(most, fabs(slope * (1 + error_made) - want));
    }
    return most;
}

static void check_slopes(void)
{
    struct parisi warm = {.K = 3, .T = 0.4, .h = 0.2,
                          .q = {0.1, 0.25, 0.45, 0.7},
                          .y = {0, 0.4, 0.9, 1.7}};
    struct parisi cold = {.K = 2, .T = 0, .q = {0.3, 0.8, 1},
                          .y = {0, 0.7, 2.5}};
    double off = slopes_off(warm, 0), made = slopes_off(warm, 1e-4);
    ok(off < 1e-9, "slopes at T = 0.4 in a field: off by %.1e", off);
    ok(made > 1e-8, "mutant rejected: slopes wrong by 1e-4 are off by %.1e",
       made);
    off = slopes_off(cold, 0);
    ok(off < 1e-8, "slopes at T = 0: off by %.1e", off);
}

/* K = 1 by two nested sums over z. */
static double plain(const struct parisi *p)
{
    const double step = 0.01, root_2pi = 2.506628274631000502;
    double outer = 0, gap = 1 - p->q[1];
    for (int i = -900; i <= 900; i++) {
        double z = i * step, inner = 0;
        double about = p->h + sqrt(p->q[0]) * z;
        for (int j = -900; j <= 900; j++) {
            double x = about + sqrt(p->q[1] - p->q[0]) * j * step;
            inner += step / root_2pi * exp(-j * step * (j * step) / 2) *
                     pow(2 * cosh(x / p->T), p->T * p->y[1]);
        }
        outer += step / root_2pi * exp(-z * z / 2) * log(inner) / p->y[1];
    }
    return -(gap * gap / (4 * p->T) + outer -
             p->y[1] * (p->q[1] * p->q[1] - p->q[0] * p->q[0]) / 4);
}

static void check_sums(void)
{
    /* widths below and above T/2: both rules of the innermost average */
    struct parisi narrow = {.K = 1, .T = 0.9, .h = 0.3, .q = {0.2, 0.35},
                            .y = {0, 0.5}};
    struct parisi wide = {.K = 1, .T = 0.3, .h = -0.3, .q = {0.2, 0.7},
                          .y = {0, 1.5}};
    near(f_of(&narrow), plain(&narrow), 1e-12, "f at T = 0.9 by plain sums");
    near(f_of(&wide), plain(&wide), 1e-12, "f at T = 0.3 by plain sums");
}

static void check_limits(void)
{
    struct parisi one = {.K = 1, .T = 0.3, .q = {0.2, 0.7}, .y = {0, 1.5}};
    struct parisi two = {.K = 2, .T = 0.3, .q = {0.2, 0.45, 0.7},
                         .y = {0, 1.5, 1.5}};
    struct parisi cool = {.K = 2, .T = 1e-5, .q = {0.3, 0.8, 1 - 1e-6},
                          .y = {0, 0.7, 2.5}};
    struct parisi cold = {.K = 2, .T = 0, .q = {0.3, 0.8, 1},
                          .y = {0, 0.7, 2.5}};
    struct tanh_average t = tanh_average(0, sqrt(0.5) / 0.3);
    struct parisi none = {.K = 0, .T = 0.3, .q = {0.5}};
    struct parisi close = {.K = 1, .T = 0.3, .q = {0.499, 0.501},
                           .y = {0, 1.5}};
    near(f_of(&two), f_of(&one), 1e-12, "two steps of one y are one");
    near(f_of(&none), -0.25 * 0.25 / 0.3 - 0.3 * t.ln_2cosh, 1e-15,
         "no step: the symmetric f");
    near(f_of(&close), f_of(&none), 1e-4, "a step of small height is none");
    near(f_of(&cool), f_of(&cold), 2e-6, "T = 1e-5 is near T = 0");
}

/* By a plain sum at x = 0.3, variance 0.5. */
static void check_average(double T)
{
    const double step = 2e-4, root_2pi = 2.506628274631000502;
    const double m = fmin(0.6, 2 * T);
    double A = 0, L = 0, t2 = 0, s2 = 0, s4 = 0;
    for (int i = -50000; i <= 50000; i++) {
        double z = i * step, w = (0.3 + sqrt(0.5) * z) / T;
        double ln_2cosh = fabs(w) + log1p(exp(-2 * fabs(w)));
        double sech2 = 1 / (cosh(w) * cosh(w));
        double weight = step / root_2pi * exp(m * ln_2cosh - z * z / 2);
        A += weight;
        L += weight * T * ln_2cosh;
        t2 += weight * tanh(w) * tanh(w);
        s2 += weight * sech2;
        s4 += weight * sech2 * sech2;
    }
    struct cosh_rule *rule = cosh_rule_new(T, m / T, 0.5);
    struct cosh_average a = cosh_average(rule, 0.3);
    double less = cosh_rule_less(rule), off = 0;
    off = fmax(off, fabs(a.ln_A + m / T * less - log(A)));
    off = fmax(off, fabs(a.F + less - L / A));
    off = fmax(off, fabs(a.tanh2 - t2 / A));
    off = fmax(off, fabs(a.sech2 - s2 / A));
    off = fmax(off, fabs(a.sech4 - s4 / A));
    cosh_rule_free(rule);
    ok(off < 1e-11, "averages at T = %g: off by %.1e", T, off);
}

static void check_tail(void)
{
    double v[3], noise[3];
    for (int i = 0; i < 3; i++) {
        v[i] = 0.7 - 0.3 * pow(3 + i + 1.2, -4);
        noise[i] = i;
    }
    near(tail_limit(v, 5, 4), 0.7, 1e-12, "v - c (k + 1.2)^-4 goes to v");
    ok(fabs(tail_limit(v, 5, 2) - 0.7) > 1e-5, "another power does not");
    ok(isnan(tail_limit(noise, 5, 4)), "what does not settle has no limit");
}

static struct parisi solved(int K, double T, double h)
{
    struct parisi p = {0};
    bool good = true;
    for (int k = 1; k <= K; k++) {
        struct parisi from = p;
        p = (struct parisi){.K = k, .T = T, .h = h};
        good = parisi_solve(&p, k > 1 ? &from : NULL, 1) && good;
    }
    ok(good, "K = %d at T = %g, h = %g is solved", K, T, h);
    return p;
}

static void check_energy(int K, double T, double h)
{
    struct parisi p = solved(K, T, h);
    struct parisi_means means;
    double g[4], step = 1e-3 / T;
    for (int i = 0; i < 4; i++) {
        double beta = 1 / T + step * (i < 2 ? i - 2 : i - 1);
        struct parisi near_by = {.K = K, .T = 1 / beta, .h = h};
        parisi_solve(&near_by, &p, 1);
        g[i] = beta * f_of(&near_by);
    }
    parisi_means(&p, 1, &means);
    near(-(1 - parisi_overlap(&p, 2)) / (2 * T) - h * means.magnetization,
         (8 * (g[2] - g[1]) - (g[3] - g[0])) / (12 * step), 1e-9,
         "u = d(beta f)/d beta");
    double off = 0;
    for (int i = 0; i <= K; i++)
        off = fmax(off, fabs(p.q[i] - means.square[i]));
    ok(off < 1e-9, "q_i = <F_i'^2>_i: off by %.1e", off);
}

/* f_K rises to the literature's -0.76316672657 (T = 0). */
static void check_order(void)
{
    double last = -0.79788456;
    bool rises = true;
    struct parisi p = {0};
    for (int k = 1; k <= 4; k++) {
        struct parisi from = p;
        p = (struct parisi){.K = k};
        rises = parisi_solve(&p, k > 1 ? &from : NULL, 1) && rises &&
                f_of(&p) > last && f_of(&p) < -0.7631667265;
        last = f_of(&p);
    }
    ok(rises, "T = 0: f rises with K, below Parisi's limit");
}

/* The handler that aborts is global: a solve that put it back would be the
   end of another thread's. */
static void check_threads(void)
{
    struct parisi p = {.K = 1, .T = 0.8};
    gsl_set_error_handler(NULL);
    parisi_solve(&p, NULL, 1);
    ok(gsl_set_error_handler_off() != NULL,
       "GSL's handler of errors stays off for other threads");
}

int main(void)
{
    check_threads();
    check_slopes();
    check_sums();
    check_limits();
    check_average(3);
    check_average(1.4);
    check_average(0.2);
    check_average(0.01);
    check_tail();
    check_energy(2, 0.5, 0);
    check_energy(3, 0.3, 0.4);
    check_energy(2, 0.9, 0);
    check_order();
    return tap_done();
}

/* The saddle-point equations of perceptrons: known fixed points, and at other
   points the fields against differences of the free energy of the examples,
   integrated by plain sums. */
#include "systems/saddle_thermal.h"
#include "tap.h"

static double below(double x) { return 0.5 * erfc(-x / sqrt(2)); }

/* ---- fixed points (values of the literature, 10 digits) ----------------- */

static void test_fixed(bool sphere, double alpha, double R, double slack)
{
    double out[2];
    struct saddle s = {.alpha = alpha, .beta = INFINITY, .sphere = sphere};
    saddle_residual(&s, R, R, out);
    ok(fabs(out[0]) < slack && fabs(out[1]) < slack,
       "%s weights, alpha %g: residuals %.1e, %.1e", sphere ? "spherical"
       : "binary", alpha, out[0], out[1]);
    s.beta = 2;
    saddle_residual(&s, R, R, out);
    ok(fabs(out[0]) > 1e3 * slack, "mutant rejected: T > 0, %.1e", out[0]);
}

/* ---- the fields --------------------------------------------------------- */

/* 2 alpha int Dz W(z) ln[e^-beta + (1 - e^-beta) H((kappa - sqrt(q) z) /
   sqrt(1 - q))] */
static double examples_of(const struct saddle *s, double R, double q)
{
    double sum = 0, h = 0.01;
    for (int i = -1200; i <= 1200; i++) {
        double z = i * h;
        double weight = s->wrong + (1 - 2 * s->wrong) *
                                       below(R * z / sqrt(q - R * R));
        double right = below((sqrt(q) * z - s->kappa) / sqrt(1 - q));
        sum += h * exp(-z * z / 2) / sqrt(2 * M_PI) * weight *
               log(exp(-s->beta) - expm1(-s->beta) * right);
    }
    return 2 * s->alpha * sum;
}

/* R and q that binary weights have in the fields. */
static void binary(double R_hat, double q_hat, double out[2])
{
    double h = 0.01;
    out[0] = out[1] = 0;
    for (int i = -1200; i <= 1200; i++) {
        double z = i * h, t = tanh(sqrt(q_hat) * z + R_hat);
        double weight = h * exp(-z * z / 2) / sqrt(2 * M_PI);
        out[0] += weight * t;
        out[1] += weight * t * t;
    }
}

/* |w|^2 = N, normal otherwise: precision e so that the mean square is 1. */
static void sphere(double R_hat, double q_hat, double out[2])
{
    double low = 0, high = 1; /* 1 / e = 1 - q */
    for (int i = 0; i < 100; i++) {
        double v = (low + high) / 2;
        double square = v + v * v * (q_hat + R_hat * R_hat);
        *(square > 1 ? &high : &low) = v;
    }
    out[0] = R_hat * low;
    out[1] = 1 - low;
}

static void test_fields(struct saddle s, double R, double q)
{
    double h = 1e-5, out[2], got[2];
    double R_hat = (examples_of(&s, R + h, q) - examples_of(&s, R - h, q)) /
                   (2 * h);
    double q_hat = -(examples_of(&s, R, q + h) - examples_of(&s, R, q - h)) /
                   h;
    (s.sphere ? sphere : binary)(R_hat, q_hat, out);
    saddle_residual(&s, R, q, got);
    ok(fabs(got[0] - (R - out[0])) < 1e-7 && fabs(got[1] - (q - out[1])) < 1e-7,
       "%s, beta %g, kappa %g, wrong %g at %g, %g: %.1e, %.1e",
       s.sphere ? "spherical" : "binary", s.beta, s.kappa, s.wrong, R, q,
       got[0] - (R - out[0]), got[1] - (q - out[1]));
}

/* The parts of ln Z, their errors' share by a difference in beta. */
static void test_parts(struct saddle s, double R, double q)
{
    struct saddle hot = s, cold = s;
    struct saddle_overlaps at = {R, 1 - q, q - R * R};
    struct saddle_examples e = saddle_examples(&s, at, 0);
    double h = 1e-4, ln = examples_of(&s, R, q);
    hot.beta -= h;
    cold.beta += h;
    double wrong = (examples_of(&hot, R, q) - examples_of(&cold, R, q)) /
                   (2 * h);
    ok(fabs(s.alpha * e.ln - ln) < 1e-9 && fabs(s.alpha * e.error - wrong) <
       1e-7 && fabs(ln) > 0.01, "examples' part %.8f, errors %.8f", ln, wrong);
    struct saddle_weights w = saddle_weights(s.sphere, 0.7, 1.1), more;
    more = saddle_weights(s.sphere, 0.7, 1.1 + h);
    double slope = (more.ln - w.ln) / h, R_slope = (more.at.R - w.at.R) / h;
    double q_slope = (w.at.gap - more.at.gap) / h;
    ok(fabs(slope + 0.7 * R_slope - 1.1 * q_slope / 2) < 1e-3,
       "d weights' part = -Rhat dR + qhat dq / 2: %.1e",
       slope + 0.7 * R_slope - 1.1 * q_slope / 2);
}

/* ---- states ------------------------------------------------------------- */

static void test_states(struct saddle s, int count, double most,
                        const char *what)
{
    struct saddle_states states = saddle_states(&s, true);
    double peak = states.peaks ? states.peak[0].alpha : 0;
    bool good = states.count == count && !states.lost &&
                fabs(peak - most) < 1e-5;
    for (int k = 0; k < states.count; k++) {
        const double *v = states.at[k].value;
        double out[2];
        saddle_residual(&s, v[SADDLE_R], v[SADDLE_Q], out);
        good = good && (states.at[k].perfect ||
                        (fabs(out[0]) < 1e-9 && fabs(out[1]) < 1e-9)) &&
               (!k ||
                v[SADDLE_LN_Z] <= states.at[k - 1].value[SADDLE_LN_Z]);
    }
    ok(good, "%s: %d states, peak at %.7f", what, states.count, peak);
}

/* Noise puts q beyond what theory allows. */
static void test_edges(void)
{
    const double place[][2] = {{0.3, 0.05}, {0.2, -0.1}, {0, 0}, {1, 1},
                               {0.99, 1.01}, {-0.1, 0.005}};
    bool good = true;
    for (int beta = 0; beta < 60; beta += 20)
        for (int i = 0; i < 6; i++) {
            struct saddle s = {.alpha = 2, .beta = beta};
            double out[2];
            for (int k = 0; k < 2; k++) {
                s.sphere = k;
                saddle_residual(&s, place[i][0], place[i][1], out);
                good = good && isfinite(out[0]) && isfinite(out[1]);
            }
            if (!beta)
                good = good && out[0] == place[i][0] && out[1] == place[i][1];
        }
    ok(good, "finite beyond the edges; nothing is learned at beta = 0");
}

int main(void)
{
    const double planted[][2] = {{0.5, 0.2930890301}, {0.8, 0.4548210354},
                                 {1.0, 0.5607147371}, {1.2, 0.6686613799}};
    const double gibbs[][2] = {{1, 0.4862636370}, {2, 0.7282981740},
                               {5, 0.9320642457}, {10, 0.9813780850}};
    for (int i = 0; i < 4; i++) {
        test_fixed(false, planted[i][0], planted[i][1], 1e-9);
        test_fixed(true, gibbs[i][0], gibbs[i][1], 1e-9);
    }
    for (int k = 0; k < 2; k++) {
        test_fields((struct saddle){1, 1.5, 0, 0, k}, 0.4, 0.35);
        test_fields((struct saddle){0.7, 4, 0.3, 0, k}, 0.3, 0.6);
        test_fields((struct saddle){2, 2.5, -0.4, 0.1, k}, 0.5, 0.4);
    }
    for (int k = 0; k < 2; k++) {
        test_parts((struct saddle){0.9, 2, 0.2, 0.1, k}, 0.4, 0.35);
        test_parts((struct saddle){1.5, 5, 0, 0.5, k}, 0, 0.6);
    }
    test_states((struct saddle){1.4, 60, 0, 0, false}, 2, 1.4926318,
                "below the spinodal");
    test_states((struct saddle){1.6, 60, 0, 0, false}, 1, 1.4926318,
                "beyond it, the teacher");
    test_states((struct saddle){1.4, 8, -0.05, 0, false}, 2, 1.5319411,
                "kappa < 0, two without the teacher");
    test_states((struct saddle){1.4, 60, 0, 0, true}, 1, 0, "sphere");
    test_states((struct saddle){0.5, 3, 0, 0.5, false}, 1, 0, "random");
    test_edges();
    return tap_done();
}

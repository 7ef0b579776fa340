/* Stabilities of real weights: fields after a move, losses by their formulas,
   the same bits by every instruction set. */
#include <math.h>
#include <string.h>

#include "systems/stability.h"
#include "tap.h"

static const char *const names[MARGIN_KINDS] = {
    "step", "perceptron", "hinge", "logistic", "symmetric", "linear"};

static double formula(enum margin_kind kind, double t, double kappa)
{
    const double symmetric = fabs(t + kappa) > kappa;
    const double value[MARGIN_KINDS] = {t <= 0, fmax(0, -t), fmax(0, 1 - t),
                                        log1p(exp(-t)), symmetric, -t};
    return value[kind];
}

enum { REAL_INPUTS = 13, REAL_TRAIN = 21, REAL_TEST = 5, REAL_ROW = 32 };

/* Inputs that single precision holds, the same every time. */
static struct stability *stability_made(const char *loss, bool avx2)
{
    struct stability *s = stability_new(REAL_INPUTS, REAL_TRAIN, REAL_TEST, 1,
                                        loss, 0.3);
    for (int mu = 0; mu < REAL_TRAIN + REAL_TEST; mu++) {
        double x[REAL_INPUTS];
        for (int i = 0; i < REAL_INPUTS; i++)
            x[i] = (double)((7 * mu * mu + 11 * i * i + 5 * mu * i) % 17) / 8 -
                   1;
        stability_set(s, 0, mu, x);
    }
    s->avx2 = s->avx2 && avx2;
    return s;
}

/* After a move of weights 2 and 9: largest error of h, and that of the loss;
   of a kappa that is off. */
static double stability_error_of(const char *loss, bool avx2, double shifted,
                                 double *sum)
{
    struct stability *s = stability_made(loss, avx2);
    double w[REAL_INPUTS], h[REAL_ROW], to[REAL_ROW], worst = 0, direct = 0;
    for (int i = 0; i < REAL_INPUTS; i++)
        w[i] = sin(1 + i);
    stability_fields(s, 0, w, h);
    for (int mu = 0; mu < REAL_TEST; mu++)
        worst = fmax(worst, fabs(h[s->padded + mu] -
                                 stability_of(s, 0, REAL_TRAIN + mu, w)));
    stability_move(s, 0, h, 2, 0.5, 9, -0.25, to);
    w[2] += 0.5;
    w[9] -= 0.25;
    for (int mu = 0; mu < REAL_TRAIN; mu++) {
        worst = fmax(worst, fabs(to[mu] - stability_of(s, 0, mu, w)));
        direct += formula(s->kind, to[mu] - 0.3 - shifted, 0.3 + shifted);
    }
    *sum = stability_loss(s, to);
    stability_free(s);
    return fmax(worst, fabs(*sum - direct));
}

static void check_stabilities(void)
{
    for (int k = 0; k < MARGIN_KINDS; k++) {
        double plain, best, off;
        double error = stability_error_of(names[k], true, 0, &best);
        stability_error_of(names[k], false, 0, &plain);
        ok(error < 1e-12 && plain == best, "real weights, loss %s: off by "
           "%.1e, the same without AVX2", names[k], error);
        ok(stability_error_of(names[k], true, 0.4, &off) > 0.5,
           "mutant rejected: kappa off by 0.4");
    }
}

int main(void)
{
    check_stabilities();
    return tap_done();
}

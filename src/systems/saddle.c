#include "systems/saddle.h"

#include <math.h>

#include "stat/probit.h"
#include "stat/tanh_average.h"

static const double ROOT_2_PI = 0x1.9884533d43651p-1; /* sqrt(2/pi) */
/* 1 - q at least, of measured q: the fields diverge at q = 1. */
static const double APART_LEAST = 1e-9;

/* ---- the weights -------------------------------------------------------- */

static struct saddle_weights on_sphere(double R_hat, double q_hat)
{
    double total = q_hat + R_hat * R_hat;
    double gap = 2 / (1 + sqrt(1 + 4 * total));
    double R = R_hat * gap, rest = q_hat * gap * gap;
    return (struct saddle_weights){{R, gap, rest},
                                   0.5 * (log(gap) + rest / gap), gap * gap};
}

static struct saddle_weights binary(double R_hat, double q_hat)
{
    struct tanh_average t = tanh_average(R_hat, sqrt(q_hat));
    double rest = q_hat < 1e-10 ? q_hat * t.sech4 /* to first order */
                                : fmax(t.tanh2 - t.tanh * t.tanh, 0);
    return (struct saddle_weights){
        {t.tanh, t.sech2, rest},
        t.ln_2cosh - t.tanh * R_hat - q_hat * t.sech2 / 2, t.sech4};
}

struct saddle_weights saddle_weights(bool sphere, double R_hat, double q_hat)
{
    return (sphere ? on_sphere : binary)(R_hat, q_hat);
}

/* ---- the examples ------------------------------------------------------- */

struct integrand {
    const struct saddle *saddle;
    double scale;  /* sqrt(1 - q) */
    double root;   /* of the field: sqrt q, or sqrt(q - R^2) */
    double ratio;  /* R / sqrt(q - R^2) */
};

/* Where g's steps are, in a field root * z. */
static struct probit_grid grid_of(const struct integrand *t, int finer)
{
    double beta = t->saddle->beta;
    struct probit_grid grid = {.finer = finer};
    if (t->root < 1e-100)
        return grid;
    grid.kink[0] = t->saddle->kappa / t->root;
    grid.width[0] = t->scale / t->root;
    if (isfinite(beta) && beta > 2) {
        double x = probit_soft_edge(beta);
        grid.kink[1] = (t->saddle->kappa - t->scale * x) / t->root;
        grid.width[1] = t->scale / (t->root * x);
    }
    return grid;
}

static struct probit_soft soft_at(const struct integrand *t, double z)
{
    return probit_soft((t->saddle->kappa - t->root * z) / t->scale,
                       t->saddle->beta);
}

static void of_R(double s, void *with, double *value)
{
    const struct integrand *t = with;
    value[0] = soft_at(t, s).hazard / t->scale;
}

enum { SQUARE, LN, ERROR, SLOPE2, AVERAGES };

static void of_q(double z, void *with, double *value)
{
    const struct integrand *t = with;
    struct probit_soft soft = soft_at(t, z);
    double wrong = t->saddle->wrong, square = t->scale * t->scale;
    double chance = 2 * (wrong + (1 - 2 * wrong) *
                                     probit_tail(-t->ratio * z));
    value[SQUARE] = chance * soft.hazard * soft.hazard / square;
    value[LN] = chance * soft.ln;
    value[ERROR] = chance * soft.wrong;
    value[SLOPE2] = chance * soft.slope * soft.slope / (square * square);
}

struct saddle_examples saddle_examples(const struct saddle *saddle,
                                       struct saddle_overlaps at, int finer)
{
    struct integrand t = {.saddle = saddle, .scale = sqrt(at.gap),
                          .root = sqrt(at.rest)};
    double pull = 0, out[AVERAGES];
    if (saddle->wrong != 0.5)
        probit_average(grid_of(&t, finer), of_R, &t, 1, &pull);
    t.ratio = at.rest > 0 ? at.R / t.root : at.R == 0 ? 0
                                          : copysign(1e9, at.R);
    t.root = sqrt(at.rest + at.R * at.R);
    struct probit_grid grid = grid_of(&t, finer);
    if (saddle->wrong != 0.5 && t.ratio != 0)
        grid.width[2] = 1 / fabs(t.ratio);
    probit_average(grid, of_q, &t, AVERAGES, out);
    return (struct saddle_examples){
        ROOT_2_PI * (1 - 2 * saddle->wrong) * pull, out[SQUARE], out[LN],
        out[ERROR], out[SLOPE2]};
}

/* ---- residuals ---------------------------------------------------------- */

void saddle_residual(const struct saddle *saddle, double R, double q,
                     double out[2])
{
    double inside = fmin(fmax(q, R * R), 1 - APART_LEAST);
    struct saddle_overlaps at = {R, 1 - inside, fmax(inside - R * R, 0)};
    struct saddle_examples fields = {0};
    if (saddle->beta > 0)
        fields = saddle_examples(saddle, at, 0);
    struct saddle_weights back = saddle_weights(
        saddle->sphere, saddle->alpha * fields.R_hat,
        saddle->alpha * fields.q_hat);
    out[0] = R - back.at.R;
    out[1] = q - (1 - back.at.gap);
}

#include "systems/saddle_branches.h"

#include <math.h>

#include "stat/probit.h"
#include "stat/root.h"

struct curve {
    const struct saddle *saddle;
    double total;
    int finer;
};

/* qhat and Rhat = ratio qhat of qhat + Rhat^2 = total. */
static struct saddle_state state_of(const struct curve *c, double ratio)
{
    struct saddle_state s = {.found = true};
    s.q_hat = 2 * c->total / (1 + sqrt(1 + 4 * ratio * ratio * c->total));
    s.R_hat = ratio * s.q_hat;
    s.weights = saddle_weights(c->saddle->sphere, s.R_hat, s.q_hat);
    s.examples = saddle_examples(c->saddle, s.weights.at, c->finer);
    s.alpha = s.q_hat / s.examples.q_hat;
    return s;
}

/* In ln(Rhat / qhat). */
static double ratio_misfit(double ln_ratio, void *with)
{
    struct saddle_state s = state_of(with, exp(ln_ratio));
    return ln_ratio - log(s.examples.R_hat / s.examples.q_hat);
}

/* Newton's steps with the slope of the last two points: from a good guess
   three to five. NAN: not settled. */
static double secant(struct curve *c, double guess, double precision)
{
    double x = guess, f = ratio_misfit(x, c), step = -f;
    for (int i = 0; i < 12 && fabs(step) < 3; i++) {
        double next = ratio_misfit(x + step, c), slope = (next - f) / step;
        x += step;
        f = next;
        step = -f / slope;
        if (fabs(step) < precision || f == 0)
            return x + (f == 0 ? 0 : step);
    }
    return NAN;
}

struct saddle_state saddle_state_at(const struct saddle *saddle, double total,
                                    double guess, double precision, int finer)
{
    struct curve c = {saddle, total, finer};
    struct root root = {.found = false};
    if (saddle->wrong == 0.5)
        return state_of(&c, 0);
    double x = secant(&c, guess, precision);
    for (double reach = 1; reach < 100 && !isfinite(x); reach *= 4) {
        root = root_between(ratio_misfit, &c, guess - reach, guess + reach);
        x = root.found ? root.x : NAN;
    }
    return isfinite(x) ? state_of(&c, exp(x))
                       : (struct saddle_state){.found = false};
}

bool saddle_has_perfect(const struct saddle *saddle)
{
    return !saddle->sphere && saddle->kappa == 0 && saddle->wrong < 0.5;
}

/* ---- along the curve ---------------------------------------------------- */

/* Totals grow by STEP; the search ends where 1 - q is below GAP_LEAST, or
   where alpha is above the one sought and does not turn any more: always, but
   for binary weights that a teacher's examples give fields below FIELD_MOST,
   beyond which all tanh are 1 where they may be. */
static const double STEP = 1.5, GAP_LEAST = 1e-9, SPHERE_LEAST = 1e-15,
                    FIELD_MOST = 45;
static const double ROUGH = 1e-4, FINE = 1e-12;
/* On the sphere the curve turns at margins below -2.87 only. */
static const double FAR_BELOW = -2.5;
enum { STEPS_MOST = 400 };

struct search {
    const struct saddle *saddle;
    double guess, sign;
};

static struct saddle_state state_near(struct search *search, double total,
                                      double precision)
{
    struct saddle_state s = saddle_state_at(search->saddle, total,
                                            search->guess, precision, 0);
    if (s.found && s.R_hat > 0)
        search->guess = log(s.R_hat / s.q_hat);
    return s;
}

static double total_of(const struct saddle_state *s)
{
    return s->q_hat + s->R_hat * s->R_hat;
}

static double load_misfit(double total, void *with)
{
    struct search *search = with;
    struct saddle_state s = state_near(search, total, FINE);
    return s.found ? log(s.alpha / search->saddle->alpha) : NAN;
}

static double load_at(double total, void *with)
{
    struct search *search = with;
    struct saddle_state s = state_near(search, total, FINE);
    return s.found ? search->sign * s.alpha : NAN;
}

static void add_state(struct search *search, double low, double high,
                      struct saddle_branches *out)
{
    struct root total = root_between(load_misfit, search, low, high);
    if (!total.found || out->count == SADDLE_BRANCHES_MAX)
        out->lost = true;
    else
        out->state[out->count++] = state_near(search, total.x, FINE);
}

/* The turn around the middle one of three: where a branch ends (sign 1) or
   begins (-1). NAN: not found. */
static double turn_near(struct search *search, double middle, double sign,
                        struct saddle_branches *out)
{
    search->sign = sign;
    struct root peak = peak_between(load_at, search, middle / STEP,
                                    middle * STEP, 3);
    out->lost = out->lost || !peak.found;
    if (!peak.found)
        return NAN;
    if (sign > 0 && out->peaks < SADDLE_BRANCHES_MAX)
        out->peak[out->peaks++] = state_near(search, peak.x, FINE);
    return peak.x;
}

/* Three states in a row: does alpha cross the one sought on the way up between
   the last two, or at a turn that they step over? */
static void look(struct search *search, const struct saddle_state *a,
                 bool peaks, struct saddle_branches *out)
{
    double sought = search->saddle->alpha;
    bool top = a[1].alpha > a[0].alpha && a[1].alpha > a[2].alpha;
    bool bottom = a[1].alpha < a[0].alpha && a[1].alpha < a[2].alpha;
    bool beyond_top = top && sought > a[1].alpha && sought < 1.2 * a[1].alpha;
    bool below = bottom && sought <= a[1].alpha && sought > 0.8 * a[1].alpha;
    if (a[1].alpha < sought && sought <= a[2].alpha)
        add_state(search, total_of(&a[1]), total_of(&a[2]), out);
    if (!(top && peaks) && !beyond_top && !below)
        return;
    double turn = turn_near(search, total_of(&a[1]), top ? 1 : -1, out);
    if (beyond_top && isfinite(turn) && load_misfit(turn, search) > 0)
        add_state(search, total_of(&a[0]), turn, out);
    if (below && isfinite(turn) && load_misfit(turn, search) < 0)
        add_state(search, turn, total_of(&a[2]), out);
}

/* A total below that of all states: to first order alpha (b, a). */
static double first_total(struct search *search)
{
    const struct saddle *s = search->saddle;
    double hazard = probit_soft(s->kappa, s->beta).hazard;
    double q_hat = s->alpha * hazard * hazard;
    double R_hat = s->alpha * hazard * (1 - 2 * s->wrong);
    double total = fmin((q_hat + R_hat * R_hat) / 100, 0.01);
    search->guess = log(fmax(R_hat, 1e-300) / q_hat);
    for (int i = 0; i < 40; i++, total /= 30) {
        struct saddle_state first = state_near(search, total, ROUGH);
        if (first.found && first.alpha < s->alpha)
            return total;
    }
    return NAN;
}

/* Binary weights and a teacher without noise at kappa = 0: one branch from
   q = 0 to the first turn; from there on states are unstable all the way to
   the teacher's own, and the ratio equation has other roots. */
static bool one_branch(const struct saddle *saddle)
{
    return saddle_has_perfect(saddle) && saddle->wrong == 0;
}

struct saddle_branches saddle_branches(const struct saddle *saddle,
                                       enum saddle_scope scope)
{
    struct saddle_branches out = {.lost = true};
    struct search search = {.saddle = saddle};
    struct saddle_state at[3] = {{.found = false}};
    double total = first_total(&search);
    bool folds = ((!saddle->sphere && saddle->wrong < 0.5) ||
                  saddle->kappa < FAR_BELOW) && scope != SADDLE_FIRST;
    double least = saddle->sphere ? SPHERE_LEAST : GAP_LEAST;
    for (int i = 0; i < STEPS_MOST && isfinite(total); i++) {
        struct saddle_state next = state_near(&search, total, ROUGH);
        if (!next.found || next.weights.at.gap < least ||
            (i && next.weights.at.gap > 2 * at[2].weights.at.gap))
            break; /* where q falls it is on a curve of other roots */
        at[0] = i ? at[1] : next;
        at[1] = i ? at[2] : next;
        at[2] = next;
        double guess = search.guess;
        out.lost = out.lost && i > 0;
        if (i)
            look(&search, at, scope == SADDLE_PEAKS, &out);
        search.guess = guess;
        if (i > 1 && at[1].alpha > at[2].alpha && one_branch(saddle))
            break;
        if (next.alpha > saddle->alpha &&
            (!folds || next.R_hat > FIELD_MOST))
            break;
        total *= STEP;
    }
    return out;
}

#include "systems/saddle_thermal.h"

#include <math.h>
#include <string.h>

#include "stat/probit.h"
#include "stat/root.h"

static const double PI = 0x1.921fb54442d18p1;

/* ---- one state ---------------------------------------------------------- */

static void set_values(const struct saddle *saddle, struct saddle_weights w,
                       struct saddle_examples e, double value[SADDLE_RESULTS])
{
    double alpha = saddle->alpha, beta = saddle->beta;
    value[SADDLE_LN_Z] = w.ln + alpha * e.ln;
    value[SADDLE_FREE] = -value[SADDLE_LN_Z] / beta;
    value[SADDLE_ERROR] = e.error;
    value[SADDLE_ENERGY] = alpha * e.error;
    value[SADDLE_ENTROPY] = value[SADDLE_LN_Z] + beta * value[SADDLE_ENERGY];
    value[SADDLE_REPLICON] = 1 - alpha * e.slope2 * w.bend;
    value[SADDLE_Q] = w.at.gap < 0.5 ? 1 - w.at.gap
                                     : w.at.rest + w.at.R * w.at.R;
    value[SADDLE_R] = w.at.R;
    /* 1 - R^2 = (1 - q) + (q - R^2) */
    value[SADDLE_EPS] = atan2(sqrt(w.at.gap + w.at.rest), w.at.R) / PI;
}

/* x = { Rhat, qhat, beta }; out = what the fields lack, and the energy. */
enum { X = 3, BETA = 2 };

static void imbalance(const struct saddle *saddle, const double x[X],
                      int finer, double out[X])
{
    struct saddle at = *saddle;
    at.beta = x[BETA];
    struct saddle_weights w = saddle_weights(at.sphere, x[0], x[1]);
    struct saddle_examples e = saddle_examples(&at, w.at, finer);
    out[0] = at.alpha * e.R_hat - x[0];
    out[1] = at.alpha * e.q_hat - x[1];
    out[2] = at.alpha * e.error;
}

/* d imbalance / d x[k] by differences of sixth order, or of fourth. */
static void slopes(const struct saddle *saddle, const double x[X], int k,
                   double sixth[X], double fourth[X])
{
    static const double six[] = {45, -9, 1}, four[] = {8, -1, 0};
    double h = 2e-3 * x[k];
    for (int i = 0; i < X; i++)
        sixth[i] = fourth[i] = 0;
    for (int n = 1; n <= 3; n++) {
        double up[X], down[X], above[X], below[X];
        memcpy(up, x, sizeof up);
        memcpy(down, x, sizeof down);
        up[k] += n * h;
        down[k] -= n * h;
        imbalance(saddle, up, 0, above);
        imbalance(saddle, down, 0, below);
        for (int i = 0; i < X; i++) {
            sixth[i] += six[n - 1] * (above[i] - below[i]) / (60 * h);
            fourth[i] += four[n - 1] * (above[i] - below[i]) / (12 * h);
        }
    }
}

/* Changes of the fields that make up for `lack`. J[k]: slopes by x[k]. */
static void make_up(double J[X][X], const double lack[X], bool teacher,
                    double change[X])
{
    double det = J[0][0] * J[1][1] - J[0][1] * J[1][0];
    change[0] = teacher ? -(lack[0] * J[1][1] - lack[1] * J[1][0]) / det : 0;
    change[1] = teacher ? -(J[0][0] * lack[1] - J[0][1] * lack[0]) / det
                        : -lack[1] / J[1][1];
}

/* c = -beta^2 de/dbeta along the branch. */
static double heat_of(double J[X][X], bool teacher, double beta)
{
    double by_beta[X];
    make_up(J, J[BETA], teacher, by_beta);
    return -beta * beta * (J[BETA][2] + J[0][2] * by_beta[0] +
                           J[1][2] * by_beta[1]);
}

/* Errors: what finer averages, and the fields that they make, change. */
static struct saddle_thermal state_of(const struct saddle *saddle,
                                      const struct saddle_state *found)
{
    struct saddle_thermal s = {.perfect = false};
    double x[X] = {found->R_hat, found->q_hat, saddle->beta};
    double moved[SADDLE_RESULTS];
    double J[X][X] = {{0}}, fourth[X][X] = {{0}}, lack[X], change[X];
    bool teacher = found->R_hat != 0;
    for (int k = teacher ? 0 : 1; k < X; k++)
        slopes(saddle, x, k, J[k], fourth[k]);
    imbalance(saddle, x, 1, lack);
    make_up(J, lack, teacher, change);
    struct saddle_weights w = saddle_weights(saddle->sphere, x[0] + change[0],
                                             x[1] + change[1]);
    set_values(saddle, found->weights, found->examples, moved);
    set_values(saddle, w, saddle_examples(saddle, w.at, 1), s.value);
    s.value[SADDLE_HEAT] = heat_of(J, teacher, saddle->beta);
    moved[SADDLE_HEAT] = heat_of(fourth, teacher, saddle->beta);
    for (int k = 0; k < SADDLE_RESULTS; k++)
        s.error[k] = fabs(s.value[k] - moved[k]) +
                     1e-13 * (1 + fabs(s.value[k]));
    return s;
}

static struct saddle_thermal perfect_state(const struct saddle *saddle)
{
    struct saddle_thermal s = {.perfect = true};
    s.value[SADDLE_ERROR] = saddle->wrong;
    s.value[SADDLE_ENERGY] = saddle->alpha * saddle->wrong;
    s.value[SADDLE_FREE] = s.value[SADDLE_ENERGY];
    s.value[SADDLE_LN_Z] = 0 - saddle->beta * s.value[SADDLE_ENERGY];
    s.value[SADDLE_REPLICON] = s.value[SADDLE_Q] = s.value[SADDLE_R] = 1;
    return s;
}

/* Nothing is learned: alpha = 0 or beta = 0. */
static struct saddle_thermal untaught(const struct saddle *saddle)
{
    struct saddle_thermal s = {.perfect = false};
    double wrong = probit_tail(-saddle->kappa);
    s.value[SADDLE_ERROR] = saddle->beta == 0
                         ? wrong : probit_soft(saddle->kappa,
                                               saddle->beta).wrong;
    s.value[SADDLE_ENERGY] = saddle->alpha * s.value[SADDLE_ERROR];
    s.value[SADDLE_ENTROPY] = saddle->sphere ? 0 : log(2);
    s.value[SADDLE_LN_Z] = s.value[SADDLE_ENTROPY] -
                           saddle->beta * s.value[SADDLE_ENERGY];
    s.value[SADDLE_FREE] = saddle->beta > 0
                               ? -s.value[SADDLE_LN_Z] / saddle->beta : NAN;
    s.value[SADDLE_REPLICON] = 1;
    s.value[SADDLE_EPS] = 0.5;
    return s;
}

/* ---- zero entropy ------------------------------------------------------- */

struct cooling { struct saddle at; bool higher; };

/* found: there is one. */
static struct saddle_state branch_at(struct cooling *c, double ln_beta)
{
    c->at.beta = exp(ln_beta);
    struct saddle_branches found = saddle_branches(
        &c->at, c->higher ? SADDLE_ALL : SADDLE_FIRST);
    return found.count ? found.state[c->higher ? found.count - 1 : 0]
                       : (struct saddle_state){.found = false};
}

static double entropy_at(double ln_beta, void *with)
{
    struct cooling *c = with;
    struct saddle_state s = branch_at(c, ln_beta);
    double value[SADDLE_RESULTS];
    if (!s.found)
        return NAN;
    set_values(&c->at, s.weights, s.examples, value);
    return value[SADDLE_ENTROPY];
}

struct saddle_frozen saddle_frozen(const struct saddle *saddle, bool higher)
{
    struct cooling c = {*saddle, higher};
    double last = log(saddle->beta);
    struct root ln_beta = root_between(entropy_at, &c, last - 1, last);
    for (double back = 3; back < 12 && !ln_beta.found; back += 3)
        ln_beta = root_between(entropy_at, &c, last - back - 1, last);
    if (!ln_beta.found)
        return (struct saddle_frozen){.found = false};
    struct saddle_state s = branch_at(&c, ln_beta.x);
    return (struct saddle_frozen){s.found, c.at.beta,
                                  saddle->alpha * s.examples.error};
}

/* ---- all states --------------------------------------------------------- */

static void put(const struct saddle *saddle, struct saddle_states *states,
                struct saddle_thermal s)
{
    int i = states->count++;
    double sign = saddle->wrong == 0.5 ? -1 : 1;
    double ln_z = sign * s.value[SADDLE_LN_Z];
    for (; i > 0 && sign * states->at[i - 1].value[SADDLE_LN_Z] < ln_z; i--)
        states->at[i] = states->at[i - 1];
    states->at[i] = s;
}

static bool freezes(const struct saddle *saddle,
                    const struct saddle_thermal *s)
{
    return !saddle->sphere && !s->perfect && s->value[SADDLE_ENTROPY] < 0;
}

/* ln Z / N, of a state that has frozen at most what is said of it. */
static double ln_z_of(const struct saddle *saddle, struct saddle_thermal *s)
{
    if (!freezes(saddle, s))
        return s->value[SADDLE_LN_Z];
    s->frozen = saddle_frozen(saddle, s->higher);
    return s->frozen.found ? -saddle->beta * s->frozen.energy : -INFINITY;
}

/* Has the first state frozen, and the second really more weight? */
static void rank(const struct saddle *saddle, struct saddle_states *states)
{
    struct saddle_thermal *at = states->at;
    if (states->count < 2 || saddle->wrong == 0.5 ||
        !freezes(saddle, &at[0]) ||
        ln_z_of(saddle, &at[0]) > ln_z_of(saddle, &at[1]))
        return;
    struct saddle_thermal first = at[0];
    at[0] = at[1];
    at[1] = first;
}

struct saddle_states saddle_states(const struct saddle *saddle, bool peaks)
{
    struct saddle_states states = {.count = 0};
    if (saddle->alpha == 0 || saddle->beta == 0) {
        put(saddle, &states, untaught(saddle));
        return states;
    }
    struct saddle_branches found = saddle_branches(
        saddle, peaks ? SADDLE_PEAKS : SADDLE_ALL);
    states.lost = found.lost;
    states.peaks = found.peaks;
    memcpy(states.peak, found.peak, sizeof states.peak);
    for (int k = 0; k < found.count; k++) {
        struct saddle_thermal s = state_of(saddle, &found.state[k]);
        s.higher = k > 0;
        put(saddle, &states, s);
    }
    if (saddle_has_perfect(saddle) && !found.lost)
        put(saddle, &states, perfect_state(saddle));
    rank(saddle, &states);
    return states;
}

/* A perceptron at inverse temperature beta, u = number of examples whose
   stability y w.x / sqrt(N) is not above kappa, replica symmetric: weights
   -1, +1 or on the sphere |w|^2 = N; labels of a teacher (some of them turned)
   or at random. systems/saddle.h has the equations, saddle_branches.h finds
   all states. Binary weights at kappa = 0 have the teacher itself as a state
   besides, q = R = 1, u = label_noise * P, s = 0. */
#include <math.h>
#include <string.h>

#include "core/saddle_point.h"
#include "core/solver.h"
#include "stat/root.h"
#include "systems/saddle_thermal.h"

#define PERCEPTRON_RS_KEYS(KEY)                                              \
    KEY(real, alpha, "0.8", 0, 1e5, NULL, "examples/weight", 0,              \
        "examples per weight")                                               \
    KEY(real, beta, "1.0", 0, 500, NULL, "1/loss", 0,                        \
        "inverse temperature")                                               \
    KEY(real, kappa, "0.0", -8, 8, NULL, "", 0, "margin")                    \
    KEY(text, weights, "binary", 0, 0, "binary|spherical", "", 0,            \
        "w = -1, +1, or |w|^2 = N")                                          \
    KEY(text, task, "teacher", 0, 0, "teacher|random", "", 0,                \
        "labels: a teacher's, or at random")                                 \
    KEY(real, label_noise, "0.0", 0, 1, NULL, "", 0,                         \
        "chance that a teacher's label is turned")
PARAM_STRUCT(perceptron_rs_keys, PERCEPTRON_RS_KEYS);
#define PARAM_ROW_perceptron_rs_keys(...)                                    \
    PARAM_ROW(perceptron_rs_keys, __VA_ARGS__)
PARAM_TABLE(static, perceptron_rs_table, "perceptron_rs", perceptron_rs_keys,
            PERCEPTRON_RS_KEYS);

/* ---- answers ------------------------------------------------------------ */

static const char *const plain[SADDLE_RESULTS] = {
    "ln_z_per_site", "free_energy_per_site", "energy", "training_error",
    "specific_heat", "entropy_per_site", "replicon", "q", "overlap",
    "generalization_error"};
static const char *const metastable[SADDLE_RESULTS] = {
    "metastable_ln_z_per_site", "metastable_free_energy_per_site",
    "metastable_energy", "metastable_training_error",
    "metastable_specific_heat", "metastable_entropy_per_site",
    "metastable_replicon", "metastable_q", "metastable_overlap",
    "metastable_generalization_error"};
static const char *const unit[SADDLE_RESULTS] = {
    "1", "loss", "loss", "1", "1", "nats", "1", "1", "1", "1"};

static void add_state(const struct saddle_thermal *s, bool teacher,
                      const char *const *name, struct solution *solution)
{
    for (int k = 0; k < (teacher ? SADDLE_RESULTS : SADDLE_R); k++)
        if (isfinite(s->value[k]))
            solution_add(solution, name[k], s->value[k],
                         isfinite(s->error[k]) ? s->error[k] : 0, unit[k]);
}

/* Against a label noise above 1/2 the student learns the opposite. */
static void turn_round(struct saddle_states *states)
{
    for (int k = 0; k < states->count; k++) {
        double *value = states->at[k].value;
        value[SADDLE_R] = -value[SADDLE_R];
        value[SADDLE_EPS] = 1 - value[SADDLE_EPS];
    }
}

static const char *phase_of(const struct saddle *saddle,
                            const struct saddle_states *states)
{
    const struct saddle_thermal *at = states->at;
    if (at[0].perfect && states->count > 1)
        return "perfect; metastable: poor";
    if (at[0].perfect)
        return "perfect";
    if (states->count > 1)
        return at[1].perfect && at[0].value[SADDLE_ENTROPY] < 0
                   ? "poor, frozen; metastable: perfect"
               : at[1].perfect ? "poor; metastable: perfect"
               : at[1].value[SADDLE_Q] > at[0].value[SADDLE_Q]
                   ? "lower overlap; metastable: higher"
                   : "higher overlap; metastable: lower";
    if (!saddle->sphere && at[0].value[SADDLE_ENTROPY] < 0)
        return "frozen";
    return at[0].value[SADDLE_REPLICON] < -1e-9 ? "replica symmetry broken"
                                                : "replica symmetric";
}

/* What is wrong with the state of least energy that is not perfect. */
static void add_doubts(const struct saddle *saddle,
                       const struct saddle_thermal *s, bool second,
                       struct solution *solution)
{
    if (s->perfect)
        return;
    if (s->value[SADDLE_REPLICON] < -1e-9)
        solution_warn(solution, "replica symmetry is broken in this state "
                                "(replicon %.3g < 0): an approximation",
                      s->value[SADDLE_REPLICON]);
    if (saddle->sphere || s->value[SADDLE_ENTROPY] >= 0)
        return;
    if (second) {
        solution_warn(solution, "the entropy of %.3g of the poor state is "
                                "negative: there are no such weights",
                      s->value[SADDLE_ENTROPY]);
        return;
    }
    struct saddle_frozen frozen =
        s->frozen.found ? s->frozen : saddle_frozen(saddle, s->higher);
    solution_warn(solution,
                  "the entropy of %.3g is negative: discrete weights freeze "
                  "where it reaches 0%s", s->value[SADDLE_ENTROPY],
                  frozen.found ? ", at beta_c, and keep frozen_energy" : "");
    if (frozen.found) {
        solution_add(solution, "beta_c", frozen.beta, 1e-11 * frozen.beta,
                     "1/loss");
        solution_add(solution, "frozen_energy", frozen.energy, 1e-11, "loss");
    }
}

struct along { const struct saddle *saddle; double guess; };

/* Where ln Z of the curve equals that of the teacher. */
static double advantage(double total, void *with)
{
    struct along *along = with;
    const struct saddle *saddle = along->saddle;
    struct saddle_state s = saddle_state_at(saddle, total, along->guess,
                                            1e-12, 0);
    if (s.found)
        along->guess = log(s.R_hat / s.q_hat);
    return s.found ? s.weights.ln + s.alpha * (s.examples.ln +
                                               saddle->beta * saddle->wrong)
                   : NAN;
}

struct even { bool found; double alpha, entropy; };

/* end: of the branch that is compared. */
static struct even even_of(const struct saddle *saddle,
                           const struct saddle_state *end)
{
    struct along along = {saddle, log(end->R_hat / end->q_hat)};
    double last = end->q_hat + end->R_hat * end->R_hat;
    struct root total = root_between(advantage, &along, 1e-3 * last, last);
    if (!total.found)
        return (struct even){.found = false};
    struct saddle_state s = saddle_state_at(saddle, total.x, along.guess,
                                            1e-12, 0);
    return (struct even){true, s.alpha,
                         s.weights.ln + s.alpha * (s.examples.ln +
                                                   saddle->beta *
                                                       s.examples.error)};
}

static void add_lines(const struct saddle *saddle,
                      const struct saddle_states *states,
                      struct solution *solution)
{
    if (!states->peaks || states->peak[states->peaks - 1].alpha > 1e8)
        return;
    const struct saddle_state *end = &states->peak[states->peaks - 1];
    solution_add(solution, "alpha_sp", end->alpha, 1e-10 * end->alpha,
                 "examples/weight");
    if (!saddle_has_perfect(saddle))
        return;
    struct even even = even_of(saddle, end);
    if (even.found && even.entropy < -1e-9)
        solution_warn(solution, "alpha_it is left out: there the poor state "
                      "has frozen");
    else if (even.found)
        solution_add(solution, "alpha_it", even.alpha, 1e-11 * even.alpha,
                     "examples/weight");
}

static void answer(const struct saddle *saddle, bool teacher, bool reversed,
                   struct solution *solution)
{
    struct saddle_states states = saddle_states(saddle, true);
    if (reversed)
        turn_round(&states);
    if (states.lost)
        solution_warn(solution, "the saddle point was not solved%s",
                      states.count ? " everywhere: there may be other states"
                                   : "");
    if (!states.count)
        return;
    solution->phase = phase_of(saddle, &states);
    add_state(&states.at[0], teacher, plain, solution);
    if (states.count > 1)
        add_state(&states.at[1], teacher, metastable, solution);
    if (states.count > 2)
        solution_warn(solution, "%d states; two are given",
                      states.count);
    add_doubts(saddle, &states.at[0], false, solution);
    if (states.at[0].perfect && states.count > 1)
        add_doubts(saddle, &states.at[1], true, solution);
    add_lines(saddle, &states, solution);
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    double noise = section_real(keys, "label_noise", 0);
    bool teacher = section_is(keys, "task", "teacher");
    struct saddle saddle = {
        .alpha = section_real(keys, "alpha", 0),
        .beta = section_real(keys, "beta", 0),
        .kappa = section_real(keys, "kappa", 0),
        .wrong = teacher ? fmin(noise, 1 - noise) : 0.5,
        .sphere = section_is(keys, "weights", "spherical")};
    if (!teacher && noise != 0)
        err_add(err, EXIT_INPUT, section_where(keys, "label_noise"),
                "label_noise: goes with task = \"teacher\"");
    else
        answer(&saddle, teacher, teacher && noise > 0.5, solution);
}

/* ---- the overlay -------------------------------------------------------- */

enum { POINTS_MOST = 48 };

static const char *refuses(const struct system *system, int points)
{
    if (strcmp(system->model->name, "perceptron") ||
        !section_is(system->keys, "loss", "step"))
        return "perceptron_rs knows perceptrons that count errors only";
    if (!section_is(system->keys, "labels", "teacher") &&
        !section_is(system->keys, "labels", "random"))
        return "perceptron_rs knows no examples of a file";
    if (section_is(system->keys, "weights", "gaussian") ||
        system->components > 1)
        return "perceptron_rs knows binary and spherical weights without a "
               "tether";
    if (fabs(section_real(system->keys, "kappa", 0)) > 8 ||
        section_real(system->keys, "label_noise", 0) > 0.5)
        return "perceptron_rs: kappa or label_noise out of its range";
    return points > POINTS_MOST ? "perceptron_rs would need more than 10 "
                                  "seconds" : NULL;
}

/* training_error of a run is that of the labels, without the margin. */
static void lay(const struct saddle *saddle, const struct system *system,
                struct solution *solution)
{
    double sites = (double)system->sites;
    struct saddle_states states = saddle_states(saddle, false);
    const double *value = states.at[0].value;
    if (!states.count || states.lost ||
        (!saddle->sphere && value[SADDLE_ENTROPY] < -1e-9))
        return;
    solution_add(solution, "ln_z", sites * value[SADDLE_LN_Z], 0, "1");
    solution_add(solution, "entropy", sites * value[SADDLE_ENTROPY], 0,
                 "nats");
    if (saddle->beta > 0)
        solution_add(solution, "free_energy", sites * value[SADDLE_FREE], 0,
                     "loss");
    solution_add(solution, "energy", value[SADDLE_ENERGY], 0, "loss");
    solution_add(solution, "specific_heat", value[SADDLE_HEAT], 0, "1");
    if (section_real(system->keys, "kappa", 0) == 0)
        solution_add(solution, "training_error", value[SADDLE_ERROR], 0, "1");
    solution_add(solution, "overlap", value[SADDLE_Q], 0, "1");
    if (saddle->wrong == 0.5)
        return;
    solution_add(solution, "teacher_overlap", value[SADDLE_R], 0, "1");
    solution_add(solution, "generalization_error", value[SADDLE_EPS], 0, "1");
}

/* Colder than the freezing of binary weights it is silent. */
static void overlay(const struct solver_task *task)
{
    for (int i = 0; i < task->points; i++) {
        struct saddle saddle = saddle_point_of(task->system, task->lambda[i]);
        if (saddle.beta >= 0 && saddle.beta <= 500)
            lay(&saddle, task->system, &task->solution[i]);
    }
}

const struct solver solver_perceptron_rs = {
    .name = "perceptron_rs",
    .family = FAMILY_REPLICA,
    .summary = "perceptron counting errors at any T: a teacher's or random "
               "labels, binary or spherical weights",
    .source = "Gardner and Derrida 1988, J. Phys. A 21, 271, and 1989, J. "
              "Phys. A 22, 1983; Gyorgyi 1990, Phys. Rev. A 41, 7097; Seung, "
              "Sompolinsky and Tishby 1992, Phys. Rev. A 45, 6056",
    .holds = "infinitely many weights; replica symmetric: an approximation "
             "where the replicon is negative or binary weights have a "
             "negative entropy",
    .keys = &perceptron_rs_table,
    .solve = solve,
    .refuses = refuses,
    .overlay = overlay,
    .limit = "of infinitely many weights in the state of largest ln Z; with N "
             "of them averages are off by about 1/N, by the spread of the "
             "samples, 1/sqrt(N), and near a jump by all of it; a teacher of "
             "an even number of signs passes over undecided examples: as "
             "much again"};

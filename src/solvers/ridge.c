/* Ridge regression in high dimension: y = x.w* + noise, x normal of variance
   1/N, w* of variance 1, n = alpha N examples, u = 1/2 sum (y - x.w)^2 +
   lambda/2 |w|^2 (Hastie, Montanari, Rosset, Tibshirani, Ann. Stat. 50, 949
   (2022); V from Marchenko, Pastur 1967). With V = tr (X'X + lambda)^-1 / N and
   the excess risk E = |w - w*|^2 / N of the minimum,

     1/V = lambda + alpha / (1 + V)
     E   = V^2 [lambda^2 + alpha (E + noise) / (1 + V)^2]

   at temperature T the risk is E + T V. A normal prior of width s is the same
   as T/s^2 more of lambda. */
#include <math.h>
#include <string.h>

#include "core/examples.h"
#include "core/solver.h"

#define RIDGE_KEYS(KEY)                                                      \
    KEY(real, alpha, "2.0", 0, 1e9, NULL, "examples/input", 0,               \
        "examples per input")                                                \
    KEY(real, lambda, "0.1", 0, 1e9, NULL, "", 0, "penalty lambda/2 |w|^2")  \
    KEY(real, noise, "0.25", 0, 1e9, NULL, "", 0,                            \
        "variance of what is added to the teacher's answers")                \
    KEY(real, T, "0.0", 0, 1e9, NULL, "energy", 0, "temperature")
PARAM_STRUCT(ridge_keys, RIDGE_KEYS);
#define PARAM_ROW_ridge_keys(...) PARAM_ROW(ridge_keys, __VA_ARGS__)
PARAM_TABLE(static, ridge_table, "ridge", ridge_keys, RIDGE_KEYS);

/* ---- the minimum and its neighbourhood ---------------------------------- */

struct ridge { double alpha, lambda, noise, T; };

struct state {
    double V;       /* infinite: directions are free */
    double spread;  /* tr X'X (X'X + lambda)^-1 / N */
    double rest;    /* lambda V = 1 - spread */
    double shrunk;  /* V / (1 + V): alpha times it is spread */
    double excess;  /* E, without T V; NAN: no limit */
    double ln_det;  /* ln det (X'X + lambda) / N */
};

static struct state state_of(struct ridge r)
{
    struct state s = {.spread = 0};
    double b = r.lambda + r.alpha - 1, D = sqrt(b * b + 4 * r.lambda);
    s.V = b >= 0 ? 2 / (b + D) : (D - b) / (2 * r.lambda);
    s.rest = b >= 0 ? (r.lambda > 0 ? r.lambda * s.V : 0) : (D - b) / 2;
    s.shrunk = isfinite(s.V) ? s.V / (1 + s.V) : 1;
    s.spread = r.alpha * s.shrunk;
    s.excess = (s.rest * s.rest + r.noise * s.spread * s.shrunk) /
               (D * s.shrunk); /* 1 - spread shrunk, without cancellation */
    s.ln_det = r.alpha * log1p(s.V) - log(s.V) - s.spread;
    return s;
}

enum { EXCESS, TRAIN, TEST, NORM, TEACHER, OVERLAP, RESULTS };

/* E + 1 - 2 rest, |w|^2 / N of the minimum; where little is learned the terms
   that cancel are taken out: 1 - spread shrunk = (E's denominator). */
static double norm_of(struct ridge r, const struct state *s)
{
    double both = s->spread * s->shrunk;
    if (s->spread > 0.5)
        return s->excess + 1 - 2 * s->rest;
    return (s->spread * s->spread +
            both * (r.noise + 1 - 2 * s->spread)) / (1 - both);
}

/* At temperature T; what is infinite is NAN. */
static void quantities(struct ridge r, const struct state *s,
                       double value[RESULTS])
{
    double hot = r.T > 0 ? r.T * s->V : 0;
    double left = (1 - s->shrunk) * (1 - s->shrunk); /* 1 / (1 + V)^2 */
    double norm = norm_of(r, s);
    double all = norm + hot;
    value[EXCESS] = s->excess + hot;
    value[TRAIN] = 0.5 * (left > 0 ? (s->excess + r.noise) * left : 0) +
                   0.5 * r.T * s->shrunk;
    value[TEST] = 0.5 * (value[EXCESS] + r.noise);
    value[NORM] = all;
    value[TEACHER] = s->spread / sqrt(all);
    value[OVERLAP] = norm / all;
}

/* u / N with the penalty l2 / 2 |w|^2 in it */
static double energy(struct ridge r, double l2, const double value[RESULTS])
{
    return r.alpha * value[TRAIN] + (l2 > 0 ? 0.5 * l2 * value[NORM] : 0);
}

/* The least u / N. */
static double least(struct ridge r, const struct state *s)
{
    return 0.5 * (r.lambda * s->spread + r.noise * (r.alpha - s->spread));
}

/* ln Z / N, flat measure, all of lambda in u. */
static double ln_z(struct ridge r, const struct state *s)
{
    return 0.5 * log(2 * M_PI * r.T) - least(r, s) / r.T - 0.5 * s->ln_det;
}

/* ---- answers ------------------------------------------------------------ */

static void add(struct solution *solution, const char *name, double value,
                const char *unit)
{
    if (isfinite(value))
        solution_add(solution, name, value, 2e-15 * fabs(value), unit);
}

static void add_warm(struct ridge r, const struct state *s,
                     struct solution *solution)
{
    double z = ln_z(r, s);
    add(solution, "ln_z_per_site", z, "1");
    add(solution, "entropy_per_site",
        0.5 * (log(2 * M_PI * r.T) + 1 - s->ln_det), "nats");
    if (isfinite(z))
        solution_add(solution, "specific_heat", 0.5, 0, "1");
}

/* Best of all lambda: that of the posterior mean, lambda = noise. */
static void add_best(struct ridge r, struct solution *solution)
{
    struct ridge best = r;
    best.lambda = r.noise;
    struct state s = state_of(best);
    if (r.alpha == 1 && r.noise == 0)
        s.excess = 0;
    solution_add(solution, "lambda_best", r.noise, 0, "1");
    add(solution, "excess_risk_best", s.excess, "1");
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    struct ridge r = {section_real(keys, "alpha", 0),
                      section_real(keys, "lambda", 0),
                      section_real(keys, "noise", 0),
                      section_real(keys, "T", 0)};
    static const char *const name[RESULTS] = {
        "excess_risk", "training_loss", "test_loss", "norm_2", "overlap",
        "q"};
    static const char *const unit[RESULTS] = {"1", "energy", "energy", "1",
                                              "1", "1"};
    double value[RESULTS];
    struct state s = state_of(r);
    (void)err;
    solution->phase = r.lambda > 0 ? "one minimum"
                      : r.alpha < 1 ? "interpolating: the minimum of least "
                                      "norm"
                      : r.alpha > 1 ? "more examples than inputs"
                                    : "peak of the double descent";
    quantities(r, &s, value);
    if (r.lambda == 0 && r.alpha == 1)
        solution_warn(solution, "at alpha = 1 and lambda = 0 the risk "
                                "diverges: left out");
    else if (r.lambda == 0 && r.alpha < 1 && r.T > 0)
        solution_warn(solution, "without a penalty 1 - alpha of the "
                                "directions are free: at T > 0 there is no "
                                "norm, risk or ln Z");
    add(solution, "V", s.V, "1");
    add(solution, "energy", least(r, &s) + 0.5 * r.T *
                                (s.spread + s.rest * (r.lambda > 0)),
        "energy");
    for (int k = 0; k < RESULTS; k++)
        add(solution, name[k], value[k], unit[k]);
    add(solution, "generalization_error", 2 * value[TEST], "1");
    if (r.T > 0)
        add_warm(r, &s, solution);
    add_best(r, solution);
}

/* ---- the overlay -------------------------------------------------------- */

static double load_of(const struct system *system)
{
    return (double)examples_count(system->keys) / (double)system->sites;
}

static const char *refuses(const struct system *system, int points)
{
    (void)points;
    if (strcmp(system->model->name, "linear") ||
        !section_is(system->keys, "labels", "teacher"))
        return "ridge knows model linear with a teacher's examples only";
    if (section_is(system->keys, "prior", "box") || system->components > 1)
        return "ridge knows a normal or flat prior without a tether";
    if (section_is(system->keys, "prior", "none") && load_of(system) <= 1 &&
        section_real(system->keys, "l2", 0) == 0)
        return "ridge: without a prior or a penalty p has no norm";
    return NULL;
}

/* A normal prior adds T / s^2 to lambda. */
static struct ridge at_beta(const struct system *system, double beta)
{
    double s = section_is(system->keys, "prior", "gaussian")
                   ? section_real(system->keys, "prior_scale", 1) : INFINITY;
    return (struct ridge){load_of(system),
                          section_real(system->keys, "l2", 0) +
                              1 / (beta * s * s),
                          section_real(system->keys, "noise", 0), 1 / beta};
}

static double energy_at(const struct system *system, double beta)
{
    struct ridge r = at_beta(system, beta);
    struct state s = state_of(r);
    double value[RESULTS];
    quantities(r, &s, value);
    return energy(r, section_real(system->keys, "l2", 0), value);
}

/* beta^2 var u / N by a difference of sixth order. */
static double heat_at(const struct system *system, double beta)
{
    static const double weight[] = {45, -9, 1};
    double h = 2e-3 * beta, sum = 0;
    for (int n = 1; n <= 3; n++)
        sum += weight[n - 1] * (energy_at(system, beta + n * h) -
                                energy_at(system, beta - n * h));
    return -beta * beta * sum / (60 * h);
}

static void lay(const struct system *system, double beta,
                struct solution *solution)
{
    static const char *const name[RESULTS] = {
        "excess_risk", "training_loss", "test_loss", "norm_2",
        "teacher_overlap", "overlap"};
    struct ridge r = at_beta(system, beta);
    struct state s = state_of(r);
    double value[RESULTS], sites = (double)system->sites;
    double u = energy_at(system, beta), z = ln_z(r, &s);
    if (section_is(system->keys, "prior", "gaussian"))
        z -= 0.5 * log(2 * M_PI) +
             log(section_real(system->keys, "prior_scale", 1));
    quantities(r, &s, value);
    for (int k = 0; k < RESULTS; k++)
        solution_add(solution, name[k], value[k], 0, "1");
    solution_add(solution, "energy", u, 0, "energy");
    solution_add(solution, "specific_heat", heat_at(system, beta), 0, "1");
    solution_add(solution, "ln_z", sites * z, 0, "1");
    solution_add(solution, "entropy", sites * (z + beta * u), 0, "nats");
    solution_add(solution, "free_energy", -sites * z / beta, 0, "energy");
}

static void overlay(const struct solver_task *task)
{
    for (int i = 0; i < task->points; i++)
        if (task->lambda[i] > 0)
            lay(task->system, task->lambda[i], &task->solution[i]);
}

const struct solver solver_ridge = {
    .name = "ridge",
    .family = FAMILY_REPLICA,
    .summary = "ridge regression in high dimension: risk, training loss, "
               "double descent",
    .source = "Marchenko and Pastur 1967; Hastie, Montanari, Rosset and "
              "Tibshirani 2022, Ann. Stat. 50, 949",
    .holds = "infinitely many inputs, normal of variance 1/N, a teacher of "
             "variance 1, noise of any variance; exact",
    .keys = &ridge_table,
    .solve = solve,
    .refuses = refuses,
    .overlay = overlay,
    .limit = "of infinitely many inputs, averaged over examples; with N of "
             "them a sample's averages lie about sqrt(2/N) of their size "
             "apart"};

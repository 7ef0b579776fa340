/* A committee of two units with real weights of normal prior learns alpha N
   examples of a teacher of the same kind, Y = sign(sign z1 + sign z2) with
   sign 0 = 0: three answers; Bayes optimal. The overlap of student and teacher
   is a 2 x 2 matrix with diagonal (qp + qm)/2 and off-diagonal (qp - qm)/2.
   With the averages of systems/orthants.h

     qp/(1 - qp) = alpha p(qp, qm),   qm/(1 - qm) = alpha m(qp, qm)

   (Aubin, Maillard, Barbier, Krzakala, Macris and Zdeborova 2018). qm = 0 is
   always a solution: each student unit resembles both units of the teacher
   alike. At alpha_spec, 1 = alpha bend, the student specialises. Solved
   backwards: qm gives qp, by the ratio of the two, and alpha. */
#include <math.h>

#include "core/solver.h"
#include "stat/root.h"
#include "systems/orthants.h"

#define COMMITTEE2_KEYS(KEY)                                                 \
    KEY(real, alpha, "2.5", 0, 100, NULL, "examples/input", 0,               \
        "examples per input")
PARAM_STRUCT(committee2_keys, COMMITTEE2_KEYS);
#define PARAM_ROW_committee2_keys(...)                                       \
    PARAM_ROW(committee2_keys, __VA_ARGS__)
PARAM_TABLE(static, committee2_table, "committee2", committee2_keys,
            COMMITTEE2_KEYS);

/* x = ln(q / (1 - q)) of a sum or difference. */
static double gap_of(double x)
{
    return 1 / (1 + exp(x));
}

struct state { bool found; double alpha, xp, xm; struct orthants mean; };

struct search { double xm, alpha, guess; int finer; };

/* ---- without specialisation --------------------------------------------- */

static struct state alike_at(double xp, int finer)
{
    struct state s = {.found = true, .xp = xp, .xm = -INFINITY};
    s.mean = orthants_of(gap_of(xp), 1, false, finer);
    s.alpha = exp(xp) / s.mean.p;
    return s;
}

static double alike_misfit(double xp, void *with)
{
    const struct search *search = with;
    return log(alike_at(xp, search->finer).alpha / search->alpha);
}

static struct root alike_root(double alpha, int finer)
{
    struct search search = {.alpha = alpha, .finer = finer};
    double guess = log(alpha);
    return root_between(alike_misfit, &search, guess - 3, guess + 5);
}

static double bend_misfit(double xp, void *with)
{
    struct state s = alike_at(xp, *(int *)with);
    return log(s.alpha * s.mean.bend);
}

static struct root onset(int finer)
{
    return root_between(bend_misfit, &finer, 0, 3);
}

/* ---- specialised -------------------------------------------------------- */

static double ratio_misfit(double xp, void *with)
{
    const struct search *search = with;
    struct orthants mean = orthants_of(gap_of(xp), gap_of(search->xm),
                                       false, search->finer);
    return xp - search->xm - log(mean.p / mean.m);
}

/* From a good guess of xp: secants. */
static struct state apart_at(struct search *search, double xm)
{
    struct state s = {.found = false, .xm = xm};
    search->xm = xm;
    double x = search->guess, f = ratio_misfit(x, search), step = -f / 2;
    for (int i = 0; i < 30 && !s.found && isfinite(step); i++) {
        double next = ratio_misfit(x + step, search);
        double slope = (next - f) / step;
        x += step;
        f = next;
        step = fmax(-1, fmin(1, f == 0 ? 0 : -f / slope));
        s.found = fabs(step) < 1e-8; /* after it, below rounding */
    }
    search->guess = s.xp = x + step;
    s.mean = orthants_of(gap_of(s.xp), gap_of(xm), false, search->finer);
    s.alpha = exp(xm) / s.mean.m;
    return s;
}

static double apart_misfit(double xm, void *with)
{
    struct search *search = with;
    struct state s = apart_at(search, xm);
    return s.found ? log(s.alpha / search->alpha) : NAN;
}

/* xm from 1e-7 on: closer to alpha_spec the student is as good as alike. */
static struct root apart_root(struct search *search)
{
    double low = log(fmin(0.5, (search->alpha - 2) / 50));
    struct root root = {.found = false};
    for (; low > -17 && !root.found; low -= 4)
        root = root_between(apart_misfit, search, low,
                            2 * log(search->alpha) + 1);
    return root;
}

/* ---- answers ------------------------------------------------------------ */

enum { DIAGONAL, OFF, EPS, BAYES, MSE, TOLD, LN_Z, RESULTS };

static double part(double x)
{
    return x == -INFINITY ? 0 : 0.5 * (1 - gap_of(x) - log1p(exp(x)));
}

static void quantities(const struct state *s, double value[RESULTS])
{
    double qp = 1 / (1 + exp(-s->xp)), qm = 1 / (1 + exp(-s->xm));
    value[DIAGONAL] = (qp + qm) / 2;
    value[OFF] = (qp - qm) / 2;
    value[EPS] = 1 - s->mean.match;
    value[BAYES] = 1 - s->mean.best;
    value[MSE] = 0.5 * (0.5 - s->mean.square);
    value[TOLD] = s->mean.told;
    value[LN_Z] = part(s->xp) + part(s->xm) - s->alpha * s->mean.told;
}

/* The best answer's chance is asked for at last only. */
static void set_best(struct state *s, int finer)
{
    s->mean.best = orthants_of(gap_of(s->xp), gap_of(s->xm), true,
                               finer).best;
}

/* Errors: what finer averages change at the same qm (qp), and the alpha they
   go with, by the slope along the curve. */
static void add_state(struct state *s, struct state *fine,
                      struct state *next, const char *const *name,
                      struct solution *solution)
{
    static const char *const unit[RESULTS] = {"1", "1", "1", "1", "1",
                                              "nats/example", "1"};
    double value[RESULTS], refined[RESULTS], moved[RESULTS];
    double shift = fabs((fine->alpha - s->alpha) / (next->alpha - s->alpha));
    set_best(s, 0);
    set_best(fine, 1);
    set_best(next, 0);
    quantities(s, value);
    quantities(fine, refined);
    quantities(next, moved);
    for (int k = 0; k < RESULTS; k++)
        solution_add(solution, name[k], value[k],
                     fabs(refined[k] - value[k]) +
                         fabs(moved[k] - value[k]) * shift + 1e-13, unit[k]);
}

static const char *const plain[RESULTS] = {
    "q_diagonal", "q_offdiagonal", "generalization_error",
    "bayes_generalization_error", "mse", "information_gain",
    "ln_z_per_site"};
static const char *const alike[RESULTS] = {
    "alike_q_diagonal", "alike_q_offdiagonal", "alike_generalization_error",
    "alike_bayes_generalization_error", "alike_mse",
    "alike_information_gain", "alike_ln_z_per_site"};

static bool add_alike(double alpha, const char *const *name,
                      struct solution *solution)
{
    struct root root = alike_root(alpha, 0);
    if (root.found) {
        struct state s = alike_at(root.x, 0), fine = alike_at(root.x, 1);
        struct state next = alike_at(root.x + 1e-4, 0);
        add_state(&s, &fine, &next, name, solution);
    }
    return root.found;
}

static bool add_apart(double alpha, struct solution *solution)
{
    struct search search = {.alpha = alpha, .guess = log(alpha)};
    struct root root = apart_root(&search);
    if (!root.found)
        return false;
    struct state s = apart_at(&search, root.x);
    struct state next = apart_at(&search, root.x + 1e-4);
    search.finer = 1;
    search.guess = s.xp;
    struct state fine = apart_at(&search, root.x);
    if (s.found && next.found && fine.found)
        add_state(&s, &fine, &next, plain, solution);
    return s.found && next.found && fine.found;
}

/* No examples: answers 1, -1, 0 of chances 1/4, 1/4, 1/2. */
static void untaught(struct solution *solution)
{
    const double value[RESULTS] = {0, 0, 0.625, 0.5, 0.25, 1.5 * log(2), 0};
    for (int k = 0; k < RESULTS; k++)
        solution_add(solution, plain[k], value[k], 0,
                     k == TOLD ? "nats/example" : "1");
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    double alpha = section_real(keys, "alpha", 0);
    struct root xp = onset(1), rough = onset(0);
    struct state edge = alike_at(xp.x, 1);
    bool specialised = xp.found && alpha > edge.alpha, good;
    (void)err;
    solution->phase = specialised ? "specialized" : "unspecialized";
    if (alpha < 1e-12) {
        untaught(solution);
        good = true;
    } else {
        good = specialised ? add_apart(alpha, solution)
                           : add_alike(alpha, plain, solution);
    }
    if (specialised)
        good = add_alike(alpha, alike, solution) && good;
    if (!good || !xp.found)
        solution_warn(solution, "a saddle point was not solved");
    if (xp.found)
        solution_add(solution, "alpha_spec", edge.alpha,
                     fabs(alike_at(rough.x, 0).alpha - edge.alpha) + 1e-13,
                     "examples/input");
}

const struct solver solver_committee2 = {
    .name = "committee2",
    .family = FAMILY_REPLICA,
    .summary = "committee of two units and teacher, Bayes optimal: overlaps, "
               "specialisation",
    .source = "Aubin, Maillard, Barbier, Krzakala, Macris and Zdeborova 2018, "
              "arXiv 1806.05451: state evolution of K = 2, normal weights",
    .holds = "infinitely many inputs, no noise, alpha up to 100; exact",
    .keys = &committee2_table,
    .solve = solve};

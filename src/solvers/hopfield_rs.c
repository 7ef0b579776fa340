/* The Hopfield model at load alpha, replica symmetric: states and lines of
   systems/hopfield_states.h, at a point and beside the data. */
#include <math.h>
#include <string.h>

#include "core/solver.h"
#include "systems/hopfield_states.h"

#define HOPFIELD_RS_KEYS(KEY)                                                \
    KEY(real, alpha, "0.05", 1e-6, 1e3, NULL, "patterns/site", 0,            \
        "load: patterns per spin (none: curie_weiss N=0)")                   \
    KEY(real, T, "0.0", 0, 1e3, NULL, "energy", 0, "temperature")
PARAM_STRUCT(hopfield_rs_keys, HOPFIELD_RS_KEYS);
#define PARAM_ROW_hopfield_rs_keys(...)                                      \
    PARAM_ROW(hopfield_rs_keys, __VA_ARGS__)
PARAM_TABLE(static, hopfield_rs_table, "hopfield_rs", hopfield_rs_keys,
            HOPFIELD_RS_KEYS);

/* ---- answers ------------------------------------------------------------ */

/* Errors: the change over the root's width, and rounding, in S over T. */
static void add_state(const struct hopfield_state *s,
                      const struct hopfield_state *next, double alpha,
                      const char *const name[HOPFIELD_RESULTS],
                      struct solution *solution)
{
    static const char *const unit[HOPFIELD_RESULTS] = {
        "1", "1", "energy", "energy", "nats", "1"};
    double value[HOPFIELD_RESULTS], moved[HOPFIELD_RESULTS];
    hopfield_results(s, alpha, value);
    hopfield_results(next, alpha, moved);
    for (int i = 0; i < HOPFIELD_RESULTS; i++) {
        double rounding = 1e-14 * fmax(1, fabs(value[i]));
        if (i == HOPFIELD_S && s->T > 0)
            rounding += 1e-15 / s->T;
        solution_add(solution, name[i], value[i],
                     isfinite(value[i]) ? fabs(moved[i] - value[i]) +
                                              rounding : 0, unit[i]);
    }
}

static void add_main(const struct hopfield_state *s,
                     const struct hopfield_state *next, double alpha,
                     struct solution *solution)
{
    static const char *const name[HOPFIELD_RESULTS] = {
        "q", "r", "energy", "free_energy_per_site", "entropy_per_site",
        "replicon"};
    double value[HOPFIELD_RESULTS];
    solution_add(solution, "m", s->m,
                 s->m == 0 ? 0 : fabs(next->m - s->m) + 1e-14, "1");
    add_state(s, next, alpha, name, solution);
    hopfield_results(s, alpha, value);
    if (value[HOPFIELD_REPLICON] < -1e-9)
        solution_warn(solution,
                      "replica symmetry is broken in this state (replicon "
                      "%.3g < 0): an approximation",
                      value[HOPFIELD_REPLICON]);
}

static void add_glass(double T, double alpha, struct root delta,
                      struct solution *solution)
{
    static const char *const name[HOPFIELD_RESULTS] = {
        "sg_q", "sg_r", "sg_energy", "sg_free_energy_per_site",
        "sg_entropy_per_site", "sg_replicon"};
    struct hopfield_state s = hopfield_at(T, 0, delta.x);
    struct hopfield_state next = hopfield_at(T, 0, delta.x + delta.width);
    add_state(&s, &next, alpha, name, solution);
}

static void add_lines(double T, double alpha, struct root top,
                      struct solution *solution)
{
    struct root melt = hopfield_melting(alpha);
    if (top.found) {
        struct hopfield_state s = hopfield_on_curve(T, top.x);
        double most = hopfield_load(&s);
        struct root even = hopfield_balance_load(T, top.x, most);
        solution_add(solution, "alpha_c", most, 1e-13, "patterns/site");
        solution_add(solution, "m_c", s.m, 1e-9, "1");
        if (even.found)
            solution_add(solution, "alpha_global", even.x,
                         even.width + 1e-12, "patterns/site");
    }
    if (melt.found) {
        struct root even = hopfield_balance(alpha, melt.x);
        struct root breaks = hopfield_breaking(alpha, melt.x);
        solution_add(solution, "temperature_m", melt.x, 1e-11,
                     "energy");
        if (T < melt.x && !hopfield_retrieval(T, alpha, top.x).found)
            solution_warn(solution, "retrieval is there at higher T only, up "
                          "to temperature_m: alpha_c is highest at T = "
                          "0.0229");
        if (breaks.found)
            solution_add(solution, "temperature_r", exp(breaks.x),
                         exp(breaks.x) * (breaks.width + 1e-9), "energy");
        if (even.found)
            solution_add(solution, "temperature_c", even.x,
                         even.width + 1e-12, "energy");
    }
    solution_add(solution, "temperature_g", 1 + sqrt(alpha), 0, "energy");
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    double alpha = section_real(keys, "alpha", 0);
    double T = section_real(keys, "T", 0);
    struct root delta = hopfield_glass(T, alpha), top = hopfield_capacity(T);
    struct root y = hopfield_retrieval(T, alpha, top.x);
    (void)err;
    if (!delta.found || (T < 1 && !top.found)) {
        solution_warn(solution, "the saddle point was not solved");
        return;
    }
    if (y.found) {
        struct hopfield_state s = hopfield_on_curve(T, y.x);
        struct hopfield_state next = hopfield_on_curve(T, y.x + y.width);
        solution->phase = hopfield_advantage(T, alpha, top.x) < 0
                              ? "retrieval" : "retrieval, metastable";
        add_main(&s, &next, alpha, solution);
    } else {
        struct hopfield_state s = hopfield_at(T, 0, delta.x);
        struct hopfield_state next = hopfield_at(T, 0, delta.x + delta.width);
        solution->phase = delta.x > 0 ? "spin glass" : "paramagnet";
        add_main(&s, &next, alpha, solution);
    }
    if (delta.x > 0)
        add_glass(T, alpha, delta, solution);
    add_lines(T, alpha, top, solution);
}

/* ---- the overlay -------------------------------------------------------- */

static const char *refuses(const struct system *system, int points)
{
    if (strcmp(system->model->name, "hopfield"))
        return "hopfield_rs knows the Hopfield model only";
    if (points > 200)
        return "hopfield_rs would need more than 10 seconds";
    return NULL;
}

static double load_of_system(const struct system *system)
{
    double n = (double)system->sites;
    return fmax(1, nearbyint(section_real(system->keys, "alpha", 0) * n)) / n;
}

/* The state of a memory in use: retrieval where there is such a state, also a
   metastable one, as a run that starts at a pattern knows; else m = 0. Silent
   where the replicon is negative: in the spin glass. */
static void in_use(double T, double alpha, struct solution *solution)
{
    struct root delta = hopfield_glass(T, alpha), top = hopfield_capacity(T);
    struct root y = hopfield_retrieval(T, alpha, top.x);
    double value[HOPFIELD_RESULTS];
    if (!y.found && !delta.found)
        return;
    struct hopfield_state s = y.found ? hopfield_on_curve(T, y.x)
                                      : hopfield_at(T, 0, delta.x);
    hopfield_results(&s, alpha, value);
    if (value[HOPFIELD_REPLICON] < -1e-9)
        return;
    solution_add(solution, "energy", value[HOPFIELD_U], 0, "energy");
    solution_add(solution, "retrieval_overlap", s.m, 0, "1");
}

static void overlay(const struct solver_task *task)
{
    double alpha = load_of_system(task->system);
    for (int i = 0; i < task->points; i++)
        if (task->lambda[i] > 0)
            in_use(1 / task->lambda[i], alpha, &task->solution[i]);
}

const struct solver solver_hopfield_rs = {
    .name = "hopfield_rs",
    .family = FAMILY_REPLICA,
    .summary = "Hopfield model near saturation, replica symmetric: retrieval, "
               "spin glass, capacity",
    .source = "Amit, Gutfreund and Sompolinsky 1987, Ann. Phys. 173, 30: "
              "saddle point of m, q, r, retrieval or m = 0; infinitely many "
              "spins",
    .holds = "infinitely many neurons; replica symmetry is broken in the "
             "spin glass throughout and in the retrieval state at small "
             "T: a negative replicon, and a warning",
    .keys = &hopfield_rs_table,
    .solve = solve,
    .refuses = refuses,
    .overlay = overlay,
    .limit = "infinitely many neurons, averaged over patterns, retrieval "
             "where there is such a state; energies are off by order 1/N and, "
             "from sample to sample, sqrt(alpha/2N), m = 0 stands for the "
             "largest of P overlaps, sqrt(2 ln P/N), and jumps are smooth"};

/* The Hopfield model at load alpha = P/N, H = -(1/2N) sum_(i != j) sum_mu
   xi_i xi_j s_i s_j, replica symmetric, one pattern condensed (Amit,
   Gutfreund, Sompolinsky 1985; 1987):
     m = <tanh w>, q = <tanh^2 w>, w = (m + delta z)/T, delta^2 = alpha r,
     r = q/(1 - C)^2, C = (1 - q)/T,
     f = (alpha + m^2)/2 + alpha (T ln(1 - C) - q/(1 - C) + r C)/2
         - T <ln 2 cosh w>,
     u = (alpha - m^2 - alpha (1/(1 - C) + r C))/2.
   At T = 0, <tanh w> = erf(y), y = m/(delta sqrt 2), C = sqrt(2/pi)
   e^(-y^2)/delta.

   Solved backwards: y and T give delta from the equation of m, and then alpha.
   Along y the retrieval states of one T lie on a curve alpha(y) that rises
   from 0 at y = infinity to the capacity alpha_c(T) and falls again (unstable
   states). The spin glass is y = 0. Right where the replicon, (1 - C)^2 -
   alpha <sech^4 w>/T^2, is not negative: nearly everywhere on the retrieval
   side, never in the spin glass; then it is an approximation. */
#include <string.h>

#include "core/solver.h"
#include "stat/root.h"
#include "stat/tanh_average.h"

#define HOPFIELD_RS_KEYS(KEY)                                                \
    KEY(real, alpha, "0.05", 1e-6, 1e3, NULL, "patterns/site", 0,            \
        "load: patterns per spin (none: curie_weiss N=0)")                   \
    KEY(real, T, "0.0", 0, 1e3, NULL, "energy", 0, "temperature")
PARAM_STRUCT(hopfield_rs_keys, HOPFIELD_RS_KEYS);
#define PARAM_ROW_hopfield_rs_keys(...)                                      \
    PARAM_ROW(hopfield_rs_keys, __VA_ARGS__)
PARAM_TABLE(static, hopfield_rs_table, "hopfield_rs", hopfield_rs_keys,
            HOPFIELD_RS_KEYS);

static const double root_half = 0x1.6a09e667f3bcdp-1,
                    root_2_pi = 0x1.9884533d43651p-1; /* sqrt(2/pi) */

/* ---- states ------------------------------------------------------------ */

/* Averages at fields of mean m and width delta. m_out = m where it is a
   solution. */
struct state { double T, m, delta, m_out, q, C, sech4, entropy_of_spin; };

static struct state state_at(double T, double m, double delta)
{
    struct state s = {.T = T, .m = m, .delta = delta, .q = 1};
    double y = m / delta * root_half;
    if (T == 0) {
        s.m_out = erf(y);
        s.C = root_2_pi * exp(-y * y) / delta;
        s.sech4 = INFINITY;
        s.entropy_of_spin = m * s.m_out + delta * delta * s.C;
        return s;
    }
    struct tanh_average t = tanh_average(m / T, delta / T);
    s.m_out = t.tanh;
    s.q = t.tanh2;
    s.C = t.sech2 / T;
    s.sech4 = t.sech4 / (T * T);
    s.entropy_of_spin = T * t.ln_2cosh;
    return s;
}

/* The load at which the state solves delta^2 = alpha r. */
static double load_of(const struct state *s)
{
    double gap = 1 - s->C;
    return gap > 0 ? s->delta * s->delta * gap * gap / s->q : -INFINITY;
}

enum { Q, R, U, F, S, REPLICON, RESULTS };

static void quantities(const struct state *s, double alpha,
                       double value[RESULTS])
{
    double T = s->T, gap = 1 - s->C, r = s->q / (gap * gap);
    value[Q] = s->q;
    value[R] = r;
    value[U] = 0.5 * (alpha - s->m * s->m - alpha * (1 / gap + r * s->C));
    value[F] = 0.5 * (alpha + s->m * s->m) - s->entropy_of_spin +
               0.5 * alpha * (T * log(gap) - s->q / gap + r * s->C);
    value[S] = T > 0 ? (value[U] - value[F]) / T
                     : -0.5 * alpha * (log(gap) + s->C / gap);
    value[REPLICON] = gap * gap - alpha * s->sech4;
}

/* ---- the retrieval curve ------------------------------------------------ */

struct curve { double T, y, alpha; };

static double magnetization_misfit(double delta, void *with)
{
    const struct curve *c = with;
    double m = c->y * delta / root_half;
    struct state s = state_at(c->T, m, delta);
    return s.m_out / m - 1;
}

/* The state at y and T < 1: delta falls below what it is at T = 0. */
static struct state on_curve(double T, double y)
{
    struct curve c = {.T = T, .y = y};
    double high = erf(y) * root_half / y, low = high;
    if (T == 0)
        return state_at(T, erf(y), high);
    high *= 1 + 1e-9; /* the bracket must see a change of sign */
    while (low > 1e-12 && magnetization_misfit(low, &c) <= 0)
        low /= 2;
    struct root delta = root_between(magnetization_misfit, &c, low, high);
    return state_at(T, y * delta.x / root_half, delta.x);
}

static double load_on_curve(double y, void *with)
{
    struct state s = on_curve(((struct curve *)with)->T, y);
    return load_of(&s);
}

/* y at the capacity of a T < 1, else NAN: 1.511 at T = 0, 1.478 near T = 1,
   where alpha_c = 0.262 (1 - T)^2. */
static struct root capacity(double T)
{
    struct curve c = {.T = T};
    if (T >= 1)
        return (struct root){NAN, NAN, false};
    return peak_between(load_on_curve, &c, 1, 2.2, 9);
}

static double load_misfit(double y, void *with)
{
    return load_on_curve(y, with) - ((struct curve *)with)->alpha;
}

/* y of the retrieval state of a T whose capacity is at y = top, NAN when there
   is none; alpha(y) < 1/(2 y^2). */
static struct root retrieval(double T, double alpha, double top)
{
    struct curve c = {.T = T, .alpha = alpha};
    if (!isfinite(top) || load_misfit(top, &c) < 0)
        return (struct root){NAN, NAN, false};
    return root_between(load_misfit, &c, top, sqrt(0.6 / alpha));
}

/* ---- the spin glass ----------------------------------------------------- */

static double glass_misfit(double delta, void *with)
{
    const struct curve *c = with;
    struct state s = state_at(c->T, 0, delta);
    return delta * (1 - s.C) - sqrt(c->alpha * s.q);
}

/* delta of the state with m = 0; 0 above T_g. */
static struct root glass(double T, double alpha)
{
    struct curve c = {.T = T, .alpha = alpha};
    double high = (sqrt(alpha) + root_2_pi) * (1 + 1e-9), low = high;
    if (T >= 1 + sqrt(alpha))
        return (struct root){0, 0, true};
    if (T == 0)
        return (struct root){sqrt(alpha) + root_2_pi, 0, true};
    while (low > 1e-9 && glass_misfit(low, &c) >= 0)
        low /= 2;
    return root_between(glass_misfit, &c, low, high);
}

/* ---- lines -------------------------------------------------------------- */

/* Retrieval vanishes at T_M. The capacity is highest, 0.1381885, at T = 0.0229
   and decreases from there to 0 at T = 1. */
static double capacity_misfit(double T, void *with)
{
    struct state s = on_curve(T, capacity(T).x);
    return load_of(&s) - *(double *)with;
}

static struct root melting(double alpha)
{
    return root_between(capacity_misfit, &alpha, 0.0229, 1 - 1e-5);
}

static double free_energy(struct state s, double alpha)
{
    double value[RESULTS];
    quantities(&s, alpha, value);
    return value[F];
}

/* f of retrieval less f of the spin glass. */
static double advantage(double T, double alpha, double top)
{
    return free_energy(on_curve(T, retrieval(T, alpha, top).x), alpha) -
           free_energy(state_at(T, 0, glass(T, alpha).x), alpha);
}

/* Where to look for the stable state from: y = 1.5 where alpha(1.5) is above
   alpha, as beyond the capacity alpha(y) only falls; else the capacity's y. */
static double top_of(double T, double alpha)
{
    struct curve c = {.T = T, .alpha = alpha};
    return T < 1 && load_misfit(1.5, &c) > 0 ? 1.5 : capacity(T).x;
}

static double advantage_by_T(double T, void *with)
{
    double alpha = *(double *)with;
    return advantage(T, alpha, top_of(T, alpha));
}

/* T_c: where the two have the same free energy; none above alpha = 0.0519. */
static struct root balance(double alpha, double melting)
{
    return root_between(advantage_by_T, &alpha, 0, melting * (1 - 1e-6));
}

/* alpha below which retrieval is the global minimum at T; y is the top. */
static double advantage_by_load(double alpha, void *with)
{
    const struct curve *c = with;
    return advantage(c->T, alpha, c->y);
}

/* T_R, below which the retrieval state breaks replica symmetry: the replicon
   is 0: about sqrt(8 alpha/9 pi) e^(-1/2 alpha) at small loads, 0.0213 near
   the capacity. By ln T. */
static double replicon_by_ln_T(double ln_T, void *with)
{
    double alpha = *(double *)with, T = exp(ln_T), value[RESULTS];
    struct state s = on_curve(T, retrieval(T, alpha, top_of(T, alpha)).x);
    quantities(&s, alpha, value);
    return value[REPLICON];
}

static struct root breaking(double alpha, double melting)
{
    double low = fmax(-200, 0.5 * log(alpha / 3.534) - 0.5 / alpha) - 3;
    return root_between(replicon_by_ln_T, &alpha, low,
                        log(fmin(0.999 * melting, 0.03)));
}

/* ---- answers ------------------------------------------------------------ */

/* Errors: the change over the root's width, and rounding, in S over T. */
static void add_state(const struct state *s, const struct state *next,
                      double alpha, const char *const name[RESULTS],
                      struct solution *solution)
{
    static const char *const unit[RESULTS] = {"1", "1", "energy", "energy",
                                              "nats", "1"};
    double value[RESULTS], moved[RESULTS];
    quantities(s, alpha, value);
    quantities(next, alpha, moved);
    for (int i = 0; i < RESULTS; i++) {
        double rounding = 1e-14 * fmax(1, fabs(value[i]));
        if (i == S && s->T > 0)
            rounding += 1e-15 / s->T;
        solution_add(solution, name[i], value[i],
                     isfinite(value[i]) ? fabs(moved[i] - value[i]) +
                                              rounding : 0, unit[i]);
    }
}

static void add_main(const struct state *s, const struct state *next,
                     double alpha, struct solution *solution)
{
    static const char *const name[RESULTS] = {
        "q", "r", "energy", "free_energy_per_site", "entropy_per_site",
        "replicon"};
    double value[RESULTS];
    solution_add(solution, "m", s->m,
                 s->m == 0 ? 0 : fabs(next->m - s->m) + 1e-14, "1");
    add_state(s, next, alpha, name, solution);
    quantities(s, alpha, value);
    if (value[REPLICON] < -1e-9)
        solution_warn(solution,
                      "replica symmetry is broken in this state (replicon "
                      "%.3g < 0): an approximation", value[REPLICON]);
}

static void add_glass(double T, double alpha, struct root delta,
                      struct solution *solution)
{
    static const char *const name[RESULTS] = {
        "sg_q", "sg_r", "sg_energy", "sg_free_energy_per_site",
        "sg_entropy_per_site", "sg_replicon"};
    struct state s = state_at(T, 0, delta.x);
    struct state next = state_at(T, 0, delta.x + delta.width);
    add_state(&s, &next, alpha, name, solution);
}

static void add_lines(double T, double alpha, struct root top,
                      struct solution *solution)
{
    struct root melt = melting(alpha);
    if (top.found) {
        struct curve level = {.T = T, .y = top.x};
        struct state s = on_curve(T, top.x);
        double most = load_of(&s);
        struct root even = root_between(advantage_by_load, &level,
                                        1e-4 * most, most * (1 - 1e-9));
        solution_add(solution, "alpha_c", most, 1e-13, "patterns/site");
        solution_add(solution, "m_c", s.m, 1e-9, "1");
        if (even.found)
            solution_add(solution, "alpha_global", even.x,
                         even.width + 1e-12, "patterns/site");
    }
    if (melt.found) {
        struct root even = balance(alpha, melt.x);
        struct root breaks = breaking(alpha, melt.x);
        solution_add(solution, "temperature_m", melt.x, 1e-11,
                     "energy");
        if (T < melt.x && !retrieval(T, alpha, top.x).found)
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
    struct root delta = glass(T, alpha), top = capacity(T);
    struct root y = retrieval(T, alpha, top.x);
    (void)err;
    if (!delta.found || (T < 1 && !top.found)) {
        solution_warn(solution, "the saddle point was not solved");
        return;
    }
    if (y.found) {
        struct state s = on_curve(T, y.x);
        struct state next = on_curve(T, y.x + y.width);
        solution->phase = advantage(T, alpha, top.x) < 0
                              ? "retrieval" : "retrieval, metastable";
        add_main(&s, &next, alpha, solution);
    } else {
        struct state s = state_at(T, 0, delta.x);
        struct state next = state_at(T, 0, delta.x + delta.width);
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
    struct root delta = glass(T, alpha), top = capacity(T);
    struct root y = retrieval(T, alpha, top.x);
    double value[RESULTS];
    if (!y.found && !delta.found)
        return;
    struct state s = y.found ? on_curve(T, y.x) : state_at(T, 0, delta.x);
    quantities(&s, alpha, value);
    if (value[REPLICON] < -1e-9)
        return;
    solution_add(solution, "energy", value[U], 0, "energy");
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

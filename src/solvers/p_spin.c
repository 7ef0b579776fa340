/* The p-spin glass, p >= 3, spherical or Ising: its two transitions, states,
   thresholds and complexity. Equations: systems/p_spin_rsb.h; doc/replica.md.

   From T_d down the paramagnet is made of e^(N complexity) states of overlap
   q; at T_s none are left to choose from and the glass of one step begins.
   Spherical spins need no more than one step. Ising spins do below T_g
   (Gardner): f of one step is then a lower bound. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "core/solver.h"
#include "systems/p_spin_rsb.h"

#define P_SPIN_KEYS(KEY)                                                     \
    KEY(integer, p, "3", 3, 20, NULL, "spins", 0,                            \
        "spins of an interaction (2: sk_rsb)")                               \
    KEY(text, spins, "spherical", 0, 0, "spherical|ising", "", 0,            \
        "sum s^2 = N, or s = -1, +1")                                        \
    KEY(real, T, "0.5", 0, 1e6, NULL, "energy", 0, "temperature")            \
    KEY(real, e, "0.0", -10, 0, NULL, "energy", 0,                           \
        "energy per spin of which the complexity at T = 0 is asked; 0: of "  \
        "none")
PARAM_STRUCT(p_spin_keys, P_SPIN_KEYS);
#define PARAM_ROW_p_spin_keys(...) PARAM_ROW(p_spin_keys, __VA_ARGS__)
PARAM_TABLE(static, p_spin_table, "p_spin", p_spin_keys, P_SPIN_KEYS);

/* Lines of one p; the same for all T. */
struct lines { struct p_spin_state d, s, g, ground; };

static struct lines lines_of(struct p_spin_theory t)
{
    return (struct lines){p_spin_dynamical(t), p_spin_static(t),
                          p_spin_gardner(t), p_spin_glass(t, 0)};
}

/* The state that has the weight at T > 0. */
static struct p_spin_state thermal(struct p_spin_theory t,
                                   const struct lines *lines, double T)
{
    return T < lines->s.T ? p_spin_glass(t, T) : p_spin_paramagnet(t, T);
}

/* du/dT by differences of fourth order on this side of T_s; NAN at T_s. */
static double specific_heat(struct p_spin_theory t, const struct lines *lines,
                            double T, double *error)
{
    double step = 2e-3 * T, u[6];
    *error = 0;
    if (T >= lines->s.T)
        return 1 / (2 * T * T);
    step = fmin(step, (lines->s.T - T) / 5);
    if (!(step > 1e-7 * T))
        return NAN;
    for (int i = 0; i < 6; i++) {
        int k = i < 3 ? i - 3 : i - 2;
        struct p_spin_state s = p_spin_glass(t, T + k * step);
        if (!s.found)
            return NAN;
        u[i] = s.u;
    }
    double far = u[5] - u[0], middle = u[4] - u[1], near = u[3] - u[2];
    double heat = (45 * near - 9 * middle + far) / (60 * step);
    *error = fabs(heat - (8 * near - middle) / (12 * step)) + 1e-14 / step;
    return heat;
}

/* ---- answers ------------------------------------------------------------- */

/* Of a state known to its width. */
static double error_of(const struct p_spin_state *s, double value)
{
    return (2 * s->width + 4e-15) * fabs(value) + 2e-15;
}

static void add(struct solution *solution, const char *name,
                const struct p_spin_state *s, double value, const char *unit)
{
    if (s->found && isfinite(value))
        solution_add(solution, name, value, error_of(s, value), unit);
}

static void add_lines(struct p_spin_theory t, const struct lines *l,
                      struct solution *solution)
{
    double top;
    /* A maximum: T_d is known much better than q there. */
    if (l->d.found)
        solution_add(solution, "temperature_d", l->d.T, 1e-13, "energy");
    add(solution, "q_d", &l->d, l->d.q, "1");
    add(solution, "temperature_s", &l->s, l->s.T, "energy");
    add(solution, "q_s", &l->s, l->s.q, "1");
    add(solution, "temperature_g", &l->g, l->g.T, "energy");
    add(solution, "ground_energy", &l->ground, l->ground.f, "energy");
    p_spin_complexity(t, l->ground.f, &top);
    solution_add(solution, "threshold_energy", top, t.ising ? 1e-10 : 0,
                 "energy");
    if (!t.ising)
        solution_add(solution, "complexity_threshold",
                     p_spin_complexity(t, top, NULL), 1e-15, "nats");
    else /* just below: at the top differences of e leave nothing */
        solution_add(solution, "complexity_threshold",
                     p_spin_complexity(t, top * (1 + 1e-9), NULL), 1e-9,
                     "nats");
}

static void add_thermal(struct p_spin_theory t, const struct lines *lines,
                        const struct p_spin_state *s,
                        struct solution *solution)
{
    double error, over_T = s->T > 0 ? 2e-15 / s->T : 0;
    add(solution, "q", s, s->q, "1");
    if (s->q > 0 && s->T > 0)
        add(solution, "parisi_parameter", s, s->m, "1");
    if (s->q > 0)
        add(solution, "y", s, s->y, "1/energy");
    add(solution, "free_energy_per_site", s, s->f, "energy");
    add(solution, "energy", s, s->u, "energy");
    if (isfinite(s->s))
        solution_add(solution, "entropy_per_site", s->s,
                     error_of(s, s->s) + over_T * fabs(s->u), "nats");
    add(solution, "replicon", s, s->replicon, "1");
    if (s->T == 0)
        return;
    double heat = specific_heat(t, lines, s->T, &error);
    if (isfinite(heat))
        solution_add(solution, "specific_heat", heat, error, "1");
}

/* What else there is at T: the states that the paramagnet is made of; the
   paramagnet below T_s; spherical states that a quench gets stuck in. */
static void add_others(struct p_spin_theory t, const struct lines *lines,
                       double T, struct solution *solution)
{
    struct p_spin_state para = p_spin_paramagnet(t, T);
    if (T >= lines->s.T && T <= lines->d.T) {
        struct p_spin_state s = p_spin_states(t, T);
        add(solution, "complexity", &s, s.complexity, "nats");
        add(solution, "states_q", &s, s.q, "1");
        add(solution, "states_free_energy_per_site", &s,
            para.f + T * s.complexity, "energy");
        add(solution, "states_entropy_per_site", &s, para.s - s.complexity,
            "nats");
        add(solution, "states_replicon", &s, s.replicon, "1");
    } else if (T < lines->s.T && T > 0) {
        add(solution, "para_free_energy_per_site", &para, para.f, "energy");
        add(solution, "para_energy", &para, para.u, "energy");
        add(solution, "para_entropy_per_site", &para, para.s, "nats");
    }
    struct p_spin_state stuck = p_spin_threshold(t, T);
    if (T <= lines->d.T && stuck.found) {
        add(solution, "dynamic_q", &stuck, stuck.q, "1");
        if (T > 0)
            add(solution, "dynamic_parameter", &stuck, stuck.m, "1");
        add(solution, "dynamic_energy", &stuck, stuck.u, "energy");
    }
}

/* complexity of energies at equal distances from the ground state up. */
static void add_curve(struct p_spin_theory t, const struct lines *lines,
                      struct solution *solution)
{
    enum { POINTS = 51 };
    double *e = mem_new(POINTS, sizeof *e), *sigma = mem_new(POINTS,
                                                             sizeof *sigma);
    double top, low = lines->ground.f;
    p_spin_complexity(t, low, &top);
    for (int i = 0; i < POINTS; i++) {
        e[i] = low + (top - low) * i / (POINTS - 1);
        sigma[i] = i ? p_spin_complexity(t, e[i], NULL) : 0;
    }
    if (t.ising) /* where differences of e leave nothing */
        sigma[POINTS - 1] = p_spin_complexity(t, top * (1 + 1e-9), NULL);
    solution_add_curve(solution, (struct solution_curve){
        .name = "level", .unit = "energy", .count = POINTS, .value = e,
        .definition = "energies per site from the ground state to the "
                      "threshold"});
    solution_add_curve(solution, (struct solution_curve){
        .name = "complexity_of_level", .unit = "nats", .count = POINTS,
        .value = sigma,
        .definition = "ln of the number of states at T = 0 of these "
                      "energies, per site",
        .against = "level"});
}

static void warn_below_gardner(struct p_spin_theory t, const struct lines *l,
                               double T, struct solution *solution)
{
    if (t.ising && T < l->g.T)
        solution_warn(solution,
                      "below T_g = %.4f one step is not enough: f is a lower "
                      "bound, the other numbers approximations", l->g.T);
}

static void set_phase(struct p_spin_theory t, const struct lines *l, double T,
                      struct solution *solution)
{
    solution->phase = T > l->d.T   ? "paramagnet"
                      : T > l->s.T ? "paramagnet of separate states"
                                   : "glass of one step";
    warn_below_gardner(t, l, T, solution);
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    struct p_spin_theory t = {
        .p = (int)section_integer(keys, "p", 3),
        .ising = section_text(keys, "spins", "spherical")[0] == 'i'};
    double T = section_real(keys, "T", 0), e = section_real(keys, "e", 0);
    struct lines lines = lines_of(t);
    struct p_spin_state s = thermal(t, &lines, T);
    (void)err;
    if (!lines.d.found || !lines.s.found || !lines.ground.found || !s.found) {
        solution_warn(solution, "the saddle point was not solved");
        return;
    }
    set_phase(t, &lines, T, solution);
    add_thermal(t, &lines, &s, solution);
    add_others(t, &lines, T, solution);
    add_lines(t, &lines, solution);
    if (e != 0) {
        double sigma = p_spin_complexity(t, e, NULL);
        if (isfinite(sigma))
            solution_add(solution, "complexity_of_e", sigma, 1e-12, "nats");
        else
            solution_warn(solution, "no states of energy %g: they lie from "
                          "ground_energy to threshold_energy", e);
    }
    if (T == 0)
        add_curve(t, &lines, solution);
}

/* ---- the overlay --------------------------------------------------------- */

static const char *refuses(const struct system *system, int points)
{
    if (strcmp(system->model->name, "p_spin"))
        return "p_spin knows the p-spin model only";
    if (section_integer(system->keys, "p", 3) < 3)
        return "p = 2 is the model of sk_rsb";
    return points > 1000 ? "p_spin would need more than 10 seconds" : NULL;
}

static void at_rung(struct p_spin_theory t, const struct lines *lines,
                    double n, double T, struct solution *solution)
{
    struct p_spin_state s = thermal(t, lines, T);
    double error, heat = specific_heat(t, lines, T, &error);
    bool glass = T < lines->s.T;
    if (!s.found)
        return;
    solution_add(solution, "energy", s.u, 0, "energy");
    if (isfinite(heat))
        solution_add(solution, "specific_heat", heat, 0, "1");
    solution_add(solution, "ln_z", -n * s.f / T, 0, "1");
    solution_add(solution, "entropy", n * s.s, 0, "nats");
    solution_add(solution, "glass_susceptibility",
                 glass ? n * (1 - s.m) * s.q * s.q : 1, 0, "1");
    solution_add(solution, "binder_ratio", glass ? 1 / (1 - s.m) : 3, 0,
                 "1");
    warn_below_gardner(t, lines, T, solution);
}

static void overlay(const struct solver_task *task)
{
    struct p_spin_theory t = {
        .p = (int)section_integer(task->system->keys, "p", 3), .ising = true};
    struct lines lines = lines_of(t);
    for (int i = 0; i < task->points; i++)
        if (task->lambda[i] >= 0) /* at 0 to rounding */
            at_rung(t, &lines, (double)task->system->sites,
                    1 / fmax(task->lambda[i], 1e-9), &task->solution[i]);
}

static double transition(const struct system *system, const double *lambda)
{
    int p = (int)section_integer(system->keys, "p", 3);
    (void)lambda;
    if (strcmp(system->model->name, "p_spin") || p < 3)
        return NAN;
    struct p_spin_theory t = {.p = p, .ising = true};
    return 1 / p_spin_static(t).T;
}

static double freezing(const struct system *system, const double *lambda)
{
    int p = (int)section_integer(system->keys, "p", 3);
    (void)lambda;
    if (strcmp(system->model->name, "p_spin") || p < 3)
        return NAN;
    struct p_spin_theory t = {.p = p, .ising = true};
    return 1 / p_spin_dynamical(t).T;
}

static const struct guide guides[] = {
    {.of = "beta", .at = transition, .says = "T_s, N infinite (Gardner 1985)"},
    {.of = "beta", .at = freezing,
     .says = "T_d, N infinite (Kirkpatrick, Thirumalai 1987)"},
    {.of = NULL}};

const struct solver solver_p_spin = {
    .name = "p_spin",
    .family = FAMILY_REPLICA,
    .summary = "p-spin glass, spherical or Ising: T_d, T_s, thresholds, "
               "complexity, one step of symmetry breaking",
    .source = "Crisanti and Sommers 1992, Z. Phys. B 87, 341; Gardner 1985, "
              "Nucl. Phys. B 257, 747; Montanari and Ricci-Tersenghi 2003, "
              "Eur. Phys. J. B 33, 339",
    .holds = "infinitely many spins, p >= 3; spherical: exact at any T "
             "(entropy against the uniform measure of the sphere); Ising: "
             "exact above T_g, a lower bound of f below; its complexity at T "
             "= 0 and threshold_energy are of one step, too",
    .keys = &p_spin_table,
    .solve = solve,
    .refuses = refuses,
    .overlay = overlay,
    .limit = "infinitely many spins, one step of symmetry breaking; N spins "
             "differ by terms of order (ln N)/N, few samples scatter, and the "
             "transition is smooth",
    .guides = guides};

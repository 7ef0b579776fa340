/* The ferromagnet E = -sum_(ij) s_i s_j - h sum_i s_i on random graphs that
   look like a tree near every site, by the cavity method.

   Regular graphs: one field, systems/cavity_regular.h. Random graphs of mean
   degree c: a population of fields, systems/cavity_pool.h, and m = 0 where
   c tanh 1/T <= 1. At T = 0, h = 0 sites of the infinite cluster are
   magnetised, S = 1 - e^(-c S) of all; each other cluster turns freely, which
   makes (1 - S)(1 - c (1 - S)/2) ln 2 of entropy per site. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/overlay.h"
#include "stat/root.h"
#include "systems/cavity.h"
#include "systems/cavity_paramagnet.h"
#include "systems/cavity_regular.h"

#define BETHE_FERRO_KEYS(KEY)                                                \
    KEY(real, degree, "3", 0.01, 10000, NULL, "", 0,                         \
        "neighbours of a site (an integer if regular), mean if poisson")     \
    KEY(real, T, "1.0", 0, 1e6, NULL, "energy", 0, "temperature, J = 1")     \
    KEY(real, h, "0.0", -1e6, 1e6, NULL, "energy", 0, "uniform field")       \
    KEY(text, ensemble, "regular", 0, 0, "regular|poisson", "", 0,           \
        "random regular graphs, or random graphs (Erdos-Renyi)")             \
    KEY(integer, population, "10000", 100, 10000000, NULL, "fields", 0,      \
        "poisson: members of the population")                                \
    KEY(integer, iterations, "100", 20, 100000, NULL, "steps", 0,            \
        "poisson: averaged; more as long as there is a drift")               \
    KEY(seed, seed, "1", 0, 0, NULL, "", 0, "poisson: of the population")
PARAM_STRUCT(bethe_ferro_keys, BETHE_FERRO_KEYS);
#define PARAM_ROW_bethe_ferro_keys(...)                                      \
    PARAM_ROW(bethe_ferro_keys, __VA_ARGS__)
PARAM_TABLE(static, bethe_ferro_table, "bethe_ferro", bethe_ferro_keys,
            BETHE_FERRO_KEYS);

enum { POISSON_MOST = 500 };
static const double ln2 = 0x1.62e42fefa39efp-1;

/* ---- regular graphs ------------------------------------------------------ */

struct point { double T, h, c; };
enum { M, U, F, LN_Z, S, HEAT, CHI, RESULTS };

/* The limit of low T: all along the field, or the + state. */
static void frozen(struct point p, double sign, double value[RESULTS])
{
    bool free = p.c == 1 && p.h == 0; /* pairs of spins */
    value[M] = free ? 0 : sign;
    value[U] = value[F] = -p.c / 2 - p.h * sign;
    value[LN_Z] = INFINITY;
    value[S] = free ? ln2 / 2 : 0;
    value[HEAT] = 0;
    value[CHI] = free ? INFINITY : 0;
}

static void quantities(struct point p, double x, double value[RESULTS])
{
    struct cavity_regular at = {p.T, p.h, p.c};
    if (p.T == 0) {
        frozen(p, x, value);
        return;
    }
    struct cavity_regular_state s = cavity_regular_state(at, x);
    value[M] = s.magnetization;
    value[U] = s.energy;
    value[F] = s.free_energy;
    value[LN_Z] = -s.free_energy / p.T;
    value[S] = s.entropy;
    value[HEAT] = s.specific_heat;
    value[CHI] = s.susceptibility;
}

/* At T = 0 x is the sign of m. `flip` is that of the field given. Errors:
   change over the root's width, and rounding, divided by T where f is. */
static void add_state(struct point p, struct root x, double flip, bool other,
                      struct solution *solution)
{
    static const char *const name[2][RESULTS] = {
        {"magnetization", "energy", "free_energy_per_site", "ln_z_per_site",
         "entropy_per_site", "specific_heat", "susceptibility"},
        {"other_magnetization", "other_energy", "other_free_energy_per_site",
         "other_ln_z_per_site", "other_entropy_per_site",
         "other_specific_heat", "other_susceptibility"}};
    static const char *const unit[RESULTS] = {
        "1", "energy", "energy", "1", "nats", "1", "1/energy"};
    double value[RESULTS], next[RESULTS];
    quantities(p, x.x, value);
    quantities(p, x.x + x.width, next);
    for (int i = 0; i < RESULTS; i++) {
        double error = p.T > 0 ? fabs(next[i] - value[i]) + 3e-16 * p.c +
                                     4e-16 * fabs(value[i]) : 0;
        if (i == S && p.T > 0)
            error += 1e-15 * fabs(value[U]) / p.T;
        if (isfinite(value[i]) && !(i == S && error > 1)) /* digits left */
            solution_add(solution, name[other][i],
                         i == M ? flip * value[i] : value[i], error, unit[i]);
    }
}

/* Below T_c. */
static void add_other(struct point p, double flip, struct solution *solution)
{
    struct cavity_regular at = {p.T, p.h, p.c};
    double edge = p.T > 0 ? cavity_regular_spinodal_field(at) : p.c - 2;
    struct root x = {-1, 0, true};
    solution_add(solution, "spinodal_field", edge, 1e-15 * p.c, "energy");
    if (p.h == 0) {
        solution->phase = "ferromagnet (the + state); the paramagnet, other_, "
                          "has the higher free energy";
        x.x = 0;
    } else if (p.T > 0 && p.h < edge) {
        x = cavity_regular_against(at);
    }
    if (p.h >= edge || (p.h == 0 && p.T == 0))
        return;
    if (!x.found) {
        solution_warn(solution, "the state against the field was not solved");
        return;
    }
    if (p.h > 0)
        solution->phase = "along the field; the state against it, other_, is "
                          "metastable";
    add_state(p, x, flip, true, solution);
}

static void regular(struct point p, struct solution *solution)
{
    double Tc = cavity_regular_critical(p.c), flip = p.h < 0 ? -1 : 1;
    struct root x = {1, 0, true};
    p.h = fabs(p.h);
    if (p.T > 0)
        x = cavity_regular_along((struct cavity_regular){p.T, p.h, p.c});
    if (!x.found) {
        solution_warn(solution, "the cavity field was not solved");
        return;
    }
    solution->phase = p.h > 0 ? "along the field"
                    : p.T > 0 && p.T == Tc ? "critical" : "paramagnet";
    add_state(p, x, flip, false, solution);
    if (p.T < Tc)
        add_other(p, flip, solution);
    if (Tc > 0)
        solution_add(solution, "temperature_c", Tc, 0, "energy");
}

/* ---- random graphs ------------------------------------------------------- */

static double critical(double c)
{
    return c > 1 ? 1 / atanh(1 / c) : 0;
}

static void poisson_paramagnet(struct point p, struct solution *solution)
{
    double K = 1 / p.T, t = tanh(K), w = K / cosh(K), links = p.c / 2;
    double ln_z = ln2 + links * (K + log1p(exp(-2 * K)) - ln2);
    double entropy = ln2 + links * (cavity_spin_entropy(p.T, 1) - ln2);
    solution->phase = p.c * t == 1 ? "critical" : "paramagnet";
    solution_add(solution, "magnetization", 0, 0, "1");
    solution_add(solution, "energy", -links * t, 0, "energy");
    solution_add(solution, "free_energy_per_site", -p.T * ln_z, 0, "energy");
    solution_add(solution, "ln_z_per_site", ln_z, 0, "1");
    solution_add(solution, "entropy_per_site", entropy, 0, "nats");
    solution_add(solution, "specific_heat", w > 0 ? links * w * w : 0, 0,
                 "1");
    if (p.c * t < 1)
        solution_add(solution, "susceptibility", K / (1 - p.c * t), 0,
                     "1/energy");
}

/* ln S, S = 1 - e^(-c S), by its logarithm: small just above c = 1. */
static double cluster(double S, void *with)
{
    return -expm1(-*(double *)with * S) / S - 1;
}

static void poisson_frozen(struct point p, double flip,
                           struct solution *solution)
{
    double S = 0, energy = -p.c / 2 - p.h;
    struct root root = {0, 0, true};
    if (p.c > 1) /* S > 2 (c - 1) / c^2 where that is small */
        root = root_between(cluster, &p.c, fmin(0.5, (p.c - 1) / (p.c * p.c)),
                            1);
    S = p.h > 0 ? 1 : root.x;
    solution->phase = p.h > 0 ? "along the field"
                    : S > 0 ? "ferromagnet (the + state)" : "paramagnet";
    if (!root.found) {
        solution_warn(solution, "the size of the infinite cluster was not "
                      "solved");
        return;
    }
    solution_add(solution, "magnetization", flip * S, root.width + 1e-15,
                 "1");
    solution_add(solution, "energy", energy, 0, "energy");
    solution_add(solution, "free_energy_per_site", energy, 0, "energy");
    solution_add(solution, "entropy_per_site",
                 p.h > 0 ? 0 : ln2 * (1 - S) * (1 - p.c * (1 - S) / 2),
                 2 * root.width + 1e-15, "nats");
}

static struct cavity_averages fields(struct point p, double side,
                                     const struct cavity_effort *effort)
{
    struct cavity_ensemble e = {
        .degree = p.c, .poisson = true, .couplings = CAVITY_PM, .up = 1,
        .T = p.T, .h = p.h, .start = side * (p.c + 1), .spread = 0.1};
    return side > 0 ? cavity_fields(&e, effort) : cavity_pool(&e, effort);
}

static void add_mean(struct solution *solution, const char *name,
                     struct population_mean mean, double factor,
                     const char *unit)
{
    solution_add(solution, name, factor * mean.mean,
                 fabs(factor) * mean.error, unit);
}

static void add_fields(struct point p, const struct cavity_averages *a,
                       double flip, struct solution *solution)
{
    add_mean(solution, "magnetization", a->magnetization, flip, "1");
    add_mean(solution, "q", a->q, 1, "1");
    add_mean(solution, "energy", a->energy, 1, "energy");
    add_mean(solution, "free_energy_per_site", a->free_energy, 1, "energy");
    add_mean(solution, "ln_z_per_site", a->free_energy, -1 / p.T, "1");
    if (a->entropy.error < 1) /* (u - f)/T has digits left */
        add_mean(solution, "entropy_per_site", a->entropy, 1, "nats");
    add_mean(solution, "specific_heat", a->specific_heat, 1, "1");
    add_mean(solution, "susceptibility", a->susceptibility, 1, "1/energy");
}

/* The state against the field, if fields that begin there stay. */
static void poisson_other(struct point p, double flip,
                          const struct cavity_effort *effort,
                          struct solution *solution)
{
    struct cavity_averages a = fields(p, -1, effort);
    if (!a.settled || a.magnetization.mean > -5 * a.magnetization.error)
        return;
    solution->phase = "along the field; the state against it, other_, is "
                      "metastable";
    add_mean(solution, "other_magnetization", a.magnetization, flip, "1");
    add_mean(solution, "other_energy", a.energy, 1, "energy");
    add_mean(solution, "other_free_energy_per_site", a.free_energy, 1,
             "energy");
    if (a.entropy.error < 1)
        add_mean(solution, "other_entropy_per_site", a.entropy, 1, "nats");
}

static void poisson(struct point p, const struct cavity_effort *effort,
                    struct solution *solution)
{
    double Tc = critical(p.c), flip = p.h < 0 ? -1 : 1;
    p.h = fabs(p.h);
    if (p.T == 0) {
        poisson_frozen(p, flip, solution);
    } else if (p.h == 0 && p.T >= Tc) {
        poisson_paramagnet(p, solution);
    } else {
        struct cavity_averages a = fields(p, 1, effort);
        solution->phase = p.h > 0 ? "along the field"
                                  : "ferromagnet (the + state)";
        if (a.settled)
            add_fields(p, &a, flip, solution);
        else
            solution_warn(solution, "too near to the transition for so few "
                          "iterations, or fields drift still: left out");
        if (p.h > 0 && p.T < Tc)
            poisson_other(p, flip, effort, solution);
    }
    if (Tc > 0)
        solution_add(solution, "temperature_c", Tc, 0, "energy");
}

/* ---- answers ------------------------------------------------------------- */

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    struct point p = {section_real(keys, "T", 1), section_real(keys, "h", 0),
                      section_real(keys, "degree", 3)};
    struct cavity_effort effort = {
        .members = section_integer(keys, "population", 0),
        .rows = section_integer(keys, "iterations", 0), .doublings = 4,
        .seed = section_seed(keys, "seed", 1)};
    bool random = section_is(keys, "ensemble", "poisson");
    if (p.T > 0 && p.T < 1e-300) /* 1/T is a number */
        err_add(err, EXIT_INPUT, section_where(keys, "T"),
                "T: 0, or at least 1e-300");
    else if (!random && (p.c != floor(p.c)))
        err_add(err, EXIT_INPUT, section_where(keys, "degree"),
                "degree: %g; every site of a regular graph has an integer "
                "number of neighbours (ensemble=poisson: any mean)", p.c);
    else if (random && p.c > POISSON_MOST)
        err_add(err, EXIT_INPUT, section_where(keys, "degree"),
                "degree: %g; at most %d with ensemble=poisson", p.c,
                POISSON_MOST);
    else if (random)
        poisson(p, &effort, solution);
    else
        regular(p, solution);
}

/* ---- the overlay --------------------------------------------------------- */

static const char *refuses(const struct system *system, int points)
{
    struct cavity_ensemble e;
    if (strcmp(system->model->name, "graph") ||
        !cavity_of_graph(system->keys, &e))
        return "bethe_ferro knows random graphs without short loops only";
    if (e.couplings != CAVITY_PM || e.up != 1)
        return "bethe_ferro knows ferromagnets only";
    if (e.poisson && points * (e.degree + 1) > 600)
        return "bethe_ferro would need more than 10 seconds";
    return NULL;
}

#define ROWS                                                                 \
    {"energy", "energy", false}, {"specific_heat", "specific_heat", false},  \
    {"ln_z", "ln_z_per_site", true}, {"entropy", "entropy_per_site", true}
static const struct overlay_row zero[] = {
    ROWS, {"abs_magnetization", "magnetization", false}, {.name = NULL}};
static const struct overlay_row field[] = {
    ROWS, {"magnetization", "magnetization", false}, {.name = NULL}};

/* Finite graphs have both states at h = 0: of m its size. */
static void overlay(const struct solver_task *task)
{
    struct cavity_ensemble e;
    double sites = (double)task->system->sites;
    struct cavity_effort effort = {1000, 40, 1, 1};
    cavity_of_graph(task->system->keys, &e);
    #pragma omp parallel for schedule(dynamic)
    for (int i = 0; i < task->points; i++) {
        struct point p = {1 / fmax(task->lambda[i], 1e-9), e.h, e.degree};
        struct solution s = {0};
        if (!(task->lambda[i] >= 0))
            continue;
        if (e.poisson)
            poisson(p, &effort, &s);
        else
            regular(p, &s);
        overlay_take(&task->solution[i], &s, e.h == 0 ? zero : field, sites);
    }
}

const struct solver solver_bethe_ferro = {
    .name = "bethe_ferro",
    .family = FAMILY_CAVITY,
    .summary = "Ising ferromagnet on random graphs of given degree, exact: "
               "transition, states in a field",
    .source = "Bethe 1935, Proc. R. Soc. A 150, 552; Mezard and Parisi 2001, "
              "Eur. Phys. J. B 20, 217: cavity fields x = h + sum u(J, x')",
    .holds = "infinitely many sites, any temperature and field; regular "
             "graphs exact; random ones exact but for the errors of the "
             "population",
    .keys = &bethe_ferro_table,
    .teams = true,
    .solve = solve,
    .refuses = refuses,
    .overlay = overlay,
    .limit = "of infinitely many sites: a finite graph differs by a term of "
             "order 1/N, near T_c by powers of N (m there about N^(-1/4))"};

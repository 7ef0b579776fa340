/* Ising spin glasses E = -sum_(ij) J_ij s_i s_j - h sum_i s_i on random graphs
   that look like a tree near every site (Viana, Bray 1985; Mezard, Parisi
   2001), by the cavity method.

   T > 0, replica symmetric: where there is no field and no mean coupling m =
   q = 0 above T_c, n <tanh^2 J/T> = 1 with n = c - 1 further neighbours
   (regular) or c (Poisson): ln Z/N = ln 2 + (c/2) <ln cosh J/T>, and
   N [q^2] = (1 + t2)/(1 - (c - 1) t2), t2 = <tanh^2 J/T>, or 1/(1 - c t2).
   Elsewhere a population of fields (systems/cavity_pool.h), with the growth of
   perturbations that says whether replica symmetry holds.
   Couplings +1 with probability p: n (2p - 1) tanh 1/T = 1 is where the
   ferromagnet begins; on Nishimori's line, tanh 1/T = 2p - 1, energy is
   -(c/2)(2p - 1) and m = q.
   T = 0, J = +-1 equally likely, h = 0: systems/cavity_surveys.h. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/solver.h"
#include "stat/root.h"
#include "stat/tanh_average.h"
#include "systems/cavity_surveys.h"

#define BETHE_GLASS_KEYS(KEY)                                                \
    KEY(real, degree, "3", 0.01, 500, NULL, "", 0,                           \
        "neighbours of a site (an integer if regular), mean if poisson")     \
    KEY(real, T, "0.0", 0, 1e6, NULL, "energy", 0, "temperature")            \
    KEY(real, h, "0.0", -1e6, 1e6, NULL, "energy", 0, "uniform field")       \
    KEY(text, ensemble, "regular", 0, 0, "regular|poisson", "", 0,           \
        "random regular graphs, or random graphs (Erdos-Renyi)")             \
    KEY(text, couplings, "pm", 0, 0, "pm|gaussian", "", 0,                   \
        "J = +-1, or normal of mean 0 and variance 1")                       \
    KEY(real, p, "0.5", 0, 1, NULL, "1", 0, "pm: probability of J = +1")     \
    KEY(integer, rsb, "1", 0, 1, NULL, "", 0,                                \
        "steps of replica symmetry breaking where they are known: T = 0, "   \
        "h = 0, pm, p = 0.5")                                                \
    KEY(real, y, "0.0", 0, 20, NULL, "1/energy", 0,                          \
        "of the valleys' weight e^(-y E) at T = 0; 0: of the ground state")  \
    KEY(integer, population, "20000", 100, 10000000, NULL, "fields", 0,      \
        "members of the population")                                         \
    KEY(integer, iterations, "100", 20, 100000, NULL, "steps", 0,            \
        "averaged; more as long as there is a drift")                        \
    KEY(seed, seed, "1", 0, 0, NULL, "", 0, "of the population")
PARAM_STRUCT(bethe_glass_keys, BETHE_GLASS_KEYS);
#define PARAM_ROW_bethe_glass_keys(...)                                      \
    PARAM_ROW(bethe_glass_keys, __VA_ARGS__)
PARAM_TABLE(static, bethe_glass_table, "bethe_glass", bethe_glass_keys,
            BETHE_GLASS_KEYS);

static const double ln2 = 0x1.62e42fefa39efp-1;

/* ---- lines --------------------------------------------------------------- */

/* Further neighbours of a neighbour. */
static double branches(const struct cavity_ensemble *e)
{
    return e->poisson ? e->degree : e->degree - 1;
}

static double mean_coupling(const struct cavity_ensemble *e)
{
    return e->couplings == CAVITY_PM ? 2 * e->up - 1 : 0;
}

/* <tanh^2 J/T>, and what the free energy of links is made of. */
static struct tanh_average link_average(const struct cavity_ensemble *e)
{
    double K = 1 / e->T, sech = 1 / cosh(K);
    if (e->couplings == CAVITY_NORMAL)
        return tanh_average(0, K);
    return (struct tanh_average){
        .tanh = tanh(K), .tanh2 = tanh(K) * tanh(K), .sech2 = sech * sech,
        .ln_2cosh = K + log1p(exp(-2 * K))};
}

static double glass_misfit(double T, void *with)
{
    struct cavity_ensemble e = *(const struct cavity_ensemble *)with;
    e.T = T;
    return branches(&e) * link_average(&e).tanh2 - 1;
}

/* 0 when there is none. */
static struct root glass_line(struct cavity_ensemble e)
{
    double n = branches(&e);
    struct root T = {0, 0, true};
    if (n <= 1)
        return T;
    if (e.couplings == CAVITY_NORMAL)
        return root_between(glass_misfit, &e, 1e-9, sqrt(n) + 1);
    T.x = 1 / atanh(1 / sqrt(n));
    return T;
}

static double ferro_line(const struct cavity_ensemble *e)
{
    double n = branches(e) * mean_coupling(e);
    return n > 1 ? 1 / atanh(1 / n) : 0;
}

/* Equal to T on Nishimori's line; 0 when p is 1/2 or less. */
static double nishimori(const struct cavity_ensemble *e)
{
    double J = mean_coupling(e);
    return J > 0 && J < 1 ? 1 / atanh(J) : 0;
}

static void add_lines(const struct cavity_ensemble *e,
                      struct solution *solution)
{
    struct root glass = glass_line(*e);
    double ferro = ferro_line(e);
    if (!glass.found)
        solution_warn(solution, "the glass transition was not solved");
    if (glass.found && glass.x > 0)
        solution_add(solution, "temperature_sg", glass.x, glass.width,
                     "energy");
    if (ferro > 0)
        solution_add(solution, "temperature_ferro", ferro, 0, "energy");
    if (e->couplings == CAVITY_PM && nishimori(e) > 0)
        solution_add(solution, "temperature_nishimori", nishimori(e), 0,
                     "energy");
    if (glass.found && fmax(ferro, glass.x) > 0)
        solution_add(solution, "temperature_c", fmax(ferro, glass.x),
                     glass.width, "energy");
}

static bool paramagnetic(const struct cavity_ensemble *e)
{
    return e->h == 0 && e->T > 0 && e->T >= glass_line(*e).x &&
           e->T >= ferro_line(e);
}

/* ---- m = q = 0 ----------------------------------------------------------- */

/* <(J/T)^2 sech^2 J/T>, of normal J by parts. */
static double link_heat(const struct cavity_ensemble *e,
                        const struct tanh_average *a)
{
    double K2 = 1 / (e->T * e->T);
    return e->couplings == CAVITY_PM
               ? K2 * a->sech2
               : K2 * (a->sech2 + K2 * (4 * a->sech2 - 6 * a->sech4));
}

static void paramagnet(const struct cavity_ensemble *e,
                       struct solution *solution)
{
    struct tanh_average a = link_average(e);
    double T = e->T, links = e->degree / 2, n = branches(e);
    double ln_z = ln2 + links * (a.ln_2cosh - ln2);
    double J_corr = e->couplings == CAVITY_PM ? a.tanh : a.sech2 / T;
    double u = -links * J_corr, rounding = 1e-15;
    double spread = n * a.tanh2, mean = n * mean_coupling(e) * a.tanh;
    double extra = e->poisson ? 0 : 1; /* c - n */
    solution->phase = spread == 1 || mean == 1 ? "critical" : "paramagnet";
    solution_add(solution, "magnetization", 0, 0, "1");
    solution_add(solution, "q", 0, 0, "1");
    solution_add(solution, "energy", u, rounding * fabs(u), "energy");
    solution_add(solution, "free_energy_per_site", -T * ln_z,
                 rounding * T * ln_z, "energy");
    solution_add(solution, "ln_z_per_site", ln_z, rounding * ln_z, "1");
    solution_add(solution, "entropy_per_site", ln_z + u / T,
                 rounding * ln_z, "nats");
    solution_add(solution, "specific_heat", links * link_heat(e, &a),
                 4 * rounding * links, "1");
    solution_add(solution, "link_overlap", a.tanh2, rounding, "1");
    if (mean < 1)
        solution_add(solution, "susceptibility",
                     (1 + extra * mean / n) / (1 - mean) / T, rounding,
                     "1/energy");
    if (spread < 1)
        solution_add(solution, "glass_susceptibility",
                     (1 + extra * a.tanh2) / (1 - spread), rounding, "1");
    solution_add(solution, "stability", log(spread), rounding, "1");
}

/* ---- populations --------------------------------------------------------- */

static void add_mean(struct solution *solution, const char *name,
                     struct population_mean mean, double factor,
                     const char *unit)
{
    solution_add(solution, name, factor * mean.mean,
                 fabs(factor) * mean.error, unit);
}

/* Symmetric couplings without field: m = 0, and what a finite population
   drifts to on that side means nothing. */
static bool symmetric(const struct cavity_ensemble *e)
{
    return e->h == 0 && mean_coupling(e) == 0;
}

static bool unstable(const struct cavity_averages *a)
{
    return a->stability.mean > 3 * a->stability.error;
}

static const char *phase_of(const struct cavity_ensemble *e,
                            const struct cavity_averages *a)
{
    bool magnetic = fabs(a->magnetization.mean) > 5 * a->magnetization.error;
    if (e->h != 0)
        return unstable(a) ? "spin glass in a field"
                           : "replica symmetric, in a field";
    if (!symmetric(e) && magnetic)
        return unstable(a) ? "mixed: magnetised, replica symmetry broken"
                           : "ferromagnet";
    return "spin glass";
}

static void add_fields(const struct cavity_ensemble *e,
                       const struct cavity_averages *a,
                       struct solution *solution)
{
    if (symmetric(e))
        solution_add(solution, "magnetization", 0, 0, "1");
    else
        add_mean(solution, "magnetization", a->magnetization, 1, "1");
    add_mean(solution, "q", a->q, 1, "1");
    add_mean(solution, "energy", a->energy, 1, "energy");
    add_mean(solution, "free_energy_per_site", a->free_energy, 1, "energy");
    if (e->T == 0)
        return;
    add_mean(solution, "ln_z_per_site", a->free_energy, -1 / e->T, "1");
    add_mean(solution, "entropy_per_site", a->entropy, 1, "nats");
    add_mean(solution, "link_overlap", a->link_overlap, 1, "1");
    if (isfinite(a->stability.mean))
        add_mean(solution, "stability", a->stability, 1, "1");
    if (!symmetric(e) && a->stability.mean < -3 * a->stability.error) {
        add_mean(solution, "specific_heat", a->specific_heat, 1, "1");
        add_mean(solution, "susceptibility", a->susceptibility, 1,
                 "1/energy");
    }
}

static void fields(const struct cavity_ensemble *e,
                   const struct cavity_effort *effort,
                   struct solution *solution)
{
    struct cavity_averages a = cavity_pool(e, effort);
    solution->phase = phase_of(e, &a);
    if (!a.settled) {
        solution_warn(solution, "fields drift after %lld steps still, their "
                      "averages are left out: more iterations or a larger "
                      "population", (long long)a.settled_by);
        return;
    }
    add_fields(e, &a, solution);
    if (e->T == 0)
        solution_warn(solution, "replica symmetric at T = 0: a bound-like "
                      "approximation where frustrated; no entropy");
    else if (unstable(&a))
        solution_warn(solution, "replica symmetry is broken: perturbations "
                      "grow by e^%.3g a step; this is an approximation",
                      a.stability.mean);
}

/* ---- ground states ------------------------------------------------------- */

static void add_valleys(const struct cavity_valleys *v,
                        struct solution *solution)
{
    solution_add(solution, "free_energy_of_valleys", v->phi,
                 v->phi_error + 1e-14 * fabs(v->phi), "energy");
    solution_add(solution, "energy", v->energy,
                 v->phi_error + v->complexity_error / v->y +
                     1e-14 * fabs(v->energy), "energy");
    solution_add(solution, "complexity", v->complexity,
                 v->complexity_error + 1e-14, "nats");
    solution_add(solution, "y", v->y, 0, "1/energy");
}

static void add_ground(const struct cavity_valleys *v, double width,
                       struct solution *solution)
{
    double error = v->phi_error + 1e-14 * fabs(v->phi);
    solution->phase = "spin glass, one step of replica symmetry breaking";
    solution_add(solution, "energy", v->phi, error, "energy");
    solution_add(solution, "ground_energy", v->phi, error, "energy");
    solution_add(solution, "parisi_parameter", v->y, width, "1/energy");
    solution_add(solution, "zero_fields", v->zero,
                 v->phi_error > 0 ? v->phi_error : 1e-12, "1");
}

/* energy, complexity, phi along y, from the replica-symmetric end past the
   ground state: physical between the maximum of the complexity and y of the
   ground state. */
static void add_curves(int degree, double top, struct solution *solution)
{
    enum { POINTS = 121 };
    static const char *const name[4] = {"y", "valley_energy", "complexity",
                                        "free_energy_of_valleys"};
    static const char *const unit[4] = {"1/energy", "energy", "nats",
                                        "energy"};
    static const char *const says[4] = {
        "of the weight e^(-y E) of valleys",
        "energy of the valleys that y weighs, per site",
        "ln of their number, per site",
        "phi(y) = energy - complexity / y"};
    double *value[4];
    for (int k = 0; k < 4; k++)
        value[k] = mem_new(POINTS, sizeof(double));
    for (int i = 0; i < POINTS; i++) {
        double y = top * (i + 1) / 100;
        struct cavity_valleys v = cavity_factorised(degree, y);
        value[0][i] = y;
        value[1][i] = v.energy;
        value[2][i] = v.complexity;
        value[3][i] = v.phi;
    }
    for (int k = 0; k < 4; k++)
        solution_add_curve(solution, (struct solution_curve){
            name[k], unit[k], says[k], POINTS, value[k]});
}

static void regular_ground(int degree, double y, struct solution *solution)
{
    struct root top = y > 0 ? (struct root){y, 0, true}
                            : cavity_factorised_top(degree);
    struct cavity_valleys v = cavity_factorised(degree, top.x);
    if (!top.found || !v.found) {
        solution_warn(solution, "the surveys of one step of replica symmetry "
                      "breaking were not solved");
        return;
    }
    if (y > 0) {
        add_valleys(&v, solution);
        return;
    }
    add_ground(&v, top.width, solution);
    add_curves(degree, top.x, solution);
}

/* Bisection for complexity 0 by short runs from one seed, then a long one:
   phi is flat there. */
static void poisson_ground(double c, double y,
                           const struct cavity_effort *effort,
                           struct solution *solution)
{
    double low = 0.3 / sqrt(c), high = 4 / sqrt(c);
    struct cavity_effort quick = *effort;
    quick.rows = effort->rows / 5 < 20 ? 20 : effort->rows / 5;
    for (int i = 0; y == 0 && i < 6; i++) {
        double middle = sqrt(low * high);
        struct cavity_valleys v = cavity_poisson_surveys(c, middle, &quick);
        *(v.complexity > 0 ? &low : &high) = middle;
    }
    struct cavity_valleys v = cavity_poisson_surveys(
        c, y > 0 ? y : sqrt(low * high), effort);
    if (!v.found)
        solution_warn(solution, "surveys drift still: more iterations");
    else if (y > 0)
        add_valleys(&v, solution);
    else
        add_ground(&v, high - low + v.complexity_error, solution);
}

/* No loops that matter: every coupling is satisfied. */
static void tree(double degree, struct solution *solution)
{
    solution->phase = "unfrustrated";
    solution_add(solution, "energy", -degree / 2, 0, "energy");
    solution_add(solution, "ground_energy", -degree / 2, 0, "energy");
}

static void integer_fields(const struct cavity_ensemble *e, bool broken,
                           double y, const struct cavity_effort *effort,
                           struct solution *solution)
{
    struct cavity_valleys rs = e->poisson
        ? cavity_poisson_integer(e->degree)
        : cavity_factorised((int)e->degree, 0);
    if (branches(e) <= 1) {
        tree(e->degree, solution);
        return;
    }
    if (broken && e->poisson)
        poisson_ground(e->degree, y, effort, solution);
    else if (broken)
        regular_ground((int)e->degree, y, solution);
    if (!rs.found) {
        solution_warn(solution, "the replica-symmetric equation was not "
                      "solved");
        return;
    }
    solution_add(solution, broken ? "rs_energy" : "energy", rs.energy,
                 1e-13 * fabs(rs.energy), "energy");
    solution_add(solution, broken ? "rs_zero_fields" : "zero_fields",
                 rs.zero, 1e-13, "1");
    if (!broken) {
        solution->phase = "spin glass";
        solution_warn(solution, "replica symmetric with integer fields: below "
                      "the ground energy, replica symmetry is broken");
    }
}

/* ---- answers ------------------------------------------------------------- */

static void check(const struct section *keys, const struct cavity_ensemble *e,
                  struct err *err)
{
    double y = section_real(keys, "y", 0);
    bool integer = e->T == 0 && e->h == 0 && e->couplings == CAVITY_PM &&
                   e->up == 0.5;
    if (!e->poisson && e->degree != floor(e->degree))
        err_add(err, EXIT_INPUT, section_where(keys, "degree"),
                "degree: %g; every site of a regular graph has an integer "
                "number of neighbours (ensemble=poisson: any mean)",
                e->degree);
    if (e->degree > CAVITY_DEGREE_MOST && integer)
        err_add(err, EXIT_INPUT, section_where(keys, "degree"),
                "degree: %g; at most %d at T = 0", e->degree,
                CAVITY_DEGREE_MOST);
    if (e->couplings == CAVITY_NORMAL && section_given(keys, "p"))
        err_add(err, EXIT_INPUT, section_where(keys, "p"),
                "p: gaussian couplings have no p");
    if (y > 0 && (!integer || !section_integer(keys, "rsb", 1)))
        err_add(err, EXIT_INPUT, section_where(keys, "y"),
                "y: for T = 0, h = 0, couplings=pm, p = 0.5, rsb=1 only");
}

/* Fields begin wide, with more of them up where that is a side. */
static struct cavity_ensemble ensemble_of(const struct section *keys)
{
    struct cavity_ensemble e = {
        .degree = section_real(keys, "degree", 3),
        .poisson = !strcmp(section_text(keys, "ensemble", ""), "poisson"),
        .couplings = strcmp(section_text(keys, "couplings", ""), "pm")
                         ? CAVITY_NORMAL : CAVITY_PM,
        .up = section_real(keys, "p", 0.5), .T = section_real(keys, "T", 0),
        .h = section_real(keys, "h", 0), .spread = 1};
    e.start = mean_coupling(&e) > 0 ? (e.h < 0 ? -1 : 1) : e.h;
    return e;
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    struct cavity_ensemble e = ensemble_of(keys);
    struct cavity_effort effort = {
        .members = section_integer(keys, "population", 0),
        .rows = section_integer(keys, "iterations", 0), .doublings = 4,
        .seed = section_seed(keys, "seed", 1)};
    check(keys, &e, err);
    if (err_any(err))
        return;
    if (e.T == 0 && e.h == 0 && e.couplings == CAVITY_PM && e.up == 0.5)
        integer_fields(&e, section_integer(keys, "rsb", 1) > 0,
                       section_real(keys, "y", 0), &effort, solution);
    else if (paramagnetic(&e))
        paramagnet(&e, solution);
    else
        fields(&e, &effort, solution);
    add_lines(&e, solution);
}

/* ---- the overlay --------------------------------------------------------- */

/* Short loops are rare: without a field couplings -1 on all bonds of a
   regular graph are as frustrated as +-1. */
static bool glass_of_graph(const struct system *system,
                           struct cavity_ensemble *e)
{
    if (strcmp(system->model->name, "graph") ||
        !cavity_of_graph(system->keys, e))
        return false;
    if (e->up == 0 && e->h == 0)
        e->up = 0.5;
    return true;
}

static const char *refuses(const struct system *system, int points)
{
    struct cavity_ensemble e;
    if (!glass_of_graph(system, &e))
        return "bethe_glass knows random graphs without short loops only";
    if (e.couplings == CAVITY_PM && e.up != 0.5)
        return "bethe_glass is laid beside glasses only";
    if (points * (e.degree + 1) > 600)
        return "bethe_glass would need more than 10 seconds";
    return NULL;
}

static void take(struct solution *to, const char *name,
                 const struct solution *from, const char *of, double factor,
                 const char *unit)
{
    for (int i = 0; i < from->count; i++)
        if (!strcmp(from->result[i].name, of))
            solution_add(to, name, factor * from->result[i].value,
                         fabs(factor) * from->result[i].error, unit);
}

static void overlay(const struct solver_task *task)
{
    struct cavity_ensemble e = {.spread = 1};
    struct cavity_effort effort = {4000, 40, 2, 1};
    double sites = (double)task->system->sites;
    glass_of_graph(task->system, &e);
    e.start = e.h;
    for (int i = 0; i < task->points; i++) {
        struct solution s = {0}, *to = &task->solution[i];
        e.T = 1 / task->lambda[i];
        if (!(task->lambda[i] > 0))
            continue;
        if (paramagnetic(&e))
            paramagnet(&e, &s);
        else
            fields(&e, &effort, &s);
        take(to, "energy", &s, "energy", 1, "energy");
        take(to, "specific_heat", &s, "specific_heat", 1, "1");
        take(to, "ln_z", &s, "ln_z_per_site", sites, "1");
        take(to, "entropy", &s, "entropy_per_site", sites, "nats");
        take(to, "link_overlap", &s, "link_overlap", 1, "1");
        take(to, "glass_susceptibility", &s, "glass_susceptibility", 1, "1");
        take(to, e.h == 0 ? "abs_overlap" : "overlap", &s, "q", 1, "1");
        if (e.h != 0)
            take(to, "magnetization", &s, "magnetization", 1, "1");
    }
}

const struct solver solver_bethe_glass = {
    .name = "bethe_glass",
    .summary = "Ising spin glass on random graphs of given degree: replica "
               "symmetric, one step of breaking at T = 0",
    .source = "Viana and Bray 1985, J. Phys. C 18, 3037; Thouless 1986, Phys. "
              "Rev. Lett. 56, 1082; Mezard and Parisi 2001, Eur. Phys. J. B "
              "20, 217; 2003, J. Stat. Phys. 111, 1",
    .holds = "infinitely many sites; exact where replica symmetry holds (no "
             "warning), above T_c and on Nishimori's line among them; at "
             "T = 0 one step of breaking is not the last",
    .keys = &bethe_glass_table,
    .teams = true,
    .solve = solve,
    .refuses = refuses,
    .overlay = overlay,
    .limit = "of infinitely many sites, replica symmetric: below T_c an "
             "approximation, energies some per cent low; the energy of N "
             "spins lies about N^(-2/3) above"};

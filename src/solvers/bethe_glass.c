/* Ising spin glasses E = -sum_(ij) J_ij s_i s_j - h sum_i s_i on random graphs
   that look like a tree near every site, by the cavity method.

   T > 0, replica symmetric: systems/cavity_paramagnet.h where m = q = 0, else
   a population of fields, systems/cavity_pool.h, with the growth of
   perturbations that says whether replica symmetry holds.
   T = 0, J = +-1 equally likely, h = 0: systems/cavity_surveys.h, one step of
   replica symmetry breaking beside the replica-symmetric energy. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/overlay.h"
#include "systems/cavity_paramagnet.h"
#include "systems/cavity_surveys.h"

#define BETHE_GLASS_KEYS(KEY)                                                \
    KEY(real, degree, "3", 0.01, 200, NULL, "", 0,                           \
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
    KEY(integer, population, "10000", 100, 10000000, NULL, "fields", 0,      \
        "members of the population")                                         \
    KEY(integer, iterations, "100", 20, 100000, NULL, "steps", 0,            \
        "averaged; more as long as there is a drift")                        \
    KEY(seed, seed, "1", 0, 0, NULL, "", 0, "of the population")
PARAM_STRUCT(bethe_glass_keys, BETHE_GLASS_KEYS);
#define PARAM_ROW_bethe_glass_keys(...)                                      \
    PARAM_ROW(bethe_glass_keys, __VA_ARGS__)
PARAM_TABLE(static, bethe_glass_table, "bethe_glass", bethe_glass_keys,
            BETHE_GLASS_KEYS);

/* ---- lines and the paramagnet -------------------------------------------- */

static void add_lines(const struct cavity_ensemble *e,
                      struct solution *solution)
{
    struct root glass = cavity_glass_line(e);
    double ferro = cavity_ferro_line(e), nishimori = cavity_nishimori(e);
    if (!glass.found)
        solution_warn(solution, "the glass transition was not solved");
    if (glass.x > 0)
        solution_add(solution, "temperature_sg", glass.x, glass.width,
                     "energy");
    if (ferro > 0)
        solution_add(solution, "temperature_ferro", ferro, 0, "energy");
    if (nishimori > 0)
        solution_add(solution, "temperature_nishimori", nishimori, 0,
                     "energy");
    if (fmax(ferro, glass.x) > 0)
        solution_add(solution, "temperature_c", fmax(ferro, glass.x),
                     glass.width, "energy");
}

static bool paramagnetic(const struct cavity_ensemble *e)
{
    return e->h == 0 && e->T > 0 && e->T >= cavity_glass_line(e).x &&
           e->T >= cavity_ferro_line(e);
}

static void add_closed(struct solution *solution, const char *name,
                       double value, double times, const char *unit)
{
    if (isfinite(value))
        solution_add(solution, name, value, 4e-15 * times * fabs(value), unit);
}

static void paramagnet(const struct cavity_ensemble *e,
                       struct solution *solution)
{
    struct cavity_paramagnet p = cavity_paramagnet(e);
    solution->phase = isfinite(p.glass_susceptibility) &&
                      isfinite(p.susceptibility) ? "paramagnet" : "critical";
    solution_add(solution, "magnetization", 0, 0, "1");
    solution_add(solution, "q", 0, 0, "1");
    add_closed(solution, "energy", p.energy, 1, "energy");
    add_closed(solution, "free_energy_per_site", p.free_energy, 1, "energy");
    add_closed(solution, "ln_z_per_site", -p.free_energy / e->T, 1, "1");
    solution_add(solution, "entropy_per_site", p.entropy,
                 1e-15 * (e->degree + 1), "nats");
    add_closed(solution, "specific_heat", p.specific_heat, 1, "1");
    add_closed(solution, "link_overlap", p.link_overlap, 1, "1");
    double chi = p.susceptibility, glass = p.glass_susceptibility;
    add_closed(solution, "susceptibility", chi, 1 + e->T * chi, "1/energy");
    add_closed(solution, "glass_susceptibility", glass, 1 + glass, "1");
    if (isfinite(p.stability))
        solution_add(solution, "stability", p.stability, 1e-13, "1");
}

/* ---- populations --------------------------------------------------------- */

static void add_mean(struct solution *solution, const char *name,
                     struct population_mean mean, const char *unit)
{
    solution_add(solution, name, mean.mean, mean.error, unit);
}

/* Then m = 0, whatever a finite population drifts to. */
static bool symmetric(const struct cavity_ensemble *e)
{
    return e->h == 0 && cavity_mean_coupling(e) == 0;
}

static bool unstable(const struct cavity_averages *a)
{
    return a->stability.mean > 3 * a->stability.error;
}

static const char *phase_of(const struct cavity_ensemble *e,
                            const struct cavity_averages *a)
{
    struct population_mean m = a->magnetization;
    if (e->T == 0)
        return "ground state, replica symmetric";
    if (e->h != 0)
        return unstable(a) ? "spin glass in a field"
                           : "replica symmetric, in a field";
    if (!symmetric(e) && fabs(m.mean) > 5 * m.error)
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
        add_mean(solution, "magnetization", a->magnetization, "1");
    add_mean(solution, "q", a->q, "1");
    add_mean(solution, "energy", a->energy, "energy");
    add_mean(solution, "free_energy_per_site", a->free_energy, "energy");
    if (e->T == 0)
        return;
    solution_add(solution, "ln_z_per_site", -a->free_energy.mean / e->T,
                 a->free_energy.error / e->T, "1");
    if (a->entropy.error < 1) /* (u - f)/T has digits left */
        add_mean(solution, "entropy_per_site", a->entropy, "nats");
    add_mean(solution, "link_overlap", a->link_overlap, "1");
    if (isfinite(a->stability.mean))
        add_mean(solution, "stability", a->stability, "1");
    if (!symmetric(e) && a->stability.mean < -3 * a->stability.error) {
        add_mean(solution, "specific_heat", a->specific_heat, "1");
        add_mean(solution, "susceptibility", a->susceptibility, "1/energy");
    }
}

static void fields(const struct cavity_ensemble *e,
                   const struct cavity_effort *effort,
                   struct solution *solution)
{
    struct cavity_averages a = cavity_fields(e, effort);
    if (!a.settled) {
        solution_warn(solution, "too near to the transition for so few "
                      "iterations, or fields drift still: left out");
        return;
    }
    solution->phase = phase_of(e, &a);
    add_fields(e, &a, solution);
    if (e->T == 0)
        solution_warn(solution, "replica symmetric at T = 0: an "
                      "approximation where bonds are frustrated");
    else if (unstable(&a))
        solution_warn(solution, "replica symmetry is broken: perturbations "
                      "grow by e^%.3g a step; this is an approximation",
                      a.stability.mean);
}

/* ---- ground states ------------------------------------------------------- */

enum { SURVEYS_MOST = 20 }; /* of Poisson graphs: time grows as its cube */

static void add_valleys(const struct cavity_valleys *v,
                        struct solution *solution)
{
    solution->phase = "spin glass: the valleys of one y";
    solution_add(solution, "energy", v->energy,
                 v->phi_error + v->complexity_error / v->y, "energy");
    solution_add(solution, "free_energy_of_valleys", v->phi, v->phi_error,
                 "energy");
    solution_add(solution, "complexity", v->complexity, v->complexity_error,
                 "nats");
    solution_add(solution, "parisi_parameter", v->y, 0, "1/energy");
}

static void add_top(const struct cavity_valleys *v, struct solution *solution)
{
    solution->phase = "spin glass, one step of replica symmetry breaking";
    solution_add(solution, "energy", v->phi, v->phi_error, "energy");
    solution_add(solution, "ground_energy", v->phi, v->phi_error, "energy");
    if (isfinite(v->y_error))
        solution_add(solution, "parisi_parameter", v->y, v->y_error,
                     "1/energy");
    else
        solution_warn(solution, "the complexity has no clear zero, the "
                      "energy hardly depends on y");
}

static void add_curves(const struct cavity_ensemble *e, double top,
                       struct solution *solution)
{
    enum { POINTS = 121, KINDS = 4 };
    struct solution_curve curve[KINDS] = {
        {"y", "1/energy", "of the weight e^(-y E) of valleys", POINTS, NULL,
         NULL},
        {"valley_energy", "energy", "of the valleys that y weighs, per site",
         POINTS, NULL, "y"},
        {"complexity", "nats", "ln of their number, per site", POINTS, NULL,
         "valley_energy"},
        {"free_energy_of_valleys", "energy", "energy - complexity / y",
         POINTS, NULL, "y"}};
    double *all = mem_new(KINDS * POINTS, sizeof *all);
    cavity_valley_curves(e, 1.2 * top, POINTS, all);
    for (int k = 0; k < KINDS; k++) {
        curve[k].value = mem_copy(all + k * POINTS, POINTS, sizeof *all);
        solution_add_curve(solution, curve[k]);
    }
    free(all);
}

static void broken(const struct cavity_ensemble *e, double y,
                   const struct cavity_effort *effort,
                   struct solution *solution)
{
    struct cavity_valleys v = {.found = false};
    if (e->poisson && e->degree > SURVEYS_MOST)
        solution_warn(solution, "surveys of so many neighbours take too long");
    else
        v = y > 0 ? cavity_valleys(e, y, effort) : cavity_ground(e, effort);
    if (!v.found)
        solution_warn(solution, "surveys were not solved or drift still: left "
                      "out; more iterations or a larger population");
    else if (y > 0)
        add_valleys(&v, solution);
    else
        add_top(&v, solution);
    if (v.found && y == 0 && !e->poisson)
        add_curves(e, v.y, solution);
}

static void integer_fields(const struct cavity_ensemble *e,
                           const struct section *keys,
                           const struct cavity_effort *effort,
                           struct solution *solution)
{
    bool rsb = section_integer(keys, "rsb", 1) > 0;
    if (cavity_branches(e) <= 1) { /* no loops that matter */
        solution->phase = "unfrustrated";
        solution_add(solution, "energy", -e->degree / 2, 0, "energy");
        solution_add(solution, "ground_energy", -e->degree / 2, 0, "energy");
        return;
    }
    struct cavity_valleys rs = cavity_symmetric(e);
    if (rsb) {
        broken(e, section_real(keys, "y", 0), effort, solution);
    } else {
        solution->phase = "spin glass";
        solution_warn(solution, "replica symmetric, with integer fields: "
                      "below the true ground energy");
    }
    if (rs.found)
        solution_add(solution, rsb ? "rs_energy" : "energy", rs.energy,
                     1e-13 * fabs(rs.energy), "energy");
}

/* ---- answers ------------------------------------------------------------- */

static void check(const struct section *keys, const struct cavity_ensemble *e,
                  struct err *err)
{
    double y = section_real(keys, "y", 0);
    bool integer = e->T == 0 && e->h == 0 && e->couplings == CAVITY_PM &&
                   e->up <= 0.5;
    if (e->T > 0 && e->T < 1e-300) /* 1/T is a number */
        err_add(err, EXIT_INPUT, section_where(keys, "T"),
                "T: 0, or at least 1e-300");
    if (!e->poisson && e->degree != floor(e->degree))
        err_add(err, EXIT_INPUT, section_where(keys, "degree"),
                "degree: %g; every site of a regular graph has an integer "
                "number of neighbours (ensemble=poisson: any mean)",
                e->degree);
    if (e->couplings == CAVITY_NORMAL && section_given(keys, "p"))
        err_add(err, EXIT_INPUT, section_where(keys, "p"),
                "p: gaussian couplings have no p");
    if (e->up < 0.5 && e->h != 0)
        err_add(err, EXIT_INPUT, section_where(keys, "p"),
                "p: below 1/2 only without field, where it is the same as "
                "1/2: odd loops leave no antiferromagnet");
    if (y > 0 && (!integer || !section_integer(keys, "rsb", 1)))
        err_add(err, EXIT_INPUT, section_where(keys, "y"),
                "y: for T = 0, h = 0, couplings=pm, p = 0.5, rsb=1 only");
}

static struct cavity_ensemble ensemble_of(const struct section *keys)
{
    return (struct cavity_ensemble){
        .degree = section_real(keys, "degree", 3),
        .poisson = section_is(keys, "ensemble", "poisson"),
        .couplings = !section_is(keys, "couplings", "pm")
                         ? CAVITY_NORMAL : CAVITY_PM,
        .up = section_real(keys, "p", 0.5), .T = section_real(keys, "T", 0),
        .h = section_real(keys, "h", 0)};
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
    if (e.up < 0.5 && !paramagnetic(&e)) /* long loops are as frustrated */
        e.up = 0.5;
    if (e.T == 0 && e.h == 0 && e.couplings == CAVITY_PM && e.up == 0.5)
        integer_fields(&e, keys, &effort, solution);
    else if (paramagnetic(&e))
        paramagnet(&e, solution);
    else
        fields(&e, &effort, solution);
    add_lines(&e, solution);
}

/* ---- the overlay --------------------------------------------------------- */

static const char *refuses(const struct system *system, int points)
{
    struct cavity_ensemble e;
    if (strcmp(system->model->name, "graph") ||
        !cavity_of_graph(system->keys, &e) || e.up != 0.5)
        return "bethe_glass: beside glasses without short loops only";
    if (points * (e.degree + 1) > 600)
        return "bethe_glass would need more than 10 seconds";
    return NULL;
}

#define ROWS                                                                 \
    {"energy", "energy", false}, {"specific_heat", "specific_heat", false},  \
    {"ln_z", "ln_z_per_site", true}, {"entropy", "entropy_per_site", true},  \
    {"link_overlap", "link_overlap", false}
static const struct overlay_row zero[] = {
    ROWS, {"glass_susceptibility", "glass_susceptibility", false}, {0}};
static const struct overlay_row field[] = {
    ROWS, {"overlap", "q", false}, {"magnetization", "magnetization", false},
    {0}};

static void overlay(const struct solver_task *task)
{
    struct cavity_effort effort = {1000, 40, 1, 1};
    #pragma omp parallel for schedule(dynamic)
    for (int i = 0; i < task->points; i++) {
        struct solution s = {0};
        struct cavity_ensemble e;
        cavity_of_graph(task->system->keys, &e);
        e.T = 1 / fmax(task->lambda[i], 1e-9);
        if (!(task->lambda[i] >= 0))
            continue;
        if (paramagnetic(&e))
            paramagnet(&e, &s);
        else
            fields(&e, &effort, &s);
        overlay_take(&task->solution[i], &s, e.h == 0 ? zero : field,
                     (double)task->system->sites);
    }
}

const struct solver solver_bethe_glass = {
    .name = "bethe_glass",
    .family = FAMILY_CAVITY,
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
             "approximation, energies up to 2 per cent low; the energy of N "
             "spins lies about N^(-2/3) above"};

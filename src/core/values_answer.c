#include "core/values_answer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/chance.h"
#include "stat/fixed_point.h"
#include "systems/belief_values.h"

enum { PRODUCTS = 150, NUMBERS_MOST = 100000000 };
static const double AT_ONE = 1e-9, SAME = 1e-7;

const char *values_refuses(const struct system *system)
{
    const char *name = system->model->name;
    if (strcmp(name, "potts") && strcmp(name, "clock"))
        return "it is for potts and clock";
    return 2 * system->lattice->bonds * system_values(system) > NUMBERS_MOST
               ? "the lattice is too large" : NULL;
}

/* V of a bond by the difference of its ends: site 0 takes a value, all others
   have 0. */
static double *energies(const struct system *system)
{
    const struct local *local = system->model->local;
    int q = system_values(system);
    double *V = mem_new((size_t)q, sizeof *V), all;
    double statistics[STATISTICS_MAX];
    void *state = mem_new(1, system->state_bytes);
    for (int64_t i = 0; i < system->sites; i++)
        local->set(system, state, i, 0);
    system->model->measure(system, 0, state, statistics);
    system->model->u(system, statistics, &all);
    for (int a = 0; a < q; a++) {
        local->delta(system, 0, state, 0, a, &V[a]);
        V[a] = V[a] / lattice_degree(system->lattice, 0) +
               all / (double)system->lattice->bonds;
    }
    free(state);
    return V;
}

/* ---- starts and solutions ----------------------------------------------- */

enum { NOTHING, ORDERED, RANDOM };

/* Value of every site; NULL: messages that say nothing. */
static uint8_t *values_at(const struct system *system, int start,
                          uint64_t seed)
{
    const struct local *local = system->model->local;
    struct chance chance = chance_of(seed, RNG_POPULATION, (uint32_t)start, 0);
    uint32_t q = (uint32_t)system_values(system);
    void *state = mem_new(1, system->state_bytes);
    uint8_t *value = mem_new((size_t)system->sites, sizeof *value);
    system->model->ordered(system, state);
    for (int64_t i = 0; i < system->sites; i++)
        value[i] = start == ORDERED
                       ? (uint8_t)local->get(system, state, i)
                       : (uint8_t)chance_below(&chance, q);
    free(state);
    if (start == NOTHING) {
        free(value);
        return NULL;
    }
    return value;
}

struct found {
    double ln_z, energy, largest, square, stability, error;
    struct fixed_end end;
    bool admitted;
};

static struct found look(const struct belief_values *b, const double *nu,
                         struct fixed_end end, uint64_t seed)
{
    struct found f = {.end = end};
    struct belief_values_means means = {
        .share = mem_new((size_t)b->q, sizeof(double))};
    double most, none;
    belief_values_means(b, nu, &means);
    f.ln_z = means.ln_z;
    f.energy = means.energy;
    f.square = means.square;
    for (int a = 0; a < b->q; a++)
        f.largest = fmax(f.largest, means.share[a]);
    f.stability = most = belief_values_stability(b, nu, 0, PRODUCTS, seed,
                                                 &f.error);
    if (most > 1 + AT_ONE)
        most = belief_values_stability(b, nu, 0.5, PRODUCTS, seed, &none);
    f.admitted = most < 1 + AT_ONE;
    free(means.share);
    return f;
}

static bool same(const struct found *a, const struct found *b)
{
    return fabs(a->ln_z - b->ln_z) < SAME * fmax(1, fabs(a->ln_z)) &&
           fabs(a->square - b->square) < 1e-5;
}

static bool better(const struct found *a, const struct found *b)
{
    return a->admitted != b->admitted ? a->admitted : a->ln_z > b->ln_z;
}

/* The two best, and how many there are. */
struct list { struct found first, second; int distinct, starts, converged; };

static void keep(struct list *list, struct found f)
{
    if (list->distinct > 0 && same(&f, &list->first))
        return;
    if (list->distinct > 1 && same(&f, &list->second))
        return;
    list->distinct++;
    if (list->distinct == 1 || better(&f, &list->first)) {
        list->second = list->first;
        list->first = f;
    } else if (list->distinct == 2 || better(&f, &list->second))
        list->second = f;
}

static void try_start(const struct system *system, struct belief_values *b,
                      const struct section *keys, int start,
                      struct list *list)
{
    uint64_t seed = (uint64_t)section_integer(keys, "start_seed", 0);
    int64_t count = 2 * b->pairs->bonds * b->q;
    uint8_t *value = values_at(system, start, seed);
    double *nu = mem_new((size_t)count, sizeof *nu);
    belief_values_start(b, value, nu);
    struct fixed_point problem = {
        .count = count, .x = nu, .sweep = belief_values_sweep, .with = b,
        .damping = section_real(keys, "damping", 0),
        .tolerance = section_real(keys, "tolerance", 0),
        .most = (int)section_integer(keys, "iterations", 0)};
    struct fixed_end end = fixed_point_solve(&problem);
    list->starts++;
    if (end.fate == FIXED_CONVERGED) {
        list->converged++;
        keep(list, look(b, nu, end, seed));
    }
    free(value);
    free(nu);
}

/* ---- the answer --------------------------------------------------------- */

enum { LN_Z, LN_Z_SITE, FREE_ENERGY, ENERGY, ENTROPY, MAGNETIZATION, Q_EA,
       STABILITY, RESULTS };
static const char *const names[RESULTS][3] = {
    [LN_Z] = {"ln_z", "other_ln_z", "1"},
    [LN_Z_SITE] = {"ln_z_per_site", "other_ln_z_per_site", "1"},
    [FREE_ENERGY] = {"free_energy_per_site", "other_free_energy_per_site",
                     "energy"},
    [ENERGY] = {"energy", "other_energy", "energy"},
    [ENTROPY] = {"entropy", "other_entropy", "nats"},
    [MAGNETIZATION] = {"magnetization", "other_magnetization", "1"},
    [Q_EA] = {"q_ea", "other_q_ea", "1"},
    [STABILITY] = {"stability", "other_stability", "1"}};

static void put(const struct belief_values *b, const struct found *f,
                int which, struct solution *solution)
{
    double n = (double)b->pairs->sites, q = b->q, off = f->end.off + 1e-15;
    double scale = n + fabs(b->beta * f->energy);
    double ln_z = scale * (off * off + 1e-15), field = 0;
    for (int a = 0; a < b->q; a++)
        field = fmax(field, fabs(b->V[a]));
    field *= 2 * (double)b->pairs->bonds / n;
    double value[RESULTS] = {
        [LN_Z] = f->ln_z, [LN_Z_SITE] = f->ln_z / n,
        [FREE_ENERGY] = -f->ln_z / b->beta / n, [ENERGY] = f->energy / n,
        [ENTROPY] = f->ln_z + b->beta * f->energy,
        [MAGNETIZATION] = fmax(0, (q * f->largest - 1) / (q - 1)),
        [Q_EA] = fmax(0, (q * f->square - 1) / (q - 1)),
        [STABILITY] = f->stability};
    double error[RESULTS] = {
        [LN_Z] = ln_z, [LN_Z_SITE] = ln_z / n,
        [FREE_ENERGY] = ln_z / n / fabs(b->beta), [ENERGY] = off * field,
        [ENTROPY] = ln_z + fabs(b->beta) * n * off * field,
        [MAGNETIZATION] = 2 * off, [Q_EA] = 4 * off,
        [STABILITY] = f->error + off};
    for (int i = 0; i < RESULTS; i++)
        if (i != FREE_ENERGY || b->beta != 0)
            solution_add(solution, names[i][which], value[i], error[i],
                         names[i][2]);
}

static void tell(const struct belief_values *b, const struct list *list,
                 struct solution *solution)
{
    bool solved = list->distinct && list->first.admitted;
    double q = b->q;
    solution->phase = !solved ? "no solution that counts"
                      : q * list->first.square - 1 < 1e-8 ? "paramagnet"
                                                          : "ordered";
    if (solved)
        put(b, &list->first, 0, solution);
    if (list->distinct && (!solved || list->distinct > 1))
        put(b, solved ? &list->second : &list->first, 1, solution);
    if (solved) {
        solution_add(solution, "iterations", list->first.end.sweeps, 0,
                     "sweeps");
        solution_add(solution, "residual", list->first.end.residual, 0, "1");
    }
    solution_add(solution, "solutions", list->distinct, 0, "1");
    solution_add(solution, "starts", list->starts, 0, "1");
    solution_add(solution, "starts_converged", list->converged, 0, "1");
    if (list->converged < list->starts)
        solution_warn(solution, "%d of %d starts did not converge",
                      list->starts - list->converged, list->starts);
    if (!solved && list->distinct)
        solution_warn(solution, "fixed points that damped messages leave too "
                      "(stability > 1) do not count; the best of them is "
                      "under other_");
}

void values_answer(const struct system *system, const struct section *keys,
                   struct solution *solution)
{
    struct pairs *pairs = pairs_of_lattice(system->lattice, 1);
    double *V = energies(system);
    struct belief_values b = belief_values_new(
        pairs, system_values(system), V, section_real(keys, "beta", 0));
    struct list list = {.distinct = 0};
    int starts = RANDOM + (int)section_integer(keys, "restarts", 0);
    for (int start = 0; start < starts; start++)
        try_start(system, &b, keys, start, &list);
    tell(&b, &list, solution);
    belief_values_release(&b);
    free(V);
    pairs_free(pairs);
}

/* The Potts model H = -J sum_<ij> delta(s_i, s_j), s_i = 0 ... q - 1, on a
   hypercubic lattice of dimension 1 to 4; u = H, lambda = beta. */
#include <math.h>

#include "base/alloc.h"
#include "core/discrete.h"
#include "core/order.h"
#include "core/shape.h"

enum { COLOURS_MAX = 64 };

#define POTTS_KEYS(KEY)                                                      \
    KEY(integers, shape, "[16, 16]", 2, 1e6, NULL, "sites", 0,               \
        "size of each axis; one to four axes")                               \
    KEY(integer, q, "3", 2, COLOURS_MAX, NULL, "", 0,                        \
        "values a site can have")                                            \
    KEY(real, J, "1.0", -1e6, 1e6, NULL, "energy", 0,                        \
        "energy of two equal neighbours is -J; negative: antiferromagnet")   \
    KEY(text, boundary, "periodic", 0, 0, "periodic|open", "", 0,            \
        "of all axes; a periodic axis of size 2 is a double bond")
PARAM_STRUCT(potts_keys, POTTS_KEYS);
#define PARAM_ROW_potts_keys(...) PARAM_ROW(potts_keys, __VA_ARGS__)
PARAM_TABLE(static, potts_table, "model", potts_keys, POTTS_KEYS);

struct potts { int q; double J; }; /* J rounded to the resolution */

static const struct potts *potts(const struct system *system)
{
    return system->own;
}

static void check(const struct section *keys, struct err *err)
{
    shape_check(keys, 0x1p31, err);
}

static void build(struct system *system)
{
    struct potts *own = mem_new(1, sizeof *own);
    struct lattice *l = shape_lattice(system->keys);
    double J = section_real(system->keys, "J", 1);
    system->resolution = model_resolution(&J, 1,
                                          fabs(J) * (double)l->bonds);
    own->q = (int)section_integer(system->keys, "q", 3);
    own->J = nearbyint(J / system->resolution) * system->resolution;
    system->own = own;
    discrete_build(system, l);
}

/* ---- states: a byte a site --------------------------------------------- */

static int values_of(const struct system *system)
{
    return potts(system)->q;
}

static void delta(const struct system *system, int sample, const void *state,
                  int64_t site, int value, double *du)
{
    const struct lattice *l = system->lattice;
    const uint8_t *s = state;
    int gained = 0; /* equal bonds */
    (void)sample;
    for (int d = 0; d < 2 * l->dim; d++) {
        int64_t other = lattice_neighbour(l, site, d);
        if (other >= 0)
            gained += (s[other] == value) - (s[other] == s[site]);
    }
    du[0] = -potts(system)->J * gained;
}

static double bound(const struct system *system, const double *lambda)
{
    return fabs(lambda[0]) * 2 * system->lattice->dim *
           fabs(potts(system)->J);
}

/* statistics = { equal bonds, sites of the commonest value } */
static void measure(const struct system *system, int sample,
                    const void *state, double *statistics)
{
    const struct lattice *l = system->lattice;
    const uint8_t *s = state;
    int64_t equal = 0, most = 0, count[COLOURS_MAX] = {0};
    (void)sample;
    for (int64_t i = 0; i < l->sites; i++) {
        count[s[i]]++;
        for (int axis = 0; axis < l->dim; axis++) {
            int64_t other = lattice_neighbour(l, i, 2 * axis + 1);
            equal += other >= 0 && s[other] == s[i];
        }
    }
    for (int k = 0; k < potts(system)->q; k++)
        most = count[k] > most ? count[k] : most;
    statistics[0] = (double)equal;
    statistics[1] = (double)most;
}

static void energy_of(const struct system *system, const double *statistics,
                      double *u)
{
    u[0] = -potts(system)->J * statistics[0];
}

/* A ground state: all equal, or (antiferromagnet) two values in turn. */
static void ordered(const struct system *system, void *state)
{
    discrete_ordered(system, state, potts(system)->J < 0);
}

/* Bonds are equal independently in pairs, each with probability 1/q. */
static double variance(const struct system *system, int k)
{
    const struct potts *own = potts(system);
    (void)k;
    return own->J * own->J * (own->q - 1) / own->q / own->q *
           lattice_bond_variance(system->lattice);
}

/* ---- facet bond --------------------------------------------------------
   A cluster swaps two values a and b: grown from a site, its own value and
   another one. Where equal neighbours are likely, all clusters at once take
   one step of any length round the cycle of values: a = -1. */

static int other_value(const struct system *system, const struct draws *draws,
                       int64_t number, int value)
{
    int q = potts(system)->q;
    uint32_t step = q == 2 ? 0
                           : draws_integer(draws, RNG_TURN, 2 * number,
                                           (uint32_t)q - 1);
    return (value + 1 + (int)step) % q;
}

static void choose(const struct system *system, const double *lambda,
                   const struct draws *draws, int64_t number,
                   const void *state, int64_t site, struct turn *turn)
{
    const struct potts *own = potts(system);
    uint32_t q = (uint32_t)own->q;
    if (site < 0 && lambda[0] * own->J > 0) {
        *turn = (struct turn){.elements = own->q, .a = -1};
        return;
    }
    int a = site < 0 ? (int)draws_integer(draws, RNG_TURN, 2 * number + 1, q)
                     : discrete_get(system, state, site);
    *turn = (struct turn){.elements = 2, .a = a,
                          .b = other_value(system, draws, number, a)};
}

static int turned(const struct turn *turn, int value)
{
    return value == turn->a   ? turn->b
           : value == turn->b ? turn->a
                              : value;
}

static void part(const struct system *system, int sample, const void *state,
                 int64_t bond, const int64_t end[2], const struct turn *turn,
                 double *du)
{
    const uint8_t *s = state;
    int from = s[end[0]], to = s[end[1]];
    (void)sample;
    (void)bond;
    du[0] = potts(system)->J *
            (turn->a < 0 ? from == to
                         : (from == to) - (turned(turn, from) == to));
}

static void turn_site(const struct system *system, void *state, int64_t site,
                      const struct turn *turn, int element)
{
    int value = discrete_get(system, state, site);
    int next = turn->a < 0 ? (value + element) % potts(system)->q
                           : turned(turn, value);
    if (element)
        discrete_set(system, state, site, next);
}

/* ---- observables ------------------------------------------------------- */

static double magnetization(const struct system *system,
                            const double *statistics)
{
    int q = potts(system)->q;
    double sites = (double)system->sites;
    return (q * statistics[1] - sites) / (sites * (q - 1));
}

static double magnetization_2(const struct system *system,
                              const double *statistics)
{
    double m = magnetization(system, statistics);
    return m * m;
}

static double magnetization_4(const struct system *system,
                              const double *statistics)
{
    double m2 = magnetization_2(system, statistics);
    return m2 * m2;
}

static const struct observable observables[] = {
    {.name = "energy", .unit = "energy", .per_site = true, .integer = true,
     .even = true, .of = order_energy,
     .definition = "-J sum_<ij> delta(s_i, s_j) / N"},
    {.name = "magnetization", .unit = "1", .per_site = true, .integer = true,
     .even = true, .of = magnetization,
     .definition = "m = (q n_max - N) / (N (q - 1)), n_max sites of the "
                   "commonest value"},
    {.name = "abs_magnetization", .unit = "1", .per_site = true,
     .integer = true, .even = true, .of = magnetization,
     .definition = "|m| = m"},
    {.name = "magnetization_2", .unit = "1", .per_site = true,
     .integer = true, .even = true, .of = magnetization_2,
     .definition = "m^2"},
    {.name = "magnetization_4", .unit = "1", .per_site = true,
     .integer = true, .even = true, .of = magnetization_4,
     .definition = "m^4"},
    {.name = NULL}};

static const struct derived derived[] = {
    ORDER_DERIVED,
    {.name = NULL}};

static const struct local local = {.values_of = values_of,
                                   .colour = discrete_colour,
                                   .get = discrete_get,
                                   .set = discrete_set,
                                   .delta = delta, .bound = bound};

static const struct bond bond = {.choose = choose, .part = part,
                                 .turn = turn_site};

const struct model model_potts = {
    .name = "potts",
    .summary = "Potts model of q values on a hypercubic lattice, d = 1 to 4",
    .source = "Potts, Math. Proc. Camb. Phil. Soc. 48, 106 (1952); Wu, Rev. "
              "Mod. Phys. 54, 235 (1982)",
    .keys = &potts_table,
    .components = 1,
    .component = {"beta"},
    .u_unit = "energy",
    .u_definition = "-J sum_<ij> delta(s_i, s_j)",
    .u_integer = true,
    .check = check,
    .build = build,
    .fields = discrete_fields,
    .statistics = 2,
    .measure = measure,
    .u = energy_of,
    .reference = "counting",
    .exact_at = discrete_exact_at,
    .draw = discrete_draw,
    .ordered = ordered,
    .variance = variance,
    .local = &local,
    .bond = &bond,
    .observables = observables,
    .derived = derived};

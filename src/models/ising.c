/* The Ising model H = -J sum_<ij> s_i s_j - h sum_i s_i on a hypercubic
   lattice of dimension 1 to 4, J the same for all axes or one each; u = H,
   lambda = beta. */
#include <math.h>

#include "base/alloc.h"
#include "core/bonds.h"
#include "core/fields.h"
#include "core/shape.h"
#include "core/spins.h"

#define ISING_KEYS(KEY)                                                      \
    KEY(integers, shape, "[32, 32]", 2, 1e6, NULL, "sites", 0,               \
        "size of each axis; one to four axes")                               \
    KEY(real, J, "1.0", -1e6, 1e6, NULL, "energy", 0,                        \
        "coupling of nearest neighbours; negative: antiferromagnet")         \
    KEY(reals, J_axis, "[]", -1e6, 1e6, NULL, "energy", 0,                   \
        "instead of J: the coupling along each axis")                        \
    KEY(real, h, "0.0", -1e6, 1e6, NULL, "energy", 0, "uniform field")       \
    KEY(text, boundary, "periodic", 0, 0, "periodic|open", "", 0,            \
        "of all axes; a periodic axis of size 2 is a double bond")
PARAM_STRUCT(ising_keys, ISING_KEYS);
#define PARAM_ROW_ising_keys(...) PARAM_ROW(ising_keys, __VA_ARGS__)
PARAM_TABLE(static, ising_table, "model", ising_keys, ISING_KEYS);

/* Rounded to the system's resolution. Along axis a the coupling is
   J axis[a]: axis is 1 and J the coupling, or J is 1. */
struct ising {
    double J, h;
    double axis[LATTICE_DIM];
    bool uniform;
};

static const struct ising *ising(const struct system *system)
{
    return system->own;
}

static void check(const struct section *keys, struct err *err)
{
    const struct integers *shape = section_integers(keys, "shape");
    const struct reals *axis = section_reals(keys, "J_axis");
    shape_check(keys, 0x1p31, err);
    if (axis->count && axis->count != shape->count)
        err_add(err, EXIT_INPUT, section_where(keys, "J_axis"),
                "model.J_axis: %d couplings for %d axes", axis->count,
                shape->count);
}

static double rounded(double value, double unit)
{
    return nearbyint(value / unit) * unit;
}

/* axis[0 .. dim - 1], not yet rounded; the sum of |J| over all bonds */
static double read_couplings(const struct section *keys,
                             const struct lattice *l, double *axis)
{
    const struct reals *given = section_reals(keys, "J_axis");
    double total = 0;
    for (int a = 0; a < l->dim; a++) {
        axis[a] = given->count ? given->at[a] : section_real(keys, "J", 1);
        total += fabs(axis[a]) * (double)lattice_axis_bonds(l, a);
    }
    return total;
}

static void build(struct system *system)
{
    const struct section *keys = system->keys;
    struct ising *own = mem_new(1, sizeof *own);
    struct lattice *l = shape_lattice(keys);
    double value[LATTICE_DIM + 1], h = section_real(keys, "h", 0);
    double total = read_couplings(keys, l, value);
    value[l->dim] = h;
    system->resolution = model_resolution(value, l->dim + 1, total +
                                          fabs(h) * (double)l->sites);
    own->h = rounded(h, system->resolution);
    own->uniform = true;
    for (int a = 0; a < l->dim; a++) {
        own->axis[a] = rounded(value[a], system->resolution);
        own->uniform = own->uniform && own->axis[a] == own->axis[0];
    }
    own->J = own->uniform ? own->axis[0] : 1;
    for (int a = 0; a < l->dim && own->uniform; a++)
        own->axis[a] = 1;
    system->own = own;
    system->lattice = l;
    system->sites = l->sites;
    system->state_bytes = (size_t)l->sites;
    system->colours = l->colours;
}

/* ---- states: int8 spins -1, +1 ----------------------------------------- */

static int spin_get(const struct system *system, const void *state,
                    int64_t site)
{
    (void)system;
    return ((const int8_t *)state)[site] > 0;
}

static void spin_set(const struct system *system, void *state, int64_t site,
                     int value)
{
    (void)system;
    ((int8_t *)state)[site] = (int8_t)(value ? 1 : -1);
}

static int site_colour(const struct system *system, int64_t site)
{
    return lattice_colour(system->lattice, site);
}

static void flip(const struct system *system, int bit, int agree, int degree,
                 double *du)
{
    const struct ising *own = ising(system);
    du[0] = 2 * (own->J * (2 * agree - degree) + own->h * (2 * bit - 1));
}

static bool uniform(const struct system *system)
{
    return ising(system)->uniform;
}

/* sum over bonds of s_i s_j J_ij / J at a site */
static double local_field(const struct system *system, const int8_t *spin,
                          int64_t site)
{
    const struct lattice *l = system->lattice;
    double sum = 0;
    for (int d = 0; d < 2 * l->dim; d++) {
        int64_t other = lattice_neighbour(l, site, d);
        if (other >= 0)
            sum += ising(system)->axis[d / 2] * spin[site] * spin[other];
    }
    return sum;
}

static void delta(const struct system *system, int sample, const void *state,
                  int64_t site, int value, double *du)
{
    const struct ising *own = ising(system);
    const int8_t *spin = state;
    (void)sample;
    du[0] = 0;
    if (value != (spin[site] > 0))
        du[0] = 2 * (own->J * local_field(system, spin, site) +
                     own->h * spin[site]);
}

static double bound(const struct system *system, const double *lambda)
{
    const struct ising *own = ising(system);
    double sum = 0;
    for (int a = 0; a < system->lattice->dim; a++)
        sum += 2 * fabs(own->J * own->axis[a]);
    return fabs(lambda[0]) * 2 * (sum + fabs(own->h));
}

/* statistics = { sum over bonds of s_i s_j J_ij / J, sum of s_i } */
static void from_counts(const struct system *system, int64_t agree,
                        int64_t up, double *statistics)
{
    statistics[0] = (double)(2 * agree - system->lattice->bonds);
    statistics[1] = (double)(2 * up - system->sites);
}

static void measure(const struct system *system, int sample,
                    const void *state, double *statistics)
{
    const int8_t *spin = state;
    const struct lattice *l = system->lattice;
    int64_t bonds[LATTICE_DIM] = {0}, sum = 0;
    (void)sample;
    for (int64_t i = 0; i < l->sites; i++) {
        sum += spin[i];
        for (int axis = 0; axis < l->dim; axis++) {
            int64_t other = lattice_neighbour(l, i, 2 * axis + 1);
            if (other >= 0)
                bonds[axis] += spin[i] * spin[other];
        }
    }
    statistics[0] = 0;
    for (int axis = 0; axis < l->dim; axis++)
        statistics[0] += ising(system)->axis[axis] * (double)bonds[axis];
    statistics[1] = (double)sum;
}

static void energy_of(const struct system *system, const double *statistics,
                      double *u)
{
    const struct ising *own = ising(system);
    u[0] = -own->J * statistics[0] - own->h * statistics[1];
}

/* ---- the exact point lambda = 0 ---------------------------------------- */

static bool exact_at(const struct system *system, const double *lambda,
                     double *ln_z)
{
    *ln_z = (double)system->sites * 0x1.62e42fefa39efp-1; /* N ln 2 */
    return lambda[0] == 0;
}

static void draw(const struct system *system, int sample,
                 const struct draws *draws, enum rng_purpose purpose,
                 void *state)
{
    (void)sample;
    for (int64_t i = 0; i < system->sites; i++)
        spin_set(system, state, i, draws_bit(draws, purpose, i, 0));
}

/* The ground state in zero field: all up, with J < 0 alternating. */
static void ordered(const struct system *system, void *state)
{
    const struct ising *own = ising(system);
    for (int64_t i = 0; i < system->sites; i++) {
        int64_t c[LATTICE_DIM], parity = 0;
        lattice_coordinates(system->lattice, i, c);
        for (int a = 0; a < system->lattice->dim; a++)
            parity += own->J * own->axis[a] < 0 ? c[a] : 0;
        spin_set(system, state, i, parity % 2 == 0);
    }
}

static double variance(const struct system *system, int k)
{
    const struct ising *own = ising(system);
    double bonds = 0;
    (void)k;
    for (int a = 0; a < system->lattice->dim; a++)
        bonds += own->axis[a] * own->axis[a] *
                 lattice_axis_variance(system->lattice, a);
    return own->J * own->J * bonds +
           own->h * own->h * (double)system->sites;
}

/* ---- facet bond: clusters flip ----------------------------------------- */

static const char *no_clusters(const struct section *keys,
                               const struct system *system)
{
    (void)system;
    return section_real(keys, "h", 0) != 0 ? "a field" : NULL;
}

static void part_bond(const struct system *system, int sample,
                      const void *state, int64_t bond, const int64_t end[2],
                      const struct turn *turn, double *du)
{
    const struct ising *own = ising(system);
    const int8_t *spin = state;
    (void)sample;
    (void)turn;
    du[0] = 2 * own->J * own->axis[bonds_axis(system, bond)] *
            spin[end[0]] * spin[end[1]];
}

/* ---- observables ------------------------------------------------------- */

static bool in_field(const struct system *system)
{
    return ising(system)->h != 0;
}

static const struct observable observables[] = {
    {.name = "energy", .unit = "energy", .per_site = true, .integer = true,
     .even = true, .of = order_energy,
     .definition = "(-J sum_<ij> s_i s_j - h sum_i s_i) / N"},
    {.name = "magnetization", .unit = "1", .per_site = true, .integer = true,
     .even_when = in_field, .of = spins_magnetization,
     .definition = "m = sum_i s_i / N"},
    {.name = "abs_magnetization", .unit = "1", .per_site = true,
     .integer = true, .even = true, .of = spins_abs_magnetization,
     .definition = "|m|"},
    {.name = "magnetization_2", .unit = "1", .per_site = true,
     .integer = true, .even = true, .of = spins_magnetization_2,
     .definition = "m^2"},
    {.name = "magnetization_4", .unit = "1", .per_site = true,
     .integer = true, .even = true, .of = spins_magnetization_4,
     .definition = "m^4"},
    FIELDS_OBSERVABLES, FIELDS_OVERLAPS, FIELDS_COMPRESSED,
    {.name = NULL}};

static const struct derived derived[] = {
    ORDER_SIGNED_DERIVED,
    FIELDS_LENGTHS, FIELDS_OVERLAP_LENGTHS, {.name = NULL}};

static const struct field fields[] = {
    {.name = "spin", .type = FIELD_INT8, .definition = "s_i = -1 or +1"},
    {.name = NULL}};

static const struct local local = {.values = 2, .colour = site_colour,
                                   .get = spin_get, .set = spin_set,
                                   .delta = delta, .bound = bound};
static const struct binary binary = {.fits = uniform, .flip = flip,
                                     .statistics = from_counts};
static const struct bond bond = {.refuses = no_clusters,
                                 .choose = spins_choose,
                                 .part = part_bond, .turn = spins_turn};

const struct model model_ising = {
    .name = "ising",
    .summary = "Ising model on a hypercubic lattice, d = 1 to 4, in a field",
    .source = "Ising 1925; Onsager 1944",
    .keys = &ising_table,
    .components = 1,
    .component = {"beta"},
    .u_unit = "energy",
    .u_definition = "-J sum_<ij> s_i s_j - h sum_i s_i",
    .u_integer = true,
    .check = check,
    .build = build,
    .fields = fields,
    .statistics = 2,
    .measure = measure,
    .u = energy_of,
    .reference = "counting",
    .exact_at = exact_at,
    .draw = draw,
    .ordered = ordered,
    .variance = variance,
    .local = &local,
    .binary = &binary,
    .bond = &bond,
    .observables = observables,
    .derived = derived};

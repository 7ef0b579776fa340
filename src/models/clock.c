/* The clock model H = -J sum_<ij> cos(2 pi (k_i - k_j) / q), k_i = 0 ...
   q - 1, on a hypercubic lattice of dimension 1 to 4; u = H, lambda = beta.

   Cosines are tabulated once, rounded to multiples of a power of two such
   that all sums are exact: u and the observables are the same on every
   machine, and du is exactly the difference of two u. */
#include <math.h>

#include "base/alloc.h"
#include "core/discrete.h"
#include "core/order.h"
#include "core/shape.h"

#define CLOCK_KEYS(KEY)                                                      \
    KEY(integers, shape, "[16, 16]", 2, 1e6, NULL, "sites", 0,               \
        "size of each axis; one to four axes")                               \
    KEY(integer, q, "6", 2, VALUES_MAX, NULL, "", 0,                         \
        "directions a spin can have")                                        \
    KEY(real, J, "1.0", -1e6, 1e6, NULL, "energy", 0,                        \
        "coupling of nearest neighbours; negative: antiferromagnet")         \
    KEY(text, boundary, "periodic", 0, 0, "periodic|open", "", 0,            \
        "of all axes; a periodic axis of size 2 is a double bond")
PARAM_STRUCT(clock_keys, CLOCK_KEYS);
#define PARAM_ROW_clock_keys(...) PARAM_ROW(clock_keys, __VA_ARGS__)
PARAM_TABLE(static, clock_table, "model", clock_keys, CLOCK_KEYS);

struct clock {
    int q;
    double J;                    /* rounded to a unit of its own */
    double energy[VALUES_MAX];   /* [k_i - k_j mod q] of a bond */
    double x[VALUES_MAX], y[VALUES_MAX]; /* a spin's components */
};

static const struct clock *clock_of(const struct system *system)
{
    return system->own;
}

static void check(const struct section *keys, struct err *err)
{
    shape_check(keys, 0x1p31, err);
}

/* ---- tables ------------------------------------------------------------ */

/* cos(pi n / q), 0 <= n <= q: Taylor's series below pi / 2. */
static double cosine(int n, int q)
{
    if (2 * n > q)
        return -cosine(q - n, q);
    double angle = 0x1.921fb54442d18p+1 * n / q, sum = 0, term = 1;
    for (int i = 2; i <= 26; i += 2) {
        sum += term;
        term *= -angle * angle / (i * (i - 1));
    }
    return 2 * n == q ? 0 : sum;
}

/* cos(pi n / (2 q)) for any n >= 0 */
static double quarter_cosine(int n, int q)
{
    n %= 4 * q;
    return cosine(n <= 2 * q ? n : 4 * q - n, 2 * q);
}

static void round_all(double *value, int count, double unit)
{
    for (int i = 0; i < count; i++)
        value[i] = nearbyint(value[i] / unit) * unit;
}

static void build(struct system *system)
{
    struct clock *own = mem_new(1, sizeof *own);
    struct lattice *l = shape_lattice(system->keys);
    int q = own->q = (int)section_integer(system->keys, "q", 6);
    double J = section_real(system->keys, "J", 1);
    for (int k = 0; k < q; k++) {
        own->x[k] = quarter_cosine(4 * k, q);
        own->y[k] = quarter_cosine(4 * k + 3 * q, q);
        own->energy[k] = -J * own->x[k];
    }
    system->resolution = model_resolution(own->energy, q,
                                          fabs(J) * (double)l->bonds);
    round_all(own->energy, q, system->resolution);
    double unit = model_resolution(own->x, q, (double)l->bonds);
    round_all(own->x, q, unit);
    round_all(own->y, q, unit);
    own->J = J;
    system->own = own;
    discrete_build(system, l);
}

/* ---- states: a byte a site --------------------------------------------- */

static int values_of(const struct system *system)
{
    return clock_of(system)->q;
}

static int between(const struct clock *own, int from, int to)
{
    return to >= from ? to - from : to - from + own->q;
}

static void delta(const struct system *system, int sample, const void *state,
                  int64_t site, int value, double *du)
{
    const struct clock *own = clock_of(system);
    const struct lattice *l = system->lattice;
    const uint8_t *s = state;
    (void)sample;
    du[0] = 0;
    for (int d = 0; d < 2 * l->dim; d++) {
        int64_t other = lattice_neighbour(l, site, d);
        if (other >= 0)
            du[0] += own->energy[between(own, value, s[other])] -
                     own->energy[between(own, s[site], s[other])];
    }
}

static double bound(const struct system *system, const double *lambda)
{
    const struct clock *own = clock_of(system);
    double least = 0, most = 0;
    for (int k = 0; k < own->q; k++) {
        least = fmin(least, own->energy[k]);
        most = fmax(most, own->energy[k]);
    }
    return fabs(lambda[0]) * 2 * system->lattice->dim * (most - least);
}

/* statistics = { u, sum_i cos, sum_i sin }, exact */
static void measure(const struct system *system, int sample,
                    const void *state, double *statistics)
{
    const struct clock *own = clock_of(system);
    const struct lattice *l = system->lattice;
    const uint8_t *s = state;
    double u = 0, x = 0, y = 0;
    (void)sample;
    for (int64_t i = 0; i < l->sites; i++) {
        x += own->x[s[i]];
        y += own->y[s[i]];
        for (int axis = 0; axis < l->dim; axis++) {
            int64_t other = lattice_neighbour(l, i, 2 * axis + 1);
            if (other >= 0)
                u += own->energy[between(own, s[i], s[other])];
        }
    }
    statistics[0] = u;
    statistics[1] = x;
    statistics[2] = y;
}

static void energy_of(const struct system *system, const double *statistics,
                      double *u)
{
    (void)system;
    u[0] = statistics[0];
}

/* A ground state: all alike, or (antiferromagnet) opposite in turn. */
static void ordered(const struct system *system, void *state)
{
    const struct clock *own = clock_of(system);
    discrete_ordered(system, state, own->J < 0 ? own->q / 2 : 0);
}

/* Differences across bonds are independent in pairs and uniform. */
static double variance(const struct system *system, int k)
{
    const struct clock *own = clock_of(system);
    double sum = 0, square = 0;
    (void)k;
    for (int i = 0; i < own->q; i++) {
        sum += own->energy[i] / own->q;
        square += own->energy[i] * own->energy[i] / own->q;
    }
    return (square - sum * sum) * lattice_bond_variance(system->lattice);
}

/* ---- facet bond: clusters are reflected, k -> a - k mod q ---------------- */

static void choose(const struct system *system, const double *lambda,
                   const struct draws *draws, int64_t number,
                   const void *state, int64_t site, struct turn *turn)
{
    uint32_t q = (uint32_t)clock_of(system)->q;
    (void)lambda;
    (void)state;
    (void)site;
    *turn = (struct turn){
        .elements = 2,
        .a = (int)draws_integer(draws, RNG_TURN, 2 * number, q)};
}

static void part(const struct system *system, int sample, const void *state,
                 int64_t bond, const int64_t end[2], const struct turn *turn,
                 double *du)
{
    const struct clock *own = clock_of(system);
    const uint8_t *k = state;
    int from = k[end[0]], to = k[end[1]];
    (void)sample;
    (void)bond;
    du[0] = own->energy[between(own, between(own, from, turn->a), to)] -
            own->energy[between(own, from, to)];
}

static void turn_site(const struct system *system, void *state, int64_t site,
                      const struct turn *turn, int element)
{
    int value = discrete_get(system, state, site);
    if (element)
        discrete_set(system, state, site,
                     between(clock_of(system), value, turn->a));
}

/* ---- observables ------------------------------------------------------- */

static double magnetization_2(const struct system *system,
                              const double *statistics)
{
    double x = statistics[1] / (double)system->sites;
    double y = statistics[2] / (double)system->sites;
    return x * x + y * y;
}

static double magnetization(const struct system *system,
                            const double *statistics)
{
    return sqrt(magnetization_2(system, statistics));
}

static double magnetization_4(const struct system *system,
                              const double *statistics)
{
    double m2 = magnetization_2(system, statistics);
    return m2 * m2;
}

static void helicity_cos(const struct system *system, int sample,
                         const void *state, double *out)
{
    double statistics[STATISTICS_MAX];
    measure(system, sample, state, statistics);
    *out = -statistics[0] /
           ((double)system->sites * system->lattice->dim);
}

/* J sum of sin(2 pi (k_j - k_i) / q) along an axis */
static double current(const struct system *system, const uint8_t *s, int axis)
{
    const struct clock *own = clock_of(system);
    double sum = 0;
    for (int64_t i = 0; i < system->sites; i++) {
        int64_t other = lattice_neighbour(system->lattice, i, 2 * axis + 1);
        if (other >= 0)
            sum += own->y[between(own, s[i], s[other])];
    }
    return own->J * sum;
}

static void helicity_sin_2(const struct system *system, int sample,
                           const void *state, double *out)
{
    const struct lattice *l = system->lattice;
    (void)sample;
    *out = 0;
    for (int axis = 0; axis < l->dim; axis++) {
        double j = current(system, state, axis);
        *out += j * j / ((double)l->sites * l->dim);
    }
}

static const struct observable observables[] = {
    {.name = "energy", .unit = "energy", .per_site = true, .integer = true,
     .even = true, .of = order_energy,
     .definition = "-J sum_<ij> cos(2 pi (k_i - k_j) / q) / N"},
    {.name = "magnetization", .unit = "1", .per_site = true, .integer = true,
     .even = true, .of = magnetization,
     .definition = "m = |sum_i (cos, sin)(2 pi k_i / q)| / N"},
    {.name = "abs_magnetization", .unit = "1", .per_site = true,
     .integer = true, .even = true, .of = magnetization,
     .definition = "|m| = m"},
    {.name = "magnetization_2", .unit = "1", .per_site = true,
     .integer = true, .even = true, .of = magnetization_2,
     .definition = "m^2"},
    {.name = "magnetization_4", .unit = "1", .per_site = true,
     .integer = true, .even = true, .of = magnetization_4,
     .definition = "m^4"},
    {.name = "helicity_cos", .unit = "energy", .per_site = true,
     .integer = true, .even = true, .of_state = helicity_cos,
     .definition = "J sum of cos along an axis / N, averaged over the axes"},
    {.name = "helicity_sin_2", .unit = "energy^2", .per_site = true,
     .integer = true, .even = true, .of_state = helicity_sin_2,
     .definition = "(J sum of sin along an axis)^2 / N, averaged over the "
                   "axes"},
    {.name = NULL}};

static double helicity_modulus(const struct system *system,
                               const double *lambda, const double *mean)
{
    (void)system;
    return mean[0] - lambda[0] * mean[1];
}

static const struct derived derived[] = {
    ORDER_DERIVED,
    {.name = "helicity_modulus", .unit = "energy",
     .definition = "<J sum cos> / N - beta <(J sum sin)^2> / N along an "
                   "axis, averaged over the axes",
     .value = helicity_modulus,
     .term = {{"helicity_cos", 0, NULL}, {"helicity_sin_2", 0, NULL}}},
    {.name = NULL}};

static const struct local local = {.values_of = values_of,
                                   .colour = discrete_colour,
                                   .get = discrete_get,
                                   .set = discrete_set,
                                   .delta = delta, .bound = bound};

static const struct bond bond = {.choose = choose, .part = part,
                                 .turn = turn_site};

const struct model model_clock = {
    .name = "clock",
    .summary = "clock model of q directions on a hypercubic lattice, d = 1 "
               "to 4",
    .source = "Jose, Kadanoff, Kirkpatrick, Nelson, Phys. Rev. B 16, 1217 "
              "(1977)",
    .keys = &clock_table,
    .components = 1,
    .component = {"beta"},
    .u_unit = "energy",
    .u_definition = "-J sum_<ij> cos(2 pi (k_i - k_j) / q)",
    .u_integer = true,
    .check = check,
    .build = build,
    .fields = discrete_fields,
    .statistics = 3,
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

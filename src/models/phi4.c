/* The lattice field theory phi^4 on a hypercubic lattice:

       H = sum_i [ r/2 phi_i^2 + g/4 phi_i^4 ]
           + kappa/2 sum_<ij> (phi_i - phi_j)^2

   Any r; g > 0. The measure is d phi: not normalisable at lambda = 0, so the
   model has no exact point and ln Z is relative to the first rung. */
#include <math.h>

#include "base/alloc.h"
#include "core/links.h"
#include "core/order.h"
#include "core/shape.h"

#define PHI4_KEYS(KEY)                                                       \
    KEY(integers, shape, "[16, 16]", 2, 1e6, NULL, "sites", 0,               \
        "size of each axis; one to four axes")                               \
    KEY(real, r, "-1.0", -1e6, 1e6, NULL, "energy", 0,                       \
        "of r/2 phi^2; negative: two wells")                                 \
    KEY(real, g, "1.0", 1e-6, 1e6, NULL, "energy", 0, "of g/4 phi^4")        \
    KEY(real, kappa, "1.0", 0, 1e6, NULL, "energy", 0,                       \
        "of kappa/2 (phi_i - phi_j)^2 over bonds")                           \
    KEY(text, boundary, "periodic", 0, 0, "periodic|open", "", 0,            \
        "of all axes; a periodic axis of size 2 is a double bond")
PARAM_STRUCT(phi4_keys, PHI4_KEYS);
#define PARAM_ROW_phi4_keys(...) PARAM_ROW(phi4_keys, __VA_ARGS__)
PARAM_TABLE(static, phi4_table, "model", phi4_keys, PHI4_KEYS);

struct phi4 {
    double r, g, kappa;
    struct links *links;
};

static const struct phi4 *phi4(const struct system *system)
{
    return system->own;
}

static void check(const struct section *keys, struct err *err)
{
    shape_check(keys, 1 << 26, err);
}

static void build(struct system *system)
{
    const struct section *keys = system->keys;
    struct phi4 *own = mem_new(1, sizeof *own);
    struct lattice *l = shape_lattice(keys);
    system->own = own;
    system->lattice = l;
    system->sites = l->sites;
    system->state_bytes = (size_t)l->sites * sizeof(double);
    system->resolution = 0;
    system->colours = l->colours;
    *own = (struct phi4){.r = section_real(keys, "r", -1),
                         .g = section_real(keys, "g", 1),
                         .kappa = section_real(keys, "kappa", 1),
                         .links = links_new(system)};
}

static void release(struct system *system)
{
    links_free(((struct phi4 *)system->own)->links);
}

/* ---- facet continuous -------------------------------------------------- */

static int colour(const struct system *system, int64_t site)
{
    return lattice_colour(system->lattice, site);
}

static void get(const struct system *system, const void *state, int64_t site,
                double *value)
{
    (void)system;
    *value = ((const double *)state)[site];
}

static void set(const struct system *system, void *state, int64_t site,
                const double *value)
{
    (void)system;
    ((double *)state)[site] = *value;
}

/* An odd integer times 2^-32, in (-1, 1): -x is as likely as x. */
static double symmetric(const struct draws *draws, enum rng_purpose purpose,
                        int64_t site)
{
    return (2 * (double)draws_word(draws, purpose, site, 0) + 1) * 0x1p-32 -
           1;
}

static void propose(const struct system *system, const struct draws *draws,
                    int64_t site, double step, const double *from,
                    double *to)
{
    (void)system;
    *to = *from + step * symmetric(draws, RNG_PROPOSE, site);
}

static double site_energy(const struct phi4 *own, double x)
{
    double x2 = x * x;
    return 0.5 * own->r * x2 + 0.25 * own->g * (x2 * x2);
}

/* Differences of squares by their factors: no cancellation. */
static void delta(const struct system *system, int sample, const void *state,
                  int64_t site, const double *value, double *du)
{
    const struct phi4 *own = phi4(system);
    const double *phi = state;
    int degree = own->links->degree;
    const int32_t *other = own->links->other + site * degree;
    double x = phi[site], y = *value, change = y - x, slope = 0;
    (void)sample;
    for (int d = 0; d < degree; d++)
        if (other[d] >= 0)
            slope += x + y - 2 * phi[other[d]];
    double sum = x + y, squares = x * x + y * y;
    du[0] = change * (0.5 * own->r * sum + 0.25 * own->g * sum * squares +
                      0.5 * own->kappa * slope);
}

static const struct continuous continuous = {
    .dim = 1, .widest = 1e6, .colour = colour, .get = get, .set = set,
    .propose = propose, .delta = delta};

/* ---- facet grad -------------------------------------------------------- */

static int64_t numbers(const struct system *system) { return system->sites; }

/* The measure is flat. */
static double phi_of(const struct system *system, const struct grad_at *at,
                     double *gradient)
{
    const struct phi4 *own = phi4(system);
    const double *phi = at->x;
    int degree = own->links->degree;
    double energy = 0;
    for (int64_t i = 0; i < system->sites; i++) {
        const int32_t *other = own->links->other + i * degree;
        double x = phi[i], slope = 0, square = 0;
        for (int d = 0; d < degree; d++) {
            double apart = other[d] >= 0 ? x - phi[other[d]] : 0;
            slope += apart;
            square += apart * apart;
        }
        energy += site_energy(own, x) + 0.25 * own->kappa * square;
        if (gradient)
            gradient[i] = at->lambda[0] * (own->r * x + own->g * (x * x * x) +
                                           own->kappa * slope);
    }
    return at->lambda[0] * energy;
}

static const struct grad grad = {.count = numbers, .phi = phi_of};

/* ---- statistics: { on sites, on bonds, sum phi, sum phi^2 } ------------- */

static void measure(const struct system *system, int sample,
                    const void *state, double *statistics)
{
    const struct phi4 *own = phi4(system);
    const double *phi = state;
    double sites = 0, bonds = 0, sum = 0, square = 0;
    (void)sample;
    for (int64_t i = 0; i < system->sites; i++) {
        const int32_t *other = own->links->other + i * own->links->degree;
        sites += site_energy(own, phi[i]);
        sum += phi[i];
        square += phi[i] * phi[i];
        for (int d = 1; d < own->links->degree; d += 2)
            if (other[d] >= 0)
                bonds += (phi[i] - phi[other[d]]) * (phi[i] - phi[other[d]]);
    }
    statistics[0] = sites;
    statistics[1] = 0.5 * own->kappa * bonds;
    statistics[2] = sum;
    statistics[3] = square;
}

static void u_of(const struct system *system, const double *statistics,
                 double *u)
{
    (void)system;
    u[0] = statistics[0] + statistics[1];
}

/* A start, no law: uniform in (-1, 1). */
static void draw(const struct system *system, int sample,
                 const struct draws *draws, enum rng_purpose purpose,
                 void *state)
{
    (void)sample;
    for (int64_t i = 0; i < system->sites; i++)
        ((double *)state)[i] = symmetric(draws, purpose, i);
}

static void ordered(const struct system *system, void *state)
{
    const struct phi4 *own = phi4(system);
    for (int64_t i = 0; i < system->sites; i++)
        ((double *)state)[i] = own->r < 0 ? sqrt(-own->r / own->g) : 0;
}

/* ---- observables ------------------------------------------------------- */

static double magnetization(const struct system *system,
                            const double *statistics)
{
    return statistics[2] / (double)system->sites;
}

static double abs_magnetization(const struct system *system,
                                const double *statistics)
{
    return fabs(magnetization(system, statistics));
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

static double phi_2(const struct system *system, const double *statistics)
{
    return statistics[3] / (double)system->sites;
}

static const struct observable observables[] = {
    {.name = "energy", .unit = "energy", .per_site = true, .even = true,
     .of = order_energy, .definition = "u / N"},
    {.name = "magnetization", .unit = "1", .per_site = true,
     .of = magnetization, .definition = "m = sum_i phi_i / N"},
    {.name = "abs_magnetization", .unit = "1", .per_site = true,
     .even = true, .of = abs_magnetization, .definition = "|m|"},
    {.name = "magnetization_2", .unit = "1", .per_site = true, .even = true,
     .of = magnetization_2, .definition = "m^2"},
    {.name = "magnetization_4", .unit = "1", .per_site = true, .even = true,
     .of = magnetization_4, .definition = "m^4"},
    {.name = "phi_2", .unit = "1", .per_site = true, .even = true,
     .of = phi_2, .definition = "sum_i phi_i^2 / N"},
    {.name = NULL}};

static const struct derived derived[] = {
    ORDER_SIGNED_DERIVED,
    {.name = NULL}};

static const struct field fields[] = {
    {.name = "phi", .type = FIELD_DOUBLE, .definition = "phi_i"},
    {.name = NULL}};

const struct model model_phi4 = {
    .name = "phi4",
    .summary = "phi^4 field theory on a hypercubic lattice, d = 1 to 4",
    .source = "Milchev, Heermann, Binder, J. Stat. Phys. 44, 749 (1986)",
    .keys = &phi4_table,
    .components = 1,
    .component = {"beta"},
    .u_unit = "energy",
    .u_definition = "sum_i [r/2 phi_i^2 + g/4 phi_i^4] + kappa/2 sum_<ij> "
                    "(phi_i - phi_j)^2",
    .check = check,
    .build = build,
    .release = release,
    .fields = fields,
    .statistics = 4,
    .measure = measure,
    .u = u_of,
    .reference = "uniform",
    .draw = draw,
    .ordered = ordered,
    .continuous = &continuous,
    .grad = &grad,
    .observables = observables,
    .derived = derived};

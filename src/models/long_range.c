/* Ising spins with couplings that fall as a power of the distance,

       H = -J sum_{i<j} s_i s_j / r_ij^sigma - h sum_i s_i,

   on a periodic lattice; r_ij is the Euclidean distance to the nearest image,
   and that image alone couples (no sum over images, no Kac factor: for sigma
   <= d the energy per site grows with the size). Rounded to integers in the
   unit of systems/pairs.h; fields and the measured energy by FFT. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "core/fields.h"
#include "core/shape.h"
#include "core/spins.h"
#include "systems/convolution.h"

enum { SITES_MOST = 4096 };

#define LONG_RANGE_KEYS(KEY)                                                 \
    KEY(integers, shape, "[64]", 2, 4096, NULL, "sites", 0,                  \
        "size of each axis, periodic; one to four axes, at most 4096 sites") \
    KEY(real, sigma, "2.0", 0, 100, NULL, "", 0,                             \
        "J(r) = J / r^sigma, r to the nearest image")                        \
    KEY(real, J, "1.0", -1e6, 1e6, NULL, "energy", 0,                        \
        "coupling at distance 1; negative: antiferromagnet")                 \
    KEY(real, h, "0.0", -1e6, 1e6, NULL, "energy", 0, "uniform field")
PARAM_STRUCT(long_range_keys, LONG_RANGE_KEYS);
#define PARAM_ROW_long_range_keys(...)                                       \
    PARAM_ROW(long_range_keys, __VA_ARGS__)
PARAM_TABLE(static, long_range_table, "model", long_range_keys,
            LONG_RANGE_KEYS);

static void check(const struct section *keys, struct err *err)
{
    shape_check(keys, SITES_MOST, err);
}

/* J(r) of the sites with respect to one of them. */
static double coupling(const struct lattice *l, int64_t i, int64_t j,
                       double J, double sigma)
{
    int64_t a[LATTICE_DIM], b[LATTICE_DIM];
    double square = 0;
    lattice_coordinates(l, i, a);
    lattice_coordinates(l, j, b);
    for (int axis = 0; axis < l->dim; axis++) {
        int64_t d = llabs(a[axis] - b[axis]);
        d = d < l->size[axis] - d ? d : l->size[axis] - d;
        square += (double)(d * d);
    }
    return J * pow(square, -sigma / 2);
}

static void set_couplings(const struct system *system,
                          const struct lattice *l, struct pairs *p)
{
    double sigma = section_real(system->keys, "sigma", 2);
    double J = section_real(system->keys, "J", 1);
    double h = section_real(system->keys, "h", 0);
    size_t bonds = (size_t)p->samples * (size_t)p->bonds;
    size_t sites = (size_t)p->samples * (size_t)p->sites;
    double *value = mem_new(bonds, sizeof *value);
    double *field = mem_new(sites, sizeof *field);
    for (size_t b = 0; b < bonds; b++) {
        const int32_t *ends = p->ends + 2 * (b % (size_t)p->bonds);
        value[b] = coupling(l, ends[0], ends[1], J, sigma);
    }
    for (size_t i = 0; i < sites; i++)
        field[i] = h;
    pairs_set(p, value, h != 0 ? field : NULL);
    free(value);
    free(field);
}

/* Bonds (0, j) come first, in the order of j. */
static struct convolution *convolution_of(const struct lattice *l,
                                          const struct pairs *p)
{
    int32_t *J = mem_new((size_t)p->sites, sizeof *J);
    for (int64_t j = 1; j < p->sites; j++)
        J[j] = p->J[j - 1];
    struct convolution *c = convolution_new(l, J);
    free(J);
    return c;
}

static void build(struct system *system)
{
    struct lattice *l = shape_lattice(system->keys);
    struct pairs *p = pairs_complete(l->sites, system->samples);
    set_couplings(system, l, p);
    spins_build(system, p, NULL); /* all are coupled: no sublattices */
    system->lattice = l;
    system->own = convolution_of(l, p);
}

static void release(struct system *system)
{
    convolution_free(system->own);
    system->own = NULL;
}

static void measure(const struct system *system, int sample,
                    const void *state, double *statistics)
{
    const struct pairs *p = system->pairs;
    const int8_t *spin = state;
    int64_t sum = 0;
    for (int64_t i = 0; i < p->sites; i++)
        sum += spin[i];
    int64_t field = p->h ? p->h[sample * p->sites] : 0;
    statistics[0] = (double)-(convolution_bonds(system->own, spin) +
                              field * sum);
    statistics[1] = (double)sum;
}

/* Mean over sites of the square of the field that a spin feels. */
static void local_field(const struct system *system, int sample,
                        const void *state, double *out)
{
    const struct pairs *p = system->pairs;
    double *field = mem_new((size_t)p->sites, sizeof *field), sum = 0;
    double h = p->h ? p->h[sample * p->sites] : 0;
    convolution_fields(system->own, state, field);
    for (int64_t i = 0; i < p->sites; i++)
        sum += p->unit * p->unit * (field[i] + h) * (field[i] + h);
    *out = sum / (double)p->sites;
    free(field);
}

static const struct observable observables[] = {
    SPINS_ENERGY,
    SPINS_MAGNETIZATIONS,
    {.name = "local_field_2", .unit = "energy^2", .even = true,
     .of_state = local_field,
     .definition = "mean over i of (sum_j J_ij s_j + h)^2"},
    FIELDS_OBSERVABLES,
    {.name = NULL}};

static const struct derived derived[] = {FIELDS_LENGTHS, {.name = NULL}};

/* beta sum_j J_0j = 1; bonds (0, j) come first. */
static double mean_field(const struct system *system, const double *lambda)
{
    const struct pairs *p = system->pairs;
    double sum = 0;
    (void)lambda;
    for (int64_t j = 0; j + 1 < p->sites; j++)
        sum += p->unit * p->J[j];
    return sum > 0 && !p->h ? 1 / sum : NAN;
}

static const struct guide guides[] = {
    {.of = "beta", .at = mean_field,
     .says = "mean-field T_c, above the true one"},
    {.of = NULL}};

const struct model model_long_range = {
    .name = "long_range",
    .summary = "Ising spins with couplings J / r^sigma on a periodic lattice",
    .source = "Dyson, Commun. Math. Phys. 12, 91 (1969); Fisher, Ma, Nickel, "
              "Phys. Rev. Lett. 29, 917 (1972)",
    .keys = &long_range_table,
    SPINS_MODEL_BUT_MEASURE,
    .measure = measure,
    .u_definition = "-J sum_(i<j) s_i s_j / r_ij^sigma - h sum_i s_i",
    .check = check,
    .build = build,
    .release = release,
    .observables = observables,
    .derived = derived,
    .guides = guides};

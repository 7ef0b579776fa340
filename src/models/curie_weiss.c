/* The Curie-Weiss model H = -(1/2N) M^2 - h M, M = sum_i s_i: every spin
   feels all others alike. Each spin's own term -1/2N is counted. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "core/spins.h"

#define CURIE_WEISS_KEYS(KEY)                                                \
    KEY(integer, N, "1000", 2, 1e6, NULL, "spins", 0, "number of spins")     \
    KEY(real, h, "0.0", -1e3, 1e3, NULL, "energy", 0, "uniform field")
PARAM_STRUCT(cw_keys, CURIE_WEISS_KEYS);
#define PARAM_ROW_cw_keys(...) PARAM_ROW(cw_keys, __VA_ARGS__)
PARAM_TABLE(static, cw_table, "model", cw_keys, CURIE_WEISS_KEYS);

/* Couplings 1/N and the field are multiples of a unit 2^-k / N: the largest
   that does not round h, or the smallest that 30 bits allow. */
static void build(struct system *system)
{
    struct total *t = mem_new(1, sizeof *t);
    int64_t sites = section_integer(system->keys, "N", 1);
    double h = section_real(system->keys, "h", 0), n = (double)sites;
    double scale = n;
    while (h * scale != nearbyint(h * scale) &&
           2 * scale * (1 + fabs(h)) <= 0x1p30)
        scale *= 2;
    *t = (struct total){.sites = sites, .unit = 1 / scale,
                        .J = (int32_t)(scale / n),
                        .h = (int32_t)nearbyint(h * scale)};
    system->total = t;
    system->sites = sites;
    system->state_bytes = (size_t)sites;
    system->resolution = t->unit;
}

/* ---- states: int8 spins -1, +1 ----------------------------------------- */

static int64_t sum(const struct system *system, const int8_t *spin)
{
    int64_t M = 0;
    for (int64_t i = 0; i < system->sites; i++)
        M += spin[i];
    return M;
}

/* N operations: for the reference. The kernel "totals" keeps M. */
static void delta(const struct system *system, int sample, const void *state,
                  int64_t site, int value, double *du)
{
    const struct total *t = system->total;
    const int8_t *spin = state;
    (void)sample;
    du[0] = 0;
    if (value != (spin[site] > 0))
        du[0] = t->unit *
                (double)(2 * total_move(t, sum(system, spin), spin[site]));
}

static double bound(const struct system *system, const double *lambda)
{
    const struct total *t = system->total;
    int64_t most = t->J * (t->sites - 1) + llabs(t->h);
    return fabs(lambda[0]) * t->unit * (double)(2 * most);
}

static void measure(const struct system *system, int sample,
                    const void *state, double *statistics)
{
    (void)sample;
    total_statistics(system->total, sum(system, state), statistics);
}

static void energy_of(const struct system *system, const double *statistics,
                      double *u)
{
    u[0] = system->total->unit * 0.5 * statistics[0];
}

/* var M^2 = 2 N (N - 1), var M = N, and they are uncorrelated. */
static double variance(const struct system *system, int k)
{
    const struct total *t = system->total;
    double n = (double)t->sites, J = t->J, h = t->h;
    (void)k;
    return t->unit * t->unit * (J * J * n * (n - 1) / 2 + h * h * n);
}

/* ---- observables ------------------------------------------------------- */

static bool in_field(const struct system *system)
{
    return system->total->h != 0;
}

static const struct observable observables[] = {
    {.name = "energy", .unit = "energy", .per_site = true, .integer = true,
     .even = true, .of = order_energy, .definition = "(-M^2 / 2N - h M) / N"},
    {.name = "magnetization", .unit = "1", .per_site = true, .integer = true,
     .even_when = in_field, .of = spins_magnetization,
     .definition = "m = M / N"},
    {.name = "abs_magnetization", .unit = "1", .per_site = true,
     .integer = true, .even = true, .of = spins_abs_magnetization,
     .definition = "|m|"},
    {.name = "magnetization_2", .unit = "1", .per_site = true,
     .integer = true, .even = true, .of = spins_magnetization_2,
     .definition = "m^2"},
    {.name = "magnetization_4", .unit = "1", .per_site = true,
     .integer = true, .even = true, .of = spins_magnetization_4,
     .definition = "m^4"},
    {.name = NULL}};

static const struct derived derived[] = {
    ORDER_SIGNED_DERIVED,
    {.name = NULL}};

static double transition(const struct system *system, const double *lambda)
{
    (void)lambda;
    return system->total->h == 0 ? 1 : NAN;
}

static const struct guide guides[] = {
    {.of = "beta", .at = transition, .says = "T_c = 1, N infinite"},
    {.of = NULL}};

static const struct local local = {.values = 2, .get = spins_get,
                                   .set = spins_set, .delta = delta,
                                   .bound = bound};

const struct model model_curie_weiss = {
    .name = "curie_weiss",
    .summary = "Curie-Weiss model: every spin coupled to the mean of all, in "
               "a field",
    .source = "Weiss, J. Phys. Theor. Appl. 6, 661 (1907)",
    .keys = &cw_table,
    .components = 1,
    .component = {"beta"},
    .u_unit = "energy",
    .u_definition = "-M^2 / 2N - h M, M = sum_i s_i",
    .u_integer = true,
    .build = build,
    .fields = spins_fields,
    .statistics = SPINS_STATISTICS,
    .measure = measure,
    .u = energy_of,
    .reference = "counting",
    .exact_at = spins_exact_at,
    .draw = spins_draw,
    .ordered = spins_ordered,
    .variance = variance,
    .local = &local,
    .observables = observables,
    .derived = derived,
    .guides = guides};

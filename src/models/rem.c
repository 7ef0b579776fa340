/* Derrida's random energy model: the 2^N states of N bits have independent
   energies, normal of mean 0 and variance N/2. A level is a function of the
   seed, the sample and the state alone; levels are rounded to multiples of
   2^-25 and kept in a table where there is room. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "core/disorder.h"
#include "core/spins.h"

#define REM_KEYS(KEY)                                                        \
    KEY(integer, N, "12", 1, 24, NULL, "bits", 0, "2^N levels")
PARAM_STRUCT(rem_keys, REM_KEYS);
#define PARAM_ROW_rem_keys(...) PARAM_ROW(rem_keys, __VA_ARGS__)
PARAM_TABLE(static, rem_table, "model", rem_keys, REM_KEYS);

enum { TABLE_MOST = 1 << 28 }; /* levels of 4 bytes: 1 GB */
static const double unit = 0x1p-25;

struct rem {
    int64_t levels;   /* of a sample: 2^N */
    int32_t *table;   /* [samples][levels], or NULL */
    double span;      /* between lowest and highest, at most */
    double variance;  /* of a sample's levels, averaged; without a table
                         over all disorder */
};

/* ---- levels ------------------------------------------------------------ */

static int32_t made(const struct system *system, int sample, int64_t x)
{
    struct disorder d = disorder_of(system, sample);
    double scale = sqrt(0.5 * (double)system->sites);
    return (int32_t)nearbyint(scale * disorder_normal_at(&d, (uint32_t)x) /
                              unit);
}

static int32_t level(const struct system *system, int sample, int64_t x)
{
    const struct rem *own = system->own;
    return own->table ? own->table[sample * own->levels + x]
                      : made(system, sample, x);
}

static void fill(const struct system *system, struct rem *own, int sample)
{
    int32_t *e = own->table + sample * own->levels;
    double sum = 0, squares = 0, n = (double)own->levels;
    for (int64_t x = 0; x < own->levels; x++) {
        e[x] = made(system, sample, x);
        sum += unit * e[x];
        squares += unit * e[x] * (unit * e[x]);
    }
    own->variance += (squares / n - sum / n * (sum / n)) / system->samples;
}

static void fill_all(const struct system *system, struct rem *own)
{
    int64_t all = system->samples * own->levels;
    int32_t lowest = INT32_MAX, highest = INT32_MIN;
    own->table = mem_new((size_t)all, sizeof *own->table);
    for (int s = 0; s < system->samples; s++)
        fill(system, own, s);
    for (int64_t x = 0; x < all; x++) {
        lowest = own->table[x] < lowest ? own->table[x] : lowest;
        highest = own->table[x] > highest ? own->table[x] : highest;
    }
    own->span = unit * ((double)highest - (double)lowest);
}

/* Normal numbers of 53 uniform bits are below 13 in size. */
static void build(struct system *system)
{
    struct rem *own = mem_new(1, sizeof *own);
    int64_t bits = section_integer(system->keys, "N", 1);
    double n = (double)bits;
    own->levels = (int64_t)1 << bits;
    system->own = own;
    system->sites = bits;
    system->state_bytes = (size_t)bits;
    system->resolution = unit;
    if (system->samples * own->levels <= TABLE_MOST)
        fill_all(system, own);
    else
        *own = (struct rem){.levels = own->levels,
                            .span = 26 * sqrt(n / 2),
                            .variance = n / 2 * (1 - ldexp(1, -(int)bits))};
}

static void release(struct system *system)
{
    free(((struct rem *)system->own)->table);
}

/* ---- states: N spins -1, +1, the number's bits ------------------------- */

static int64_t number(const struct system *system, const void *state)
{
    int64_t x = 0;
    for (int64_t i = 0; i < system->sites; i++)
        x |= (int64_t)spins_get(system, state, i) << i;
    return x;
}

static void delta(const struct system *system, int sample, const void *state,
                  int64_t site, int value, double *du)
{
    int64_t x = number(system, state), y = x ^ (int64_t)1 << site;
    du[0] = 0;
    if (value != spins_get(system, state, site))
        du[0] = unit * ((double)level(system, sample, y) -
                        (double)level(system, sample, x));
}

static double bound(const struct system *system, const double *lambda)
{
    return fabs(lambda[0]) * ((const struct rem *)system->own)->span;
}

static void measure(const struct system *system, int sample,
                    const void *state, double *statistics)
{
    statistics[0] = level(system, sample, number(system, state));
}

static void energy_of(const struct system *system, const double *statistics,
                      double *u)
{
    (void)system;
    u[0] = unit * statistics[0];
}

static double variance(const struct system *system, int k)
{
    (void)k;
    return ((const struct rem *)system->own)->variance;
}

/* ---- observables ------------------------------------------------------- */

static void coincidence(const struct system *system, int sample,
                        const void *a, const void *b, double *out)
{
    (void)sample;
    *out = number(system, a) == number(system, b);
}

static const struct observable observables[] = {
    SPINS_ENERGY,
    {.name = "coincidence", .unit = "1", .integer = true, .even = true,
     .of_pair = coincidence,
     .definition = "1 where copies a < b are in the same state, else 0; its "
                   "mean is 1 - T/T_c below T_c for large N"},
    {.name = NULL}};

static const struct local local = {.values = 2, .get = spins_get,
                                   .set = spins_set, .delta = delta,
                                   .bound = bound};

const struct model model_rem = {
    .name = "rem",
    .summary = "random energy model: 2^N independent normal levels, moves "
               "flip a bit",
    .source = "Derrida, Phys. Rev. B 24, 2613 (1981)",
    .keys = &rem_table,
    .components = 1,
    .component = {"beta"},
    .u_unit = "energy",
    .u_definition = "E(s), normal of variance N/2",
    .u_integer = true,
    .disorder = true,
    .build = build,
    .release = release,
    .fields = spins_fields,
    .statistics = 1,
    .measure = measure,
    .u = energy_of,
    .reference = "counting",
    .exact_at = spins_exact_at,
    .draw = spins_draw,
    .ordered = spins_ordered,
    .variance = variance,
    .local = &local,
    .observables = observables};

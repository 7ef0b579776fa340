/* The Ising p-spin glass H = -sum_(i1 < ... < ip) J_(i1 ... ip) s_i1 ... s_ip,
   J normal of variance p! / (2 N^(p-1)), so that energies have covariance
   N q^p / 2 up to terms of order 1; p = 2 is the model of Sherrington and
   Kirkpatrick.

   Couplings are integers times a unit, kept in the order of their largest
   site, then the next, ...: that of i1 < ... < ip has number sum_t C(i_t, t),
   so those that differ in i1 alone lie side by side. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "core/disorder.h"
#include "core/spins.h"

enum { P_MOST = 8 };

#define P_SPIN_KEYS(KEY)                                                     \
    KEY(integer, N, "32", 2, 4096, NULL, "spins", 0, "number of spins")      \
    KEY(integer, p, "3", 2, 8, NULL, "spins", 0, "spins of an interaction")
PARAM_STRUCT(p_spin_keys, P_SPIN_KEYS);
#define PARAM_ROW_p_spin_keys(...) PARAM_ROW(p_spin_keys, __VA_ARGS__)
PARAM_TABLE(static, p_spin_table, "model", p_spin_keys, P_SPIN_KEYS);

struct p_spin {
    int p;
    double unit;
    int64_t count;      /* couplings of a sample */
    int32_t *J;         /* [samples][count] */
    int64_t *choose;    /* [N + 1][p + 1] C(n, k) */
    int64_t field_most; /* largest sum of |J| a site is in */
    double squares;     /* sum of J^2, averaged over samples */
};

static const struct p_spin *p_spin(const struct system *system)
{
    return system->own;
}

static double binomial(double n, int k)
{
    double c = 1;
    for (int i = 0; i < k; i++)
        c *= (n - i) / (i + 1);
    return c;
}

static void check(const struct section *keys, struct err *err)
{
    const double most = 4e9;
    int p = (int)section_integer(keys, "p", 3);
    double n = (double)section_integer(keys, "N", 1);
    double samples = (double)section_integer(keys, "samples", 1);
    double bytes = 12 * samples * binomial(n, p);
    if (p > n)
        err_add(err, EXIT_INPUT, section_where(keys, "p"),
                "model.p: %d spins interact; there are %.0f", p, n);
    else if (bytes > most)
        err_add(err, EXIT_INPUT, section_where(keys, "N"),
                "model.N: %.0f spins in %.0f samples take %.3g GB of "
                "couplings; at most %.0f GB", n, samples, bytes / 1e9,
                most / 1e9);
}

/* ---- sums over interactions -------------------------------------------- */

static int64_t choose(const struct p_spin *own, int64_t n, int k)
{
    return own->choose[n * (own->p + 1) + k];
}

/* sum J s s ... over interactions that go on with t more sites below `below`;
   J points at the number of those chosen so far. */
static int64_t sum_below(const struct p_spin *own, const int32_t *J,
                         const int8_t *spin, int t, int64_t below)
{
    int64_t sum = 0;
    if (t == 1) {
        for (int64_t i = 0; i < below; i++)
            sum += J[i] * spin[i];
        return sum;
    }
    for (int64_t i = t - 1; i < below; i++)
        sum += spin[i] *
               sum_below(own, J + choose(own, i, t), spin, t - 1, i);
    return sum;
}

/* The same over those that `site` is in, its spin left out. */
static int64_t sum_with(const struct p_spin *own, const int32_t *J,
                        const int8_t *spin, int t, int64_t below,
                        int64_t site)
{
    const int32_t *from = J + choose(own, site, t);
    int64_t sum = t == 1 ? *from : sum_below(own, from, spin, t - 1, site);
    for (int64_t i = site + 1; t > 1 && i < below; i++)
        sum += spin[i] * sum_with(own, J + choose(own, i, t), spin, t - 1, i,
                                  site);
    return sum;
}

static const int32_t *couplings(const struct p_spin *own, int sample)
{
    return own->J + sample * own->count;
}

/* ---- building ---------------------------------------------------------- */

static void set_choose(struct p_spin *own, int64_t sites)
{
    int p = own->p;
    own->choose = mem_new((size_t)((sites + 1) * (p + 1)),
                          sizeof *own->choose);
    for (int64_t n = 0; n <= sites; n++)
        for (int k = 0; k <= p; k++)
            own->choose[n * (p + 1) + k] =
                k == 0 ? 1 : n == 0 ? 0
                : choose(own, n - 1, k) + choose(own, n - 1, k - 1);
    own->count = choose(own, sites, p);
}

/* 24 binary digits of the largest. */
static void set_couplings(const struct system *system, struct p_spin *own)
{
    int64_t all = system->samples * own->count;
    double *J = mem_new((size_t)all, sizeof *J), most = 0;
    double variance = 0.5 * (double)system->sites;
    for (int k = 1; k <= own->p; k++)
        variance *= k / (double)system->sites;
    for (int s = 0; s < system->samples; s++) {
        struct disorder d = disorder_of(system, s);
        disorder_normal(&d, J + s * own->count, own->count, 0);
    }
    for (int64_t i = 0; i < all; i++)
        most = fmax(most, fabs(J[i] *= sqrt(variance)));
    own->unit = ldexp(1, ilogb(most) - 23);
    own->J = mem_new((size_t)all, sizeof *own->J);
    for (int64_t i = 0; i < all; i++) {
        own->J[i] = (int32_t)lrint(J[i] / own->unit);
        own->squares += (double)own->J[i] * own->J[i] / system->samples;
    }
    free(J);
}

/* Adds |J| of a sample's interactions to each of their sites. */
static void add_sizes(const struct p_spin *own, int sample, int64_t *size)
{
    const int32_t *J = couplings(own, sample);
    int64_t at[P_MOST + 1];
    int p = own->p;
    for (int t = 0; t < p; t++)
        at[t] = t;
    at[p] = INT64_MAX;
    for (int64_t c = 0; c < own->count; c++) {
        int t = 0;
        for (int k = 0; k < p; k++)
            size[at[k]] += labs(J[c]);
        while (t < p && at[t] + 1 == at[t + 1])
            t++;
        if (t < p)
            at[t]++;
        for (int k = 0; k < t; k++) /* the next in order */
            at[k] = k;
    }
}

static void set_field_most(const struct system *system, struct p_spin *own)
{
    for (int s = 0; s < system->samples; s++) {
        int64_t *size = mem_new((size_t)system->sites, sizeof *size);
        add_sizes(own, s, size);
        for (int64_t i = 0; i < system->sites; i++)
            if (size[i] > own->field_most)
                own->field_most = size[i];
        free(size);
    }
}

static void build(struct system *system)
{
    struct p_spin *own = mem_new(1, sizeof *own);
    own->p = (int)section_integer(system->keys, "p", 3);
    system->own = own;
    system->sites = section_integer(system->keys, "N", 1);
    system->state_bytes = (size_t)system->sites;
    set_choose(own, system->sites);
    set_couplings(system, own);
    set_field_most(system, own);
    system->resolution = own->unit;
}

static void release(struct system *system)
{
    struct p_spin *own = system->own;
    free(own->J);
    free(own->choose);
}

/* ---- states: int8 spins -1, +1 ----------------------------------------- */

static void delta(const struct system *system, int sample, const void *state,
                  int64_t site, int value, double *du)
{
    const struct p_spin *own = p_spin(system);
    const int8_t *spin = state;
    du[0] = 0;
    if (value != (spin[site] > 0))
        du[0] = own->unit *
                (double)(2 * spin[site] *
                         sum_with(own, couplings(own, sample), spin, own->p,
                                  system->sites, site));
}

static double bound(const struct system *system, const double *lambda)
{
    const struct p_spin *own = p_spin(system);
    return fabs(lambda[0]) * 2 * own->unit * (double)own->field_most;
}

static void measure(const struct system *system, int sample,
                    const void *state, double *statistics)
{
    const struct p_spin *own = p_spin(system);
    const int8_t *spin = state;
    int64_t sum = 0;
    for (int64_t i = 0; i < system->sites; i++)
        sum += spin[i];
    statistics[0] = (double)-sum_below(own, couplings(own, sample), spin,
                                       own->p, system->sites);
    statistics[1] = (double)sum;
}

static void energy_of(const struct system *system, const double *statistics,
                      double *u)
{
    u[0] = p_spin(system)->unit * statistics[0];
}

static double variance(const struct system *system, int k)
{
    const struct p_spin *own = p_spin(system);
    (void)k;
    return own->unit * own->unit * own->squares;
}

/* ---- observables ------------------------------------------------------- */

static bool odd(const struct system *system)
{
    return p_spin(system)->p % 2;
}

static const struct observable observables[] = {
    SPINS_ENERGY, SPINS_MAGNETIZATIONS,
    {.name = "overlap", .unit = "1", .per_site = true, .integer = true,
     .even_when = odd, .of_pair = spins_overlap,
     .definition = "q = sum_i s_i^a s_i^b / N of copies a < b"},
    {.name = NULL}};

static const struct derived derived[] = {SPINS_GLASS_DERIVED, {.name = NULL}};

static const struct local local = {.values = 2, .get = spins_get,
                                   .set = spins_set, .delta = delta,
                                   .bound = bound};

const struct model model_p_spin = {
    .name = "p_spin",
    .summary = "Ising spin glass of interactions between p spins, all "
               "coupled",
    .source = "Derrida, Phys. Rev. Lett. 45, 79 (1980); Gardner, Nucl. Phys. "
              "B 257, 747 (1985)",
    .keys = &p_spin_table,
    .components = 1,
    .component = {"beta"},
    .u_unit = "energy",
    .u_definition = "-sum_(i1<...<ip) J_(i1...ip) s_i1 ... s_ip",
    .u_integer = true,
    .disorder = true,
    .check = check,
    .build = build,
    .release = release,
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
    .derived = derived};

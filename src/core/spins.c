#include "core/spins.h"

#include <math.h>
#include <stdlib.h>

static bool free_site(const struct pairs *p, int64_t site)
{
    return !p || !p->clamp || !p->clamp[site];
}

void spins_build(struct system *system, struct pairs *pairs,
                 struct lattice *lattice)
{
    pairs_seal(pairs);
    system->pairs = pairs;
    system->lattice = lattice;
    system->sites = pairs->sites;
    system->state_bytes = (size_t)pairs->sites;
    system->resolution = pairs->unit;
    system->colours = lattice ? lattice->colours : 1;
}

/* ---- facet local ------------------------------------------------------- */

static int colour(const struct system *system, int64_t site)
{
    return system->colours > 1 ? lattice_colour(system->lattice, site) : 0;
}

int spins_get(const struct system *system, const void *state, int64_t site)
{
    (void)system;
    return ((const int8_t *)state)[site] > 0;
}

void spins_set(const struct system *system, void *state, int64_t site,
               int value)
{
    if (free_site(system->pairs, site))
        ((int8_t *)state)[site] = (int8_t)(value ? 1 : -1);
}

static void delta(const struct system *system, int sample, const void *state,
                  int64_t site, int value, double *du)
{
    const struct pairs *p = system->pairs;
    const int8_t *spin = state;
    du[0] = 0;
    if (value != (spin[site] > 0) && free_site(p, site))
        du[0] = p->unit * (2 * spin[site] *
                           pairs_field(p, sample, spin, site));
}

static double bound(const struct system *system, const double *lambda)
{
    const struct pairs *p = system->pairs;
    return fabs(lambda[0]) * 2 * p->unit * (double)p->field_most;
}

const struct local spins_local = {.values = 2, .colour = colour,
                                  .get = spins_get, .set = spins_set,
                                  .delta = delta, .bound = bound};

/* ---- facet binary: uniform |J| ------------------------------------------ */

static void flip(const struct system *system, int bit, int agree, int degree,
                 double *du)
{
    const struct pairs *p = system->pairs;
    (void)bit;
    du[0] = p->unit * (2 * (2 * agree - degree) * p->uniform);
}

enum { SLICED_DEGREE = 8 };

static bool sliceable(const struct system *system)
{
    return system->pairs->degree <= SLICED_DEGREE &&
           system->pairs->uniform > 0;
}

/* The lanes' count of agreeing bonds and of spins up. */
static void from_counts(const struct system *system, int64_t agree,
                        int64_t up, double *statistics)
{
    const struct pairs *p = system->pairs;
    statistics[0] = (double)((p->bonds - 2 * agree) * p->uniform);
    statistics[1] = (double)(2 * up - p->sites);
}

const struct binary spins_binary = {.flip = flip, .fits = sliceable,
                                    .statistics = from_counts};

/* ---- facet bond -------------------------------------------------------- */

static const char *no_clusters(const struct section *keys,
                               const struct system *system)
{
    const struct pairs *p = system ? system->pairs : NULL;
    if (section_real(keys, "h", 0) != 0)
        return "a field";
    for (int64_t i = 0; p && p->h && i < p->samples * p->sites; i++)
        if (p->h[i])
            return "fields";
    return p && p->clamp ? "clamped sites" : NULL;
}

void spins_choose(const struct system *system, const double *lambda,
                  const struct draws *draws, int64_t number,
                  const void *state, int64_t site, struct turn *turn)
{
    (void)system;
    (void)lambda;
    (void)draws;
    (void)number;
    (void)state;
    (void)site;
    *turn = (struct turn){.elements = 2};
}

static void part(const struct system *system, int sample, const void *state,
                 int64_t bond, const int64_t end[2], const struct turn *turn,
                 double *du)
{
    const struct pairs *p = system->pairs;
    const int8_t *spin = state;
    (void)turn;
    du[0] = p->unit * (2.0 * p->J[sample * p->bonds + bond] *
                       spin[end[0]] * spin[end[1]]);
}

void spins_turn(const struct system *system, void *state, int64_t site,
                const struct turn *turn, int element)
{
    int8_t *spin = state;
    (void)system;
    (void)turn;
    spin[site] = (int8_t)(element ? -spin[site] : spin[site]);
}

const struct bond spins_bond = {.refuses = no_clusters,
                                .choose = spins_choose, .part = part,
                                .turn = spins_turn};

const struct field spins_fields[] = {
    {.name = "spin", .type = FIELD_INT8, .definition = "s_i = -1 or +1"},
    {.name = NULL}};

/* ---- statistics -------------------------------------------------------- */

void spins_measure(const struct system *system, int sample,
                   const void *state, double *statistics)
{
    const int8_t *spin = state;
    int64_t sum = 0;
    for (int64_t i = 0; i < system->sites; i++)
        sum += spin[i];
    statistics[0] = (double)pairs_energy(system->pairs, sample, spin);
    statistics[1] = (double)sum;
}

void spins_u(const struct system *system, const double *statistics,
             double *u)
{
    u[0] = system->pairs->unit * statistics[0] + system->pairs->constant;
}

bool spins_exact_at(const struct system *system, const double *lambda,
                    double *ln_z)
{
    int64_t free_sites = 0;
    for (int64_t i = 0; i < system->sites; i++)
        free_sites += free_site(system->pairs, i);
    *ln_z = (double)free_sites * 0x1.62e42fefa39efp-1; /* N ln 2 */
    return lambda[0] == 0;
}

void spins_draw(const struct system *system, int sample,
                const struct draws *draws, enum rng_purpose purpose,
                void *state)
{
    const struct pairs *p = system->pairs;
    int8_t *spin = state;
    (void)sample;
    for (int64_t i = 0; i < system->sites; i++)
        spin[i] = (int8_t)(!free_site(p, i) ? p->clamp[i]
                           : draws_bit(draws, purpose, i, 0) ? 1 : -1);
}

void spins_ordered(const struct system *system, void *state)
{
    const struct pairs *p = system->pairs;
    int8_t *spin = state;
    for (int64_t i = 0; i < system->sites; i++)
        spin[i] = (int8_t)(free_site(p, i) ? 1 : p->clamp[i]);
}

/* Random spins: every pair and field adds its square. Lattices join a pair
   twice along an axis of two: those bonds add before squaring; graphs of
   larger degree hold every pair once. */
enum { DOUBLE_DEGREE = 8 };

static double pair_squares(const struct pairs *p, const int32_t *J,
                           int64_t site)
{
    double sum = 0;
    bool twice = p->degree <= DOUBLE_DEGREE;
    for (int64_t k = p->start[site]; k < p->start[site + 1]; k++) {
        double here = J[p->bond[k]], all = here;
        for (int64_t l = p->start[site]; twice && l < p->start[site + 1]; l++)
            if (l != k && p->other[l] == p->other[k])
                all += J[p->bond[l]];
        sum += here * all;
    }
    return sum;
}

static double variance_of(const struct pairs *p, int sample)
{
    double twice = 0, fields = 0;
    for (int64_t i = 0; i < p->sites; i++) {
        double h = p->h ? p->h[sample * p->sites + i] : 0;
        twice += pair_squares(p, p->J + sample * p->bonds, i);
        fields += h * h;
    }
    return twice / 2 + fields;
}

double spins_variance(const struct system *system, int k)
{
    const struct pairs *p = system->pairs;
    double sum = 0;
    (void)k;
    for (int s = 0; s < p->samples; s++)
        sum += variance_of(p, s);
    return p->unit * p->unit * sum / p->samples;
}

/* ---- observables ------------------------------------------------------- */

double spins_magnetization(const struct system *system,
                           const double *statistics)
{
    return statistics[1] / (double)system->sites;
}

double spins_abs_magnetization(const struct system *system,
                               const double *statistics)
{
    return fabs(spins_magnetization(system, statistics));
}

double spins_magnetization_2(const struct system *system,
                             const double *statistics)
{
    double m = spins_magnetization(system, statistics);
    return m * m;
}

double spins_magnetization_4(const struct system *system,
                             const double *statistics)
{
    double m2 = spins_magnetization_2(system, statistics);
    return m2 * m2;
}

void spins_overlap(const struct system *system, int sample, const void *a,
                   const void *b, double *out)
{
    const int8_t *s = a, *t = b;
    int64_t sum = 0;
    (void)sample;
    for (int64_t i = 0; i < system->sites; i++)
        sum += s[i] * t[i];
    *out = (double)sum / (double)system->sites;
}

void spins_link_overlap(const struct system *system, int sample,
                        const void *a, const void *b, double *out)
{
    const struct pairs *p = system->pairs;
    const int8_t *s = a, *t = b;
    int64_t sum = 0;
    (void)sample;
    for (int64_t k = 0; k < p->bonds; k++) {
        int32_t i = p->ends[2 * k], j = p->ends[2 * k + 1];
        sum += s[i] * s[j] * t[i] * t[j];
    }
    *out = (double)sum / (double)p->bonds;
}

double spins_susceptibility(const struct system *system,
                            const double *lambda, const double *means)
{
    (void)lambda;
    return (double)system->sites * means[0];
}

double spins_binder_ratio(const struct system *system, const double *lambda,
                          const double *means)
{
    (void)system;
    (void)lambda;
    return means[1] / (means[0] * means[0]);
}

/* Tables of neighbours and couplings, 4 bytes an entry. */
void spins_check_dense(const struct section *keys, struct err *err)
{
    const double most = 4e9;
    double n = (double)section_integer(keys, "N", 1);
    double samples = (double)section_integer(keys, "samples", 1);
    double bytes = n * n / 2 * (4 * samples + 8 * samples + 24);
    if (bytes > most)
        err_add(err, EXIT_INPUT, section_where(keys, "N"),
                "model.N: %.0f spins in %.0f samples take %.1f GB of "
                "couplings; at most %.0f GB", n, samples, bytes / 1e9,
                most / 1e9);
}

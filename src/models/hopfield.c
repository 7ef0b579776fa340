/* The Hopfield model H = -(1/2N) sum_(i != j) sum_mu xi_i^mu xi_j^mu s_i s_j,
   P = alpha N patterns xi of random signs: integer couplings J_ij =
   sum_mu xi_i^mu xi_j^mu in units of 1/N. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "core/disorder.h"
#include "core/spins.h"

#define HOPFIELD_KEYS(KEY)                                                   \
    KEY(integer, N, "256", 2, 20000, NULL, "spins", 0, "number of spins")    \
    KEY(real, alpha, "0.05", 0, 10, NULL, "patterns/spin", 0,                \
        "load: alpha N patterns, rounded, at least one")
PARAM_STRUCT(hopfield_keys, HOPFIELD_KEYS);
#define PARAM_ROW_hopfield_keys(...) PARAM_ROW(hopfield_keys, __VA_ARGS__)
PARAM_TABLE(static, hopfield_table, "model", hopfield_keys, HOPFIELD_KEYS);

/* Patterns bit by bit, a set bit a spin up. */
struct patterns {
    int count;
    int64_t words;   /* 64-bit ones a pattern */
    uint64_t *bits;  /* [samples][count][words] */
};

static int64_t load(const struct section *keys)
{
    double count = section_real(keys, "alpha", 0) *
                   (double)section_integer(keys, "N", 1);
    return count < 1 ? 1 : (int64_t)nearbyint(count);
}

/* J_ij has variance P: sums of |J| below bonds * sqrt(P). */
static void check(const struct section *keys, struct err *err)
{
    double n = (double)section_integer(keys, "N", 1);
    double patterns = (double)load(keys);
    spins_check_dense(keys, err);
    if (n * n / 2 * sqrt(patterns) >= 0x1p31)
        err_add(err, EXIT_INPUT, section_where(keys, "alpha"),
                "model.alpha: %.0f patterns of %.0f spins; their energies "
                "leave 32 bits", patterns, n);
}

/* ---- patterns ---------------------------------------------------------- */

static const uint64_t *pattern(const struct system *system, int sample,
                               int mu)
{
    const struct patterns *own = system->own;
    return own->bits + ((int64_t)sample * own->count + mu) * own->words;
}

static int bit_of(const uint64_t *bits, int64_t i)
{
    return (int)(bits[i / 64] >> (i % 64) & 1);
}

/* Those of one sample, into zeroed memory. */
static void draw_patterns(const struct patterns *own, struct disorder d,
                          int64_t sites, uint64_t *bits)
{
    double *sign = mem_new((size_t)sites, sizeof *sign);
    for (int mu = 0; mu < own->count; mu++) {
        disorder_signs(&d, sign, sites, 0.5);
        for (int64_t i = 0; i < sites; i++)
            bits[mu * own->words + i / 64] |= (uint64_t)(sign[i] > 0)
                                              << (i % 64);
    }
    free(sign);
}

static struct patterns *patterns_new(const struct system *system,
                                     int64_t sites)
{
    struct patterns *own = mem_new(1, sizeof *own);
    *own = (struct patterns){.count = (int)load(system->keys),
                             .words = (sites + 63) / 64};
    int64_t each = own->count * own->words;
    own->bits = mem_new((size_t)(system->samples * each), sizeof *own->bits);
    for (int s = 0; s < system->samples; s++)
        draw_patterns(own, disorder_of(system, s), sites,
                      own->bits + s * each);
    return own;
}

/* Bits of unequal sign in a and b. */
static int differing(const uint64_t *a, const uint64_t *b, int64_t words)
{
    int count = 0;
    for (int64_t w = 0; w < words; w++)
        count += __builtin_popcountll(a[w] ^ b[w]);
    return count;
}

/* J_ij = P - 2 (patterns in which i and j differ), from the patterns site by
   site. */
static void set_couplings(const struct system *system, struct pairs *p,
                          int sample)
{
    const struct patterns *own = system->own;
    int64_t words = (own->count + 63) / 64;
    uint64_t *of_site = mem_new((size_t)(p->sites * words), sizeof *of_site);
    for (int mu = 0; mu < own->count; mu++)
        for (int64_t i = 0; i < p->sites; i++)
            of_site[i * words + mu / 64] |=
                (uint64_t)bit_of(pattern(system, sample, mu), i) << (mu % 64);
    for (int64_t b = 0; b < p->bonds; b++)
        p->J[sample * p->bonds + b] =
            own->count - 2 * differing(of_site + p->ends[2 * b] * words,
                                       of_site + p->ends[2 * b + 1] * words,
                                       words);
    free(of_site);
}

static void build(struct system *system)
{
    int64_t sites = section_integer(system->keys, "N", 1);
    struct pairs *p = pairs_complete(sites, system->samples);
    system->own = patterns_new(system, sites);
    for (int s = 0; s < system->samples; s++)
        set_couplings(system, p, s);
    p->unit = 1 / (double)sites;
    spins_build(system, p, NULL);
}

static void release(struct system *system)
{
    free(((struct patterns *)system->own)->bits);
}

static void planted(const struct system *system, int sample, void *state)
{
    const uint64_t *first = pattern(system, sample, 0);
    int8_t *spin = state;
    for (int64_t i = 0; i < system->sites; i++)
        spin[i] = (int8_t)(2 * bit_of(first, i) - 1);
}

/* ---- observables ------------------------------------------------------- */

static int pattern_count(const struct system *system)
{
    return ((const struct patterns *)system->own)->count;
}

/* out[mu] = m_mu for the first `count` patterns. */
static void overlaps(const struct system *system, int sample,
                     const void *state, int count, double *out)
{
    const struct patterns *own = system->own;
    const int8_t *spin = state;
    uint64_t *bits = mem_new((size_t)own->words, sizeof *bits);
    for (int64_t i = 0; i < system->sites; i++)
        bits[i / 64] |= (uint64_t)(spin[i] > 0) << (i % 64);
    for (int mu = 0; mu < count; mu++) {
        int64_t unlike = differing(bits, pattern(system, sample, mu),
                                   own->words);
        out[mu] = (double)(system->sites - 2 * unlike) /
                  (double)system->sites;
    }
    free(bits);
}

static void pattern_overlaps(const struct system *system, int sample,
                             const void *state, double *out)
{
    overlaps(system, sample, state, pattern_count(system), out);
}

static void planted_overlap(const struct system *system, int sample,
                            const void *state, double *out)
{
    overlaps(system, sample, state, 1, out);
}

static void retrieval_overlap(const struct system *system, int sample,
                              const void *state, double *out)
{
    int count = pattern_count(system);
    double *all = mem_new((size_t)count, sizeof *all);
    overlaps(system, sample, state, count, all);
    *out = 0;
    for (int mu = 0; mu < count; mu++)
        *out = fmax(*out, fabs(all[mu]));
    free(all);
}

static const struct observable observables[] = {
    SPINS_ENERGY,
    {.name = "retrieval_overlap", .unit = "1", .per_site = true,
     .integer = true, .even = true, .of_state = retrieval_overlap,
     .definition = "largest |m_mu|, m_mu = sum_i xi_i^mu s_i / N"},
    {.name = "planted_overlap", .unit = "1", .per_site = true,
     .integer = true, .of_state = planted_overlap,
     .definition = "m_1 = sum_i xi_i^1 s_i / N, the pattern of "
                   "run.start = \"planted\""},
    {.name = "pattern_overlaps", .unit = "1", .axis = "pattern",
     .per_site = true, .integer = true, .of_state = pattern_overlaps,
     .size = pattern_count,
     .definition = "m_mu = sum_i xi_i^mu s_i / N of every pattern"},
    SPINS_OVERLAPS, {.name = NULL}};

static const struct derived derived[] = {SPINS_GLASS_DERIVED, {.name = NULL}};

const struct model model_hopfield = {
    .name = "hopfield",
    .summary = "Hopfield's associative memory: random patterns stored in "
               "the couplings of all pairs",
    .source = "Hopfield, PNAS 79, 2554 (1982); Amit, Gutfreund, Sompolinsky "
              "1985",
    .keys = &hopfield_table,
    SPINS_MODEL,
    .u_definition = "-(1/N) sum_(i<j) sum_mu xi_i^mu xi_j^mu s_i s_j",
    .disorder = true,
    .check = check,
    .build = build,
    .release = release,
    .planted = planted,
    .observables = observables,
    .derived = derived};

/* The kernel "totals" for one instruction set: 32 walkers of spins that feel
   their sum (systems/total.h) side by side, site by site; each lane keeps its
   M. One body for every instruction set.

   mask = -1 where the spin is down. Limit: the exponential of 32 lanes, four
   times 20 operations, and 512 random bits a site. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "kernels/accept.h"

enum { TOTALS = 32, TOTAL_GROUPS = TOTALS / NEAR_LANES, TOTAL_CHUNK = 16,
       TOTAL_PLANES = 2 };

struct totals {
    struct bank bank;
    int first;      /* place of lane 0 in its group of 32 */
    int8_t *mask;   /* [site][32] */
    near_int M[TOTAL_GROUPS];
    struct near_slope slope[TOTAL_GROUPS];
    near_int live[TOTAL_GROUPS], lazy[TOTAL_GROUPS], fresh[TOTAL_GROUPS];
    bool any_lazy, any_fresh;
    rng_planes_fn *planes;
};

/* Random planes of one chunk of sites, a byte a lane: [site][plane][32],
   [site][32] */
struct total_digits {
    uint8_t update[TOTAL_CHUNK * TOTAL_PLANES * TOTALS];
    uint8_t lazy[TOTAL_CHUNK * TOTALS];
    uint8_t fresh[TOTAL_CHUNK * TOTALS];
};

/* ---- one site ---------------------------------------------------------- */

/* Lanes of a group that are too close to call. */
static void __attribute__((noinline))
totals_settle(const struct totals *own, uint64_t tick, int64_t site,
              int group, const near_int *moves, const near_int *unsure,
              near_int *toggle)
{
    near_int m = *moves, open = *unsure;
    const struct bank_spec *spec = &own->bank.spec;
    for (int i = 0; i < NEAR_LANES; i++) {
        int lane = group * NEAR_LANES + i - own->first;
        if (!open[i])
            continue;
        double du = spec->system->total->unit *
                    (double)(2 * (int64_t)m[i]);
        bool flips = accept_exactly(spec, &spec->rung[own->bank.label[lane]],
                                    spec->first_walker + lane, tick, site,
                                    du);
        (*toggle)[i] = flips ? -1 : 0;
    }
}

static inline __attribute__((always_inline)) void
totals_update(struct totals *own, uint64_t tick, int64_t site,
              const struct total_digits *digits, int at, bool logistic)
{
    const struct total *t = own->bank.spec.system->total;
    int8_t *mask = own->mask + site * TOTALS;
    near_int after[TOTAL_GROUPS], moves[TOTAL_GROUPS], downs[TOTAL_GROUPS];
    near_int toggles[TOTAL_GROUPS], open[TOTAL_GROUPS];
    near_real u[TOTAL_GROUPS];
    for (int g = 0; g < TOTAL_GROUPS; g++) {
        near_int down = downs[g] = near_widen_1(mask + g * NEAR_LANES);
        moves[g] = ((t->J * own->M[g] + t->h) ^ down) - down - t->J;
        u[g] = near_digits(digits->update + at * TOTAL_PLANES,
                           g * NEAR_LANES);
    }
    near_toggle(moves, own->slope, u, TOTAL_GROUPS, logistic, toggles, open);
    for (int g = 0; g < TOTAL_GROUPS; g++) {
        near_int toggle = toggles[g], down = downs[g];
        near_int unsure = open[g] & own->live[g];
        if (near_any(unsure))
            totals_settle(own, tick, site, g, &moves[g], &unsure, &toggle);
        if (own->any_lazy) { /* both first digits set: stays */
            near_int u = near_widen_1(digits->lazy + at + g * NEAR_LANES);
            toggle &= ~(own->lazy[g] & (u < 0) & (u >= -0x40));
        }
        if (own->any_fresh) { /* up where the first digit is set */
            near_int wanted = near_widen_1(digits->fresh + at +
                                           g * NEAR_LANES) >= 0;
            toggle = (toggle & ~own->fresh[g]) |
                     (own->fresh[g] & (wanted ^ down));
        }
        own->M[g] -= 2 * ((down | 1) & toggle);
        after[g] = down ^ toggle;
    }
    near_narrow_1(after, mask);
}

/* ---- the bank ---------------------------------------------------------- */

static const char *totals_refuses(const struct bank_spec *spec)
{
    if (!spec->system->total)
        return "the model is not of spins that feel their sum";
    if (!spec->dynamics->binary)
        return "the dynamics has no rule for two-valued sites";
    return NULL;
}

static struct bank *totals_create(const struct bank_spec *spec)
{
    struct totals *own = mem_new(1, sizeof *own);
    int64_t sites = spec->system->sites;
    own->first = (int)(spec->first_walker % TOTALS);
    own->mask = mem_new((size_t)sites, TOTALS);
    for (int g = 0; g < TOTAL_GROUPS; g++)
        own->M[g] += (int32_t)sites; /* unused lanes: all up */
    for (int lane = 0; lane < spec->lanes; lane++)
        own->live[(own->first + lane) / NEAR_LANES]
                 [(own->first + lane) % NEAR_LANES] = -1;
    own->planes = rng_planes_best();
    return &own->bank;
}

static void totals_destroy(struct bank *bank)
{
    free(((struct totals *)bank)->mask);
}

static void totals_put(struct bank *bank, int lane, const void *state)
{
    struct totals *own = (struct totals *)bank;
    const int8_t *spin = state;
    int place = own->first + lane, M = 0;
    for (int64_t i = 0; i < bank->spec.system->sites; i++) {
        own->mask[i * TOTALS + place] = (int8_t)(spin[i] < 0 ? -1 : 0);
        M += spin[i];
    }
    own->M[place / NEAR_LANES][place % NEAR_LANES] = M;
}

static void totals_get(const struct bank *bank, int lane, void *state)
{
    const struct totals *own = (const struct totals *)bank;
    int8_t *spin = state;
    for (int64_t i = 0; i < bank->spec.system->sites; i++)
        spin[i] = own->mask[i * TOTALS + own->first + lane] ? -1 : 1;
}

static void totals_relabel(struct bank *bank, const int *label, bool all)
{
    struct totals *own = (struct totals *)bank;
    const struct bank_spec *spec = &bank->spec;
    (void)all;
    memcpy(bank->label, label, (size_t)spec->lanes * sizeof *label);
    own->any_lazy = own->any_fresh = false;
    for (int lane = 0; lane < spec->lanes; lane++) {
        const struct rung *rung = &spec->rung[label[lane]];
        int g = (own->first + lane) / NEAR_LANES;
        int i = (own->first + lane) % NEAR_LANES;
        bool lazy = rung->lazy && !rung->exact && spec->dynamics->binary->lazy;
        near_set_slope(&own->slope[g], i, rung->lambda[0],
                       spec->system->total->unit,
                       spec->dynamics->binary->logistic);
        own->lazy[g][i] = lazy ? -1 : 0;
        own->fresh[g][i] = rung->exact ? -1 : 0;
        own->any_lazy |= lazy;
        own->any_fresh |= rung->exact;
    }
}

/* ---- the sweep --------------------------------------------------------- */

static void totals_digits(const struct totals *own, uint64_t tick,
                          enum rng_purpose purpose, int planes, int64_t site,
                          int count, uint8_t *out)
{
    const struct bank_spec *spec = &own->bank.spec;
    struct rng_address address = {
        .seed = spec->seed, .tick = tick, .purpose = purpose,
        .stream = (uint32_t)(spec->first_walker / TOTALS)};
    struct rng_range range = {.planes = planes, .halves = 2};
    uint64_t made[TOTAL_CHUNK * TOTAL_PLANES * RNG_PLANE_WORDS];
    uint32_t blocks[TOTAL_CHUNK];
    for (int i = 0; i < count; i++)
        blocks[i] = (uint32_t)(site + i);
    own->planes(made, &address, blocks, count, range);
    memcpy(out, made, (size_t)(count * planes) * TOTALS);
}

static void totals_sweep(struct bank *bank, uint64_t tick, int threads)
{
    struct totals *own = (struct totals *)bank;
    int64_t sites = bank->spec.system->sites;
    bool logistic = bank->spec.dynamics->binary->logistic;
    struct total_digits digits;
    (void)threads;
    for (int64_t site = 0; site < sites; site += TOTAL_CHUNK) {
        int64_t left = sites - site;
        int count = left < TOTAL_CHUNK ? (int)left : TOTAL_CHUNK;
        totals_digits(own, tick, RNG_UPDATE, TOTAL_PLANES, site, count,
                      digits.update);
        if (own->any_lazy)
            totals_digits(own, tick, RNG_LAZY, 1, site, count, digits.lazy);
        if (own->any_fresh)
            totals_digits(own, tick, RNG_FRESH, 1, site, count,
                          digits.fresh);
        for (int i = 0; i < count; i++)
            if (logistic)
                totals_update(own, tick, site + i, &digits, i * TOTALS, true);
            else
                totals_update(own, tick, site + i, &digits, i * TOTALS,
                              false);
    }
}

static void totals_measure(const struct bank *bank, double *statistics,
                           int threads)
{
    const struct totals *own = (const struct totals *)bank;
    (void)threads;
    for (int lane = 0; lane < bank->spec.lanes; lane++) {
        int place = own->first + lane;
        total_statistics(bank->spec.system->total,
                         own->M[place / NEAR_LANES][place % NEAR_LANES],
                         statistics + 2 * lane);
    }
}

#define TOTALS_KERNEL(isa_, rank_, cpu_)                                     \
    {.name = "totals_" isa_, .family = "totals", .isa = isa_,                \
     .summary = "32 walkers of spins that feel their sum side by side",      \
     .streams = 1u << STREAM_WORD, .rank = rank_, .cpu = cpu_,               \
     .refuses = totals_refuses, .create = totals_create,                     \
     .destroy = totals_destroy, .put = totals_put, .get = totals_get,        \
     .relabel = totals_relabel, .sweep = totals_sweep,                       \
     .measure = totals_measure}

/* Chains broken on purpose, put to the checks of checks.h: what each check
   must say of each. */
#ifndef TEMPERA_TESTS_MUTANTS_H
#define TEMPERA_TESTS_MUTANTS_H
#include "checks.h"

enum verdict { ANY, PASSES, FAILS };
enum { STATIONARY, MEAN, MIXED, SERIES, CHECKS };

static const struct {
    const char *name;
    bool (*check)(const struct chain *, const struct law *,
                  const struct rung *);
} checks[CHECKS] = {{"stationarity", check_stationary},
                    {"exact mean", check_mean},
                    {"mixing", check_mixed},
                    {"tau_int and error of a series", check_series}};

struct mutant {
    const char *name;
    const struct dynamics *dynamics; /* NULL: metropolis */
    double lambda;
    enum verdict verdict[CHECKS];
    void (*lanes)(struct bank *, uint64_t, int);     /* broken sweeps */
    void (*reference)(struct bank *, uint64_t, int);
};

static void report(const char *name, const char *where, const char *check,
                   enum verdict want, bool passes)
{
    if (want == FAILS)
        ok(!passes, "mutant rejected: %s by %s (%s)", name, check, where);
    else if (want == PASSES)
        ok(passes, "mutant not to be seen by %s: %s (%s)", check, name,
           where);
}

static void try_chain(const struct mutant *mutant, const struct chain *chain,
                      const char *where)
{
    struct rung rung = rung_at(chain->system, mutant->lambda);
    struct law *law = law_for(chain->system, chain->dynamics, 0,
                              rung.lambda);
    for (int c = 0; c < CHECKS; c++)
        if (mutant->verdict[c] != ANY)
            report(mutant->name, where, checks[c].name, mutant->verdict[c],
                   checks[c].check(chain, law, &rung));
    law_free(law);
}

static void try_mutant(const struct mutant *mutant,
                       const struct system *system)
{
    struct kernel kernel = *registry_kernel("reference");
    struct chain chain = {system, mutant->dynamics, &kernel, STREAM_LANE};
    if (!chain.dynamics)
        chain.dynamics = registry_dynamics_named("metropolis");
    if (mutant->reference)
        kernel.sweep = mutant->reference;
    if (chain.dynamics->sweep)
        try_chain(mutant, &chain, "reference");
    if (!chain.dynamics->binary)
        return;
    kernel = *registry_kernel("lanes_u64");
    if (mutant->lanes)
        kernel.sweep = mutant->lanes;
    try_chain(mutant, &chain, "lanes_u64");
    if (mutant->lanes || !chain.dynamics->sweep)
        return;
    kernel = *registry_kernel("sites_u64");
    chain.stream = STREAM_SITE;
    try_chain(mutant, &chain, "sites_u64");
}

#endif

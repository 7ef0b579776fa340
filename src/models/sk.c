/* The Sherrington-Kirkpatrick model H = -sum_{i<j} J_ij s_i s_j - h sum_i s_i,
   J of variance 1/N: Gaussian or +-1/sqrt(N). */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "core/disorder.h"
#include "core/spins.h"

#define SK_KEYS(KEY)                                                         \
    KEY(integer, N, "64", 2, 20000, NULL, "spins", 0, "number of spins")     \
    KEY(text, couplings, "gaussian", 0, 0, "gaussian|pm1", "", 0,            \
        "distribution of sqrt(N) J_ij: normal, or +-1")                      \
    KEY(real, h, "0.0", -1e3, 1e3, NULL, "energy", 0, "uniform field")
PARAM_STRUCT(sk_keys, SK_KEYS);
#define PARAM_ROW_sk_keys(...) PARAM_ROW(sk_keys, __VA_ARGS__)
PARAM_TABLE(static, sk_table, "model", sk_keys, SK_KEYS);

static void check(const struct section *keys, struct err *err)
{
    spins_check_dense(keys, err);
}

/* +-1 couplings stay integers; the unit carries 1/sqrt(N) unless fields have
   to share it. */
static void set_couplings(struct system *system, struct pairs *p)
{
    const struct section *keys = system->keys;
    double scale = 1 / sqrt((double)p->sites);
    double h = section_real(keys, "h", 0);
    bool gaussian = section_text(keys, "couplings", "gaussian")[0] == 'g';
    bool plain = !gaussian && h == 0;
    size_t samples = (size_t)system->samples;
    double *J = mem_new(samples * (size_t)p->bonds, sizeof *J);
    double *fields = h == 0 ? NULL : mem_new(samples * (size_t)p->sites,
                                             sizeof *fields);
    for (int s = 0; s < system->samples; s++) {
        struct disorder d = disorder_of(system, s);
        if (gaussian)
            disorder_normal(&d, J + s * p->bonds, p->bonds, 0);
        else
            disorder_signs(&d, J + s * p->bonds, p->bonds, 0.5);
        for (int64_t i = 0; fields && i < p->sites; i++)
            fields[s * p->sites + i] = h;
    }
    for (size_t b = 0; !plain && b < samples * (size_t)p->bonds; b++)
        J[b] *= scale;
    pairs_set(p, J, fields);
    if (plain)
        p->unit *= scale;
    free(J);
    free(fields);
}

static void build(struct system *system)
{
    struct pairs *p = pairs_complete(section_integer(system->keys, "N", 64),
                                     system->samples);
    set_couplings(system, p);
    spins_build(system, p, NULL);
}

static const struct observable observables[] = {
    SPINS_ENERGY, SPINS_MAGNETIZATIONS, SPINS_OVERLAPS, {.name = NULL}};

static const struct derived derived[] = {SPINS_GLASS_DERIVED, {.name = NULL}};

const struct model model_sk = {
    .name = "sk",
    .summary = "Sherrington-Kirkpatrick spin glass, all pairs coupled",
    .source = "Sherrington, Kirkpatrick, Phys. Rev. Lett. 35, 1792 (1975)",
    .keys = &sk_table,
    SPINS_MODEL,
    .u_definition = "-sum_(i<j) J_ij s_i s_j - h sum_i s_i",
    .disorder = true,
    .check = check,
    .build = build,
    .observables = observables,
    .derived = derived};

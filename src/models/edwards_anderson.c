/* The Edwards-Anderson spin glass H = -sum_<ij> J_ij s_i s_j on a hypercubic
   lattice: J = +-1 with probability 1/2 (p of +1 can be chosen: at
   tanh(beta) = 2p - 1 the Nishimori line), or Gaussian. */
#include <stdlib.h>

#include "base/alloc.h"
#include "core/disorder.h"
#include "core/fields.h"
#include "core/shape.h"
#include "core/spins.h"

#define EA_KEYS(KEY)                                                         \
    KEY(integers, shape, "[8, 8, 8]", 2, 1e5, NULL, "sites", 0,              \
        "size of each axis; one to four axes")                               \
    KEY(text, couplings, "pm1", 0, 0, "pm1|gaussian", "", 0,                 \
        "distribution of J_ij: +-1, or normal")                              \
    KEY(real, p, "0.5", 0, 1, NULL, "", 0, "pm1: probability of J = +1")     \
    KEY(real, mean, "0.0", -1e3, 1e3, NULL, "energy", 0,                     \
        "gaussian: mean of J; the variance is 1")                            \
    KEY(text, boundary, "periodic", 0, 0, "periodic|open", "", 0,            \
        "of all axes; a periodic axis of size 2 is a double bond")
PARAM_STRUCT(ea_keys, EA_KEYS);
#define PARAM_ROW_ea_keys(...) PARAM_ROW(ea_keys, __VA_ARGS__)
PARAM_TABLE(static, ea_table, "model", ea_keys, EA_KEYS);

static void check(const struct section *keys, struct err *err)
{
    shape_check(keys, 1 << 28, err);
}

static void build(struct system *system)
{
    const struct section *keys = system->keys;
    struct lattice *l = shape_lattice(keys);
    struct pairs *p = pairs_of_lattice(l, system->samples);
    size_t count = (size_t)system->samples * (size_t)p->bonds;
    double *J = mem_new(count, sizeof *J);
    bool gaussian = section_text(keys, "couplings", "pm1")[0] == 'g';
    for (int s = 0; s < system->samples; s++) {
        struct disorder d = disorder_of(system, s);
        double *of_sample = J + s * p->bonds;
        if (gaussian)
            disorder_normal(&d, of_sample, p->bonds,
                            section_real(keys, "mean", 0));
        else
            disorder_signs(&d, of_sample, p->bonds,
                           section_real(keys, "p", 0.5));
    }
    pairs_set(p, J, NULL);
    free(J);
    spins_build(system, p, l);
}

static double gaussian(const struct system *system)
{
    return section_text(system->keys, "couplings", "pm1")[0] == 'g' &&
           section_real(system->keys, "mean", 0) == 0;
}

static const struct observable observables[] = {
    SPINS_ENERGY,       SPINS_MAGNETIZATIONS, SPINS_OVERLAPS,
    FIELDS_OBSERVABLES, FIELDS_OVERLAPS,      {.name = NULL}};

static const struct derived derived[] = {
    SPINS_GLASS_DERIVED, FIELDS_LENGTHS, FIELDS_OVERLAP_LENGTHS,
    {.name = NULL}};

const struct model model_edwards_anderson = {
    .name = "edwards_anderson",
    .summary = "Edwards-Anderson spin glass on a hypercubic lattice, +-1 or "
               "Gaussian couplings",
    .source = "Edwards, Anderson, J. Phys. F 5, 965 (1975)",
    .keys = &ea_table,
    SPINS_MODEL,
    .u_definition = "-sum_<ij> J_ij s_i s_j",
    .disorder = true,
    .check = check,
    .build = build,
    .gaussian = gaussian,
    .binary = &spins_binary,
    .observables = observables,
    .derived = derived};

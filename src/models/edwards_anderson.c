/* The Edwards-Anderson spin glass H = -sum_<ij> J_ij s_i s_j on a hypercubic
   lattice: J = +-1 with probability 1/2 (p of +1 can be chosen: at
   tanh(beta) = 2p - 1 the Nishimori line), or Gaussian. */
#include <math.h>
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

/* ---- what is known of three dimensions ---------------------------------- */

static bool symmetric(const struct system *system, char couplings)
{
    const struct section *keys = system->keys;
    return system->lattice->dim == 3 &&
           section_text(keys, "couplings", "pm1")[0] == couplings &&
           section_real(keys, "p", 0.5) == 0.5 &&
           section_real(keys, "mean", 0) == 0;
}

static double transition(const struct system *system, const double *lambda)
{
    (void)lambda;
    return symmetric(system, 'p') ? 1 / 1.1019 : NAN;
}

static double gaussian_transition(const struct system *system,
                                  const double *lambda)
{
    (void)lambda;
    return symmetric(system, 'g') ? 1 / 0.951 : NAN;
}

/* Ratios at the transition are those of a torus with equal sides. */
static double on_cube(const struct system *system, double value)
{
    const struct lattice *l = system->lattice;
    return (symmetric(system, 'p') || symmetric(system, 'g')) &&
                   l->periodic && l->size[0] == l->size[1] &&
                   l->size[1] == l->size[2]
               ? value : NAN;
}

static double length_ratio(const struct system *system, const double *lambda)
{
    (void)lambda;
    return on_cube(system, 0.652);
}

static double binder(const struct system *system, const double *lambda)
{
    (void)lambda;
    return on_cube(system, 1.490);
}

#define JANUS "Janus 2013"
static const struct guide guides[] = {
    {.of = "beta", .at = transition,
     .says = "T_c = 1.102(3) (" JANUS ")"},
    {.of = "beta", .at = gaussian_transition,
     .says = "T_c = 0.951(9) (Katzgraber, Koerner, Young 2006)"},
    {.of = "overlap_correlation_length_ratio", .at = length_ratio,
     .says = "0.652(3) at T_c (" JANUS ")"},
    {.of = "binder_ratio", .at = binder,
     .says = "1.490(3) at T_c (" JANUS ")"},
    {.of = NULL}};

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
    .derived = derived,
    .guides = guides};

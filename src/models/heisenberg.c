/* The Heisenberg model H = -J sum_<ij> s_i.s_j, s_i on the unit sphere, on a
   hypercubic lattice. Z is taken with the uniform probability on spheres. */
#include "core/rotors.h"
#include "core/shape.h"

PARAM_STRUCT(heisenberg_keys, ROTORS_KEYS);
#define PARAM_ROW_heisenberg_keys(...) PARAM_ROW(heisenberg_keys, __VA_ARGS__)
PARAM_TABLE(static, heisenberg_table, "model", heisenberg_keys, ROTORS_KEYS);

static void build(struct system *system)
{
    rotors_build(system, 3, shape_lattice(system->keys),
                 section_real(system->keys, "J", 1));
}

static const struct observable observables[] = {ROTORS_OBSERVABLES,
                                                {.name = NULL}};

static const struct derived derived[] = {
    {ROTORS_HELICITY}, ROTORS_DERIVED, {.name = NULL}};

const struct model model_heisenberg = {
    .name = "heisenberg",
    .summary = "Heisenberg model: three-component unit vectors on a "
               "hypercubic lattice",
    .source = "Fisher, Am. J. Phys. 32, 343 (1964)",
    .keys = &heisenberg_table,
    ROTORS_MODEL,
    .build = build,
    .fields = rotors_fields_3,
    .statistics = 2 + 3,
    .continuous = &rotors_3,
    .observables = observables,
    .derived = derived};

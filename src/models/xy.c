/* The XY model H = -J sum_<ij> cos(theta_i - theta_j) on a hypercubic
   lattice; states are unit vectors (cos, sin). Z is taken with the measure
   dtheta / 2 pi. */
#include <math.h>

#include "core/rotors.h"
#include "core/shape.h"

PARAM_STRUCT(xy_keys, ROTORS_KEYS);
#define PARAM_ROW_xy_keys(...) PARAM_ROW(xy_keys, __VA_ARGS__)
PARAM_TABLE(static, xy_table, "model", xy_keys, ROTORS_KEYS);

static void build(struct system *system)
{
    rotors_build(system, 2, shape_lattice(system->keys),
                 section_real(system->keys, "J", 1));
}

/* ---- vortices ---------------------------------------------------------- */

/* How often (1, 0, -1) the shorter way from s to t passes angle zero. */
static int passes(const float *s, const float *t)
{
    float cross = s[0] * t[1] - s[1] * t[0];
    if (s[1] < 0 && t[1] >= 0 && cross > 0)
        return 1;
    return s[1] >= 0 && t[1] < 0 && cross < 0 ? -1 : 0;
}

/* Turns of the angle round the plaquette at a site in a plane of axes; open
   boundaries have no plaquette at their far end: *none. */
static int winding(const struct links *links, const float *spin, int64_t site,
                   int a, int b, bool *none)
{
    int64_t corner[4] = {site};
    const int step[3] = {2 * a + 1, 2 * b + 1, 2 * a};
    int turns = 0;
    for (int k = 0; k < 3; k++) {
        corner[k + 1] = links->other[corner[k] * links->degree + step[k]];
        *none = corner[k + 1] < 0;
        if (*none)
            return 0;
    }
    for (int k = 0; k < 4; k++)
        turns += passes(spin + 2 * corner[k],
                        spin + 2 * corner[(k + 1) % 4]);
    return turns;
}

static void vortex_density(const struct system *system, int sample,
                           const void *state, double *out)
{
    const struct links *links = system_rotors(system)->links;
    int64_t vortices = 0, plaquettes = 0;
    (void)sample;
    for (int64_t i = 0; i < system->sites; i++)
        for (int a = 0; a < system->lattice->dim; a++)
            for (int b = a + 1; b < system->lattice->dim; b++) {
                bool none;
                vortices += winding(links, state, i, a, b, &none) != 0;
                plaquettes += !none;
            }
    *out = plaquettes ? (double)vortices / (double)plaquettes : 0;
}

/* ------------------------------------------------------------------------ */

static const struct observable observables[] = {
    ROTORS_OBSERVABLES,
    {.name = "vortex_density", .unit = "1", .even = true,
     .of_state = vortex_density,
     .definition = "plaquettes round which the angle turns, of all"},
    {.name = NULL}};

static const struct derived derived[] = {
    {ROTORS_HELICITY}, ROTORS_DERIVED, {.name = NULL}};

static double jump(const struct system *system, const double *lambda)
{
    const double pi = 0x1.921fb54442d18p+1;
    return system->lattice->dim == 2 ? 2 / (pi * lambda[0]) : NAN;
}

static double transition(const struct system *system, const double *lambda)
{
    double J = section_real(system->keys, "J", 1);
    (void)lambda;
    return system->lattice->dim == 2 && J > 0 ? 1.1199 / J : NAN;
}

static const struct guide guides[] = {
    {.of = "helicity_modulus", .at = jump,
     .says = "2 T / pi: jump to 0 (Nelson, Kosterlitz 1977)"},
    {.of = "beta", .at = transition,
     .says = "T_BKT = 0.8929 J (Hasenbusch 2005)"},
    {.of = NULL}};

const struct model model_xy = {
    .name = "xy",
    .summary = "XY model: two-component unit vectors on a hypercubic lattice",
    .source = "Kosterlitz, Thouless, J. Phys. C 6, 1181 (1973)",
    .keys = &xy_table,
    ROTORS_MODEL,
    .build = build,
    .fields = rotors_fields_2,
    .statistics = 2 + 2,
    .continuous = &rotors_2,
    .observables = observables,
    .derived = derived,
    .guides = guides};

/* Square ice: arrows on the edges of the square lattice, two in and two out at
   every vertex. Of N vertices there are W^N states,
       W = (4/3)^(3/2)                       (Lieb 1967),
   as many as colourings of the faces by 3 colours (Lenard; but for a factor
   3), the ground states of the 3-state Potts antiferromagnet. Infinitely long
   cylinders of n vertices have the largest eigenvalue of the transfer matrix,
   found numerically; at even n ln W_n - ln W goes as pi/(6 n^2) (central charge
   1). */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "core/solver.h"
#include "systems/long_strip.h"

#define SQUARE_ICE_KEYS(KEY)                                                 \
    KEY(integer, width, "0", 0, 16, NULL, "vertices", 0,                     \
        "of an infinitely long periodic strip; 0: the plane")
PARAM_STRUCT(square_ice_keys, SQUARE_ICE_KEYS);
#define PARAM_ROW_square_ice_keys(...) PARAM_ROW(square_ice_keys, __VA_ARGS__)
PARAM_TABLE(static, square_ice_table, "square_ice", square_ice_keys,
            SQUARE_ICE_KEYS);

static void add_weight(double s, double error, struct solution *solution)
{
    solution_add(solution, "entropy_per_site", s, error, "nats");
    solution_add(solution, "states_per_site", exp(s), exp(s) * error, "1");
}

static void cylinder(int64_t width, struct solution *solution)
{
    int64_t size[2] = {width, INT32_MAX};
    struct strip strip = strip_new(STRIP_ICE, 2, size, 2, true, 0, 0);
    double *v = mem_new((size_t)strip.states, sizeof *v);
    for (int s = 0; s < strip.states; s++)
        v[s] = 1;
    struct long_strip top = long_strip_top(&strip, 0, LAYER_BETA, v);
    if (top.found)
        add_weight(top.ln_top.v / (double)width,
                   top.error.v / (double)width, solution);
    else
        solution_warn(solution, "the leading eigenvalue did not converge");
    free(v);
    strip_release(&strip);
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    int64_t width = section_integer(keys, "width", 0);
    if (width == 1)
        err_add(err, EXIT_INPUT, section_where(keys, "width"),
                "square_ice.width: 0 or at least 2");
    else if (width)
        cylinder(width, solution);
    else
        add_weight(0x1.b9e1319cf495cp-2, 0, solution);
}

const struct solver solver_square_ice = {
    .name = "square_ice",
    .family = FAMILY_EXACT,
    .summary = "residual entropy of square ice: the plane and infinitely long "
               "cylinders, exact",
    .source = "Lieb 1967, Phys. Rev. 162, 162: W = (4/3)^(3/2)",
    .holds = "the infinite square lattice; cylinders of up to 16 vertices; "
             "exact",
    .keys = &square_ice_table,
    .solve = solve};

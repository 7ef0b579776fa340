/* The smallest vertex cover of a Poisson graph of mean degree c, replica
   symmetric: sites such that every edge has one of them at an end.

   A site warns along an edge (its other end must be covered, else it itself)
   when no other neighbour warns it: p = e^(-c p), p = W(c)/c. Then a fraction
       W/c       is warned by none: in no smallest cover,
       W^2/c     by one: in some,
       the rest  by more: in all,
   and size = 1 - (2 W + W^2)/2c (Weigt, Hartmann 2000): exact up to c = e,
   where leaf removal leaves no core. Beyond, the warnings oscillate, replica
   symmetry is broken and the value is too low; the largest matching (an edge
   of it needs a site of its own) is a lower bound anywhere. */
#include <gsl/gsl_sf_lambert.h>
#include <math.h>

#include "core/solver.h"

#define VERTEX_COVER_KEYS(KEY)                                               \
    KEY(real, degree, "2.0", 0, 1e4, NULL, "edges/site", 0,                  \
        "mean degree of the Poisson graph")
PARAM_STRUCT(vertex_cover_keys, VERTEX_COVER_KEYS);
#define PARAM_ROW_vertex_cover_keys(...)                                     \
    PARAM_ROW(vertex_cover_keys, __VA_ARGS__)
PARAM_TABLE(static, vertex_cover_table, "vertex_cover", vertex_cover_keys,
            VERTEX_COVER_KEYS);

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    double c = section_real(keys, "degree", 2), e = 0x1.5bf0a8b145769p1;
    double w = gsl_sf_lambert_W0(c); /* 0 at the smallest c, W/c is not */
    double never = exp(-w), some = w * never;
    double size = 1 - never - some / 2;
    (void)err;
    if (c > e) {
        solution->phase = "replica symmetry broken";
        solution_add(solution, "rs_cover", size, 1e-15, "1");
        solution_add(solution, "degree_rs", e, 0, "edges/site");
        solution_warn(solution, "c > e: replica symmetry is broken; rs_cover "
                      "is a lower estimate only (solver matching has a lower "
                      "bound)");
        return;
    }
    solution->phase = "replica symmetric";
    solution_add(solution, "cover", size, 1e-15, "1");
    solution_add(solution, "never_covered", never, 1e-15, "1");
    solution_add(solution, "sometimes_covered", some, 1e-15, "1");
    solution_add(solution, "always_covered", 1 - never - some, 1e-15, "1");
    solution_add(solution, "degree_rs", e, 0, "edges/site");
}

const struct solver solver_vertex_cover = {
    .name = "vertex_cover",
    .family = FAMILY_CAVITY,
    .summary = "smallest vertex cover of a Poisson graph and its backbone",
    .source = "Weigt and Hartmann 2000, Phys. Rev. Lett. 84, 6118: x_c = 1 - "
              "(2 W(c) + W(c)^2)/2c",
    .holds = "infinite Poisson graphs, exact for mean degree up to e; beyond, "
             "the replica symmetric value under its own name, with a warning",
    .keys = &vertex_cover_table,
    .solve = solve};

/* Replica-symmetric cavity equations of random graphs, by population dynamics
   (stat/population.h): the law of the cavity fields
       x = h + sum_(k=1)^n u(J_k, x_k),
   n = c - 1 neighbours on regular graphs of degree c, Poisson's law of mean c
   on random graphs of that mean degree; J drawn afresh each time. Averages are
   per site: f = <f_site> - (c/2) <f_link> (systems/cavity.h).

   Along go dx/dT and dx/dh, and v, the square of a small perturbation:
       v = sum_k (du/dx)^2 v_k,
   whose mean grows by e^stability a step: replica symmetry holds where
   stability < 0; there sum_j <s_i s_j>_c^2 is finite. */
#ifndef TEMPERA_SYSTEMS_CAVITY_POOL_H
#define TEMPERA_SYSTEMS_CAVITY_POOL_H
#include "base/param.h"
#include "stat/population.h"

enum cavity_couplings { CAVITY_PM, CAVITY_NORMAL };

struct cavity_ensemble {
    double degree;
    bool poisson;
    enum cavity_couplings couplings;
    double up;   /* CAVITY_PM: probability of J = 1 rather than -1; not below
                    1/2, where a population would swing as antiferromagnets
                    do, which odd loops do not allow */
    double T, h;
    double start; /* fields begin normal about this, with width `spread` */
    double spread;
};

/* Poisson's law of a mean below 700 for one of `items`, by inversion of a
   uniform number from the part of (0, 1) that is that item's (chance->item):
   together the items have nearly the law itself, so the numbers of neighbours
   add no noise to averages over them. */
int cavity_neighbours(struct chance *chance, double mean, int64_t items);

struct cavity_effort {
    int64_t members, rows; /* rows: steps that are averaged */
    int doublings; /* as long as it drifts: twice as many rows, so often; and
                      up to three times if rows are fewer than 50 tau_int */
    uint64_t seed;
};

struct cavity_averages {
    struct population_mean free_energy, energy, entropy, magnetization, q;
    struct population_mean link_overlap;  /* <s s'>^2 of links */
    struct population_mean specific_heat; /* du/dT; these two mean something */
    struct population_mean susceptibility; /* dm/dh; only if stable */
    struct population_mean stability; /* mean -inf: perturbations die out */
    int64_t settled_by; /* steps before the averaged ones */
    bool settled;
};

/* What keys of model graph say of the ensemble (T and where fields begin are
   left alone); antiferromagnetic and cut: up = 1/2, which is the same without
   field, and 0 in a field. False when there is none: a file, another
   generator, clamps, or too few sites to be like a tree. */
bool cavity_of_graph(const struct section *keys,
                     struct cavity_ensemble *ensemble);

/* At T = 0 energy is the free energy; entropy, link_overlap, specific_heat,
   susceptibility and stability are 0. */
struct cavity_averages cavity_pool(const struct cavity_ensemble *ensemble,
                                   const struct cavity_effort *effort);

#endif

/* Ising spins on random graphs without field where m = q = 0: closed forms,
   and where that ends (Viana and Bray, J. Phys. C 18, 3037 (1985); Thouless,
   Phys. Rev. Lett. 56, 1082 (1986)). With n = c - 1 further neighbours of a
   neighbour (regular) or c (Poisson), t1 = <tanh J/T>, t2 = <tanh^2 J/T>:
       ln Z/N = ln 2 + (c/2) <ln cosh J/T>
       sum_j <s_i s_j> = (1 + (c - n) t1)/(1 - n t1), squared with t2 */
#ifndef TEMPERA_SYSTEMS_CAVITY_PARAMAGNET_H
#define TEMPERA_SYSTEMS_CAVITY_PARAMAGNET_H
#include "stat/root.h"
#include "systems/cavity_pool.h"

/* n */
double cavity_branches(const struct cavity_ensemble *ensemble);
/* <J> */
double cavity_mean_coupling(const struct cavity_ensemble *ensemble);

/* n t2 = 1: the spin glass; x = 0 if there is none. */
struct root cavity_glass_line(const struct cavity_ensemble *ensemble);
/* n t1 = 1: the ferromagnet; 0 if there is none. */
double cavity_ferro_line(const struct cavity_ensemble *ensemble);
/* Nishimori's: tanh 1/T = <J>, J = +-1; 0 if there is none. On it the energy
   is -(c/2) <J> and m = q. */
double cavity_nishimori(const struct cavity_ensemble *ensemble);

/* cavity_pool() begun well, for h = 0 below a line: there order relaxes in
   1/(n t - 1) steps, which drifts and errors do not show when it is more than
   a run. Rows are made 20 times that; not settled, without a step, where that
   is over 16 times those asked for. */
struct cavity_averages cavity_fields(const struct cavity_ensemble *ensemble,
                                     const struct cavity_effort *effort);

/* T > 0, h = 0, T not below either line. Infinite: NAN. */
struct cavity_paramagnet {
    double energy, free_energy, entropy, specific_heat;
    double link_overlap;          /* t2 */
    double susceptibility;        /* sum_j <s_i s_j> / T */
    double glass_susceptibility;  /* sum_j <s_i s_j>^2 = N <q^2> */
    double stability;             /* ln n t2 */
};
struct cavity_paramagnet
cavity_paramagnet(const struct cavity_ensemble *ensemble);

#endif

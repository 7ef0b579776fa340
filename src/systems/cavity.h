/* The cavity method for Ising spins on graphs that are trees near every site,
   E = -sum_(ij) J_ij s_i s_j - sum_i h_i s_i (Mezard and Parisi, Eur. Phys. J.
   B 20, 217 (2001)), in units of energy, so that T = 0 is one temperature more.

   A spin feels its neighbour across coupling J, which without it is in a field
   x, as a field u(J, x) and an energy:
       sum_s' e^((J s s' + x s')/T) / (2 cosh x/T) = e^((a(J, x) + s u(J, x))/T)
   A site with fields x_k of all its neighbours, a link with x and y of its two
   ends have the free energies
       f_site = -sum_k a(J_k, x_k) - S(h + sum_k u(J_k, x_k)),
       f_link = -T ln sum_ss' e^((J s s' + x s + y s')/T) + S(x) + S(y),
   S(x) = T ln 2 cosh x/T. The Bethe free energy of a graph is the sum of f_site
   over sites less that of f_link over links; it is stationary in the x. */
#ifndef TEMPERA_SYSTEMS_CAVITY_H
#define TEMPERA_SYSTEMS_CAVITY_H

/* T ln 2 cosh x/T; |x| at T = 0. */
double cavity_soft(double T, double x);
/* Entropy of a spin in field x, -d/dT of -S; 0 at T = 0 but for x = 0. */
double cavity_spin_entropy(double T, double x);

/* u and its derivatives. At T = 0: sign(J x) min(|J|, |x|), slope 0 or +-1,
   by_T 0. */
struct cavity_field {
    double u;
    double slope; /* du/dx */
    double by_T;  /* du/dT */
    double soft;  /* a(J, x) + S(x) */
};
struct cavity_field cavity_field(double T, double J, double x);

double cavity_link(double T, double J, double x, double y);

/* <s s'> of a link = tanh w, w and its derivative by T when x and y have
   derivatives x_T and y_T. T > 0. */
struct cavity_pair { double correlation, by_T; };
struct cavity_pair cavity_pair(double T, double J, const double x[2],
                               const double x_T[2]);

#endif

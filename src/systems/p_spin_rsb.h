/* The p-spin glass, p >= 3, cov(H, H') = N q^p/2, in the replica theory of one
   step of symmetry breaking with lowest overlap 0: states of overlap q inside,
   weight m. With beta = 1/T:

   spherical spins, sum s^2 = N (Crisanti, Sommers, Z. Phys. B 87, 341 (1992)),
       -beta f = beta^2 [1 - (1 - m) q^p]/4 + [ln(1 - q) + ln(1 + x)/m]/2
       x = m q/(1 - q),  q stationary: T^2 = (p/2) q^(p-2) (1 - q)^2 (1 + x)
       m stationary: x^2/p = (1 + x) ln(1 + x) - x
   against the uniform measure of the sphere; Ising spins (Gardner, Nucl. Phys.
   B 257, 747 (1985)), b^2 = beta^2 p q^(p-1)/2, <.> weighted with
   (2 cosh b z)^m,
       -beta f = beta^2 [1 + (1 - m)(p - 1) q^p - p q^(p-1)]/4
                 + ln <(2 cosh b z)^m>_0 / m,      q = <tanh^2 b z>.
   In both u = -beta [1 - (1 - m) q^p]/2; complexity = m^2 d(beta f)/dm, the
   ln of the number of states over N (Monasson, Phys. Rev. Lett. 75, 2847
   (1995)), 0 where m is stationary. */
#ifndef TEMPERA_SYSTEMS_P_SPIN_RSB_H
#define TEMPERA_SYSTEMS_P_SPIN_RSB_H
#include <stdbool.h>

struct p_spin_state {
    bool found;
    double T, m, y; /* y = m/T */
    double q, f, u, s, complexity, replicon;
    double width; /* relative, of the root */
};

struct p_spin_theory { int p; bool ising; };

/* The liquid: q = 0. T > 0 */
struct p_spin_state p_spin_paramagnet(struct p_spin_theory t, double T);
/* m = 1, T_s to T_d and, metastable, below: those states that hold the
   paramagnet's weight. */
struct p_spin_state p_spin_states(struct p_spin_theory t, double T);
/* T <= T_s; 0 too, where s is minus infinity for spherical spins and, with one
   step only, negative for Ising ones. */
struct p_spin_state p_spin_glass(struct p_spin_theory t, double T);
/* Spherical, T <= T_d: states at the threshold, of replicon 0, where a quench
   gets stuck (Cugliandolo, Kurchan, Phys. Rev. Lett. 71, 173 (1993)). */
struct p_spin_state p_spin_threshold(struct p_spin_theory t, double T);

/* The states at T_d (m = 1, q just there) and T_s (complexity 0). */
struct p_spin_state p_spin_dynamical(struct p_spin_theory t);
struct p_spin_state p_spin_static(struct p_spin_theory t);
/* Ising: where the glass becomes unstable to further steps, below. */
struct p_spin_state p_spin_gardner(struct p_spin_theory t);

/* At T = 0 the complexity of energy e: NAN outside the range of energies
   from e_0 (complexity 0) to the highest, which *top says when not NULL. */
double p_spin_complexity(struct p_spin_theory t, double e, double *top);

#endif

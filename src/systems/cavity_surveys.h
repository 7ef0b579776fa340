/* Ground states of the +-J spin glass (J = +-1 equally likely, no field) on
   random graphs, one step of replica symmetry breaking at T = 0 (Mezard and
   Parisi, J. Stat. Phys. 111, 1 (2003)). A link carries a survey: the
   probabilities, over the valleys of energy weight e^(-y E), that the field
   u it brings is 0, +1, -1. A site with n incoming surveys: with
   H = sum_k u_k, to add it costs dE = -sum_k (1 - |u_k|) - |H|,
       P(H) ~ sum over the u_k of prod_k eta_k(u_k) e^(-y dE),
   and the outgoing u is J sign H. A link costs dE = -1, or +1 if both its ends
   have fields, that disagree. Then
       phi(y) = -(1/y) (<ln <e^(-y dE)>_site> - (c/2) <ln <e^(-y dE)>_link>),
       energy(y) = d(y phi)/dy,  complexity = y (energy - phi).
   The ground energy is the maximum of phi, where the complexity vanishes.
   y = 0 stands for the replica-symmetric equations: phi = energy. */
#ifndef TEMPERA_SYSTEMS_CAVITY_SURVEYS_H
#define TEMPERA_SYSTEMS_CAVITY_SURVEYS_H
#include "stat/root.h"
#include "systems/cavity_pool.h"

enum { CAVITY_DEGREE_MOST = 200 };

struct cavity_valleys {
    double y, phi, energy, complexity;
    double zero; /* mean probability that u = 0 */
    double y_error, phi_error, complexity_error;
    bool found;  /* solved; of populations: settled */
};

/* Only degree and poisson of the ensemble matter; regular: degree >= 3. */

/* y = 0: fields 0 and +-1, closed forms. */
struct cavity_valleys
cavity_symmetric(const struct cavity_ensemble *ensemble);

/* y > 0. Regular graphs: one survey for all links, even in u, the root of its
   equation that iteration finds. Poisson: by a population of surveys. */
struct cavity_valleys cavity_valleys(const struct cavity_ensemble *ensemble,
                                     double y,
                                     const struct cavity_effort *effort);

/* At the y of the largest phi. Of populations y is found by short runs: phi is
   flat there; y_error is infinite when no zero of the complexity was met. */
struct cavity_valleys cavity_ground(const struct cavity_ensemble *ensemble,
                                    const struct cavity_effort *effort);

/* Regular graphs, at y = most/points, ..., most: points numbers each of y,
   energy, complexity, phi. From the replica-symmetric end; physical from the
   largest complexity to its zero. */
void cavity_valley_curves(const struct cavity_ensemble *ensemble, double most,
                          int points, double *out);

#endif

/* Replica-symmetric theory of a perceptron that learns a teacher's examples,
   u = number of errors, at inverse temperature beta (Gardner, Derrida, J. Phys.
   A 22, 1983 (1989); Gyorgyi, Phys. Rev. A 41, 7097 (1990); Seung, Sompolinsky,
   Tishby, Phys. Rev. A 45, 6056 (1992)). With R the overlap with the teacher,
   q that of two copies, P = alpha N examples, an error where the stability is
   not above kappa, H(x) the chance that a normal number exceeds x, and

       g(w) = d/dw ln [e^-beta + (1 - e^-beta) H((kappa - w) / sqrt(1 - q))]

   the fields that the examples make are

       Rhat = alpha sqrt(2 / pi) int Ds g(sqrt(q - R^2) s)
       qhat = 2 alpha int Dz H(-R z / sqrt(q - R^2)) g(sqrt(q) z)^2

   (a label that is wrong with chance e makes of Rhat (1 - 2 e) times that, of H
   in qhat e + (1 - 2 e) H; random labels are those of e = 1/2, then R = 0) and
   give back, for weights -1, +1 and for weights on the sphere |w|^2 = N,

       R = int Dz tanh(sqrt(qhat) z + Rhat),  q = int Dz tanh^2(...)
       R = Rhat (1 - q),                      q = (qhat + Rhat^2) (1 - q)^2

   Both are derivatives of ln Z / N = weights' part + alpha examples' part:

       weights   -R Rhat - qhat (1 - q)/2 + int Dz ln 2 cosh(...)  or
                 ln(1 - q)/2 + (q - R^2) / 2(1 - q)
       examples  2 int Dz [e + (1 - 2e) H(...)] ln [e^-beta + ...]

   with m = 1 of a binary state, the whole sphere = 1 (doc/teacher.md). */
#ifndef TEMPERA_SYSTEMS_SADDLE_H
#define TEMPERA_SYSTEMS_SADDLE_H
#include <stdbool.h>

struct saddle { double alpha, beta, kappa, wrong; bool sphere; };

/* out[2]: R and q less what their fields give back: 0 at the saddle point. On
   the sphere the second equation is solved for q. q is at least R^2 and below
   1 in theory: values beyond, as noise makes them, are taken at the edge. */
void saddle_residual(const struct saddle *saddle, double R, double q,
                     double out[2]);

/* R, 1 - q and q - R^2, each with its own digits. */
struct saddle_overlaps { double R, gap, rest; };

struct saddle_weights {
    struct saddle_overlaps at;
    double ln;   /* their part of ln Z / N */
    double bend; /* <(1 - tanh^2)^2>, (1 - q)^2 on the sphere */
};
struct saddle_weights saddle_weights(bool sphere, double R_hat, double q_hat);

/* Of one example a weight: fields, part of ln Z / N, chance of an error;
   slope2 = 2 int Dz (...) (dg/dw)^2: replica symmetry is stable where
   1 - alpha slope2 bend >= 0. finer: stat/probit.h. saddle's alpha is not
   looked at. */
struct saddle_examples { double R_hat, q_hat, ln, error, slope2; };
struct saddle_examples saddle_examples(const struct saddle *saddle,
                                       struct saddle_overlaps at, int finer);

#endif

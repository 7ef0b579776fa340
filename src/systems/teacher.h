/* Learning a teacher's examples without error, Bayes optimal: two students and
   the teacher all have the same overlap R, and everything the examples do
   depends on

       g = sqrt(R / (1 - R)),  H(x) the chance that a normal number exceeds x

   (Gyorgyi, Tishby 1990; Opper, Haussler, Phys. Rev. Lett. 66, 2677 (1991);
   doc/teacher.md). */
#ifndef TEMPERA_SYSTEMS_TEACHER_H
#define TEMPERA_SYSTEMS_TEACHER_H

struct teacher {
    double slope;       /* int Dt phi(g t)^2 / H(g t) */
    double information; /* -2 int Dt H(g t) ln H(g t): nats that the label of
                           the next example tells */
};

/* finer: doubles the points so many times (stat/probit.h). g >= 0. */
struct teacher teacher_at(double g, int finer);

/* The chance that two vectors whose directions have the overlap R give a
   normal input different signs, arccos(R) / pi, from 1 - R: exact as R -> 1. */
double teacher_disagreement(double apart);

#endif

/* Student's t and the normal law, for error bars and z-scores. */
#ifndef TEMPERA_STAT_STUDENT_H
#define TEMPERA_STAT_STUDENT_H

/* From this many independent pieces on, an error bar is taken as normal. */
enum { STUDENT_DOF = 30 };

/* What multiplies the standard error s of a mean, s itself estimated with
   dof degrees of freedom, so that +-(factor s) holds the truth with the
   probability of one normal sigma, 68.27 %. At least 1; 1.84 at dof = 1;
   dof > 0 need not be whole (below 1/2 it counts as 1/2). */
double student_factor(double dof);

/* The normal deviate as unlikely as Student's t with dof degrees of freedom. */
double student_normal(double t, double dof);

/* Probability of a normal deviate beyond |z| on either side. */
double normal_two_sided(double z);

#endif

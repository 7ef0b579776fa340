/* Our own exp and log: everything that decides (thresholds, swap tests,
   ladder updates) uses these, so that no libm, instruction set or compiler
   can change a decision. Correct to 1 ulp; no fused multiply-add (the build
   says -ffp-contract=off). Method: fdlibm's e_exp.c and e_log.c reductions
   (Ng, Sun Microsystems 1993-2004), written anew. */
#ifndef TEMPERA_BASE_MATH_H
#define TEMPERA_BASE_MATH_H

double num_exp(double x); /* 0 below -745.2, inf above 709.8 */
double num_log(double x); /* x > 0 finite */

#endif

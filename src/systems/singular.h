/* Minima without a quadratic form, u of x[d]: what a learning coefficient is
   for (Watanabe, Algebraic Geometry and Statistical Learning Theory (2009)).

       power     sum_i |x_i|^p, p > 1: coefficient d / p
       product   prod_i x_i^2:         1/2, reached as 1 / ln beta

   gradient[d] unless NULL; out = H v, H the second derivatives (p >= 2). */
#ifndef TEMPERA_SYSTEMS_SINGULAR_H
#define TEMPERA_SYSTEMS_SINGULAR_H
#include <stdint.h>

double singular_power(int power, int64_t d, const double *x,
                      double *gradient);
void singular_power_hessian(int power, int64_t d, const double *x,
                            const double *v, double *out);
double singular_product(int64_t d, const double *x, double *gradient);
void singular_product_hessian(int64_t d, const double *x, const double *v,
                              double *out);

#endif

/* Random matrices A = U B V' with V uniform among the orthogonal matrices and
   B bidiagonal; U turns measurements and their noise alike and is left out.
   V is a product of N - 1 reflections (Stewart 1980), so that it takes N^2/2
   numbers, and no decomposition is ever made. Chi-distributed B is the
   bidiagonal form of a matrix of iid normal entries (Dumitriu, Edelman 2002):
   then A is such a matrix in law, exactly. Borrow as a linear_map. */
#ifndef TEMPERA_SYSTEMS_ROTATED_H
#define TEMPERA_SYSTEMS_ROTATED_H
#include "stat/eigen_law.h"
#include "systems/operator.h"

struct rotated {
    int64_t rows, columns, rank; /* rank = the smaller one */
    double *diagonal, *above;    /* [rank] B_kk, B_k,k+1; owned, as are */
    double *mirror;              /* reflections, one after the other, */
    double *scale;               /* [columns] 2/|v|^2, and */
    double *sign;                /* [columns] signs at the end */
};

/* Of this law of eigenvalues: marchenko_pastur random, the others the middles
   of equal shares of the law. */
struct rotated rotated_new(struct eigen_law law, uint64_t seed, int instance,
                           int64_t columns);
void rotated_free(struct rotated *rotated);
struct linear_map rotated_map(const struct rotated *rotated);

/* The mean and the average variance of the normal law exp(-c |y - A x|^2/2 -
   g |x - r|^2/2); by a tridiagonal matrix, O(N^2) for the turns. scratch
   [4 * columns]. */
double rotated_posterior(const struct rotated *rotated, double c, double g,
                         const double *y, const double *r, double *mean,
                         double *scratch);

#endif

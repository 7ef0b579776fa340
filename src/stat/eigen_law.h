/* Laws of the eigenvalues s^2 of A'A, of mean 1, A with delta N rows and N
   columns, and the averages that linear estimation takes of them in closed
   form. At most a share f = min(delta, 1) is not 0:
     marchenko_pastur  A of iid normal entries of variance 1/rows
     row_orthogonal    s^2 = 1/f: rows (delta > 1: columns) are orthogonal
     geometric         ln s uniform, largest / smallest s = condition */
#ifndef TEMPERA_STAT_EIGEN_LAW_H
#define TEMPERA_STAT_EIGEN_LAW_H

enum eigen_kind { EIGEN_MARCHENKO_PASTUR, EIGEN_ORTHOGONAL, EIGEN_GEOMETRIC };

struct eigen_law {
    enum eigen_kind kind;
    double delta;
    double condition; /* > 1, of EIGEN_GEOMETRIC */
};

/* The largest eigenvalue of EIGEN_ORTHOGONAL and EIGEN_GEOMETRIC. */
double eigen_largest(struct eigen_law law);

/* With precision c of the measurements and g of the prior, c, g > 0:
   variance = <1/(c s^2 + g)>, slope its derivative in g, precision =
   1/variance - g (what the measurements add), log = <ln(c s^2 + g)>. */
struct eigen_average { double variance, slope, precision, log; };
struct eigen_average eigen_average(struct eigen_law law, double c, double g);

#endif

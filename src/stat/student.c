#include "stat/student.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

double student_factor(double dof)
{
    double one_sigma = gsl_cdf_ugaussian_P(1.0);
    return fmax(1.0, gsl_cdf_tdist_Pinv(one_sigma, fmax(dof, 0.5)));
}

double student_normal(double t, double dof)
{
    double beyond = gsl_cdf_tdist_Q(fabs(t), dof);
    double z = beyond > 0 ? gsl_cdf_ugaussian_Qinv(beyond) : 38;
    return t < 0 ? -z : z;
}

double normal_two_sided(double z)
{
    return erfc(fabs(z) / sqrt(2.0));
}

#include "core/posterior.h"

#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"

const char *posterior_refuses(const struct system *system)
{
    const struct weights *own = system_weights(system);
    return !own || !own->quadratic || own->prior == PRIOR_BOX
               ? "it is for quadratic losses with a normal or flat prior"
               : NULL;
}

struct posterior posterior_new(const struct system *system)
{
    size_t n = (size_t)system_weights(system)->count;
    return (struct posterior){.n = (int)n,
                              .covariance = gsl_matrix_alloc(n, n),
                              .precision = mem_new(n, sizeof(double)),
                              .mean = mem_new(n, sizeof(double))};
}

void posterior_release(struct posterior *p)
{
    gsl_matrix_free(p->covariance);
    free(p->precision);
    free(p->mean);
}

/* A, and A times the mean. */
static void fill(struct posterior *p, const struct weights *own, int sample,
                 double beta, double kappa)
{
    const struct quadratic *q = &own->quadratic[sample];
    size_t n = (size_t)p->n;
    for (size_t i = 0; i < n; i++) {
        double s = own->scale ? own->scale[i] : INFINITY;
        double rest = beta * own->l2 + 1 / (s * s) + kappa;
        for (size_t j = 0; j < n; j++)
            gsl_matrix_set(p->covariance, i, j,
                           beta * q->H[i * n + j] + (i == j ? rest : 0));
        p->precision[i] = gsl_matrix_get(p->covariance, i, i);
        p->mean[i] = beta * q->b[i] +
                     (kappa != 0 ? kappa * own->reference[i] : 0);
    }
}

static void find_ln_z(struct posterior *p, const struct weights *own,
                      int sample, double beta, double kappa)
{
    const struct quadratic *q = &own->quadratic[sample];
    p->ln_z = -beta * q->constant - p->ln_det / 2;
    for (int i = 0; i < p->n; i++) {
        double r = own->reference ? own->reference[i] : 0;
        p->ln_z += (beta * q->b[i] + kappa * r) * p->mean[i] / 2 -
                   kappa * r * r / 2 +
                   (own->scale ? -log(own->scale[i]) : log(2 * M_PI) / 2);
    }
}

bool posterior_take(struct posterior *p, const struct system *system,
                    int sample, double beta, double kappa)
{
    const struct weights *own = system_weights(system);
    gsl_vector_view mean = gsl_vector_view_array(p->mean, (size_t)p->n);
    fill(p, own, sample, beta, kappa);
    gsl_set_error_handler_off(); /* for good: threads share it */
    bool good = !gsl_linalg_cholesky_decomp1(p->covariance);
    if (!good)
        return false;
    p->ln_det = 0;
    for (size_t i = 0; i < (size_t)p->n; i++)
        p->ln_det += 2 * log(gsl_matrix_get(p->covariance, i, i));
    gsl_linalg_cholesky_svx(p->covariance, &mean.vector);
    gsl_linalg_cholesky_invert(p->covariance);
    find_ln_z(p, own, sample, beta, kappa);
    return true;
}

/* Systems of real weights whose loss is quadratic: p is normal with precision
   A = beta (H + l2) + 1/s^2 + kappa and mean A^-1 (beta b + kappa w*), so all
   of it is known: ln Z, means, specific heat. One data set; several are
   averaged. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "core/posterior.h"
#include "core/solver.h"
#include "core/weights.h"

enum { WEIGHTS_MOST = 2000 };

static const char *refuses(const struct system *system, int points)
{
    const struct weights *own = system_weights(system);
    const char *no = posterior_refuses(system);
    if (no)
        return no;
    if (own->count > WEIGHTS_MOST ||
        pow((double)own->count, 3) * points * system->samples > 1e11)
        return "so many weights take too long";
    return NULL;
}

/* What is summed over samples. */
enum { LN_Z, U, U_VARIANCE, SQUARE, APART, QUANTITIES };

/* u_1 = constant - b.w + w'Gw/2: its mean and variance under p. */
static void moments(const struct posterior *p, const struct weights *own,
                    const struct quadratic *q, double *sum)
{
    size_t n = (size_t)p->n;
    double mean = q->constant, variance = 0;
    double *slope = mem_new(n, sizeof *slope);
    gsl_matrix *GA = gsl_matrix_alloc(n, n);
    for (size_t i = 0; i < n; i++) {
        double turned = own->l2 * p->mean[i];
        for (size_t k = 0; k < n; k++) {
            double entry = own->l2 * gsl_matrix_get(p->covariance, i, k);
            for (size_t j = 0; j < n; j++)
                entry += q->H[i * n + j] * gsl_matrix_get(p->covariance, j, k);
            gsl_matrix_set(GA, i, k, entry);
            turned += q->H[i * n + k] * p->mean[k];
        }
        slope[i] = turned - q->b[i];
        mean += p->mean[i] * (turned / 2 - q->b[i]) +
                gsl_matrix_get(GA, i, i) / 2;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            variance += gsl_matrix_get(GA, i, j) * gsl_matrix_get(GA, j, i) /
                            2 +
                        slope[i] * slope[j] *
                            gsl_matrix_get(p->covariance, i, j);
    sum[U] += mean;
    sum[U_VARIANCE] += variance;
    gsl_matrix_free(GA);
    free(slope);
}

static bool add_sample(struct posterior *p, const struct system *system,
                       int sample, double beta, double kappa, double *sum)
{
    const struct weights *own = system_weights(system);
    const struct quadratic *q = &own->quadratic[sample];
    double square = 0, apart = 0;
    if (!posterior_take(p, system, sample, beta, kappa))
        return false;
    for (int i = 0; i < p->n; i++) {
        double r = own->reference ? own->reference[i] : 0, m = p->mean[i];
        double width = gsl_matrix_get(p->covariance, (size_t)i, (size_t)i);
        square += (m * m + width) / 2;
        apart += ((m - r) * (m - r) + width) / 2;
    }
    sum[LN_Z] += p->ln_z;
    sum[SQUARE] += square;
    sum[APART] += apart;
    moments(p, own, q, sum);
    return true;
}

static void answer(const struct system *system, const double *lambda,
                   struct solution *solution)
{
    const struct weights *own = system_weights(system);
    size_t n = (size_t)own->count;
    bool tether = system->components > 1, good = true;
    double beta = lambda[0], kappa = tether ? lambda[1] : 0;
    double sum[QUANTITIES] = {0};
    struct posterior p = posterior_new(system);
    for (int s = 0; s < system->samples && good; s++)
        good = add_sample(&p, system, s, beta, kappa, sum);
    posterior_release(&p);
    if (!good) {
        solution_warn(solution, "at this beta no law can be normalised");
        return;
    }
    for (int k = 0; k < QUANTITIES; k++)
        sum[k] /= system->samples;
    solution_add(solution, "ln_z", sum[LN_Z], 0, "1");
    solution_add(solution, "energy", sum[U] / (double)n, 0, "energy");
    solution_add(solution, "specific_heat",
                 beta * beta * sum[U_VARIANCE] / (double)n, 0, "1");
    solution_add(solution, "norm_2", 2 * sum[SQUARE] / (double)n, 0, "1");
    if (tether)
        solution_add(solution, "distance_2", 2 * sum[APART] / (double)n, 0,
                     "1");
    if (!weights_refuse_baseline(system))
        solution_add(solution, "learning_coefficient",
                     beta * (sum[U] - weights_baseline(system)), 0, "1");
    double entropy = sum[LN_Z] + beta * sum[U] + kappa * sum[APART];
    solution_add(solution, "entropy", entropy, 0, "nats");
    if (own->scale)
        solution_add(solution, "information", -entropy, 0, "nats");
    if (beta != 0 && !tether)
        solution_add(solution, "free_energy", -sum[LN_Z] / beta, 0,
                     "energy");
}

static void overlay(const struct solver_task *task)
{
    int k = task->system->components;
    for (int p = 0; p < task->points; p++)
        answer(task->system, task->lambda + p * k, &task->solution[p]);
}

const struct solver solver_gaussian_posterior = {
    .name = "gaussian_posterior",
    .family = FAMILY_EXACT,
    .summary = "quadratic loss, normal or flat prior: ln Z, means and "
               "specific heat, exact",
    .source = "normal integrals",
    .holds = "quadratic losses under a normal or flat prior, any "
             "temperature; exact",
    .takes_model = true,
    .refuses = refuses,
    .overlay = overlay};

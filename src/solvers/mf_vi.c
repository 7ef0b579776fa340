/* Mean-field variational inference: the law q = prod q_i that is nearest to p
   in KL(q || p) = ln Z - ELBO. Of Ising spins by coordinate ascent
   (systems/mean_field.h); of weights whose law is normal of precision A in
   closed form: q_i is normal, of the same mean, variance 1 / A_ii, and

       KL = 1/2 (sum_i ln A_ii - ln det A) */
#include <math.h>

#include "base/alloc.h"
#include "base/scatter.h"
#include "core/mean_field_answer.h"
#include "core/posterior.h"

enum { WEIGHTS_MOST = 4000 };

#define MF_VI_KEYS(KEY) MEAN_FIELD_KEYS(KEY, "0.0", "20")
PARAM_STRUCT(mf_vi_keys, MF_VI_KEYS);
#define PARAM_ROW_mf_vi_keys(...) PARAM_ROW(mf_vi_keys, __VA_ARGS__)
PARAM_TABLE(static, mf_vi_table, "solve", mf_vi_keys, MF_VI_KEYS);

/* ---- normal laws --------------------------------------------------------- */

enum { ELBO, EXACT, KL, ENERGY, NORM, RATIO, ENTROPY, QUANTITIES };

/* <u_1> under q. */
static double energy_of(const struct posterior *p, const struct weights *own,
                        const struct quadratic *q)
{
    size_t n = (size_t)p->n;
    double energy = q->constant;
    for (size_t i = 0; i < n; i++) {
        double turned = own->l2 * p->mean[i];
        for (size_t j = 0; j < n; j++)
            turned += q->H[i * n + j] * p->mean[j];
        energy += p->mean[i] * (turned / 2 - q->b[i]) +
                  (q->H[i * n + i] + own->l2) / p->precision[i] / 2;
    }
    return energy;
}

static void add_normal(const struct posterior *p, const struct weights *own,
                       int sample, double beta, struct scatter *sums)
{
    double value[QUANTITIES] = {0}, n = p->n;
    for (int i = 0; i < p->n; i++) {
        double width = 1 / p->precision[i];
        value[KL] -= log(width) / 2;
        value[NORM] += (p->mean[i] * p->mean[i] + width) / n;
        value[RATIO] += width / n /
                        gsl_matrix_get(p->covariance, (size_t)i, (size_t)i);
    }
    value[KL] = fmax(0, value[KL] - p->ln_det / 2);
    value[EXACT] = p->ln_z;
    value[ELBO] = p->ln_z - value[KL];
    value[ENERGY] = energy_of(p, own, &own->quadratic[sample]) / n;
    value[ENTROPY] = value[ELBO] + beta * n * value[ENERGY];
    for (int k = 0; k < QUANTITIES; k++)
        scatter_add(&sums[k], value[k]);
}

/* sums[QUANTITIES] */
static void put_normal(const struct scatter *sums, struct solution *solution)
{
    static const char *const name[QUANTITIES] = {
        "elbo", "ln_z_exact", "kl", "energy", "norm_2", "variance_ratio",
        "entropy"};
    static const char *const unit[QUANTITIES] = {"1", "1", "nats", "energy",
                                                 "1", "1", "nats"};
    for (int k = 0; k < QUANTITIES; k++)
        solution_add(solution, name[k], sums[k].mean,
                     sums[k].count > 1 ? scatter_error(&sums[k]) : 0,
                     unit[k]);
}

static void add_curves(const struct posterior *p, struct solution *solution)
{
    double *mean = mem_copy(p->mean, (size_t)p->n, sizeof *mean);
    double *width = mem_new((size_t)p->n, sizeof *width);
    for (int i = 0; i < p->n; i++)
        width[i] = 1 / p->precision[i];
    solution_add_curve(solution, (struct solution_curve){
        "mean", "1", "<w_i> under q and p, of the first sample", p->n, mean,
        NULL});
    solution_add_curve(solution, (struct solution_curve){
        "variance", "1", "of w_i under q: 1 / A_ii, first sample", p->n,
        width, NULL});
}

static void solve_normal(const struct system *system, double beta,
                         struct solution *solution)
{
    struct posterior p = posterior_new(system);
    struct scatter sums[QUANTITIES] = {{0}};
    bool good = true;
    for (int s = 0; s < system->samples && good; s++) {
        good = posterior_take(&p, system, s, beta, 0);
        if (good)
            add_normal(&p, system_weights(system), s, beta, sums);
        if (good && s == 0)
            add_curves(&p, solution);
    }
    if (good)
        put_normal(sums, solution);
    else
        solution_warn(solution, "at this beta no law can be normalised");
    posterior_release(&p);
}

/* ---- either ------------------------------------------------------------- */

static void solve_system(const struct system *system,
                         const struct section *keys,
                         struct solution *solution, struct err *err)
{
    if (posterior_refuses(system))
        mean_field_answer(MEAN_FIELD_NAIVE, system, keys, true, solution, err);
    else if (system_weights(system)->count > WEIGHTS_MOST)
        err_add(err, EXIT_INPUT, "tempera solve", "mf_vi: at most %d weights",
                WEIGHTS_MOST);
    else
        solve_normal(system, section_real(keys, "beta", 0), solution);
}

const struct solver solver_mf_vi = {
    .name = "mf_vi",
    .family = FAMILY_MEAN_FIELD,
    .summary = "factorised law nearest to p: Boltzmann machines (Ising spins "
               "coupled in pairs) and Bayesian linear regression",
    .source = "Jordan, Ghahramani, Jaakkola and Saul 1999, Mach. Learn. 37, "
              "183; Bishop 2006, Pattern Recognition and Machine Learning, "
              "ch. 10.1",
    .holds = "elbo is a lower bound to ln Z at any temperature; the gap is "
             "KL(q || p), given up to 2^24 states and for normal laws "
             "(tether 0), where the means are exact and variances too small",
    .keys = &mf_vi_table,
    .takes_model = true,
    .solve_system = solve_system};

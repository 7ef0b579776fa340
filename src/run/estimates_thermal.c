/* ln Z by MBAR and by TI, and what follows from it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "run/estimates_parts.h"
#include "stat/mbar.h"
#include "stat/ti.h"

/* What the parts share: influence series of ln Z and of <u_k> by MBAR. */
struct thermal {
    struct analysis *a;
    struct series_view view;
    struct mbar_points *points;
    struct mbar *mbar;
    struct ti *ti;
    double *phi;                              /* of ln Z by MBAR */
    struct mbar_moments u[COMPONENTS_MAX];    /* of u_k by MBAR */
};

static double *rung_array(const struct analysis *a)
{
    return mem_new((size_t)a->rungs, sizeof(double));
}

static void weigh(struct thermal *t)
{
    struct analysis *a = t->a;
    double *values = mem_new((size_t)t->points->count, sizeof *values);
    t->phi = analysis_series(a);
    mbar_influence(t->mbar, a->bin, t->phi);
    for (int k = 0; k < a->data->components; k++) {
        t->u[k] = (struct mbar_moments){rung_array(a), rung_array(a),
                                        analysis_series(a),
                                        analysis_series(a)};
        mbar_component(t->points, k, values);
        mbar_moments(t->mbar, values, a->bin, t->phi, &t->u[k]);
    }
    free(values);
}

/* "ln_z" where rung 0 is exact, else "ln_z_relative". */
static void add_ln_z(struct thermal *t, const char *name, const char *how,
                     const double *ln_z, const double *phi,
                     const double *extra)
{
    struct analysis *a = t->a;
    bool absolute = a->data->absolute;
    double *mean = rung_array(a);
    char *full = mem_text("%s%s", name, absolute ? "" : "_relative");
    char *definition = mem_text("ln Z%s, %s", absolute
                                ? "" : " minus that of rung 0", how);
    for (int r = 0; r < a->rungs; r++)
        mean[r] = a->data->ln_z_first + ln_z[r];
    analysis_add(a, full, "1", definition, mean, phi, extra);
    free(mean);
    free(full);
    free(definition);
}

/* Of a normalised prior m, KL(p || m) = -S: what the posterior knows beyond
   the prior, and -ln Z = lambda . <u> + KL. */
static void add_information(struct thermal *t, const double *entropy,
                            const double *phi)
{
    struct analysis *a = t->a;
    const struct system *system = a->data->system;
    const double nought[COMPONENTS_MAX] = {0};
    double ln_z, *mean = rung_array(a), *influence = analysis_series(a);
    if (!strcmp(system->model->reference, "prior") && a->data->absolute &&
        system_exact(system, nought, &ln_z) && ln_z == 0) {
        for (int r = 0; r < a->rungs; r++)
            mean[r] = -entropy[r];
        for (int64_t i = 0; i < a->bins * a->rungs; i++)
            influence[i] = -phi[i];
        analysis_add(a, "information", "nats",
                     "KL(p || prior) = -S: what was learned; -ln Z = "
                     "lambda . <u> + information", mean, influence, NULL);
    }
    free(mean);
    free(influence);
}

/* S = ln Z + lambda . <u>; from rung 0 on when that is not exact. */
static void add_entropy(struct thermal *t)
{
    struct analysis *a = t->a;
    int components = a->data->components;
    bool absolute = a->data->absolute;
    double *mean = rung_array(a), *phi = analysis_series(a);
    for (int r = 0; r < a->rungs; r++) {
        const double *lambda = a->data->lambda + r * components;
        mean[r] = a->data->ln_z_first + t->mbar->ln_z[r];
        for (int k = 0; k < components; k++)
            mean[r] += lambda[k] * t->u[k].mean[r];
    }
    for (int64_t b = 0; b < a->bins; b++)
        for (int r = 0; r < a->rungs; r++) {
            int64_t i = b * a->rungs + r;
            phi[i] = t->phi[i];
            for (int k = 0; k < components; k++)
                phi[i] += a->data->lambda[r * components + k] *
                          t->u[k].mean_influence[i];
        }
    for (int64_t b = 0; !absolute && b < a->bins; b++) {
        double first = phi[b * a->rungs];
        for (int r = 0; r < a->rungs; r++)
            phi[b * a->rungs + r] -= first;
    }
    for (int r = a->rungs - 1; !absolute && r >= 0; r--)
        mean[r] -= mean[0];
    analysis_add(a, absolute ? "entropy" : "entropy_relative", "nats",
                 absolute ? "S = ln Z + lambda . <u>, MBAR"
                          : "S minus that of rung 0, MBAR", mean, phi, NULL);
    add_information(t, mean, phi);
    free(mean);
    free(phi);
}

/* F = -ln Z / beta: one component, absolute. */
static void add_free_energy(struct thermal *t)
{
    struct analysis *a = t->a;
    double *mean = rung_array(a), *phi = analysis_series(a);
    for (int r = 0; r < a->rungs; r++) {
        double beta = a->data->lambda[r];
        double ln_z = a->data->ln_z_first + t->mbar->ln_z[r];
        mean[r] = beta == 0 ? NAN : -ln_z / beta;
        for (int64_t b = 0; b < a->bins; b++)
            phi[b * a->rungs + r] =
                beta == 0 ? NAN : -t->phi[b * a->rungs + r] / beta;
    }
    analysis_add(a, "free_energy", a->data->system->model->u_unit,
                 "F = -ln Z / beta, MBAR", mean, phi, NULL);
    free(mean);
    free(phi);
}

/* beta^2 var(u) / N from a variance and its influence series. */
static void add_specific_heat(struct thermal *t, const char *name,
                              const char *definition, const double *variance,
                              const double *influence)
{
    struct analysis *a = t->a;
    double *mean = rung_array(a), *phi = analysis_series(a);
    for (int r = 0; r < a->rungs; r++) {
        double beta = a->data->lambda[r];
        double factor = beta * beta / (double)a->data->system->sites;
        mean[r] = factor * variance[r];
        for (int64_t b = 0; b < a->bins; b++)
            phi[b * a->rungs + r] = factor * influence[b * a->rungs + r];
    }
    analysis_add(a, name, "1", definition, mean, phi, NULL)->per_site = true;
    free(mean);
    free(phi);
}

/* Fluctuations of u at each rung by itself; means over all ladders. */
static void add_fluctuations(struct thermal *t)
{
    struct analysis *a = t->a;
    const struct data *data = a->data;
    double *mean = rung_array(a), *variance = rung_array(a);
    double *series = analysis_u(a, 0, mean), *phi = analysis_series(a);
    for (int64_t row = 0; row < data->rows; row++)
        for (int l = 0; l < data->ladders; l++)
            for (int r = 0; r < a->rungs; r++) {
                double d = data->u[(row * data->ladders + l) * a->rungs + r] -
                           mean[r];
                variance[r] += d * d / (double)(data->rows * data->ladders);
                if (row / a->bin < a->bins)
                    phi[row / a->bin * a->rungs + r] +=
                        d * d / (double)(a->bin * data->ladders);
            }
    add_specific_heat(t, "specific_heat", "beta^2 var(u) / N, fluctuations",
                      variance, phi);
    free(series);
    free(phi);
    free(mean);
    free(variance);
}

/* z of TI against MBAR from the influence series of their difference: they
   share the data. */
static void compare(struct thermal *t)
{
    struct analysis *a = t->a;
    double *phi = analysis_series(a);
    for (int64_t i = 0; i < a->bins * a->rungs; i++)
        phi[i] = t->ti->influence[i] - t->phi[i];
    for (int r = 0; r < a->rungs; r++) {
        struct gamma g = gamma_estimate(a->plan, phi + r, a->rungs);
        double error = hypot(g.error, t->ti->quadrature[r]);
        double difference = t->ti->ln_z[r] - t->mbar->ln_z[r];
        double rounding = 1e-9 * fmax(1, fabs(t->mbar->ln_z[r]));
        a->out->ti_gap[r] = fabs(difference) <= rounding ? 0 : difference;
        a->out->ti_mbar[r] = a->out->ti_gap[r] != 0 ? difference / error : 0;
        a->out->quadrature[r] = t->ti->quadrature[r];
    }
    free(phi);
}

static void reweigh(struct thermal *t)
{
    const struct data *data = t->a->data;
    int k = data->components;
    for (int r = 0; r + 1 < t->a->rungs; r++) {
        const double *here = data->lambda + r * k, *next = here + k;
        double up = reweighting_fraction(&t->view, r, here, next);
        double down = reweighting_fraction(&t->view, r + 1, next, here);
        t->a->out->reweighting[r] = up < down ? up : down;
    }
}

static void release(struct thermal *t)
{
    for (int k = 0; k < t->a->data->components; k++) {
        free(t->u[k].mean);
        free(t->u[k].variance);
        free(t->u[k].mean_influence);
        free(t->u[k].variance_influence);
    }
    free(t->phi);
    ti_free(t->ti);
    mbar_free(t->mbar);
    mbar_points_free(t->points);
}

void analysis_thermal(struct analysis *a)
{
    const struct data *data = a->data;
    int k = data->components;
    struct thermal t = {
        .a = a,
        .view = {.at = data->u, .rows = data->rows, .copies = data->ladders,
                 .rungs = a->rungs, .components = k,
                 .row_stride = (int64_t)data->ladders * a->rungs * k,
                 .copy_stride = (int64_t)a->rungs * k}};
    t.ti = ti_new(&t.view, data->lambda, a->bin);
    t.points = mbar_points_new(&t.view);
    t.mbar = mbar_solve(t.points, a->rungs, data->lambda, NULL, t.ti->ln_z);
    a->out->mbar_ok = t.mbar->ok;
    a->out->weakest = t.mbar->weakest;
    weigh(&t);
    if (k == 1) {
        add_fluctuations(&t);
        add_specific_heat(&t, "specific_heat_mbar",
                          "beta^2 var(u) / N, all rungs reweighted",
                          t.u[0].variance, t.u[0].variance_influence);
    }
    add_ln_z(&t, "ln_z", "MBAR", t.mbar->ln_z, t.phi, NULL);
    add_ln_z(&t, "ln_z_ti", "thermodynamic integration", t.ti->ln_z,
             t.ti->influence, t.ti->quadrature);
    add_entropy(&t);
    if (k == 1 && data->absolute)
        add_free_energy(&t);
    compare(&t);
    reweigh(&t);
    release(&t);
}

/* How well the posterior predicts: from ln p of every training example n,

       lppd = sum_n ln <p_n>,   p_waic = b sum_n var(ln p_n),
       waic = -lppd + p_waic,

   sums over examples, b = beta times the likelihood's unit: at rung beta the
   posterior is that of the likelihood to the power b (Watanabe, J. Mach. Learn.
   Res. 11, 3571 (2010); his WAIC is waic / n). It estimates -sum ln <p> of as
   many new examples. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "run/estimates_parts.h"

enum { LPPD, VARIANCE, QUANTITIES };

struct predictive {
    const struct analysis *a;
    const struct series *from;
    int ladders, rung;
    double mean[QUANTITIES];
    double *phi[QUANTITIES]; /* [bins] influence series of this rung */
};

static double value_at(const struct predictive *p, int64_t row, int ladder,
                       int example)
{
    return p->from->values[((row * p->ladders + ladder) * p->a->rungs +
                            p->rung) * p->from->size + example];
}

/* Mean of ln p, and its largest value. */
static double level(const struct predictive *p, int example, double *most)
{
    double sum = 0;
    *most = -INFINITY;
    for (int64_t row = 0; row < p->a->data->rows; row++)
        for (int l = 0; l < p->ladders; l++) {
            double x = value_at(p, row, l, example);
            sum += x;
            *most = fmax(*most, x);
        }
    return sum / (double)(p->a->data->rows * p->ladders);
}

/* What an example adds to means and influences; bin[2][bins] is scratch. */
static void add_example(struct predictive *p, int example, double *bin)
{
    const struct analysis *a = p->a;
    int64_t rows = a->data->rows, bins = a->bins;
    double most, mean = level(p, example, &most), sum[QUANTITIES] = {0};
    memset(bin, 0, (size_t)(QUANTITIES * bins) * sizeof *bin);
    for (int64_t row = 0; row < rows; row++)
        for (int l = 0; l < p->ladders; l++) {
            double x = value_at(p, row, l, example);
            double term[QUANTITIES] = {exp(x - most), (x - mean) * (x - mean)};
            for (int q = 0; q < QUANTITIES; q++) {
                sum[q] += term[q] / (double)(rows * p->ladders);
                if (row / a->bin < bins)
                    bin[q * bins + row / a->bin] +=
                        term[q] / (double)(a->bin * p->ladders);
            }
        }
    p->mean[LPPD] += most + log(sum[LPPD]);
    p->mean[VARIANCE] += sum[VARIANCE];
    for (int64_t b = 0; b < bins; b++) {
        p->phi[LPPD][b] += bin[b] / sum[LPPD];
        p->phi[VARIANCE][b] += bin[bins + b];
    }
}

/* times[2] of lppd and of the variance. */
struct row { const char *name, *definition; double times[QUANTITIES]; };
static const struct row rows[] = {
    {"lppd", "sum over training examples of ln <p>", {1, 0}},
    {"p_waic", "beta unit sum over training examples of var(ln p): how many "
               "parameters are at work", {0, 1}},
    {"waic", "-lppd + p_waic: estimates -ln <p> of as many new examples",
     {-1, 1}}};
enum { ROWS = sizeof rows / sizeof *rows };

void analysis_predictive(struct analysis *a, struct err *err)
{
    const struct model *model = a->data->system->model;
    if (!model->likelihood_unit || !data_has(a->data, "log_likelihood"))
        return;
    const struct series *from = data_series(a->data, "log_likelihood", err);
    double unit = model->likelihood_unit(a->data->system);
    double *mean[ROWS], *phi[ROWS];
    double *bin = mem_new((size_t)(2 * QUANTITIES * a->bins), sizeof *bin);
    for (int i = 0; i < ROWS; i++) {
        mean[i] = mem_new((size_t)a->rungs, sizeof(double));
        phi[i] = analysis_series(a);
    }
    for (int r = 0; r < a->rungs && from; r++) {
        double b = a->data->lambda[r * a->data->components] * unit;
        double *own = bin + QUANTITIES * a->bins;
        struct predictive p = {.a = a, .from = from, .rung = r,
                               .ladders = from->lead * a->data->samples,
                               .phi = {own, own + a->bins}};
        memset(own, 0, (size_t)(QUANTITIES * a->bins) * sizeof *own);
        for (int e = 0; e < from->size; e++)
            add_example(&p, e, bin);
        for (int i = 0; i < ROWS; i++) {
            double lppd = rows[i].times[0], variance = b * rows[i].times[1];
            mean[i][r] = lppd * p.mean[LPPD] + variance * p.mean[VARIANCE];
            for (int64_t k = 0; k < a->bins; k++)
                phi[i][k * a->rungs + r] = lppd * p.phi[LPPD][k] +
                                           variance * p.phi[VARIANCE][k];
        }
    }
    for (int i = 0; i < ROWS; i++) {
        analysis_add(a, rows[i].name, "nats", rows[i].definition, mean[i],
                     phi[i], NULL);
        free(mean[i]);
        free(phi[i]);
    }
    free(bin);
}

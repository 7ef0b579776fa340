#include "run/estimates_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* ---- rows of the result ------------------------------------------------ */

double *analysis_series(const struct analysis *a)
{
    return mem_new((size_t)(a->bins * a->rungs), sizeof(double));
}

/* z of the first half's mean against the second's. */
static double halves(const struct analysis *a, const double *series)
{
    int64_t half = a->bins / 2;
    if (half < 2)
        return NAN;
    struct gamma first = gamma_estimate(a->half, series, a->rungs);
    struct gamma second = gamma_estimate(
        a->half, series + (a->bins - half) * a->rungs, a->rungs);
    double difference = first.mean - second.mean;
    double error = hypot(first.error, second.error);
    return difference == 0 && error == 0 ? 0 : difference / error;
}

struct estimate *analysis_add(struct analysis *a, const char *name,
                              const char *unit, const char *definition,
                              const double *mean, const double *influence,
                              const double *extra)
{
    struct estimates *out = a->out;
    size_t rungs = (size_t)a->rungs;
    double sweeps = (double)(a->bin * a->data->every);
    out->at = mem_grow(out->at, (size_t)out->count + 1, sizeof *out->at);
    struct estimate *e = &out->at[out->count++];
    *e = (struct estimate){.name = mem_text("%s", name),
                           .unit = mem_text("%s", unit),
                           .definition = mem_text("%s", definition),
                           .mean = mem_copy(mean, rungs, sizeof(double)),
                           .error = mem_new(rungs, sizeof(double)),
                           .tau_int = mem_new(rungs, sizeof(double)),
                           .n_eff = mem_new(rungs, sizeof(double)),
                           .halves = mem_new(rungs, sizeof(double))};
    for (int r = 0; r < a->rungs; r++) {
        struct gamma g = gamma_estimate(a->plan, influence + r, a->rungs);
        e->error[r] = extra ? hypot(g.error, extra[r]) : g.error;
        e->tau_int[r] = g.tau_int * sweeps;
        e->n_eff[r] = g.n_eff * a->data->ladders;
        e->halves[r] = halves(a, influence + r);
    }
    return e;
}

const struct estimate *estimates_find(const struct estimates *estimates,
                                      const char *name)
{
    for (int i = 0; i < estimates->count; i++)
        if (!strcmp(estimates->at[i].name, name))
            return &estimates->at[i];
    return NULL;
}

/* ---- means of series --------------------------------------------------- */

/* Bin means of f(x), x = values[row][ladder][rung] `stride` apart, averaged
   over ladders; mean[rungs] over all rows. */
typedef void apply_fn(double x, double *out);

static void reduce(const struct analysis *a, const double *values,
                   int stride, apply_fn *apply, int term, int terms,
                   double *mean, double *series)
{
    int ladders = a->data->ladders, rungs = a->rungs;
    int64_t rows = a->data->rows;
    double out[DERIVED_TERMS] = {0};
    memset(mean, 0, (size_t)rungs * sizeof *mean);
    memset(series, 0, (size_t)(a->bins * rungs) * sizeof *series);
    for (int64_t row = 0; row < rows; row++)
        for (int r = 0; r < rungs; r++) {
            double sum = 0;
            for (int l = 0; l < ladders; l++) {
                double x = values[((row * ladders + l) * rungs + r) *
                                  stride];
                if (terms)
                    apply(x, out);
                sum += terms ? out[term] : x;
            }
            sum /= ladders;
            mean[r] += sum / (double)rows;
            if (row / a->bin < a->bins)
                series[row / a->bin * rungs + r] += sum / (double)a->bin;
        }
}

double *analysis_u(const struct analysis *a, int k, double *mean)
{
    double *series = analysis_series(a);
    reduce(a, a->data->u + k, a->data->components, NULL, 0, 0, mean, series);
    return series;
}

static void add_observable(struct analysis *a, const struct observable *o,
                           const double *values)
{
    double *series = analysis_series(a);
    double *mean = mem_new((size_t)a->rungs, sizeof *mean);
    reduce(a, values, 1, NULL, 0, 0, mean, series);
    struct estimate *e = analysis_add(a, o->name, o->unit, o->definition,
                                      mean, series, NULL);
    e->per_site = o->per_site;
    e->judged = o->even_when ? o->even_when(a->data->system) : o->even;
    free(mean);
    free(series);
}

/* ---- functions of means ------------------------------------------------ */

/* d value / d mean[j], by a difference small beside any error bar. */
static double slope(const struct analysis *a, const struct derived *d,
                    const double *lambda, const double *mean, int j)
{
    double moved[DERIVED_TERMS];
    double h = 1e-5 * (fabs(mean[j]) > 1e-12 ? fabs(mean[j]) : 1e-12);
    memcpy(moved, mean, sizeof moved);
    moved[j] = mean[j] + h;
    double up = d->value(a->data->system, lambda, moved);
    moved[j] = mean[j] - h;
    return (up - d->value(a->data->system, lambda, moved)) / (2 * h);
}

static void add_derived(struct analysis *a, const struct derived *d,
                        const double *values, int stride)
{
    double *series[DERIVED_TERMS], *means[DERIVED_TERMS];
    double *total = analysis_series(a);
    double *value = mem_new((size_t)a->rungs, sizeof *value);
    for (int j = 0; j < d->terms; j++) {
        series[j] = analysis_series(a);
        means[j] = mem_new((size_t)a->rungs, sizeof(double));
        reduce(a, values, stride, d->term, j, d->terms, means[j], series[j]);
    }
    for (int r = 0; r < a->rungs; r++) {
        const double *lambda = a->data->lambda + r * a->data->components;
        double mean[DERIVED_TERMS] = {0};
        for (int j = 0; j < d->terms; j++)
            mean[j] = means[j][r];
        value[r] = d->value(a->data->system, lambda, mean);
        for (int j = 0; j < d->terms; j++) {
            double s = slope(a, d, lambda, mean, j);
            for (int64_t b = 0; b < a->bins; b++)
                total[b * a->rungs + r] += s * series[j][b * a->rungs + r];
        }
    }
    analysis_add(a, d->name, d->unit, d->definition, value, total, NULL);
    for (int j = 0; j < d->terms; j++) {
        free(series[j]);
        free(means[j]);
    }
    free(value);
    free(total);
}

/* ---- the whole --------------------------------------------------------- */

static void add_series(struct analysis *a, struct err *err)
{
    const struct model *model = a->data->system->model;
    for (const struct observable *o = model->observables; o->name; o++) {
        if (!data_has(a->data, o->name))
            continue;
        double *values = data_observable(a->data, o->name, err);
        if (!values)
            return;
        add_observable(a, o, values);
        for (const struct derived *d = model->derived; d && d->name; d++)
            if (!strcmp(d->series, o->name))
                add_derived(a, d, values, 1);
        free(values);
    }
    for (const struct derived *d = model->derived; d && d->name; d++)
        if (!strcmp(d->series, "u"))
            add_derived(a, d, a->data->u, a->data->components);
}

/* u itself: the verdict judges it whatever else was recorded. */
static void add_u(struct analysis *a)
{
    double *mean = mem_new((size_t)a->rungs, sizeof *mean);
    for (int k = 0; k < a->data->components; k++) {
        const struct model *model = a->data->system->model;
        char *name = a->data->components == 1 ? mem_text("u")
                                              : mem_text("u_%d", k);
        double *series = analysis_u(a, k, mean);
        struct estimate *e = analysis_add(a, name, model->u_unit,
                                          model->u_definition, mean, series,
                                          NULL);
        e->judged = e->internal = true;
        free(series);
        free(name);
    }
    free(mean);
}

struct estimates *estimates_new(const struct data *data, struct err *err)
{
    struct estimates *out = mem_new(1, sizeof *out);
    size_t rungs = (size_t)data->rungs;
    out->rungs = data->rungs;
    out->ti_mbar = mem_new(rungs, sizeof(double));
    out->quadrature = mem_new(rungs, sizeof(double));
    out->reweighting = mem_new(rungs, sizeof(double));
    struct analysis a = {.data = data, .out = out, .rungs = data->rungs,
                         .bin = gamma_bin(data->rows)};
    a.bins = data->rows / a.bin;
    a.plan = gamma_plan_new(a.bins);
    a.half = gamma_plan_new(a.bins > 1 ? a.bins / 2 : 1);
    add_series(&a, err);
    analysis_thermal(&a);
    add_u(&a);
    gamma_plan_free(a.plan);
    gamma_plan_free(a.half);
    if (err_any(err)) {
        estimates_free(out);
        return NULL;
    }
    return out;
}

void estimates_free(struct estimates *estimates)
{
    if (!estimates)
        return;
    for (int i = 0; i < estimates->count; i++) {
        struct estimate *e = &estimates->at[i];
        free(e->name);
        free(e->unit);
        free(e->definition);
        free(e->mean);
        free(e->error);
        free(e->tau_int);
        free(e->n_eff);
        free(e->halves);
    }
    free(estimates->at);
    free(estimates->ti_mbar);
    free(estimates->quadrature);
    free(estimates->reweighting);
    free(estimates);
}

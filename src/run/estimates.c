#include "run/estimates_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/dynamics.h"

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

struct estimate estimate_like(const struct estimate *like, int rungs)
{
    size_t n = (size_t)(rungs * like->size);
    struct estimate e = *like;
    e.name = mem_text("%s", like->name);
    e.unit = mem_text("%s", like->unit);
    e.definition = mem_text("%s", like->definition);
    e.mean = mem_new(n, sizeof(double));
    e.error = mem_new(n, sizeof(double));
    e.tau_int = mem_new(n, sizeof(double));
    e.n_eff = mem_new(n, sizeof(double));
    e.halves = mem_new(n, sizeof(double));
    return e;
}

void estimate_release(struct estimate *e)
{
    free(e->name);
    free(e->unit);
    free(e->definition);
    free(e->mean);
    free(e->error);
    free(e->tau_int);
    free(e->n_eff);
    free(e->halves);
}

struct estimate *analysis_row(struct estimates *out, const char *name,
                              const char *unit, const char *definition,
                              int size)
{
    struct estimate like = {.name = (char *)name, .unit = (char *)unit,
                            .definition = (char *)definition, .size = size};
    out->at = mem_grow(out->at, (size_t)out->count + 1, sizeof *out->at);
    out->at[out->count] = estimate_like(&like, out->rungs);
    return &out->at[out->count++];
}

/* Component `at` of every rung. */
static void fill(const struct analysis *a, struct estimate *e, int at,
                 const double *mean, const double *influence,
                 const double *extra)
{
    double sweeps = (double)(a->bin * a->data->every);
    for (int r = 0; r < a->rungs; r++) {
        struct gamma g = gamma_estimate(a->plan, influence + r, a->rungs);
        int i = r * e->size + at;
        e->mean[i] = mean[r];
        e->error[i] = extra ? hypot(g.error, extra[r]) : g.error;
        e->tau_int[i] = g.tau_int * sweeps;
        e->n_eff[i] = g.n_eff * a->data->ladders;
        e->halves[i] = halves(a, influence + r);
    }
}

struct estimate *analysis_add(struct analysis *a, const char *name,
                              const char *unit, const char *definition,
                              const double *mean, const double *influence,
                              const double *extra)
{
    struct estimate *e = analysis_row(a->out, name, unit, definition, 1);
    fill(a, e, 0, mean, influence, extra);
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

/* Bin means of f(x), x component `at` of the series, averaged over copies (or
   pairs) and samples; mean[rungs] over all rows. */
static void reduce(const struct analysis *a, const struct series *from,
                   int at, double (*of)(double), double *mean,
                   double *series)
{
    int ladders = from->lead * a->data->samples, rungs = a->rungs;
    int64_t rows = a->data->rows;
    memset(mean, 0, (size_t)rungs * sizeof *mean);
    memset(series, 0, (size_t)(a->bins * rungs) * sizeof *series);
    for (int64_t row = 0; row < rows; row++)
        for (int r = 0; r < rungs; r++) {
            double sum = 0;
            for (int l = 0; l < ladders; l++) {
                double x = from->values[((row * ladders + l) * rungs + r) *
                                        from->size + at];
                sum += of ? of(x) : x;
            }
            sum /= ladders;
            mean[r] += sum / (double)rows;
            if (row / a->bin < a->bins)
                series[row / a->bin * rungs + r] += sum / (double)a->bin;
        }
}

double *analysis_u(const struct analysis *a, int k, double *mean)
{
    struct series u = {.lead = a->data->copies, .values = a->data->u,
                       .size = a->data->components};
    double *series = analysis_series(a);
    reduce(a, &u, k, NULL, mean, series);
    return series;
}

static void add_observable(struct analysis *a, const struct observable *o,
                           const struct series *from)
{
    double *series = analysis_series(a);
    double *mean = mem_new((size_t)a->rungs, sizeof *mean);
    struct estimate *e = analysis_row(a->out, o->name, o->unit,
                                      o->definition, from->size);
    e->per_site = o->per_site;
    e->judged = from->size == 1 && (o->even_when
                    ? o->even_when(a->data->system) : o->even);
    for (int at = 0; at < from->size; at++) {
        reduce(a, from, at, NULL, mean, series);
        fill(a, e, at, mean, series, NULL);
    }
    free(mean);
    free(series);
}

/* ---- functions of means ------------------------------------------------ */

double derived_slope(const struct data *data, const struct derived *d,
                     int rung, const double *mean, int j)
{
    const double *lambda = data->lambda + rung * data->components;
    double moved[DERIVED_TERMS];
    double h = 1e-5 * (fabs(mean[j]) > 1e-12 ? fabs(mean[j]) : 1e-12);
    memcpy(moved, mean, sizeof moved);
    moved[j] = mean[j] + h;
    double up = d->value(data->system, lambda, moved);
    moved[j] = mean[j] - h;
    return (up - d->value(data->system, lambda, moved)) / (2 * h);
}

int derived_terms(const struct derived *d)
{
    int terms = 0;
    while (terms < DERIVED_TERMS && d->term[terms].series)
        terms++;
    return terms;
}

bool derived_recorded(const struct data *data, const struct derived *d)
{
    bool recorded = !d->refuses || !d->refuses(data->system);
    for (int j = 0; j < derived_terms(d); j++)
        recorded &= !strcmp(d->term[j].series, "u") ||
                    data_has(data, d->term[j].series);
    return recorded;
}

static void add_derived(struct analysis *a, const struct derived *d,
                        struct err *err)
{
    int terms = derived_terms(d);
    double *series[DERIVED_TERMS], *means[DERIVED_TERMS];
    double *total = analysis_series(a);
    double *value = mem_new((size_t)a->rungs, sizeof *value);
    double *extra = mem_new((size_t)a->rungs, sizeof *extra);
    for (int j = 0; j < terms; j++) {
        const struct series *from = data_series(a->data, d->term[j].series,
                                                err);
        series[j] = analysis_series(a);
        means[j] = mem_new((size_t)a->rungs, sizeof(double));
        if (from)
            reduce(a, from, d->term[j].at, d->term[j].of, means[j],
                   series[j]);
    }
    for (int r = 0; r < a->rungs; r++) {
        const double *lambda = a->data->lambda + r * a->data->components;
        double mean[DERIVED_TERMS] = {0};
        for (int j = 0; j < terms; j++)
            mean[j] = means[j][r];
        value[r] = d->value(a->data->system, lambda, mean);
        extra[r] = d->error ? d->error(a->data->system, lambda) : 0;
        for (int j = 0; j < terms; j++) {
            double s = derived_slope(a->data, d, r, mean, j);
            for (int64_t b = 0; b < a->bins; b++)
                total[b * a->rungs + r] += s * series[j][b * a->rungs + r];
        }
    }
    analysis_add(a, d->name, d->unit, d->definition, value, total, extra);
    for (int j = 0; j < terms; j++) {
        free(series[j]);
        free(means[j]);
    }
    free(value);
    free(extra);
    free(total);
}

/* ---- the whole --------------------------------------------------------- */

/* Those of a table that were recorded. */
static void add_table(struct analysis *a, const struct observable *o,
                      struct err *err)
{
    for (; o && o->name; o++) {
        if (!data_has(a->data, o->name))
            continue;
        const struct series *series = data_series(a->data, o->name, err);
        if (!series)
            return;
        add_observable(a, o, series);
    }
}

static void add_series(struct analysis *a, struct err *err)
{
    const struct model *model = a->data->system->model;
    const struct dynamics *dynamics = a->data->input->dynamics;
    add_table(a, model->observables, err);
    add_table(a, dynamics->observables, err);
    for (const struct derived *d = model->derived; d && d->name; d++)
        if (!a->data->whole && derived_recorded(a->data, d))
            add_derived(a, d, err);
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

struct estimates *estimates_room(int rungs)
{
    struct estimates *out = mem_new(1, sizeof *out);
    size_t n = (size_t)rungs;
    out->rungs = rungs;
    out->ti_mbar = mem_new(n, sizeof(double));
    out->ti_gap = mem_new(n, sizeof(double));
    out->quadrature = mem_new(n, sizeof(double));
    out->reweighting = mem_new(n, sizeof(double));
    return out;
}

struct estimates *estimates_of_time(struct data *data, struct err *err)
{
    struct estimates *out = estimates_room(data->rungs);
    struct analysis a = {.data = data, .out = out, .rungs = data->rungs,
                         .bin = gamma_bin(data->rows)};
    a.bins = data->rows / a.bin;
    a.plan = gamma_plan_new(a.bins);
    a.half = gamma_plan_new(a.bins > 1 ? a.bins / 2 : 1);
    add_series(&a, err);
    analysis_predictive(&a, err);
    analysis_thermal(&a);
    add_u(&a);
    gamma_plan_free(a.plan);
    gamma_plan_free(a.half);
    if (!err_any(err))
        return out;
    estimates_free(out);
    return NULL;
}

bool estimates_possible(const struct data *data)
{
    return data->rows * (data->annealing ? data->copies : 1) > !data->quench;
}

struct estimates *estimates_new(struct data *data, struct err *err)
{
    if (!estimates_possible(data))
        return estimates_room(data->rungs);
    if (data->annealing)
        return estimates_of_annealing(data);
    if (data->quench)
        return estimates_of_quench(data, err);
    struct estimates *out = data->samples > 1
                                ? estimates_of_samples(data, err)
                                : estimates_of_time(data, err);
    if (out)
        analysis_equilibrium(data, out, err);
    if (out && !err_any(err))
        analysis_mean_field(data, out, err);
    if (!err_any(err))
        return out;
    estimates_free(out);
    return NULL;
}

void estimates_free(struct estimates *estimates)
{
    if (!estimates)
        return;
    for (int i = 0; i < estimates->count; i++)
        estimate_release(&estimates->at[i]);
    plateau_free(estimates->plateau);
    balance_free(estimates->balance);
    free(estimates->at);
    free(estimates->ti_mbar);
    free(estimates->ti_gap);
    free(estimates->quadrature);
    free(estimates->reweighting);
    free(estimates);
}

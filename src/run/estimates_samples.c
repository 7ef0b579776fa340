/* Averages over disorder samples. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "run/estimates_parts.h"
#include "stat/student.h"

/* Fewer groups say too little about their scatter. */
enum { GROUPS_LEAST = 8 };

static int groups_of(const struct data *data)
{
    return (data->samples + data->group - 1) / data->group;
}

/* Samples that share random numbers are one piece, when pieces are enough. */
static bool by_groups(const struct data *data)
{
    return data->group > 1 && groups_of(data) >= GROUPS_LEAST;
}

/* Mean and its standard error. */
static void plain_scatter(const double *value, int count, double *mean,
                          double *error)
{
    double sum = 0, square = 0;
    for (int i = 0; i < count; i++)
        sum += value[i] / count;
    for (int i = 0; i < count; i++)
        square += (value[i] - sum) * (value[i] - sum);
    *mean = sum;
    *error = sqrt(square / ((double)count * (count - 1)));
}

static void scatter(const double *value, int count, double *mean,
                    double *error)
{
    plain_scatter(value, count, mean, error);
    if (count - 1 < STUDENT_DOF)
        *error *= student_factor(count - 1);
}

/* Mean of value[samples], and its error from their scatter, or that of the
   groups' means (the last group may be smaller: all weigh the same in the
   error, no sample weighs more in the mean). */
void analysis_average(const struct data *data, const double *value,
                      double *mean, double *error)
{
    double ignored;
    scatter(value, data->samples, mean, error);
    if (!by_groups(data))
        return;
    int groups = groups_of(data);
    double *piece = mem_new((size_t)groups, sizeof *piece);
    for (int g = 0; g < groups; g++) {
        int first = g * data->group, last = first + data->group;
        last = last < data->samples ? last : data->samples;
        for (int s = first; s < last; s++)
            piece[g] += value[s] / (last - first);
    }
    scatter(piece, groups, &ignored, error);
    free(piece);
}

/* One z for the z[samples] of what should be nought in each: drifts of samples
   point the same way. Means of groups that share random numbers, or single
   samples, are independent; their mean is held against their scatter where
   there are enough, else against the unit variance that z have. */
static double combined_z(const struct data *data, const double *z)
{
    int groups = groups_of(data), pieces = 0;
    double *piece = mem_new((size_t)groups, sizeof *piece), mean = 0, error;
    for (int g = 0; g < groups; g++) {
        int first = g * data->group, count = 0;
        double sum = 0;
        for (int s = first; s < first + data->group && s < data->samples; s++)
            if (isfinite(z[s])) {
                sum += z[s];
                count++;
            }
        if (count)
            piece[pieces++] = sum / count;
    }
    for (int i = 0; i < pieces; i++)
        mean += piece[i] / pieces;
    double all = pieces ? mean * sqrt(pieces) : NAN;
    if (pieces >= GROUPS_LEAST) {
        plain_scatter(piece, pieces, &mean, &error);
        all = error > 0 ? student_normal(mean / error, pieces - 1) : 0;
    }
    free(piece);
    return all;
}

/* Quantity i of all samples. */
static struct estimate average_of(const struct data *data,
                                  struct estimates *const *part, int i)
{
    int samples = data->samples, rungs = data->rungs;
    struct estimate whole = estimate_like(&part[0]->at[i], rungs);
    double *value = mem_new((size_t)samples, sizeof *value);
    double *z = mem_new((size_t)samples, sizeof *z);
    for (int r = 0; r < rungs * whole.size; r++) {
        for (int s = 0; s < samples; s++) {
            const struct estimate *e = &part[s]->at[i];
            value[s] = e->mean[r];
            whole.tau_int[r] += e->tau_int[r] / samples;
            whole.n_eff[r] += e->n_eff[r];
            z[s] = e->halves[r];
        }
        whole.halves[r] = combined_z(data, z);
        analysis_average(data, value, &whole.mean[r], &whole.error[r]);
    }
    free(value);
    free(z);
    return whole;
}

/* TI against MBAR. What a quadrature leaves has one sign in all samples: it
   does not average out as noise does. */
static void average_gaps(const struct data *data,
                         struct estimates *const *part, struct estimates *out)
{
    double *gap = mem_new((size_t)data->samples, sizeof *gap), error;
    int freedom = groups_of(data) > 1 ? groups_of(data) - 1 : 1;
    for (int r = 0; r < out->rungs; r++) {
        for (int s = 0; s < data->samples; s++)
            gap[s] = part[s]->ti_gap[r];
        analysis_average(data, gap, &out->ti_gap[r], &error);
        error = hypot(error, out->quadrature[r]);
        out->ti_mbar[r] = out->ti_gap[r] != 0 && error > 0
            ? student_normal(out->ti_gap[r] / error, freedom) : 0;
    }
    free(gap);
}

static void average_checks(const struct data *data,
                           struct estimates *const *part,
                           struct estimates *out)
{
    int samples = data->samples;
    out->mbar_ok = true;
    out->weakest = part[0]->weakest;
    for (int s = 0; s < samples; s++) {
        if (!part[s]->mbar_ok && out->mbar_ok)
            out->weakest = part[s]->weakest;
        out->mbar_ok = out->mbar_ok && part[s]->mbar_ok;
        for (int r = 0; r < out->rungs; r++) {
            double fraction = part[s]->reweighting[r];
            out->quadrature[r] += part[s]->quadrature[r] / samples;
            if (s == 0 || fraction < out->reweighting[r])
                out->reweighting[r] = fraction;
        }
    }
    average_gaps(data, part, out);
}

/* ---- functions of averages ---------------------------------------------- */

/* Mean over time and copies of a term in one sample at one rung. */
static double term_mean(const struct data *data, const struct term *term,
                        const struct series *from, int sample, int rung)
{
    double sum = 0;
    int64_t blocks = data->rows * from->lead;
    for (int64_t b = 0; b < blocks; b++) {
        double x = from->values[((b * data->samples + sample) * data->rungs +
                                 rung) * from->size + term->at];
        sum += term->of ? term->of(x) : x;
    }
    return sum / (double)blocks;
}

/* The function of the averages; error by linear propagation of each sample's
   deviation. */
static void derive(const struct data *data, const struct derived *d,
                   const struct series *const *from, int rung, double *mean,
                   double *error)
{
    int terms = derived_terms(d), samples = data->samples;
    double all[DERIVED_TERMS] = {0}, slope[DERIVED_TERMS] = {0}, ignored;
    double *value = mem_new((size_t)(samples * DERIVED_TERMS), sizeof *value);
    double *phi = mem_new((size_t)samples, sizeof *phi);
    for (int s = 0; s < samples; s++)
        for (int j = 0; j < terms; j++) {
            double x = term_mean(data, &d->term[j], from[j], s, rung);
            value[s * DERIVED_TERMS + j] = x;
            all[j] += x / samples;
        }
    for (int j = 0; j < terms; j++)
        slope[j] = derived_slope(data, d, rung, all, j);
    for (int s = 0; s < samples; s++)
        for (int j = 0; j < terms; j++)
            phi[s] += slope[j] * value[s * DERIVED_TERMS + j];
    *mean = d->value(data->system, data->lambda + rung * data->components,
                     all);
    analysis_average(data, phi, &ignored, error);
    if (d->error)
        *error = hypot(*error, d->error(data->system, data->lambda +
                                        rung * data->components));
    free(value);
    free(phi);
}

static void add_derived(struct estimates *out, struct data *data,
                        const struct derived *d, struct err *err)
{
    const struct series *from[DERIVED_TERMS];
    for (int j = 0; j < derived_terms(d); j++)
        if (!data_series(data, d->term[j].series, err))
            return;
    for (int j = 0; j < derived_terms(d); j++) /* the list has its place now */
        from[j] = data_series(data, d->term[j].series, err);
    struct estimate *e = analysis_row(out, d->name, d->unit, d->definition,
                                      1);
    for (int r = 0; r < out->rungs; r++) {
        derive(data, d, from, r, &e->mean[r], &e->error[r]);
        e->tau_int[r] = e->halves[r] = NAN;
        e->n_eff[r] = data->samples;
    }
}

/* ---- the whole ---------------------------------------------------------- */

/* Series are read once, by the whole. */
static bool read_all(struct data *data, struct err *err)
{
    const struct texts *list = &data->input->record->observables;
    for (int i = 0; i < list->count; i++)
        if (!data_series(data, list->at[i], err))
            return false;
    return true;
}

struct estimates *estimates_of_samples(struct data *data, struct err *err)
{
    int samples = data->samples;
    const struct model *model = data->system->model;
    struct estimates *out = estimates_room(data->rungs);
    struct estimates **part = mem_new((size_t)samples, sizeof *part);
    bool good = read_all(data, err);
    for (int s = 0; s < samples && good; s++) {
        struct data *one = data_of_sample(data, s);
        part[s] = estimates_of_time(one, err);
        good = part[s] != NULL;
        data_free(one);
    }
    if (good) {
        out->count = part[0]->count;
        out->at = mem_new((size_t)out->count, sizeof *out->at);
        for (int i = 0; i < out->count; i++)
            out->at[i] = average_of(data, part, i);
        out->shared = data->group > 1 && !by_groups(data);
        average_checks(data, part, out);
        for (const struct derived *d = model->derived; d && d->name; d++)
            if (derived_recorded(data, d))
                add_derived(out, data, d, err);
    }
    for (int s = 0; s < samples; s++)
        estimates_free(part[s]);
    free(part);
    if (!err_any(err))
        return out;
    estimates_free(out);
    return NULL;
}

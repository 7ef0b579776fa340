#include "run/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "io/h5.h"
#include "run/lock.h"
#include "run/output.h"

/* ---- exchange ---------------------------------------------------------- */

static void count_swaps(struct report *report)
{
    const struct data *data = report->data;
    int edges = data->rungs - 1;
    double requested = 0;
    report->acceptance = mem_new((size_t)edges, sizeof(double));
    if (data->annealing || data->quench)
        return;
    for (int e = 0; e < edges; e++) {
        int64_t tried = 0, done = 0;
        for (int s = 0; s < data->samples; s++) {
            tried += data->attempts[s * edges + e];
            done += data->accepts[s * edges + e];
        }
        report->acceptance[e] = (double)done / (double)tried;
        report->barrier += 1 - report->acceptance[e];
        if (e >= data->first_requested)
            requested += 1 - report->acceptance[e];
    }
    for (int w = 0; w < data->ladders * data->rungs; w++)
        report->round_trips += data->trips[w];
    /* Round trips per sweep and walker are most when every edge rejects half
       its swaps: 2 Lambda edges (Syed et al. 2022). */
    report->suggested_rungs = isfinite(requested)
                                  ? (int)ceil(2 * requested) + 1 : 0;
}

/* ---- life -------------------------------------------------------------- */

struct report *report_new(struct data *data, struct err *err)
{
    bool best = data->best_u && isfinite(data->best_u[0]);
    if (!estimates_possible(data) && !best) {
        err_add(err, EXIT_DATA, data->file, "%lld rows of measurements so "
                "far; nothing to report", (long long)data->rows);
        data_free(data);
        return NULL;
    }
    struct report *report = mem_new(1, sizeof *report);
    report->data = data;
    report->name = mem_text("%s", data->file);
    report->estimates = estimates_new(data, err);
    if (!report->estimates) {
        report_free(report);
        return NULL;
    }
    report->theory = theory_new(data, report->estimates);
    report->limits = limits_new(data, report->estimates);
    report->distances = distances_new(&data, 1);
    report->verdict = verdict_new(data, report->estimates);
    count_swaps(report);
    return report;
}

void report_free(struct report *report)
{
    if (!report)
        return;
    verdict_free(&report->verdict);
    distances_free(report->distances);
    theory_free(report->theory);
    limits_free(report->limits);
    estimates_free(report->estimates);
    if (report->parts)
        free(report->data); /* borrowed from the first part */
    else
        data_free(report->data);
    free(report->name);
    free(report->acceptance);
    free(report);
}

/* ---- into the file ----------------------------------------------------- */

static void put(struct h5 *file, const char *group, const char *name,
                const char *what, const double *values,
                struct h5_shape shape)
{
    char *path = mem_text("/%s/%s/%s", group, name, what);
    h5_put(file, path, H5_DOUBLE, shape, values);
    free(path);
}

static void put_estimate(struct h5 *file, const struct estimate *e,
                         const struct data *data)
{
    char *path = mem_text("/estimates/%s", e->name);
    struct h5_shape shape = {e->size > 1 ? 2 : 1, {data->rungs, e->size}};
    put(file, "estimates", e->name, "mean", e->mean, shape);
    put(file, "estimates", e->name, "error", e->error, shape);
    put(file, "estimates", e->name, "tau_int", e->tau_int, shape);
    put(file, "estimates", e->name, "n_eff", e->n_eff, shape);
    h5_set_text(file, path, "unit", e->unit);
    h5_set_text(file, path, "definition", e->definition);
    h5_set_integer(file, path, "per_site", e->per_site);
    if (!strncmp(e->name, "entropy", 7))
        h5_set_text(file, path, "reference",
                    data->system->model->reference);
    free(path);
}

static void put_prediction(struct h5 *file, const struct prediction *p,
                           int rungs)
{
    char *path = mem_text("/theory/%s/source", p->name);
    struct h5_shape shape = {1, {rungs}};
    put(file, "theory", p->name, "mean", p->mean, shape);
    put(file, "theory", p->name, "error", p->error, shape);
    h5_put_text(file, path, p->source);
    free(path);
}

static void put_limit(struct h5 *file, const struct limit *limit, int rungs)
{
    struct h5_shape shape = {1, {rungs}};
    char *group = mem_text("/limits/%s", limit->solver->name);
    for (int l = 0; l < limit->count; l++) {
        const struct prediction *line = &limit->line[l];
        put(file, group + 1, line->name, "mean", line->mean, shape);
        put(file, group + 1, line->name, "error", line->error, shape);
    }
    h5_set_text(file, group, "source", limit->solver->source);
    h5_set_text(file, group, "caveat", limit->solver->limit);
    if (limit->warned)
        h5_set_text(file, group, "warning", limit->warning);
    free(group);
}

/* Averages over windows of time, for the picture. */
static void put_windows(struct h5 *file, const struct data *data,
                        const struct plateau *p)
{
    struct h5_shape shape = {2, {p->windows, data->rungs}};
    int64_t *sweeps = mem_new(2 * (size_t)p->windows, sizeof *sweeps);
    for (int w = 0; w < p->windows; w++) {
        sweeps[2 * w] = (p->window[w][0] + 1) * data->every;
        sweeps[2 * w + 1] = p->window[w][1] * data->every;
    }
    h5_put(file, "/windows/sweeps", H5_INT64,
           (struct h5_shape){2, {p->windows, 2}}, sweeps);
    for (int i = 0; i < p->count; i++) {
        const struct plateau_row *row = &p->at[i];
        put(file, "windows", row->name, "mean", row->mean, shape);
        put(file, "windows", row->name, "error", row->error, shape);
    }
    free(sweeps);
}

static void put_bins(struct h5 *file, const char *name, const double *values,
                     int bins)
{
    char *path = mem_text("/distance/%s", name);
    h5_put(file, path, H5_DOUBLE, (struct h5_shape){1, {bins}}, values);
    free(path);
}

/* One row of all targets. */
static void put_distance_row(struct h5 *file, const struct distances *d,
                             int row)
{
    struct h5_shape shape = {2, {d->targets, d->bins}};
    size_t n = (size_t)d->bins;
    double *mean = mem_new((size_t)d->targets * n, sizeof *mean);
    double *error = mem_new((size_t)d->targets * n, sizeof *error);
    char *path = mem_text("/distance/%s", distance_names[row]);
    for (int t = 0; t < d->targets; t++) {
        memcpy(mean + (size_t)t * n, d->at[t].row[row].mean, n * sizeof *mean);
        memcpy(error + (size_t)t * n, d->at[t].row[row].error,
               n * sizeof *error);
    }
    put(file, "distance", distance_names[row], "mean", mean, shape);
    put(file, "distance", distance_names[row], "error", error, shape);
    h5_set_text(file, path, "definition", distance_definitions[row]);
    free(path);
    free(mean);
    free(error);
}

static void put_distances(struct h5 *file, const struct distances *d)
{
    struct h5_shape shape = {1, {d->bins}};
    double *beta = mem_new((size_t)d->targets, sizeof *beta);
    double *n_eff = mem_new((size_t)(d->targets * d->bins), sizeof *n_eff);
    for (int t = 0; t < d->targets; t++) {
        beta[t] = d->at[t].beta;
        memcpy(n_eff + t * d->bins, d->at[t].n_eff,
               (size_t)d->bins * sizeof *n_eff);
    }
    put_bins(file, "from", d->from, d->bins);
    put_bins(file, "to", d->to, d->bins);
    put_bins(file, "ln_shell", d->shell, d->bins);
    put_bins(file, "beta", beta, d->targets);
    for (int row = 0; row < DISTANCE_ROWS; row++)
        put_distance_row(file, d, row);
    h5_put(file, "/distance/n_eff", H5_DOUBLE,
           (struct h5_shape){2, {d->targets, d->bins}}, n_eff);
    if (d->solutions.mean) {
        put(file, "distance", "solutions_at_distance", "mean",
            d->solutions.mean, shape);
        put(file, "distance", "solutions_at_distance", "error",
            d->solutions.error, shape);
    }
    h5_set_text(file, "/distance", "definition", d->facet->definition);
    h5_set_text(file, "/distance", "unit", d->facet->unit);
    h5_set_text(file, "/distance", "reference", d->reference);
    h5_set_text(file, "/distance", "shell", d->shell_is ? d->shell_is : "");
    h5_set_integer(file, "/distance", "absolute", d->absolute);
    free(beta);
    free(n_eff);
}

static void put_verdict(struct h5 *file, const struct verdict *verdict)
{
    h5_set_integer(file, "/estimates", "verdict", verdict->ok);
    if (verdict->reasons.count)
        h5_set_texts(file, "/estimates", "reasons",
                     (const char *const *)verdict->reasons.at,
                     verdict->reasons.count);
}

bool report_store(const struct report *report, struct err *err)
{
    const struct data *data = report->data;
    struct err held = {0};
    char *notice = NULL;
    struct lock *lock = NULL;
    bool any = report->estimates->count > 0;
    if (any && data->complete && !report->parts &&
        access(data->file, W_OK) == 0)
        lock = lock_take(data->file, &notice, &held);
    free(notice);
    err_clear(&held);
    if (!lock)
        return false;
    int64_t bytes = 1 << 18;
    for (int i = 0; i < report->estimates->count; i++)
        bytes += (int64_t)(4 * report->estimates->at[i].size + 2) *
                 data->rungs * 64;
    if (report->distances)
        bytes += (int64_t)report->distances->bins *
                 (report->distances->targets + 1) * 256;
    if (!output_repair(data->file, err) ||
        !output_begin_write(data->file, bytes, err)) {
        lock_release(lock);
        return false;
    }
    struct h5 *file = h5_open(data->file, H5_WRITE);
    for (int i = 0; i < report->estimates->count; i++)
        if (!report->estimates->at[i].internal)
            put_estimate(file, &report->estimates->at[i], data);
    for (int i = 0; i < report->theory->count; i++)
        put_prediction(file, &report->theory->at[i], data->rungs);
    for (int i = 0; i < report->limits->count; i++)
        put_limit(file, &report->limits->at[i], data->rungs);
    if (report->estimates->plateau)
        put_windows(file, data, report->estimates->plateau);
    if (report->distances)
        put_distances(file, report->distances);
    put_verdict(file, &report->verdict);
    bool good = h5_close(file, err);
    if (good)
        output_end_write(data->file);
    lock_release(lock);
    return good;
}

#include "run/merge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "stat/student.h"

/* ---- which disorder ---------------------------------------------------- */

static bool has_disorder(const struct data *data)
{
    const struct system *system = data->system;
    return system->model->disorder && !*section_text(system->keys, "file", "");
}

/* Numbers of samples that two runs share. */
static int64_t shared_samples(const struct data *a, const struct data *b)
{
    int64_t apart = llabs(a->system->first_sample - b->system->first_sample);
    if (!has_disorder(a) || apart == 0)
        return a->samples;
    return apart < a->samples ? a->samples - apart : 0;
}

/* No two runs have a sample in common. */
static bool samples_apart(struct report *const *reports)
{
    return shared_samples(reports[0]->data, reports[1]->data) == 0;
}

static const char *twins(const struct data *a, const struct data *b,
                         bool apart)
{
    int64_t shared = shared_samples(a, b);
    if (shared == a->samples && a->input->run->seed == b->input->run->seed)
        return "the same seed: the same numbers twice, not merged";
    if (shared != (apart ? 0 : a->samples))
        return "some samples in common and not all: not merged "
               "(model.first_sample)";
    return NULL;
}

static const char *twins_of(struct report *const *reports, int count)
{
    bool apart = samples_apart(reports);
    for (int i = 1; i < count; i++)
        for (int j = 0; j < i; j++) {
            const char *no = twins(reports[i]->data, reports[j]->data, apart);
            if (no)
                return no;
        }
    return NULL;
}

/* ---- what differs ------------------------------------------------------ */

static void add_text(struct texts *list, char *text)
{
    list->at = mem_grow(list->at, (size_t)list->count + 1, sizeof *list->at);
    list->at[list->count++] = text;
}

static void note(void *context, const struct input_difference *d)
{
    struct texts *keys = context;
    char *key = mem_text("%s.%s", d->section, d->key);
    bool known = !strcmp(key, "run.seed") ||
                 !strcmp(key, "model.first_sample");
    for (int i = 0; i < keys->count; i++)
        known = known || !strcmp(key, keys->at[i]);
    if (known)
        free(key);
    else
        add_text(keys, key);
}

static void note_no_disorder(void *context, const struct input_difference *d)
{
    if (strcmp(d->section, "model") || strcmp(d->key, "seed"))
        note(context, d);
}

struct texts merge_differences(struct report *const *reports, int count)
{
    struct texts keys = {0};
    for (int i = 1; i < count; i++)
        input_differ(reports[0]->data->input, reports[i]->data->input,
                     has_disorder(reports[0]->data) ? note : note_no_disorder,
                     &keys);
    return keys;
}

static int requested(const struct data *data)
{
    return data->rungs - data->first_requested;
}

static const double *requested_lambda(const struct data *data)
{
    return data->lambda + data->first_requested * data->components;
}

const char *merge_refusal(struct report *const *reports, int count)
{
    const struct data *one = reports[0]->data;
    size_t bytes = (size_t)(requested(one) * one->components) *
                   sizeof(double);
    bool same = true;
    for (int i = 1; i < count; i++) {
        const struct data *data = reports[i]->data;
        same = same && requested(data) == requested(one) &&
               data->components == one->components &&
               data->absolute == one->absolute &&
               !memcmp(requested_lambda(data), requested_lambda(one), bytes);
    }
    if (one->quench)
        return "quenches are not merged: take more copies";
    return same ? twins_of(reports, count)
                : "rungs that burn-in placed differently: not merged "
                  "(spacing \"list\" fixes them)";
}

/* ---- means ------------------------------------------------------------- */

static double weight(const struct data *data)
{
    return (double)data->rows * (double)data->every * data->ladders;
}

/* Runs of one sample each: disorder is in their scatter alone. */
static bool scattered(struct report *const *reports)
{
    return reports[0]->data->samples == 1 && samples_apart(reports);
}

/* Of the mean of runs, weighted, by their scatter. */
static double scatter_error(struct report *const *reports, int count,
                            const struct estimate *whole, int r)
{
    double total = 0, square = 0;
    for (int i = 0; i < count; i++) {
        const struct data *data = reports[i]->data;
        const struct estimate *e = estimates_find(reports[i]->estimates,
                                                  whole->name);
        double off = e->mean[data->first_requested * e->size + r] -
                     whole->mean[r];
        total += weight(data);
        square += weight(data) * weight(data) * off * off;
    }
    return student_factor(count - 1) * sqrt(square * count / (count - 1)) /
           total;
}

/* Number r of one quantity's [rungs][size]. */
static void merge_number(struct report *const *reports, int count,
                         struct estimate *whole, int r)
{
    double total = 0, square = 0, sum = 0;
    whole->mean[r] = whole->tau_int[r] = whole->n_eff[r] = 0;
    for (int i = 0; i < count; i++) {
        const struct data *data = reports[i]->data;
        const struct estimate *e = estimates_find(reports[i]->estimates,
                                                  whole->name);
        double w = weight(data);
        int at = data->first_requested * e->size + r;
        whole->mean[r] += w * e->mean[at];
        whole->n_eff[r] += e->n_eff[at];
        whole->tau_int[r] = fmax(whole->tau_int[r], e->tau_int[at]);
        square += w * w * e->error[at] * e->error[at];
        sum += w * e->error[at];
        total += w;
    }
    whole->mean[r] /= total;
    whole->error[r] = sqrt(square) / total;
    if (scattered(reports))
        whole->error[r] = scatter_error(reports, count, whole, r);
    else if (reports[0]->data->samples > 1 && !samples_apart(reports))
        whole->error[r] = sum / total;
}

/* Largest distance of a run's estimate from the mean, in its own errors. */
static void compare_runs(struct report *const *reports, int count,
                         const struct estimate *whole, int rungs,
                         struct verdict *verdict)
{
    for (int i = 0; i < count; i++) {
        int first = reports[i]->data->first_requested;
        const struct estimate *e = estimates_find(reports[i]->estimates,
                                                  whole->name);
        for (int r = 0; r < rungs; r++) {
            double z = (e->mean[first + r] - whole->mean[r]) /
                       e->error[first + r];
            if (!(fabs(z) >= 4))
                continue;
            verdict->ok = false;
            add_text(&verdict->reasons,
                     mem_text("%s: %s is %.1f sigma from the mean of the "
                              "runs at rung %d", reports[i]->name,
                              whole->name, fabs(z), r));
            break;
        }
    }
}

static struct estimate merge_estimate(struct report *const *reports,
                                      int count, const struct estimate *e,
                                      int rungs)
{
    struct estimate whole = estimate_like(e, rungs);
    for (int r = 0; r < rungs * whole.size; r++)
        merge_number(reports, count, &whole, r);
    return whole;
}

/* A short run may lack what others have. */
static bool in_all(struct report *const *reports, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (!estimates_find(reports[i]->estimates, name))
            return false;
    return true;
}

static struct estimates *merge_estimates(struct report *const *reports,
                                         int count, int rungs)
{
    const struct estimates *one = reports[0]->estimates;
    int first = reports[0]->data->first_requested;
    struct estimates *whole = mem_new(1, sizeof *whole);
    size_t n = (size_t)rungs;
    *whole = *one;
    whole->rungs = rungs;
    whole->plateau = NULL;
    whole->balance = NULL;
    whole->at = mem_new((size_t)one->count, sizeof *whole->at);
    whole->count = 0;
    for (int i = 0; i < one->count; i++)
        if (in_all(reports, count, one->at[i].name))
            whole->at[whole->count++] =
                merge_estimate(reports, count, &one->at[i], rungs);
    whole->ti_mbar = mem_copy(one->ti_mbar + first, n, sizeof(double));
    whole->ti_gap = mem_copy(one->ti_gap + first, n, sizeof(double));
    whole->quadrature = mem_copy(one->quadrature + first, n, sizeof(double));
    whole->reweighting = mem_copy(one->reweighting + first, n,
                                  sizeof(double));
    return whole;
}

/* ---- the rest of a report ---------------------------------------------- */

/* The first part's, without its anchor rungs. */
static struct data *merge_data(struct report *const *reports, int count)
{
    struct data *data = mem_copy(reports[0]->data, 1, sizeof *data);
    data->lambda += data->first_requested * data->components;
    data->rungs = requested(data);
    data->first_requested = 0;
    data->ladders = 0;
    data->trips = NULL;
    if (samples_apart(reports))
        data->samples *= count;
    else
        data->copies *= count;
    for (int i = 0; i < count; i++) {
        data->complete = data->complete && reports[i]->data->complete;
        data->ladders += reports[i]->data->ladders;
    }
    return data;
}

static void merge_verdicts(struct report *const *reports, int count,
                           struct verdict *verdict)
{
    verdict->ok = true;
    for (int i = 0; i < count; i++) {
        const struct verdict *one = &reports[i]->verdict;
        verdict->ok = verdict->ok && one->ok;
        for (int j = 0; j < one->reasons.count; j++)
            add_text(&verdict->reasons,
                     mem_text("%s: %s", reports[i]->name,
                              one->reasons.at[j]));
    }
}

static void merge_exchange(struct report *const *reports, int count,
                           struct report *whole)
{
    int edges = whole->data->rungs - 1;
    whole->acceptance = mem_new((size_t)edges, sizeof(double));
    whole->suggested_rungs = reports[0]->suggested_rungs;
    for (int i = 0; i < count; i++) {
        int first = reports[i]->data->first_requested;
        whole->round_trips += reports[i]->round_trips;
        for (int e = 0; e < edges; e++)
            whole->acceptance[e] += reports[i]->acceptance[first + e] / count;
    }
    for (int e = 0; e < edges; e++)
        whole->barrier += 1 - whole->acceptance[e];
}

static void merge_distances(struct report *const *reports, int count,
                            struct report *whole)
{
    struct data **runs = mem_new((size_t)count, sizeof *runs);
    for (int i = 0; i < count; i++)
        runs[i] = reports[i]->data;
    whole->distances = distances_new(runs, count);
    free(runs);
}

static char *joined_names(struct report *const *reports, int count)
{
    char *names = mem_text("%s", reports[0]->name);
    for (int i = 1; i < count; i++) {
        char *longer = mem_text("%s + %s", names, reports[i]->name);
        free(names);
        names = longer;
    }
    return names;
}

struct report *merge_reports(struct report *const *reports, int count)
{
    struct report *whole = mem_new(1, sizeof *whole);
    whole->name = joined_names(reports, count);
    whole->parts = count;
    whole->data = merge_data(reports, count);
    whole->estimates = merge_estimates(reports, count, whole->data->rungs);
    whole->theory = theory_new(whole->data, whole->estimates);
    whole->limits = limits_new(whole->data, whole->estimates);
    merge_distances(reports, count, whole);
    merge_verdicts(reports, count, &whole->verdict);
    for (int i = 0; i < whole->estimates->count; i++)
        if (whole->estimates->at[i].judged && !scattered(reports))
            compare_runs(reports, count, &whole->estimates->at[i],
                         whole->data->rungs, &whole->verdict);
    merge_exchange(reports, count, whole);
    return whole;
}

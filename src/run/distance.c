#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "run/distance_parts.h"
#include "run/estimates_parts.h"
#include "stat/student.h"

enum { TARGETS_MOST = 8, WHOLE_BINS = 256, REAL_BINS = 60 };

const char *const distance_names[DISTANCE_ROWS] = {
    "ln_z", "energy", "entropy", "local_entropy", "potential"};
const char *const distance_definitions[DISTANCE_ROWS] = {
    "ln of the sum of m exp(-beta u_1) over the states of the bin, MBAR",
    "mean of u_1 over these states",
    "ln_z + beta energy, nats",
    "entropy - ln_shell, nats",
    "(largest ln_z - ln_z) / (beta N): Franz-Parisi, 0 where ln_z is so"};

/* ---- targets ------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
    double x = fabs(*(const double *)a), y = fabs(*(const double *)b);
    return (x > y) - (x < y);
}

/* The betas of requested rungs without a tether, once each, hot to cold; or
   the last rung's. */
static void find_targets(struct distances *d, const struct data *data)
{
    int k = data->components, tether = d->facet->component, found = 0;
    double *beta = mem_new((size_t)data->rungs, sizeof *beta);
    for (int r = data->first_requested; r < data->rungs; r++) {
        bool known = data->lambda[r * k + tether] != 0;
        for (int i = 0; i < found; i++)
            known |= beta[i] == data->lambda[r * k];
        if (!known)
            beta[found++] = data->lambda[r * k];
    }
    if (!found)
        beta[found++] = data->lambda[(data->rungs - 1) * k];
    qsort(beta, (size_t)found, sizeof *beta, by_size);
    d->targets = found < TARGETS_MOST ? found : TARGETS_MOST;
    d->at = mem_new((size_t)d->targets, sizeof *d->at);
    for (int i = 0; i < d->targets; i++)
        d->at[i].beta = beta[(i + 1) * found / d->targets - 1];
    free(beta);
}

/* ---- bins ---------------------------------------------------------------- */

/* 1, 2 or 5 times a power of ten, at least x. */
static double round_width(double x)
{
    double power = pow(10, floor(log10(x)));
    double part = x / power;
    return power * (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10);
}

static void find_range(const struct distances *d, struct data *const *runs,
                       int count, double range[2])
{
    range[0] = INFINITY;
    range[1] = 0;
    for (int i = 0; i < count; i++) {
        const struct data *data = runs[i];
        int64_t samples = data->rows * data->ladders * data->rungs;
        for (int64_t n = 0; n < samples; n++) {
            double u = data->u[n * data->components + d->facet->component];
            range[0] = fmin(range[0], u);
            range[1] = fmax(range[1], u);
        }
    }
    range[0] = d->facet->of(runs[0]->system, range[0]);
    range[1] = d->facet->of(runs[0]->system, range[1]);
}

static void make_bins(struct distances *d, struct data *const *runs,
                      int count)
{
    const struct system *system = runs[0]->system;
    double range[2], width, first;
    find_range(d, runs, count, range);
    if (d->facet->whole)
        width = ceil(((double)system->sites + 1) / WHOLE_BINS);
    else
        width = round_width(fmax(range[1] - range[0], 1e-12) / REAL_BINS);
    first = d->facet->whole ? 0 : floor(range[0] / width);
    d->bins = (int)(floor((d->facet->whole ? (double)system->sites
                                           : range[1]) / width) - first) + 1;
    size_t n = (size_t)d->bins;
    d->from = mem_new(n, sizeof(double));
    d->to = mem_new(n, sizeof(double));
    d->shell = mem_new(n, sizeof(double));
    for (int i = 0; i < d->bins; i++) {
        d->from[i] = width * (first + i);
        d->to[i] = width * (first + i + 1);
        d->shell[i] = d->facet->shell
                          ? d->facet->shell(system, d->from[i], d->to[i])
                          : NAN;
    }
}

/* ---- averages ------------------------------------------------------------ */

/* Of one number over parts: those of one sample number are runs of the same
   disorder; samples scatter. */
static void average(const struct distance_part *part, int parts,
                    const struct data *one, int64_t at, double *mean,
                    double *error)
{
    double *value = mem_new((size_t)parts, sizeof *value);
    int groups = 0;
    *mean = *error = 0;
    for (int i = 0; i < parts; i++) {
        double sum = 0, square = 0, total = 0;
        bool first = true;
        for (int j = 0; j < parts; j++) {
            if (part[j].number != part[i].number)
                continue;
            double w = part[j].weight, e = part[j].error[at];
            first = first && j >= i;
            total += w;
            sum += w * part[j].value[at];
            square += w * w * e * e;
        }
        if (!first)
            continue;
        value[groups++] = sum / total;
        *error = sqrt(square) / total;
    }
    for (int g = 0; g < groups; g++)
        *mean += value[g] / groups;
    if (one && groups > 1)
        analysis_average(one, value, mean, error);
    else if (groups > 1) {
        double square = 0;
        for (int g = 0; g < groups; g++)
            square += (value[g] - *mean) * (value[g] - *mean);
        *error = student_factor(groups - 1) *
                 sqrt(square / (groups * (groups - 1.0)));
    }
    if (!isfinite(*mean) || !isfinite(*error))
        *mean = *error = NAN;
    free(value);
}

static struct distance_numbers numbers_new(int bins)
{
    return (struct distance_numbers){
        mem_new((size_t)bins, sizeof(double)),
        mem_new((size_t)bins, sizeof(double))};
}

static void average_all(struct distances *d, const struct distance_part *part,
                        const struct data *one)
{
    bool solutions = false;
    int64_t at = 0;
    for (int t = 0; t < d->targets; t++) {
        struct distance_target *target = &d->at[t];
        target->n_eff = mem_new((size_t)d->bins, sizeof(double));
        for (int r = 0; r < DISTANCE_ROWS; r++) {
            target->row[r] = numbers_new(d->bins);
            for (int b = 0; b < d->bins; b++)
                average(part, d->parts, one, at++, &target->row[r].mean[b],
                        &target->row[r].error[b]);
        }
        for (int b = 0; b < d->bins; b++) {
            target->n_eff[b] = INFINITY;
            for (int p = 0; p < d->parts; p++)
                target->n_eff[b] = fmin(target->n_eff[b],
                                        part[p].n_eff[t * d->bins + b]);
        }
    }
    d->solutions = numbers_new(d->bins);
    for (int b = 0; b < d->bins; b++) {
        average(part, d->parts, one, at++, &d->solutions.mean[b],
                &d->solutions.error[b]);
        solutions |= isfinite(d->solutions.mean[b]);
    }
    if (solutions)
        return;
    free(d->solutions.mean);
    free(d->solutions.error);
    d->solutions = (struct distance_numbers){NULL, NULL};
}

/* Zero at the largest ln_z of the averages, with errors of the differences. */
static void average_potential(struct distances *d, struct distance_part *part,
                              const struct data *one)
{
    int64_t stride = d->bins * DISTANCE_ROWS;
    for (int t = 0; t < d->targets; t++) {
        double best = -INFINITY, mean, error;
        int typical = 0;
        for (int b = 0; b < d->bins; b++) {
            average(part, d->parts, one,
                    t * stride + DISTANCE_LN_Z * d->bins + b, &mean, &error);
            if (mean > best) {
                best = mean;
                typical = b;
            }
        }
        for (int p = 0; p < d->parts; p++) {
            double *v = part[p].value + t * stride +
                        DISTANCE_POTENTIAL * d->bins;
            double zero = v[typical];
            for (int b = 0; b < d->bins; b++)
                v[b] -= zero;
        }
    }
}

/* ---- the whole ----------------------------------------------------------- */

static bool possible(const struct data *data)
{
    const struct distance *facet = data->system->model->distance;
    return facet && data->components > facet->component &&
           !data->annealing && !data->quench &&
           estimates_possible(data);
}

static int make_parts(struct distances *d, struct data *const *runs,
                      int count, struct distance_part *part)
{
    int parts = 0;
    for (int i = 0; i < count; i++)
        for (int s = 0; s < runs[i]->samples; s++) {
            struct data *one = data_of_sample(runs[i], s);
            part[parts++] = distance_part_new(d, one);
            data_free(one);
        }
    return parts;
}

struct distances *distances_new(struct data *const *runs, int count)
{
    int parts = 0;
    for (int i = 0; i < count; i++) {
        if (!possible(runs[i]))
            return NULL;
        parts += runs[i]->samples;
    }
    struct distances *d = mem_new(1, sizeof *d);
    const struct system *system = runs[0]->system;
    d->facet = system->model->distance;
    d->shell_is = d->facet->shell_is ? d->facet->shell_is(system) : NULL;
    d->reference = section_text(system->keys, "reference", "");
    d->absolute = runs[0]->absolute;
    d->parts = parts;
    find_targets(d, runs[0]);
    make_bins(d, runs, count);
    struct distance_part *part = mem_new((size_t)parts, sizeof *part);
    make_parts(d, runs, count, part);
    d->ok = true;
    for (int p = 0; p < parts; p++)
        d->ok = d->ok && part[p].ok;
    average_potential(d, part, count == 1 ? runs[0] : NULL);
    average_all(d, part, count == 1 ? runs[0] : NULL);
    for (int p = 0; p < parts; p++)
        distance_part_free(&part[p]);
    free(part);
    return d;
}

void distances_free(struct distances *d)
{
    if (!d)
        return;
    for (int t = 0; t < d->targets; t++) {
        for (int r = 0; r < DISTANCE_ROWS; r++) {
            free(d->at[t].row[r].mean);
            free(d->at[t].row[r].error);
        }
        free(d->at[t].n_eff);
    }
    free(d->solutions.mean);
    free(d->solutions.error);
    free(d->at);
    free(d->from);
    free(d->to);
    free(d->shell);
    free(d);
}

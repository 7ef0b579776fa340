/* Distances in one sample of one run. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "run/distance_parts.h"
#include "stat/mbar_cells.h"
#include "stat/ti.h"

/* A bin is told of when so many samples, weighed, are in it, from so many of
   32 stretches of the run, and ln Z there is known to that. */
#define N_EFF_LEAST 25.0
#define STRETCHES_LEAST 4.0
#define ERROR_MOST 0.5

struct workings {
    const struct distances *d;
    const struct data *data;
    struct distance_part *part;
    struct mbar_points *points;
    struct mbar *mbar;
    struct gamma_plan *plan;
    int64_t bin, bins;
    double *phi;      /* of ln Z of the rungs */
    double *energy;   /* [P] u_1 */
    int32_t *cell;    /* [P] */
    double *series;   /* [bins] */
};

int64_t distance_part_size(const struct distances *d)
{
    return ((int64_t)d->targets * DISTANCE_ROWS + 1) * d->bins;
}

static int32_t cell_of(const struct workings *a, double u)
{
    const struct distances *d = a->d;
    double x = d->facet->of(a->data->system, u);
    int low = 0, high = d->bins;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        *(x < d->from[middle] ? &high : &low) = middle;
    }
    return low;
}

static void find_cells(struct workings *a)
{
    const struct mbar_points *p = a->points;
    a->energy = mem_new((size_t)p->count, sizeof *a->energy);
    a->cell = mem_new((size_t)p->count, sizeof *a->cell);
    mbar_component(p, 0, a->energy);
    for (int64_t n = 0; n < p->count; n++)
        a->cell[n] = cell_of(a, p->u[n * p->components +
                                     a->d->facet->component]);
}

/* The error of x + factor y, and of the same at cell `less` taken off (-1:
   not). */
static double error_of(struct workings *a, const struct mbar_cells *cells,
                       int c, double x, double y, int less)
{
    int n = a->d->bins;
    for (int64_t b = 0; b < a->bins; b++) {
        a->series[b] = x * cells->ln_z_influence[b * n + c] +
                       y * cells->mean_influence[b * n + c];
        if (less >= 0)
            a->series[b] -= x * cells->ln_z_influence[b * n + less];
    }
    return gamma_estimate(a->plan, a->series, 1).error;
}

static bool enough(struct workings *a, const struct mbar_cells *cells, int c)
{
    return cells->n_eff[c] >= N_EFF_LEAST &&
           cells->stretches[c] >= STRETCHES_LEAST &&
           error_of(a, cells, c, 1, 0, -1) <= ERROR_MOST;
}

static void set(struct workings *a, int64_t at, double value, double error)
{
    a->part->value[at] = value;
    a->part->error[at] = error;
}

/* All rows of one bin at one target. */
static void fill(struct workings *a, const struct mbar_cells *cells, int t,
                 int c, int typical)
{
    const struct distances *d = a->d;
    double beta = d->at[t].beta, ln_z = a->data->ln_z_first + cells->ln_z[c];
    double entropy = ln_z + beta * cells->mean[c];
    double scale = 1 / (beta * (double)a->data->system->sites);
    double error = error_of(a, cells, c, 1, beta, -1);
    int64_t at = (int64_t)t * DISTANCE_ROWS * d->bins + c;
    set(a, at + DISTANCE_LN_Z * d->bins, ln_z,
        error_of(a, cells, c, 1, 0, -1));
    set(a, at + DISTANCE_ENERGY * d->bins, cells->mean[c],
        error_of(a, cells, c, 0, 1, -1));
    set(a, at + DISTANCE_ENTROPY * d->bins, entropy, error);
    set(a, at + DISTANCE_LOCAL * d->bins, entropy - d->shell[c], error);
    if (beta != 0)
        set(a, at + DISTANCE_POTENTIAL * d->bins, -ln_z * scale,
            fabs(scale) * error_of(a, cells, c, 1, 0, typical));
}

static void analyse(struct workings *a, int t, struct mbar_cells *cells)
{
    const struct distances *d = a->d;
    double lambda[COMPONENTS_MAX] = {d->at[t].beta};
    struct mbar_cells_of of = {lambda, a->energy, a->cell, d->bins};
    int typical = -1;
    mbar_cells(a->mbar, &of, a->bin, a->phi, cells);
    for (int c = 0; c < d->bins; c++) {
        bool known = enough(a, cells, c);
        a->part->n_eff[t * d->bins + c] = cells->n_eff[c];
        if (!known)
            cells->n_eff[c] = 0;
        else if (typical < 0 || cells->ln_z[c] > cells->ln_z[typical])
            typical = c;
    }
    for (int c = 0; c < d->bins; c++)
        if (cells->n_eff[c] > 0)
            fill(a, cells, t, c, typical);
}

/* States of u_1 = 0, seen from lambda = 0: the m of them. */
static void count_solutions(struct workings *a, struct mbar_cells *cells)
{
    const struct distances *d = a->d;
    const double zero[COMPONENTS_MAX] = {0};
    struct mbar_cells_of of = {zero, a->energy, a->cell, d->bins};
    int64_t at = distance_part_size(d) - d->bins;
    for (int64_t n = 0; n < a->points->count; n++)
        a->cell[n] = a->energy[n] == 0 ? a->cell[n] : -1;
    mbar_cells(a->mbar, &of, a->bin, a->phi, cells);
    for (int c = 0; c < d->bins; c++)
        if (enough(a, cells, c))
            set(a, at + c, a->data->ln_z_first + cells->ln_z[c],
                error_of(a, cells, c, 1, 0, -1));
}

static void weigh(struct workings *a)
{
    struct mbar_cells cells = mbar_cells_new(a->d->bins, a->bins);
    size_t room = (size_t)(a->bins * a->data->rungs);
    a->phi = mem_new(room, sizeof *a->phi);
    a->series = mem_new((size_t)a->bins, sizeof *a->series);
    a->plan = gamma_plan_new(a->bins);
    mbar_influence(a->mbar, a->bin, a->phi);
    find_cells(a);
    for (int t = 0; t < a->d->targets; t++)
        analyse(a, t, &cells);
    if (a->data->system->model->u_integer)
        count_solutions(a, &cells);
    gamma_plan_free(a->plan);
    mbar_cells_free(&cells);
    free(a->energy);
    free(a->cell);
    free(a->phi);
    free(a->series);
}

struct distance_part distance_part_new(const struct distances *d,
                                       const struct data *data)
{
    size_t size = (size_t)distance_part_size(d);
    int k = data->components;
    struct distance_part part = {
        .number = data->system->model->disorder
                      ? data->system->first_sample + data->sample : 0,
        .weight = (double)data->rows * data->copies,
        .value = mem_new(size, sizeof(double)),
        .error = mem_new(size, sizeof(double)),
        .n_eff = mem_new((size_t)(d->targets * d->bins), sizeof(double))};
    struct series_view view = {
        .at = data->u, .rows = data->rows, .copies = data->ladders,
        .rungs = data->rungs, .components = k,
        .row_stride = (int64_t)data->ladders * data->rungs * k,
        .copy_stride = (int64_t)data->rungs * k};
    struct workings a = {.d = d, .data = data, .part = &part,
                         .bin = gamma_bin(data->rows)};
    a.bins = data->rows / a.bin;
    for (size_t i = 0; i < size; i++)
        part.value[i] = part.error[i] = NAN;
    struct ti *ti = ti_new(&view, data->lambda, a.bin);
    a.points = mbar_points_new(&view);
    a.mbar = mbar_solve(a.points, data->rungs, data->lambda, NULL, ti->ln_z);
    part.ok = a.mbar->ok;
    if (part.ok)
        weigh(&a);
    ti_free(ti);
    mbar_free(a.mbar);
    mbar_points_free(a.points);
    return part;
}

void distance_part_free(struct distance_part *part)
{
    free(part->value);
    free(part->error);
    free(part->n_eff);
}

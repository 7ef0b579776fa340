/* Is a run in equilibrium? Time averages over logarithmic windows, and the
   identity between energy and link overlap of Gaussian couplings. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "run/estimates_parts.h"

/* Windows are no shorter than so many rows; there are at most so many. */
enum { WINDOW_LEAST = 4, WINDOWS_MOST = 40 };

/* scale * <of(x)>, x a scalar series; or, where link is not 0, the energy
   that a link overlap stands for: link * beta * (1 - <x>). */
struct quantity {
    char *name;
    struct series from;
    double scale, link;
    double (*of)(double x);
};

/* Over rows first <= row < last, copies or pairs of one sample. */
static double window_mean(const struct data *data, const struct quantity *q,
                          int64_t first, int64_t last, int sample, int rung)
{
    const struct series *from = &q->from;
    double sum = 0, beta = data->lambda[rung * data->components];
    for (int64_t b = first * from->lead; b < last * from->lead; b++) {
        double x = from->values[((b * data->samples + sample) * data->rungs +
                                 rung) * from->size];
        sum += q->of ? q->of(x) : x;
    }
    double mean = sum / (double)((last - first) * from->lead);
    return q->link != 0 ? q->link * beta * (1 - mean) : q->scale * mean;
}

/* One sample: the error by the gamma method. */
static void over_time(const struct data *data, const struct quantity *q,
                      int64_t first, int64_t last, int rung, double *mean,
                      double *error)
{
    struct gamma_plan *plan = gamma_plan_new(last - first);
    double *value = mem_new((size_t)(last - first), sizeof *value);
    for (int64_t row = first; row < last; row++)
        value[row - first] = window_mean(data, q, row, row + 1, 0, rung);
    struct gamma g = gamma_estimate(plan, value, 1);
    *mean = g.mean;
    *error = g.error;
    free(value);
    gamma_plan_free(plan);
}

static void over_samples(const struct data *data, const struct quantity *q,
                         int64_t first, int64_t last, int rung, double *mean,
                         double *error)
{
    double *value = mem_new((size_t)data->samples, sizeof *value);
    for (int s = 0; s < data->samples; s++)
        value[s] = window_mean(data, q, first, last, s, rung);
    analysis_average(data, value, mean, error);
    free(value);
}

/* ---- which quantities --------------------------------------------------- */

/* [<u>] / N per beta (1 - [<q_l>]); 0 where nothing is known. */
static double link_factor(const struct data *data)
{
    const struct system *system = data->system;
    double variance = system->model->gaussian
                          ? system->model->gaussian(system) : 0;
    if (data->samples < 2 || !data_has(data, "link_overlap"))
        return 0;
    return variance != 0 ? -variance * (double)system->pairs->bonds /
                          (double)system->sites : 0;
}

static struct quantity *add(struct quantity *list, int *count,
                            struct data *data, const char *series,
                            const char *name, struct err *err)
{
    const struct series *from = err_any(err) ? NULL
                                             : data_series(data, series, err);
    struct quantity *q = &list[*count];
    *q = (struct quantity){.scale = 1};
    if (!from)
        return q;
    q->name = mem_text("%s", name);
    q->from = *from;
    ++*count;
    return q;
}

/* u / N, what was recorded (squares of what is odd: they relax last), the
   energy that the link overlap stands for. */
static int quantities(struct data *data, struct quantity *list,
                      struct err *err)
{
    const struct system *system = data->system;
    int count = 0;
    add(list, &count, data, "u", "energy", err)->scale =
        1 / (double)system->sites;
    for (const struct observable *o = system->model->observables; o->name;
         o++) {
        bool even = o->even_when ? o->even_when(system) : o->even;
        char *name = mem_text("%s%s", o->name, even ? "" : "_squared");
        if (data_has(data, o->name) && strcmp(o->name, "energy") &&
            observable_size(o, system) == 1)
            add(list, &count, data, o->name, name, err)->of =
                even ? NULL : term_square;
        free(name);
    }
    if (link_factor(data) != 0)
        add(list, &count, data, "link_overlap", "energy_by_link_overlap",
            err)->link = link_factor(data);
    return count;
}

/* ---- windows ------------------------------------------------------------ */

/* The last half of all rows first, then of what is left; the rest at the
   end. */
static int windows_of(int64_t rows, int64_t (*window)[2])
{
    int count = 0;
    for (int64_t last = rows; last > 0; count++) {
        int64_t first = last / 2 < WINDOW_LEAST || count + 1 == WINDOWS_MOST
                            ? 0 : last / 2;
        window[count][0] = first;
        window[count][1] = last;
        last = first;
    }
    return count;
}

static struct plateau_row row_new(const struct data *data,
                                  const struct quantity *q, int windows,
                                  int64_t (*window)[2])
{
    size_t room = (size_t)(windows * data->rungs);
    struct plateau_row row = {.name = mem_text("%s", q->name),
                              .mean = mem_new(room, sizeof(double)),
                              .error = mem_new(room, sizeof(double))};
    for (int w = 0; w < windows; w++)
        for (int r = 0; r < data->rungs; r++) {
            int i = w * data->rungs + r;
            (data->samples > 1 ? over_samples : over_time)(
                data, q, window[w][0], window[w][1], r, &row.mean[i],
                &row.error[i]);
        }
    return row;
}

static struct plateau *plateau_new(const struct data *data,
                                   const struct quantity *list, int count)
{
    struct plateau *p = mem_new(1, sizeof *p);
    p->window = mem_new(WINDOWS_MOST, sizeof *p->window);
    p->windows = windows_of(data->rows, p->window);
    p->count = count;
    p->at = mem_new((size_t)count, sizeof *p->at);
    for (int i = 0; i < count; i++)
        p->at[i] = row_new(data, &list[i], p->windows, p->window);
    return p;
}

/* ---- the identity ------------------------------------------------------- */

static struct balance *balance_new(const struct data *data,
                                   const struct quantity *energy,
                                   const struct quantity *link)
{
    size_t n = (size_t)data->rungs;
    struct balance *b = mem_new(1, sizeof *b);
    double ignored, off, *difference = mem_new((size_t)data->samples,
                                               sizeof *difference);
    b->energy = mem_new(n, sizeof(double));
    b->expected = mem_new(n, sizeof(double));
    b->error = mem_new(n, sizeof(double));
    b->z = mem_new(n, sizeof(double));
    for (int r = 0; r < data->rungs; r++) {
        over_samples(data, energy, 0, data->rows, r, &b->energy[r],
                     &ignored);
        over_samples(data, link, 0, data->rows, r, &b->expected[r],
                     &ignored);
        for (int s = 0; s < data->samples; s++)
            difference[s] =
                window_mean(data, energy, 0, data->rows, s, r) -
                window_mean(data, link, 0, data->rows, s, r);
        analysis_average(data, difference, &off, &b->error[r]);
        b->z[r] = off == 0 && b->error[r] == 0 ? 0 : off / b->error[r];
    }
    free(difference);
    return b;
}

void analysis_equilibrium(struct data *data, struct estimates *out,
                          struct err *err)
{
    int room = 2, count;
    for (const struct observable *o = data->system->model->observables;
         o->name; o++)
        room++;
    struct quantity *list = mem_new((size_t)room, sizeof *list);
    count = quantities(data, list, err);
    if (!err_any(err)) {
        out->plateau = plateau_new(data, list, count);
        if (link_factor(data) != 0)
            out->balance = balance_new(data, &list[0], &list[count - 1]);
    }
    for (int i = 0; i < count; i++)
        free(list[i].name);
    free(list);
}

void plateau_free(struct plateau *p)
{
    if (!p)
        return;
    for (int i = 0; i < p->count; i++) {
        free(p->at[i].name);
        free(p->at[i].mean);
        free(p->at[i].error);
    }
    free(p->at);
    free(p->window);
    free(p);
}

void balance_free(struct balance *b)
{
    if (!b)
        return;
    free(b->energy);
    free(b->expected);
    free(b->error);
    free(b->z);
    free(b);
}

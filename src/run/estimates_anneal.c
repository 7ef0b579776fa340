/* What an annealing run says of each point of its schedule.

   A path n (a walker's pass) has work W_k = sum_{j<k} (lambda_{j+1} -
   lambda_j) . u_j at point k; when it starts in equilibrium at point 0,
   ln Z_k - ln Z_0 = ln <exp(-W_k)>, and exp(-W_k) weighs what was measured
   there (Neal 2001). Paths are independent; errors are those of a jackknife
   over them, of disorder over samples. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "run/estimates_parts.h"

/* Paths of one sample: [paths], at one point. */
struct paths {
    int64_t count;
    double *work, *weight, *u;
};

/* One quantity at one point, of one sample. */
struct point { double mean, error; };

enum { LN_Z, ENERGY, PATH_ENERGY, WORK, WORK_VARIANCE, KEPT, QUANTITIES };

/* u_k of path n: row, copy. */
static const double *u_at(const struct data *data, int64_t path, int sample,
                          int point)
{
    int64_t row = path / data->copies, copy = path % data->copies;
    return data->u + (((row * data->copies + copy) * data->samples + sample) *
                          data->rungs + point) * data->components;
}

static bool whole(const struct data *data, int64_t path, int sample)
{
    return isfinite(u_at(data, path, sample, 0)[0]);
}

/* Jackknife of sum w x / sum w, weights relative to the largest. */
static struct point weighted(const struct paths *p, const double *x)
{
    double total = 0, sum = 0, square = 0;
    for (int64_t n = 0; n < p->count; n++) {
        total += p->weight[n];
        sum += p->weight[n] * x[n];
    }
    double mean = sum / total, left = (double)p->count;
    for (int64_t n = 0; n < p->count; n++) {
        double without = (sum - p->weight[n] * x[n]) /
                         (total - p->weight[n]);
        square += (without - mean) * (without - mean);
    }
    return (struct point){mean, sqrt((left - 1) / left * square)};
}

/* ln of the mean weight, and the share of paths that carry it. */
static struct point ln_mean(const struct paths *p, double least, double *kept)
{
    double total = 0, squares = 0, square = 0, n = (double)p->count;
    for (int64_t i = 0; i < p->count; i++) {
        total += p->weight[i];
        squares += p->weight[i] * p->weight[i];
    }
    double mean = log(total / n);
    for (int64_t i = 0; i < p->count; i++) {
        double without = log((total - p->weight[i]) / (n - 1)) - mean;
        square += without * without;
    }
    *kept = total * total / (n * squares);
    return (struct point){mean - least, sqrt((n - 1) / n * square)};
}

static struct point plain(const double *x, int64_t count, double *variance)
{
    double mean = 0, square = 0, n = (double)count;
    for (int64_t i = 0; i < count; i++)
        mean += x[i] / n;
    for (int64_t i = 0; i < count; i++)
        square += (x[i] - mean) * (x[i] - mean);
    *variance = square / (n - 1);
    return (struct point){mean, sqrt(*variance / n)};
}

static void evaluate(const struct data *data, struct paths *p,
                     struct point out[QUANTITIES])
{
    double least = p->work[0], kept, variance, ignored, n = (double)p->count;
    double sites = (double)data->system->sites;
    for (int64_t i = 1; i < p->count; i++)
        least = fmin(least, p->work[i]);
    for (int64_t i = 0; i < p->count; i++)
        p->weight[i] = exp(least - p->work[i]);
    out[LN_Z] = ln_mean(p, least, &kept);
    out[LN_Z].mean += data->ln_z_first;
    out[ENERGY] = weighted(p, p->u);
    out[PATH_ENERGY] = plain(p->u, p->count, &ignored);
    out[WORK] = plain(p->work, p->count, &variance);
    out[WORK_VARIANCE] = (struct point){variance,
                                        variance * sqrt(2 / (n - 1))};
    out[KEPT] = (struct point){kept, 0};
    for (int q = ENERGY; q <= PATH_ENERGY; q++) {
        out[q].mean /= sites;
        out[q].error /= sites;
    }
}

/* All points of one sample: out[points][QUANTITIES]. */
static int64_t evaluate_sample(const struct data *data, int sample,
                               struct point *out)
{
    int64_t most = data->rows * data->copies;
    struct paths p = {.work = mem_new((size_t)most, sizeof(double)),
                      .weight = mem_new((size_t)most, sizeof(double)),
                      .u = mem_new((size_t)most, sizeof(double))};
    for (int k = 0; k < data->rungs; k++) {
        const double *here = data->lambda + k * data->components;
        p.count = 0;
        for (int64_t n = 0; n < most; n++) {
            if (!whole(data, n, sample))
                continue;
            double delta[COMPONENTS_MAX];
            for (int i = 0; k && i < data->components; i++)
                delta[i] = here[i] - here[i - data->components];
            if (k)
                p.work[p.count] += rung_dot(delta, u_at(data, n, sample,
                                                        k - 1),
                                            data->components);
            p.u[p.count++] = u_at(data, n, sample, k)[0];
        }
        if (p.count)
            evaluate(data, &p, out + k * QUANTITIES);
    }
    free(p.work);
    free(p.weight);
    free(p.u);
    return p.count;
}

/* ---- rows of the result ------------------------------------------------- */

/* Averages one quantity over samples; the error of one is its paths'. */
static void fill(struct estimate *e, const struct data *data,
                 const struct point *all, int quantity, int64_t paths)
{
    int points = data->rungs, samples = data->samples;
    double *value = mem_new((size_t)samples, sizeof *value);
    for (int k = 0; k < points; k++) {
        double kept = 0;
        for (int s = 0; s < samples; s++) {
            const struct point *p = all + ((int64_t)s * points + k) *
                                              QUANTITIES;
            value[s] = p[quantity].mean;
            kept += p[KEPT].mean / samples;
        }
        e->mean[k] = value[0];
        e->error[k] = all[k * QUANTITIES + quantity].error;
        if (samples > 1)
            analysis_average(data, value, &e->mean[k], &e->error[k]);
        e->tau_int[k] = (double)data->every / 2;
        e->n_eff[k] = (double)paths * samples * kept;
        e->halves[k] = NAN;
    }
    free(value);
}

static void add(struct estimates *out, const struct data *data,
                const struct point *all, int64_t paths)
{
    const char *unit = data->system->model->u_unit;
    const char *ln_z = data->absolute ? "ln_z" : "ln_z_relative";
    struct { int quantity; const char *name, *unit, *definition; } rows[] = {
        {LN_Z, ln_z, "1", "ln Z by annealed importance sampling"},
        {ENERGY, "energy", unit, "<u> / N, paths weighed by exp(-W)"},
        {PATH_ENERGY, "energy_path", unit, "mean u / N along the paths"},
        {WORK, "work", "1", "W = sum_k (lambda_{k+1} - lambda_k) . u_k"},
        {WORK_VARIANCE, "work_variance", "1", "variance of W over paths"},
        {KEPT, "paths_kept", "1", "(sum w)^2 / (n sum w^2), w = exp(-W)"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool weighs = rows[i].quantity != PATH_ENERGY;
        if (weighs && !data->from_exact)
            continue; /* paths do not start in equilibrium */
        struct estimate *e = analysis_row(out, rows[i].name, rows[i].unit,
                                          rows[i].definition, 1);
        fill(e, data, all, rows[i].quantity, paths);
        e->per_site = rows[i].quantity == ENERGY ||
                      rows[i].quantity == PATH_ENERGY;
        e->judged = rows[i].quantity == LN_Z;
    }
}

struct estimates *estimates_of_annealing(struct data *data)
{
    struct estimates *out = estimates_room(data->rungs);
    struct point *all = mem_new((size_t)(data->samples * data->rungs),
                                QUANTITIES * sizeof *all);
    int64_t paths = 0;
    for (int s = 0; s < data->samples; s++)
        paths = evaluate_sample(data, s, all + (int64_t)s * data->rungs *
                                               QUANTITIES);
    out->mbar_ok = true;
    add(out, data, all, paths);
    free(all);
    return out;
}

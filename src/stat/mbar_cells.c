#include "stat/mbar_cells.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

enum { STRETCHES = 32 };

struct mbar_cells mbar_cells_new(int cells, int64_t bins)
{
    size_t n = (size_t)cells, all = n * (size_t)bins;
    return (struct mbar_cells){.ln_z = mem_new(n, sizeof(double)),
                               .mean = mem_new(n, sizeof(double)),
                               .n_eff = mem_new(n, sizeof(double)),
                               .stretches = mem_new(n, sizeof(double)),
                               .ln_z_influence = mem_new(all, sizeof(double)),
                               .mean_influence = mem_new(all,
                                                         sizeof(double))};
}

void mbar_cells_free(struct mbar_cells *cells)
{
    free(cells->ln_z);
    free(cells->mean);
    free(cells->n_eff);
    free(cells->stretches);
    free(cells->ln_z_influence);
    free(cells->mean_influence);
}

/* ln w of each point; the largest of each cell. */
static double *logarithms(const struct mbar *m, const struct mbar_cells_of *of,
                          double *top)
{
    const struct mbar_points *points = m->points;
    double *ln_w = mem_new((size_t)points->count, sizeof *ln_w);
    for (int c = 0; c < of->cells; c++)
        top[c] = -INFINITY;
    for (int64_t n = 0; n < points->count; n++) {
        ln_w[n] = -m->ln_d[n];
        for (int k = 0; k < points->components; k++)
            ln_w[n] -= of->lambda[k] * points->u[n * points->components + k];
        if (of->cell[n] >= 0)
            top[of->cell[n]] = fmax(top[of->cell[n]], ln_w[n]);
    }
    return ln_w;
}

/* Means start from the first point's a, to keep digits. */
static void find_means(const struct mbar *m, const struct mbar_cells_of *of,
                       const double *w, double *mean)
{
    double *base = mem_new((size_t)of->cells, sizeof *base);
    bool *met = mem_new((size_t)of->cells, sizeof *met);
    memset(mean, 0, (size_t)of->cells * sizeof *mean);
    for (int64_t n = 0; n < m->points->count; n++) {
        int c = of->cell[n];
        if (c < 0)
            continue;
        if (!met[c])
            base[c] = of->a[n];
        met[c] = true;
        mean[c] += m->points->weight[n] * w[n] * (of->a[n] - base[c]);
    }
    for (int c = 0; c < of->cells; c++)
        mean[c] += base[c];
    free(base);
    free(met);
}

/* ln_w becomes w, a share of its cell that adds up to 1; ln_z, n_eff, mean. */
static void share_out(const struct mbar *m, const struct mbar_cells_of *of,
                      const double *top, double *w,
                      const struct mbar_cells *out)
{
    const struct mbar_points *points = m->points;
    double *sum = mem_new((size_t)of->cells, sizeof *sum);
    double *square = mem_new((size_t)of->cells, sizeof *square);
    for (int64_t n = 0; n < points->count; n++) {
        int c = of->cell[n];
        w[n] = c < 0 ? 0 : exp(w[n] - top[c]);
        if (c < 0)
            continue;
        sum[c] += points->weight[n] * w[n];
        square[c] += points->weight[n] * w[n] * w[n];
    }
    for (int64_t n = 0; n < points->count; n++) {
        int c = of->cell[n];
        if (c >= 0)
            w[n] /= sum[c];
    }
    find_means(m, of, w, out->mean);
    for (int c = 0; c < of->cells; c++) {
        out->ln_z[c] = sum[c] > 0 ? top[c] + log(sum[c]) : -INFINITY;
        out->n_eff[c] = sum[c] > 0 ? sum[c] * sum[c] / square[c] : 0;
    }
    free(sum);
    free(square);
}

/* d ln_z_c / d ln Z_k = sum over the cell of w p_k, and that of the mean:
   [cells][rungs] each. */
struct slopes { double *ln_z, *mean; };

static struct slopes slopes_of(const struct mbar *m,
                               const struct mbar_cells_of *of,
                               const double *w, const double *mean)
{
    size_t room = (size_t)of->cells * (size_t)m->rungs;
    struct slopes s = {mem_new(room, sizeof(double)),
                       mem_new(room, sizeof(double))};
    for (int64_t n = 0; n < m->points->count; n++) {
        int c = of->cell[n];
        if (c < 0)
            continue;
        const double *p = m->p + m->start[n];
        int64_t at = (int64_t)c * m->rungs + m->first[n];
        double weight = m->points->weight[n] * w[n];
        for (int64_t i = 0; i < m->start[n + 1] - m->start[n]; i++) {
            s.ln_z[at + i] += weight * p[i];
            s.mean[at + i] += weight * p[i] * (of->a[n] - mean[c]);
        }
    }
    return s;
}

/* What a bin's own samples add, in units of the whole; then what the bin does
   to all weights. */
static void bin_influence(const struct mbar *m, const struct mbar_cells_of *of,
                          int64_t bin, int64_t b, const double *w,
                          const double *phi, const struct slopes *slopes,
                          const struct mbar_cells *out)
{
    const struct mbar_points *points = m->points;
    double scale = (double)points->rows / (double)bin;
    double *ln_z = out->ln_z_influence + b * of->cells;
    double *mean = out->mean_influence + b * of->cells;
    int64_t per_bin = bin * points->per_row;
    memset(ln_z, 0, (size_t)of->cells * sizeof *ln_z);
    memset(mean, 0, (size_t)of->cells * sizeof *mean);
    for (int64_t s = b * per_bin; s < (b + 1) * per_bin; s++) {
        int32_t n = points->index[s];
        int c = of->cell[n];
        if (c < 0)
            continue;
        ln_z[c] += scale * w[n];
        mean[c] += scale * w[n] * (of->a[n] - out->mean[c]);
    }
    for (int64_t c = 0, at = 0; c < of->cells; c++)
        for (int k = 0; k < m->rungs; k++, at++) {
            ln_z[c] += slopes->ln_z[at] * phi[b * m->rungs + k];
            mean[c] += slopes->mean[at] * phi[b * m->rungs + k];
        }
}

static void count_stretches(const struct mbar *m,
                            const struct mbar_cells_of *of, const double *w,
                            double *stretches)
{
    const struct mbar_points *points = m->points;
    int64_t samples = points->rows * points->per_row;
    size_t cells = (size_t)of->cells;
    double *part = mem_new(cells * STRETCHES, sizeof *part);
    for (int64_t s = 0; s < samples; s++) {
        int32_t n = points->index[s];
        if (of->cell[n] >= 0)
            part[s / points->per_row * STRETCHES / points->rows * of->cells +
                 of->cell[n]] += w[n];
    }
    for (int c = 0; c < of->cells; c++) {
        double sum = 0, square = 0;
        for (int i = 0; i < STRETCHES; i++) {
            double x = part[i * of->cells + c];
            sum += x;
            square += x * x;
        }
        stretches[c] = square > 0 ? sum * sum / square : 0;
    }
    free(part);
}

void mbar_cells(const struct mbar *m, const struct mbar_cells_of *of,
                int64_t bin, const double *ln_z, const struct mbar_cells *out)
{
    double *top = mem_new((size_t)of->cells, sizeof *top);
    double *w = logarithms(m, of, top);
    share_out(m, of, top, w, out);
    struct slopes slopes = slopes_of(m, of, w, out->mean);
    for (int64_t b = 0; b < m->points->rows / bin; b++)
        bin_influence(m, of, bin, b, w, ln_z, &slopes, out);
    count_stretches(m, of, w, out->stretches);
    free(slopes.ln_z);
    free(slopes.mean);
    free(top);
    free(w);
}

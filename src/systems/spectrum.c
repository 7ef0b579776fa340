#include "systems/spectrum.h"

#include <fftw3.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* A transform of one length between buffers of mem_new, which are aligned
   alike. */
struct transform {
    int length;
    fftw_plan forward, backward;
};

struct spectrum {
    struct lattice lattice;
    int64_t length;
    struct transform plain;  /* L */
    struct transform padded; /* open lattices: 2 L, no wrapping around */
};

static double *real_room(int length)
{
    return mem_new((size_t)length, sizeof(double));
}

static fftw_complex *mode_room(int length)
{
    return mem_new((size_t)length / 2 + 1, sizeof(fftw_complex));
}

static struct transform transform_new(int64_t length)
{
    struct transform t = {.length = (int)length};
    double *real = real_room(t.length);
    fftw_complex *mode = mode_room(t.length);
    t.forward = fftw_plan_dft_r2c_1d(t.length, real, mode, FFTW_ESTIMATE);
    t.backward = fftw_plan_dft_c2r_1d(t.length, mode, real, FFTW_ESTIMATE);
    free(real);
    free(mode);
    return t;
}

static void transform_free(struct transform *t)
{
    fftw_destroy_plan(t->forward);
    fftw_destroy_plan(t->backward);
}

struct spectrum *spectrum_new(const struct lattice *l)
{
    struct spectrum *s = mem_new(1, sizeof *s);
    s->lattice = *l;
    for (int a = 0; a < l->dim; a++)
        if (l->size[a] > s->length)
            s->length = l->size[a];
    s->plain = transform_new(s->length);
    s->padded = transform_new(l->periodic ? s->length : 2 * s->length);
    return s;
}

void spectrum_free(struct spectrum *s)
{
    if (!s)
        return;
    transform_free(&s->plain);
    transform_free(&s->padded);
    free(s);
}

int64_t spectrum_length(const struct spectrum *s)
{
    return s->length;
}

double spectrum_wave(const struct spectrum *s, int n)
{
    static const double pi = 3.141592653589793;
    return 2 * pi * n / (double)s->length;
}

int spectrum_modes(const struct spectrum *s)
{
    return (int)(s->length / 2 + 1);
}

int spectrum_distances(const struct spectrum *s)
{
    return s->lattice.periodic ? spectrum_modes(s) : (int)s->length;
}

/* ---- axes --------------------------------------------------------------- */

/* Sites site + n * stride, n < L, are a row along the axis; 0 for a shorter
   axis. */
static int64_t axis_stride(const struct spectrum *s, int axis)
{
    const struct lattice *l = &s->lattice;
    int64_t stride = 1;
    for (int a = axis + 1; a < l->dim; a++)
        stride *= l->size[a];
    return l->size[axis] == s->length ? stride : 0;
}

static int axes_of(const struct spectrum *s)
{
    int axes = 0;
    for (int a = 0; a < s->lattice.dim; a++)
        axes += axis_stride(s, a) > 0;
    return axes;
}

/* ---- power -------------------------------------------------------------- */

/* Sums over the planes across an axis. */
static void project(const struct spectrum *s, const int8_t *field,
                    int64_t stride, double *out)
{
    int64_t block = s->length * stride;
    memset(out, 0, (size_t)s->length * sizeof *out);
    for (int64_t base = 0; base < s->lattice.sites; base += block)
        for (int64_t x = 0; x < s->length; x++) {
            const int8_t *plane = field + base + x * stride;
            int64_t sum = 0;
            for (int64_t i = 0; i < stride; i++)
                sum += plane[i];
            out[x] += (double)sum;
        }
}

void spectrum_power(const struct spectrum *s, const int8_t *field,
                    double *out)
{
    double *real = real_room(s->plain.length);
    fftw_complex *mode = mode_room(s->plain.length);
    double count = (double)s->lattice.sites * axes_of(s);
    int modes = spectrum_modes(s);
    memset(out, 0, (size_t)modes * sizeof *out);
    for (int a = 0; a < s->lattice.dim; a++) {
        int64_t stride = axis_stride(s, a);
        if (!stride)
            continue;
        project(s, field, stride, real);
        fftw_execute_dft_r2c(s->plain.forward, real, mode);
        for (int n = 0; n < modes; n++)
            out[n] += mode[n][0] * mode[n][0] + mode[n][1] * mode[n][1];
    }
    for (int n = 0; n < modes; n++)
        out[n] /= count;
    free(real);
    free(mode);
}

/* ---- correlations ------------------------------------------------------- */

struct rows {
    const struct spectrum *spectrum;
    double *real;
    fftw_complex *mode, *power; /* power: summed over rows so far */
};

/* The row through `site`; what is beyond its end in an open one stays 0. */
static void add_row(struct rows *rows, const int8_t *field, int64_t site,
                    int64_t stride)
{
    const struct transform *t = &rows->spectrum->padded;
    for (int64_t x = 0; x < rows->spectrum->length; x++)
        rows->real[x] = field[site + x * stride];
    fftw_execute_dft_r2c(t->forward, rows->real, rows->mode);
    for (int n = 0; n < t->length / 2 + 1; n++)
        rows->power[n][0] += rows->mode[n][0] * rows->mode[n][0] +
                             rows->mode[n][1] * rows->mode[n][1];
}

void spectrum_correlation(const struct spectrum *s, const int8_t *field,
                          double *out)
{
    const struct transform *t = &s->padded;
    struct rows rows = {s, real_room(t->length), mode_room(t->length),
                        mode_room(t->length)};
    double pairs = (double)(s->lattice.sites / s->length * axes_of(s));
    for (int a = 0; a < s->lattice.dim; a++) {
        int64_t stride = axis_stride(s, a);
        for (int64_t site = 0; stride && site < s->lattice.sites; site++)
            if (site / stride % s->length == 0)
                add_row(&rows, field, site, stride);
    }
    fftw_execute_dft_c2r(t->backward, rows.power, rows.real);
    for (int r = 0; r < spectrum_distances(s); r++) {
        int64_t count = s->lattice.periodic ? s->length : s->length - r;
        out[r] = nearbyint(rows.real[r] / t->length) /
                 (pairs * (double)count);
    }
    free(rows.real);
    free(rows.mode);
    free(rows.power);
}

#include "systems/convolution.h"

#include <fftw3.h>
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"

struct convolution {
    int64_t sites, modes;
    double *J;                   /* [modes] transform: real, J is even */
    fftw_plan forward, backward; /* between buffers of mem_new */
};

struct buffers { double *real; fftw_complex *mode; };

static struct buffers buffers_new(const struct convolution *c)
{
    return (struct buffers){mem_new((size_t)c->sites, sizeof(double)),
                            mem_new((size_t)c->modes, sizeof(fftw_complex))};
}

static void buffers_free(struct buffers *b)
{
    free(b->real);
    free(b->mode);
}

struct convolution *convolution_new(const struct lattice *l, const int32_t *J)
{
    struct convolution *c = mem_new(1, sizeof *c);
    int size[LATTICE_DIM], last = l->dim - 1;
    for (int a = 0; a < l->dim; a++)
        size[a] = (int)l->size[a];
    c->sites = l->sites;
    c->modes = l->sites / l->size[last] * (l->size[last] / 2 + 1);
    c->J = mem_new((size_t)c->modes, sizeof *c->J);
    struct buffers b = buffers_new(c);
    c->forward = fftw_plan_dft_r2c(l->dim, size, b.real, b.mode,
                                   FFTW_ESTIMATE);
    c->backward = fftw_plan_dft_c2r(l->dim, size, b.mode, b.real,
                                    FFTW_ESTIMATE);
    for (int64_t i = 1; i < c->sites; i++)
        b.real[i] = J[i];
    b.real[0] = 0;
    fftw_execute_dft_r2c(c->forward, b.real, b.mode);
    for (int64_t k = 0; k < c->modes; k++)
        c->J[k] = b.mode[k][0] / (double)c->sites;
    buffers_free(&b);
    return c;
}

void convolution_free(struct convolution *c)
{
    if (!c)
        return;
    fftw_destroy_plan(c->forward);
    fftw_destroy_plan(c->backward);
    free(c->J);
    free(c);
}

void convolution_fields(const struct convolution *c, const int8_t *spin,
                        double *out)
{
    struct buffers b = buffers_new(c);
    for (int64_t i = 0; i < c->sites; i++)
        b.real[i] = spin[i];
    fftw_execute_dft_r2c(c->forward, b.real, b.mode);
    for (int64_t k = 0; k < c->modes; k++) {
        b.mode[k][0] *= c->J[k];
        b.mode[k][1] *= c->J[k];
    }
    fftw_execute_dft_c2r(c->backward, b.mode, b.real);
    for (int64_t i = 0; i < c->sites; i++)
        out[i] = nearbyint(b.real[i]);
    buffers_free(&b);
}

int64_t convolution_bonds(const struct convolution *c, const int8_t *spin)
{
    double *field = mem_new((size_t)c->sites, sizeof *field);
    int64_t sum = 0;
    convolution_fields(c, spin, field);
    for (int64_t i = 0; i < c->sites; i++)
        sum += spin[i] * (int64_t)field[i];
    free(field);
    return sum / 2;
}

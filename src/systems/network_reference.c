/* Plain loops in double, an example at a time: what the BLAS body must
   agree with. */
#include "systems/network.h"

#include <stdlib.h>

#include "base/alloc.h"

static double input(const struct network *n, const struct network_data *data,
                    int64_t row, int i)
{
    int64_t at = row * n->width[0] + i;
    return n->single ? ((const float *)data->x)[at]
                     : ((const double *)data->x)[at];
}

/* The numbers of all units, layer after layer, those of layer l from
   first[l]. */
struct units {
    int64_t *first;
    double *a, *d, *delta; /* phi(z), phi'(z), dL/dz */
};

static struct units units_new(const struct network *n)
{
    struct units u = {.first = mem_new((size_t)n->layers + 2, sizeof(int64_t))};
    for (int l = 0; l <= n->layers; l++)
        u.first[l + 1] = u.first[l] + n->width[l];
    size_t count = (size_t)u.first[n->layers + 1];
    u.a = mem_new(count, sizeof *u.a);
    u.d = mem_new(count, sizeof *u.d);
    u.delta = mem_new(count, sizeof *u.delta);
    return u;
}

static void units_release(struct units *u)
{
    free(u->first);
    free(u->a);
    free(u->d);
    free(u->delta);
}

static void forward(const struct network *n, const struct network_data *data,
                    int64_t row, const double *w, struct units *u)
{
    for (int i = 0; i < n->width[0]; i++)
        u->a[i] = input(n, data, row, i);
    for (int l = 1; l <= n->layers; l++) {
        struct network_block b = network_block(n, l);
        const double *from = u->a + u->first[l - 1];
        for (int j = 0; j < b.out; j++) {
            double z = n->bias ? w[b.biases + j] : 0, d[2] = {1, 0};
            for (int i = 0; i < b.in; i++)
                z += w[b.weights + (int64_t)j * b.in + i] * from[i];
            u->a[u->first[l] + j] =
                l < n->layers ? network_activation(n->activation, z, d) : z;
            u->d[u->first[l] + j] = d[0];
        }
    }
}

/* delta of the outputs is given; adds the example's gradient. */
static void backward(const struct network *n, const double *w,
                     struct units *u, double *gradient)
{
    for (int l = n->layers; l >= 1; l--) {
        struct network_block b = network_block(n, l);
        const double *a = u->a + u->first[l - 1], *d = u->d + u->first[l - 1];
        const double *delta = u->delta + u->first[l];
        double *below = u->delta + u->first[l - 1];
        for (int i = 0; i < b.in; i++)
            below[i] = 0;
        for (int j = 0; j < b.out; j++) {
            int64_t row = b.weights + (int64_t)j * b.in;
            for (int i = 0; i < b.in; i++) {
                gradient[row + i] += delta[j] * a[i];
                below[i] += delta[j] * w[row + i] * d[i];
            }
            if (n->bias)
                gradient[b.biases + j] += delta[j];
        }
    }
}

static int64_t row_of(const struct network_data *data, int64_t example)
{
    return data->index ? data->index[example] : example;
}

void network_reference_outputs(const struct network *n,
                               const struct network_data *data, int64_t row,
                               const double *w, double *f)
{
    struct units u = units_new(n);
    forward(n, data, row, w, &u);
    for (int k = 0; k < n->width[n->layers]; k++)
        f[k] = u.a[u.first[n->layers] + k];
    units_release(&u);
}

double network_reference_loss(const struct network *n,
                              const struct network_data *data,
                              const double *w, double *gradient)
{
    struct units u = units_new(n);
    double sum = 0;
    int64_t count = network_count(n), top = u.first[n->layers];
    for (int64_t i = 0; gradient && i < count; i++)
        gradient[i] = 0;
    for (int64_t e = 0; e < data->examples; e++) {
        int64_t row = row_of(data, e);
        forward(n, data, row, w, &u);
        sum += network_example(n, data, row, u.a + top,
                               gradient ? u.delta + top : NULL);
        if (gradient)
            backward(n, w, &u, gradient);
    }
    units_release(&u);
    double times = data->times > 0 ? data->times : 1;
    for (int64_t i = 0; gradient && i < count; i++)
        gradient[i] *= times;
    return times * sum;
}

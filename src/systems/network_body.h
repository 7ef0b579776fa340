/* Loss, gradient and Hessian product of chunks of examples by BLAS; included
   once per precision and instruction set, with NAMED(x) and the vectors of
   LANES numbers. Matrices are rows of examples. Losses of outputs, and the
   sums over chunks, are in double. */
#include <cblas.h>
#include <omp.h>
#include <string.h>

#include "systems/dropout.h"
#include "systems/network_maps.h"
#include "systems/network_parts.h"

/* A chunk at work. */
struct chunk {
    const struct network_work *work;
    const struct network_task *task;
    struct network_part *part;
    int64_t first; /* example */
    int rows;
    const real *x;
};

static const real *shared_at(const struct network_work *k, size_t at)
{
    return (const real *)k->shared + at;
}

static real *part_at(const struct chunk *c, size_t at)
{
    return (real *)c->part->memory + at;
}

/* W_l of w (which = 0) or of v (1) */
static const real *weights(const struct chunk *c, int which, int l)
{
    const struct network_work *k = c->work;
    int64_t at = k->layer[l].block.weights;
#if SINGLE
    return shared_at(k, k->weights[which]) + at;
#else
    return (which ? c->task->v : c->task->w) + at;
#endif
}

/* ---- matrices ---------------------------------------------------------- */

/* A matrix [rows][stride] of units. */
struct panel {
    real *at;
    int stride;
};

/* z (+)= a W' */
static void forward_product(const struct chunk *c, int l, int which,
                            struct panel a, real keep, struct panel z)
{
    struct network_block b = c->work->layer[l].block;
    const real *w = weights(c, which, l);
    if (b.out == 1)
        BLAS(gemv)(CblasRowMajor, CblasNoTrans, c->rows, b.in, 1, a.at,
                   a.stride, w, 1, keep, z.at, z.stride);
    else
        BLAS(gemm)(CblasRowMajor, CblasNoTrans, CblasTrans, c->rows, b.out,
                   b.in, 1, a.at, a.stride, w, b.in, keep, z.at, z.stride);
}

/* below (+)= delta W */
static void backward_product(const struct chunk *c, int l, int which,
                             struct panel delta, real keep,
                             struct panel below)
{
    struct network_block b = c->work->layer[l].block;
    BLAS(gemm)(CblasRowMajor, CblasNoTrans, CblasNoTrans, c->rows, b.in,
               b.out, 1, delta.at, delta.stride, weights(c, which, l), b.in,
               keep, below.at, below.stride);
}

/* the weights' gradient (+)= delta' a */
static void weight_gradient(const struct chunk *c, int l, struct panel delta,
                            struct panel a, real keep)
{
    struct network_block b = c->work->layer[l].block;
    real *g = part_at(c, c->work->gradient) + b.weights;
    if (b.out == 1)
        BLAS(gemv)(CblasRowMajor, CblasTrans, c->rows, b.in, 1, a.at,
                   a.stride, delta.at, delta.stride, keep, g, 1);
    else
        BLAS(gemm)(CblasRowMajor, CblasTrans, CblasNoTrans, b.out, b.in,
                   c->rows, 1, delta.at, delta.stride, a.at, a.stride, keep,
                   g, b.in);
}

/* ---- forward ----------------------------------------------------------- */

/* a_l, l = 0: the inputs */
static struct panel units(const struct chunk *c, int l)
{
    const struct network_places *p = &c->work->layer[l];
    if (l == 0) /* read only */
        return (struct panel){(real *)c->x, c->work->network->width[0]};
    return (struct panel){part_at(c, p->a), p->stride};
}

static struct panel tangents(const struct chunk *c, int l)
{
    const struct network_places *p = &c->work->layer[l];
    return (struct panel){part_at(c, p->ra), p->stride};
}

static void add_bias(const struct chunk *c, struct panel z, const real *bias)
{
    for (int e = 0; e < c->rows; e++)
        for (int k = 0; k < z.stride; k++)
            z.at[(int64_t)e * z.stride + k] += bias[k];
}

/* a and phi' of units that dropout keeps or leaves out. */
static void drop(const struct chunk *c, int l, int64_t first)
{
    const struct network_work *k = c->work;
    const struct network_places *p = &k->layer[l];
    double *times = c->part->times;
    for (int e = 0; e < c->rows; e++) {
        real *a = part_at(c, p->a) + (int64_t)e * p->stride;
        real *d = part_at(c, p->d) + (int64_t)e * p->stride;
        dropout_times(c->task->data->dropout, c->first + e, k->hidden, first,
                      p->stride, times);
        multiply(p->stride, times, a, c->task->gradient ? d : NULL);
    }
}

static void forward(const struct chunk *c)
{
    const struct network_work *k = c->work;
    const struct network *n = k->network;
    int64_t before = 0; /* hidden units */
    for (int l = 1; l <= n->layers; l++) {
        const struct network_places *p = &k->layer[l];
        struct panel z = units(c, l);
        const real *bias = shared_at(k, p->bias[0]);
        forward_product(c, l, 0, units(c, l - 1), 0, z);
        if (l == n->layers)
            add_bias(c, z, bias);
        else
            activate(n->activation, c->rows, p->stride, bias, z.at,
                            c->task->gradient ? part_at(c, p->d) : NULL);
        if (l < n->layers && c->task->data->dropout)
            drop(c, l, before);
        before += p->stride;
    }
}

/* a and R{a}; R{x} = 0 */
static void forward_tangent(const struct chunk *c)
{
    const struct network_work *k = c->work;
    const struct network *n = k->network;
    for (int l = 1; l <= n->layers; l++) {
        const struct network_places *p = &k->layer[l];
        struct panel a = units(c, l - 1), z = units(c, l);
        struct panel rz = tangents(c, l);
        const real *bias = shared_at(k, p->bias[0]);
        const real *rbias = shared_at(k, p->bias[1]);
        forward_product(c, l, 0, a, 0, z);
        forward_product(c, l, 1, a, 0, rz);
        if (l > 1)
            forward_product(c, l, 0, tangents(c, l - 1), 1, rz);
        if (l == n->layers) {
            add_bias(c, z, bias);
            add_bias(c, rz, rbias);
        } else {
            tangent(n->activation, c->rows, p->stride, bias, rbias,
                           z.at, part_at(c, p->d), rz.at,
                           part_at(c, p->bend));
        }
    }
}

/* ---- outputs ----------------------------------------------------------- */

static void load(int count, const real *from, double *to)
{
    for (int k = 0; k < count; k++)
        to[k] = from[k];
}

static void store(int64_t count, const double *restrict from,
                  real *restrict to)
{
    for (int64_t k = 0; k < count; k++)
        to[k] = (real)from[k];
}

/* Losses, and dL/df into delta (and R of it) where asked for. */
static void score(const struct chunk *c, real *delta, real *rdelta)
{
    const struct network_work *k = c->work;
    const struct network *n = k->network;
    const struct network_data *data = c->task->data;
    struct network_part *part = c->part;
    int outputs = k->outputs;
    const real *f = units(c, n->layers).at, *rf = tangents(c, n->layers).at;
    part->loss = 0;
    part->wrong = 0;
    for (int e = 0; e < c->rows; e++) {
        int64_t row = network_row(data, c->first + e);
        int64_t at = (int64_t)e * outputs;
        load(outputs, f + at, part->f);
        part->loss += network_example(n, data, row, part->f,
                                      delta ? part->g : NULL);
        if (delta)
            store(outputs, part->g, delta + at);
        if (rdelta) {
            load(outputs, rf + at, part->v);
            network_example_hessian(n, data, row, part->f, part->v, part->g);
            store(outputs, part->g, rdelta + at);
        }
        if (c->task->count_wrong)
            part->wrong += network_example_wrong(n, data, row, part->f);
        if (c->task->outputs)
            memcpy(c->task->outputs + (c->first + e) * outputs, part->f,
                   (size_t)outputs * sizeof *part->f);
    }
}

/* ---- backward ---------------------------------------------------------- */

/* sums over examples of the outputs' delta */
static void sum_outputs(const struct chunk *c, struct panel delta)
{
    real *sums = part_at(c, c->work->sums);
    for (int k = 0; k < delta.stride; k++)
        sums[k] = 0;
    for (int e = 0; e < c->rows; e++)
        for (int k = 0; k < delta.stride; k++)
            sums[k] += delta.at[(int64_t)e * delta.stride + k];
}

static void bias_gradient(const struct chunk *c, int l)
{
    struct network_block b = c->work->layer[l].block;
    if (c->work->network->bias)
        memcpy(part_at(c, c->work->gradient) + b.biases,
               part_at(c, c->work->sums), (size_t)b.out * sizeof(real));
}

static struct panel delta_of(const struct chunk *c, const size_t place[2],
                             int l)
{
    return (struct panel){part_at(c, place[l % 2]),
                          c->work->layer[l].stride};
}

static void backward(const struct chunk *c)
{
    const struct network_work *k = c->work;
    int top = k->network->layers;
    sum_outputs(c, delta_of(c, k->delta, top));
    for (int l = top; l >= 1; l--) {
        struct panel delta = delta_of(c, k->delta, l);
        weight_gradient(c, l, delta, units(c, l - 1), 0);
        bias_gradient(c, l);
        if (l == 1)
            return;
        const struct network_places *p = &k->layer[l - 1];
        struct panel below = delta_of(c, k->delta, l - 1);
        real *sums = part_at(c, k->sums);
        if (l == top && k->outputs == 1) {
            spread(c->rows, p->stride, part_at(c, p->d), delta.at,
                          shared_at(k, k->last), below.at, sums);
        } else {
            backward_product(c, l, 0, delta, 0, below);
            back(c->rows, p->stride, part_at(c, p->d), below.at, sums);
        }
    }
}

/* R of backward: delta and R{delta} go down together. */
static void backward_tangent(const struct chunk *c)
{
    const struct network_work *k = c->work;
    int top = k->network->layers;
    sum_outputs(c, delta_of(c, k->rdelta, top));
    for (int l = top; l >= 1; l--) {
        struct panel delta = delta_of(c, k->delta, l);
        struct panel rdelta = delta_of(c, k->rdelta, l);
        weight_gradient(c, l, rdelta, units(c, l - 1), 0);
        if (l > 1)
            weight_gradient(c, l, delta, tangents(c, l - 1), 1);
        bias_gradient(c, l);
        if (l == 1)
            return;
        const struct network_places *p = &k->layer[l - 1];
        struct panel below = delta_of(c, k->delta, l - 1);
        struct panel rbelow = delta_of(c, k->rdelta, l - 1);
        backward_product(c, l, 0, delta, 0, below);
        backward_product(c, l, 0, rdelta, 0, rbelow);
        backward_product(c, l, 1, delta, 1, rbelow);
        back_tangent(c->rows, p->stride, part_at(c, p->d),
                     part_at(c, p->bend), below.at, rbelow.at,
                     part_at(c, k->sums));
    }
}

/* ---- passes ------------------------------------------------------------ */

/* Rows of a list side by side. */
static const real *gather(const struct chunk *c)
{
    const struct network_data *data = c->task->data;
    int64_t inputs = c->work->network->width[0];
    const real *x = data->x;
    if (!data->index)
        return x + c->first * inputs;
    real *to = part_at(c, c->work->x);
    for (int e = 0; e < c->rows; e++)
        memcpy(to + e * inputs, x + data->index[c->first + e] * inputs,
               (size_t)inputs * sizeof *to);
    return to;
}

static void chunk_pass(struct chunk c)
{
    const struct network_work *k = c.work;
    int top = k->network->layers;
    real *delta = c.task->gradient ? delta_of(&c, k->delta, top).at : NULL;
    c.x = gather(&c);
    if (c.task->v) {
        forward_tangent(&c);
        score(&c, delta, delta_of(&c, k->rdelta, top).at);
        backward_tangent(&c);
        return;
    }
    forward(&c);
    score(&c, delta, NULL);
    if (delta)
        backward(&c);
}

/* Copies of w or v that all threads read. */
static void share(const struct network_work *k, int which, const double *w)
{
    real *shared = k->shared;
    if (SINGLE)
        store(k->count, w, shared + k->weights[which]);
    for (int l = 1; k->network->bias && l <= k->network->layers; l++)
        for (int j = 0; j < k->layer[l].block.out; j++)
            shared[k->layer[l].bias[which] + (size_t)j] =
                (real)w[k->layer[l].block.biases + j];
    struct network_block b = k->layer[k->network->layers].block;
    for (int i = 0; which == 0 && b.out == 1 && i < b.in; i++)
        shared[k->last + (size_t)i] = (real)w[b.weights + i];
}

static void add_gradient(int64_t count, double times, bool first,
                         const real *restrict from, double *restrict to)
{
    if (first)
        for (int64_t i = 0; i < count; i++)
            to[i] = times * (double)from[i];
    else
        for (int64_t i = 0; i < count; i++)
            to[i] += times * (double)from[i];
}

/* Adds what a chunk found; called in the order of the chunks. */
static double add(const struct chunk *c, struct network_task *task)
{
    double times = times_of(task->data);
    if (task->gradient)
        add_gradient(c->work->count, times, c->first == 0,
                     part_at(c, c->work->gradient), task->gradient);
    task->wrong += c->part->wrong;
    return times * c->part->loss;
}

double NAMED(pass)(struct network_work *k, struct network_task *task)
{
    double sum = 0;
    int64_t examples = task->data->examples;
    share(k, 0, task->w);
    if (task->v)
        share(k, 1, task->v);
    if (task->gradient && examples == 0)
        memset(task->gradient, 0, (size_t)k->count * sizeof(double));
#pragma omp parallel for ordered schedule(static, 1)                         \
    num_threads(k->threads) if (k->threads > 1)
    for (int64_t first = 0; first < examples; first += NETWORK_CHUNK) {
        int64_t left = examples - first;
        struct chunk c = {
            .work = k, .task = task, .part = &k->part[omp_get_thread_num()],
            .first = first,
            .rows = left < NETWORK_CHUNK ? (int)left : NETWORK_CHUNK};
        chunk_pass(c);
#pragma omp ordered
        sum += add(&c, task);
    }
    return sum;
}

/* The BLAS body's memory, and its calls in either precision. */
#include <assert.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/rng_x86.h" /* HAVE_X86_BODIES */
#include "systems/network_parts.h"

/* Absent where another BLAS is linked. */
extern void openblas_set_num_threads(int) __attribute__((weak));

/* ---- places ------------------------------------------------------------ */

/* the next `count` numbers, from a whole line of memory on */
static size_t take(size_t *size, int64_t count)
{
    size_t at = *size;
    *size += ((size_t)count + NETWORK_PAD - 1) / NETWORK_PAD * NETWORK_PAD;
    return at;
}

static void place_shared(struct network_work *k)
{
    const struct network *n = k->network;
    size_t *size = &k->shared_size;
    for (int which = 0; which < (k->hessian ? 2 : 1); which++) {
        k->weights[which] = take(size, n->single ? k->count : 0);
        for (int l = 1; l <= n->layers; l++)
            k->layer[l].bias[which] = take(size, k->layer[l].stride);
    }
    k->last = take(size, k->layer[n->layers].block.in);
}

/* the longest row of units */
static int widest(const struct network_work *k)
{
    int most = 0;
    for (int l = 1; l <= k->network->layers; l++)
        most = k->layer[l].stride > most ? k->layer[l].stride : most;
    return most;
}

static void place_part(struct network_work *k)
{
    const struct network *n = k->network;
    size_t *size = &k->part_size;
    int most = k->widest;
    k->x = take(size, (int64_t)NETWORK_CHUNK * n->width[0]);
    k->gradient = take(size, k->count);
    k->sums = take(size, most);
    for (int i = 0; i < 2; i++) {
        k->delta[i] = take(size, (int64_t)NETWORK_CHUNK * most);
        k->rdelta[i] = take(size, k->hessian ? NETWORK_CHUNK * most : 0);
    }
    for (int l = 1; l <= n->layers; l++) {
        struct network_places *p = &k->layer[l];
        int64_t units = (int64_t)NETWORK_CHUNK * p->stride;
        p->a = take(size, units);
        p->d = take(size, l < n->layers ? units : 0);
        p->ra = take(size, k->hessian ? units : 0);
        p->bend = take(size, k->hessian && l < n->layers ? units : 0);
    }
}

/* All but the memory itself. */
static struct network_work planned(const struct network *n, int threads,
                                   bool hessian)
{
    struct network_work k = {.network = n, .threads = threads,
                             .outputs = n->width[n->layers],
                             .hessian = hessian, .count = network_count(n)};
    k.layer = mem_new((size_t)n->layers + 1, sizeof *k.layer);
    for (int l = 1; l <= n->layers; l++) {
        int out = n->width[l], pad = NETWORK_PAD;
        k.layer[l].block = network_block(n, l);
        k.layer[l].stride = l < n->layers ? (out + pad - 1) / pad * pad : out;
        k.hidden += l < n->layers ? k.layer[l].stride : 0;
    }
    k.widest = widest(&k);
    place_shared(&k);
    place_part(&k);
    return k;
}

static size_t number_size(const struct network *n)
{
    return n->single ? sizeof(float) : sizeof(double);
}

size_t network_work_bytes(const struct network *n, int threads, bool hessian)
{
    struct network_work k = planned(n, threads, hessian);
    free(k.layer);
    size_t part = k.part_size * number_size(n) +
                  (size_t)(3 * k.outputs + k.widest) * sizeof(double) +
                  sizeof *k.part;
    return sizeof k + ((size_t)n->layers + 1) * sizeof *k.layer +
           k.shared_size * number_size(n) + (size_t)threads * part;
}

struct network_work *network_work_new(const struct network *n, int threads,
                                      bool hessian)
{
    assert(threads >= 1);
    struct network_work *k = mem_new(1, sizeof *k);
    *k = planned(n, threads, hessian);
    k->shared = mem_new(k->shared_size, number_size(n));
    k->part = mem_new((size_t)threads, sizeof *k->part);
    for (int t = 0; t < threads; t++) {
        struct network_part *part = &k->part[t];
        part->memory = mem_new(k->part_size, number_size(n));
        part->f = mem_new((size_t)(3 * k->outputs + k->widest),
                          sizeof *part->f);
        part->g = part->f + k->outputs;
        part->v = part->g + k->outputs;
        part->times = part->v + k->outputs;
    }
#if HAVE_X86_BODIES
    k->avx2 = __builtin_cpu_supports("avx2");
#endif
    if (openblas_set_num_threads)
        openblas_set_num_threads(1);
    return k;
}

void network_work_free(struct network_work *k)
{
    for (int t = 0; k && t < k->threads; t++) {
        free(k->part[t].memory);
        free(k->part[t].f);
    }
    if (k) {
        free(k->part);
        free(k->shared);
        free(k->layer);
    }
    free(k);
}

/* ---- passes ------------------------------------------------------------ */

static double pass(struct network_work *k, struct network_task *task)
{
    bool single = k->network->single;
#if HAVE_X86_BODIES
    if (k->avx2)
        return single ? network_single_avx2_pass(k, task)
                      : network_double_avx2_pass(k, task);
#endif
    return single ? network_single_plain_pass(k, task)
                  : network_double_plain_pass(k, task);
}

double network_loss(struct network_work *k, const struct network_data *data,
                    const double *w, double *gradient)
{
    struct network_task task = {.data = data, .w = w, .gradient = gradient};
    return pass(k, &task);
}

double network_score(struct network_work *k, const struct network_data *data,
                     const double *w, int64_t *wrong, double *outputs)
{
    struct network_task task = {.data = data, .w = w, .outputs = outputs,
                                .count_wrong = wrong != NULL};
    double loss = pass(k, &task);
    if (wrong)
        *wrong = task.wrong;
    return loss;
}

void network_hessian(struct network_work *k, const struct network_data *data,
                     const double *w, const double *v, double *out)
{
    assert(k->hessian);
    struct network_task task = {.data = data, .w = w, .v = v,
                                .gradient = out};
    pass(k, &task);
}

#include "core/hessian.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/crc.h"

#define TOLERANCE 1e-4

const char *hessian_refuses(const struct system *system)
{
    const struct grad *grad = model_grad(system->model, system->keys);
    if (!grad || !grad->hessian)
        return "the model has no second derivatives";
    if (grad->sphere && grad->sphere(system))
        return "there are no second derivatives on spheres";
    if (grad->count(system) > HESSIAN_WEIGHTS_MOST)
        return "the Hessian of more than 1000000 weights takes too much "
               "memory";
    return NULL;
}

static void times(void *context, const double *v, double *out)
{
    const struct hessian *h = context;
    h->system->model->grad->hessian(h->system, &h->at, v, out);
}

struct hessian *hessian_new(const struct system *system, int sample,
                            const void *state)
{
    const struct grad *grad = system->model->grad;
    struct hessian *h = mem_new(1, sizeof *h);
    size_t bytes = grad->work ? grad->work(system) : 0;
    int64_t count = grad->count(system);
    h->system = system;
    h->x = mem_new((size_t)count, sizeof *h->x);
    if (grad->get)
        grad->get(system, state, h->x);
    else
        memcpy(h->x, state, (size_t)count * sizeof *h->x);
    h->at = (struct grad_at){.sample = sample, .x = h->x,
                             .work = bytes ? mem_new(1, bytes) : NULL};
    h->matrix = (struct symmetric){count, times, h};
    return h;
}

void hessian_free(struct hessian *h)
{
    free(h->at.work);
    free(h->x);
    free(h);
}

int hessian_top_size(const struct system *system)
{
    int64_t count = system->model->grad->count(system);
    return count < HESSIAN_TOP ? (int)count : HESSIAN_TOP;
}

static void top_of_few(const struct hessian *h, int top, double *out)
{
    double value[HESSIAN_DENSE];
    symmetric_spectrum(&h->matrix, value);
    for (int i = 0; i < top; i++)
        out[i] = value[h->matrix.size - 1 - i];
}

void hessian_top(const struct system *system, int sample, const void *state,
                 double *out)
{
    struct hessian *h = hessian_new(system, sample, state);
    struct lanczos_wanted wanted = {.top = hessian_top_size(system),
                                    .tolerance = TOLERANCE, .seed = 1,
                                    .steps = HESSIAN_STEPS};
    struct ritz ritz[HESSIAN_TOP];
    int steps;
    if (h->matrix.size <= HESSIAN_DENSE) {
        top_of_few(h, wanted.top, out);
    } else {
        lanczos_ends(&h->matrix, &wanted, ritz, NULL, &steps);
        for (int i = 0; i < wanted.top; i++)
            out[i] = ritz[i].value;
    }
    hessian_free(h);
}

void hessian_trace(const struct system *system, int sample,
                   const void *state, double *out)
{
    struct hessian *h = hessian_new(system, sample, state);
    uint64_t seed = crc64(0, state, system->state_bytes);
    *out = hutchinson(&h->matrix, seed, HESSIAN_PROBES, NULL) /
           (double)h->matrix.size;
    hessian_free(h);
}

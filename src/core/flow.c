#include "core/flow.h"

#include <math.h>
#include <string.h>

#include "base/loops.h"
#include "base/math.h"
#include "core/minibatch.h"
#include "core/sphere.h"

enum { FLOW_ARRAYS = 4 };

/* Numbers of an array, so that each starts on a cache line. */
static size_t room(const struct system *system)
{
    return (size_t)(system->model->grad->count(system) + 7) / 8 * 8;
}

size_t flow_work(const struct system *system)
{
    const struct grad *grad = system->model->grad;
    return FLOW_ARRAYS * room(system) * sizeof(double) +
           (grad->work ? grad->work(system) : 0);
}

static double dot(const double *a, const double *b, int64_t count)
{
    double sum = 0;
    for (int64_t i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

/* Vectors are not quite of their length: rounding. */
void flow_normalise(const struct flow *flow)
{
    for (int64_t i = 0; flow->sphere && i < flow->count; i += flow->sphere)
        sphere_scale(flow->x + i, flow->sphere, flow->radius);
}

static struct flow arrays(const struct sweep *sweep)
{
    const struct system *system = sweep->system;
    const struct grad *grad = system->model->grad;
    size_t one = room(system);
    double *array = sweep->work;
    return (struct flow){
        .sweep = sweep, .grad = grad, .count = grad->count(system),
        .sphere = grad->sphere ? grad->sphere(system) : 0,
        .radius = grad->radius ? grad->radius(system) : 1,
        .x = array, .p = array + one, .g = array + 2 * one,
        .x0 = array + 3 * one, .work = array + FLOW_ARRAYS * one};
}

struct flow flow_begin(const struct sweep *sweep)
{
    struct flow flow = arrays(sweep);
    if (flow.grad->get)
        flow.grad->get(sweep->system, sweep->state, flow.x);
    else
        memcpy(flow.x, sweep->state, (size_t)flow.count * sizeof *flow.x);
    flow_normalise(&flow);
    return flow;
}

struct flow flow_begin_here(const struct sweep *sweep)
{
    struct flow flow = arrays(sweep);
    if (flow.grad->get || flow.sphere)
        return flow_begin(sweep);
    flow.x = sweep->state;
    return flow;
}

void flow_end(const struct flow *flow)
{
    const struct sweep *sweep = flow->sweep;
    if (flow->grad->set)
        flow->grad->set(sweep->system, sweep->state, flow->x);
    else if (flow->x != sweep->state)
        memcpy(sweep->state, flow->x, (size_t)flow->count * sizeof *flow->x);
}

static double phi_of(struct flow *flow, const int64_t *batch, int size)
{
    const struct sweep *sweep = flow->sweep;
    struct grad_at at = {.sample = sweep->sample, .x = flow->x,
                         .lambda = sweep->rung->lambda, .work = flow->work,
                         .batch = batch, .batch_size = size,
                         .bare = flow->bare, .dropout = flow->dropout};
    return flow->grad->phi(sweep->system, &at, flow->g);
}

double flow_phi(struct flow *flow) { return phi_of(flow, NULL, 0); }

int64_t flow_examples(const struct system *system)
{
    const struct grad *grad = system->model->grad;
    return grad->examples ? grad->examples(system) : 0;
}

const char *flow_no_examples(const struct system *system)
{
    return flow_examples(system) ? NULL : "its loss is no sum over examples";
}

/* The examples chosen lie behind the flow. */
size_t flow_batch_work(const struct system *system)
{
    size_t chosen = (size_t)(flow_examples(system) + 7) / 8 * 8;
    return flow_work(system) + chosen * sizeof(int64_t);
}

double flow_phi_batch(struct flow *flow, int size)
{
    const struct sweep *s = flow->sweep;
    int64_t *chosen = (int64_t *)(void *)((char *)s->work +
                                          flow_work(s->system));
    minibatch_choose(&s->draws, flow_examples(s->system), size, chosen);
    return phi_of(flow, chosen, size);
}

static void make_tangent(const struct flow *flow, double *v)
{
    for (int64_t i = 0; flow->sphere && i < flow->count; i += flow->sphere)
        sphere_tangent(flow->x + i, v + i, flow->sphere);
}

void flow_normals(const struct flow *flow, int number, double *out)
{
    int64_t first = number * ((flow->count + 3) / 4 * 4);
    draws_normals(&flow->sweep->draws, RNG_NOISE, first, flow->count, out);
    make_tangent(flow, out);
}

void flow_kick(struct flow *flow, double h)
{
    for (int64_t i = 0; i < flow->count; i++)
        flow->p[i] -= h * flow->g[i];
}

/* x and p of one vector of length r along its great circle. */
static void turn(double *x, double *p, int64_t n, double r, double h)
{
    double speed = sqrt(dot(p, p, n)), angle = h * speed / r;
    double c = cos(angle), s = sin(angle), square = 0;
    if (!(speed > 0))
        return;
    for (int64_t k = 0; k < n; k++) {
        double old = x[k];
        x[k] = c * old + s * r / speed * p[k];
        p[k] = c * p[k] - s * speed / r * old;
        square += x[k] * x[k];
    }
    for (int64_t k = 0; k < n; k++) /* rounding does not pile up */
        x[k] = x[k] / sqrt(square) * r;
}

void flow_drift(struct flow *flow, double h)
{
    if (flow->sphere)
        for (int64_t i = 0; i < flow->count; i += flow->sphere)
            turn(flow->x + i, flow->p + i, flow->sphere, flow->radius,
                 h);
    else
        for (int64_t i = 0; i < flow->count; i++)
            flow->x[i] += h * flow->p[i];
    if (flow->grad->fold)
        flow->grad->fold(flow->sweep->system, flow->x, flow->p);
}

/* Numbers whose noise is made, and used, while in the cache. */
enum { TOGETHER = 512 };

static double euler_flat(struct flow *flow, double h, bool noisy)
{
    const struct loops *loops = loops_best();
    double s = noisy ? sqrt(2 * h) : 0, square = 0;
    for (int64_t i = 0; i < flow->count; i += TOGETHER) {
        int64_t left = flow->count - i;
        int64_t count = left < TOGETHER ? left : TOGETHER;
        double *p = flow->p + i;
        if (noisy)
            draws_normals(&flow->sweep->draws, RNG_NOISE, i, count, p);
        else
            memset(p, 0, (size_t)count * sizeof *p);
        square += loops->euler(s, h, flow->g + i, p, flow->x + i, count);
    }
    return square;
}

double flow_euler(struct flow *flow, double h, bool noisy)
{
    double square;
    if (flow->sphere) {
        flow_normals(flow, 0, flow->p);
        square = loops_best()->euler(noisy ? sqrt(2 * h) : 0, h, flow->g,
                                     flow->p, NULL, flow->count);
        flow_drift(flow, 1);
        return square;
    }
    square = euler_flat(flow, h, noisy);
    if (flow->grad->fold)
        flow->grad->fold(flow->sweep->system, flow->x, flow->p);
    return square;
}

double flow_kinetic(const struct flow *flow)
{
    return loops_best()->dot(flow->p, flow->p, flow->count) / 2;
}

bool flow_accept(const struct flow *flow, double x)
{
    const struct sweep *s = flow->sweep;
    bool accept = x <= 0 || (x < 745 && draws_below(&s->draws, RNG_UPDATE, 0,
                                                    num_exp(-x)));
    if (s->success) {
        s->success->tries++;
        s->success->hits += accept;
    }
    return accept;
}

double flow_step(const struct sweep *s, double power)
{
    double step = s->keys ? section_real(s->keys, "step", 0) : 0;
    return step > 0 ? step / pow(fabs(s->rung->lambda[0]), power)
                    : s->rung->step;
}

bool flow_tuning(const struct sweep *s)
{
    return s->tunes && s->rung->step > 0;
}

/* Of curvatures of order 1; tuning mends it. */
#define FIRST_STEP 0.2

double flow_first_step(const struct system *system,
                       const struct section *keys)
{
    (void)system;
    return section_real(keys, "step", 0) > 0 ? 0 : FIRST_STEP;
}

double flow_tune(const struct system *system, const struct section *keys,
                 double step, int64_t tries, int64_t hits)
{
    double target = section_real(keys, "accept", 0.5);
    (void)system;
    double rate = ((double)hits + 0.5) / ((double)tries + 1);
    double factor = num_log(target) / num_log(rate < 0.99 ? rate : 0.99);
    factor = sqrt(factor);
    return step * (factor > 4 ? 4 : factor < 0.25 ? 0.25 : factor);
}

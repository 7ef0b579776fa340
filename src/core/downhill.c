#include "core/downhill.h"

#include <math.h>
#include <string.h>

#include "core/minibatch.h"

static int64_t examples_of(const struct system *system)
{
    const struct grad *grad = system->model->grad;
    return grad->examples ? grad->examples(system) : 0;
}

const char *downhill_no_examples(const struct system *system)
{
    return examples_of(system) ? NULL : "its loss is no sum over examples";
}

size_t downhill_work(const struct system *system)
{
    size_t chosen = (size_t)(examples_of(system) + 7) / 8 * 8;
    return flow_work(system) + chosen * sizeof(int64_t);
}

static bool with_prior(const struct sweep *s)
{
    return s->keys && *(const bool *)section_value(s->keys, "prior") &&
           s->rung->lambda[0] > 0;
}

void downhill_begin(struct downhill *d, const struct sweep *s)
{
    double first = s->rung->lambda[0];
    bool prior = with_prior(s);
    d->sweep = *s;
    d->rung = *s->rung;
    d->sweep.rung = &d->rung;
    d->scale = prior ? 1 / first : 1;
    for (int k = 0; k < s->system->components && !prior; k++)
        d->rung.lambda[k] = first != 0 ? s->rung->lambda[k] / first : k == 0;
    d->flow = flow_begin(&d->sweep);
    d->flow.bare = !prior;
}

void downhill_end(struct downhill *d)
{
    flow_normalise(&d->flow);
    flow_end(&d->flow);
}

static double scaled(struct downhill *d, double phi)
{
    for (int64_t i = 0; i < d->flow.count && d->scale != 1; i++)
        d->flow.g[i] *= d->scale;
    return d->scale * phi;
}

double downhill_f(struct downhill *d)
{
    return scaled(d, flow_phi(&d->flow));
}

double downhill_estimate(struct downhill *d, int64_t batch)
{
    const struct sweep *s = &d->sweep;
    int64_t examples = examples_of(s->system);
    int64_t *chosen = (int64_t *)(void *)((char *)s->work +
                                          flow_work(s->system));
    if (batch == 0 || batch >= examples)
        return downhill_f(d);
    minibatch_choose(&s->draws, examples, (int)batch, chosen);
    return scaled(d, flow_phi_batch(&d->flow, chosen, (int)batch));
}

/* Of one vector of y. */
static double length_of(const double *y, int64_t n)
{
    double square = 0;
    for (int64_t k = 0; k < n; k++)
        square += y[k] * y[k];
    return sqrt(square);
}

double downhill_at(struct downhill *d, const double *y, double *gradient)
{
    struct flow *flow = &d->flow;
    size_t bytes = (size_t)flow->count * sizeof *y;
    memcpy(flow->x, y, bytes);
    flow_normalise(flow);
    double f = downhill_f(d);
    memcpy(gradient, flow->g, bytes);
    for (int64_t i = 0; flow->sphere && i < flow->count; i += flow->sphere) {
        double length = length_of(y + i, flow->sphere);
        for (int64_t k = 0; k < flow->sphere; k++)
            gradient[i + k] = gradient[i + k] / length * flow->radius;
    }
    return f;
}

double downhill_slope(const struct downhill *d)
{
    double square = 0;
    for (int64_t i = 0; i < d->flow.count; i++)
        square += d->flow.g[i] * d->flow.g[i];
    return sqrt(square);
}

#include "core/downhill.h"

#include <math.h>
#include <string.h>

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
    if (batch == 0 || batch >= flow_examples(d->sweep.system))
        return downhill_f(d);
    return scaled(d, flow_phi_batch(&d->flow, (int)batch));
}

static double length_of(const double *y, int64_t n)
{
    double square = 0;
    for (int64_t k = 0; k < n; k++)
        square += y[k] * y[k];
    return sqrt(square);
}

double downhill_value(struct downhill *d, const double *y)
{
    memcpy(d->flow.x, y, (size_t)d->flow.count * sizeof *y);
    flow_normalise(&d->flow);
    return downhill_f(d);
}

double downhill_at(struct downhill *d, const double *y, double *gradient)
{
    const struct flow *flow = &d->flow;
    double f = downhill_value(d, y);
    memcpy(gradient, flow->g, (size_t)flow->count * sizeof *y);
    for (int64_t i = 0; flow->sphere && i < flow->count; i += flow->sphere) {
        double length = length_of(y + i, flow->sphere);
        for (int64_t k = 0; k < flow->sphere; k++)
            gradient[i + k] = gradient[i + k] / length * flow->radius;
    }
    return f;
}

double downhill_slope(const struct downhill *d)
{
    return length_of(d->flow.g, d->flow.count);
}

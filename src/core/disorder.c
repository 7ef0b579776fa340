#include "core/disorder.h"

#include <math.h>

#include "base/math.h"

struct disorder disorder_of(const struct system *system, int sample)
{
    return (struct disorder){.seed = system->seed,
                             .sample = system->first_sample + sample};
}

static struct rng_quad quad_at(const struct disorder *d, uint32_t number,
                               uint32_t attempt)
{
    return rng_philox(d->seed, RNG_DISORDER, (uint32_t)d->sample,
                      (uint32_t)((uint64_t)d->sample >> 32), number, attempt);
}

struct rng_quad disorder_quad(struct disorder *d)
{
    return quad_at(d, d->next++, 0);
}

void disorder_signs(struct disorder *d, double *value, int64_t count,
                    double p)
{
    for (int64_t i = 0; i < count; i += 2) {
        struct rng_quad q = disorder_quad(d);
        value[i] = rng_unit(q.v[0], q.v[1]) < p ? 1 : -1;
        if (i + 1 < count)
            value[i + 1] = rng_unit(q.v[2], q.v[3]) < p ? 1 : -1;
    }
}

/* Two independent normal numbers, or false: to be tried again. */
static bool polar(struct rng_quad q, double out[2])
{
    double x = 2 * rng_unit(q.v[0], q.v[1]) - 1;
    double y = 2 * rng_unit(q.v[2], q.v[3]) - 1;
    double s = x * x + y * y;
    if (s >= 1 || s == 0)
        return false;
    double scale = sqrt(-2 * num_log(s) / s);
    out[0] = scale * x;
    out[1] = scale * y;
    return true;
}

void disorder_normal(struct disorder *d, double *value, int64_t count,
                     double mean)
{
    for (int64_t i = 0; i < count; i += 2) {
        double two[2];
        while (!polar(disorder_quad(d), two))
            ;
        value[i] = mean + two[0];
        if (i + 1 < count)
            value[i + 1] = mean + two[1];
    }
}

double disorder_normal_at(const struct disorder *d, uint32_t number)
{
    double two[2];
    for (uint32_t attempt = 0; !polar(quad_at(d, number / 2, attempt), two);)
        attempt++;
    return two[number % 2];
}

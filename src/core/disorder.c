#include "core/disorder.h"

#include <math.h>

#include "base/math.h"

struct disorder disorder_of(const struct system *system, int sample)
{
    return (struct disorder){.seed = system->seed,
                             .sample = system->first_sample + sample};
}

struct rng_quad disorder_quad(struct disorder *d)
{
    return rng_philox(d->seed, RNG_DISORDER, (uint32_t)d->sample,
                      (uint32_t)((uint64_t)d->sample >> 32), d->next++, 0);
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

/* Two independent normal numbers. */
static void normal_pair(struct disorder *d, double out[2])
{
    double x, y, s;
    do {
        struct rng_quad q = disorder_quad(d);
        x = 2 * rng_unit(q.v[0], q.v[1]) - 1;
        y = 2 * rng_unit(q.v[2], q.v[3]) - 1;
        s = x * x + y * y;
    } while (s >= 1 || s == 0);
    double scale = sqrt(-2 * num_log(s) / s);
    out[0] = scale * x;
    out[1] = scale * y;
}

void disorder_normal(struct disorder *d, double *value, int64_t count,
                     double mean)
{
    for (int64_t i = 0; i < count; i += 2) {
        double two[2];
        normal_pair(d, two);
        value[i] = mean + two[0];
        if (i + 1 < count)
            value[i + 1] = mean + two[1];
    }
}

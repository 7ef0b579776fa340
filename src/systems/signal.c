#include "systems/signal.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/chance.h"

static struct chance at_step(uint64_t seed, int instance,
                             enum instance_step step)
{
    return chance_of(seed, RNG_INSTANCE,
                     (uint32_t)(instance * INSTANCE_STEPS + (int)step), 0);
}

double *signal_draw(struct signal_law law, uint64_t seed, int instance,
                    int64_t count)
{
    struct chance chance = at_step(seed, instance, INSTANCE_SIGNAL);
    double *x = mem_new((size_t)count, sizeof *x);
    for (int64_t i = 0; i < count; i++) {
        double u = chance_unit(&chance), z = chance_normal(&chance);
        double some = law.size > 0 && !law.one_sided ? copysign(law.size, z)
                      : law.size > 0                 ? law.size : z;
        x[i] = u < law.rho ? some : 0;
    }
    return x;
}

double *signal_noise(uint64_t seed, int instance, enum instance_step step,
                     int64_t count, double variance)
{
    struct chance chance = at_step(seed, instance, step);
    double *w = mem_new((size_t)count, sizeof *w), scale = sqrt(variance);
    chance_normals(&chance, count, w);
    for (int64_t i = 0; i < count; i++)
        w[i] *= scale;
    return w;
}

struct measured measured_new(struct signal_law law, uint64_t seed,
                             int instance, int64_t rows, int64_t columns,
                             double noise)
{
    struct measured m = {
        .A = normal_matrix_new(seed, instance, rows, columns),
        .truth = signal_draw(law, seed, instance, columns),
        .y = mem_new((size_t)rows, sizeof(double))};
    struct linear_map map = normal_matrix_map(&m.A);
    double *w = signal_noise(seed, instance, INSTANCE_NOISE, rows, noise);
    map.times(map.with, m.truth, m.y);
    for (int64_t i = 0; i < rows; i++)
        m.y[i] += w[i];
    free(w);
    return m;
}

void measured_free(struct measured *measured)
{
    normal_matrix_free(&measured->A);
    free(measured->truth);
    free(measured->y);
}

/* Observables that models of real weights share. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "core/weights.h"

static const struct weights *weights(const struct system *system)
{
    return system->own;
}

double weights_energy(const struct system *system, const double *statistics)
{
    double u[COMPONENTS_MAX];
    weights_u(system, statistics, u);
    return u[0] / (double)system->sites;
}

double weights_norm_2(const struct system *system, const double *statistics)
{
    return 2 * statistics[WEIGHTS_SQUARE] / (double)system->sites;
}

double weights_apart(const struct system *system, const double *statistics)
{
    return 2 * statistics[WEIGHTS_APART] / (double)system->sites;
}

const char *weights_refuse_apart(const struct system *system)
{
    return weights(system)->reference ? NULL : "model.reference is not given";
}

/* w . grad u_1 and |grad u_1|^2 */
static void slopes(const struct system *system, int sample, const double *w,
                   double out[2])
{
    const struct weights *own = weights(system);
    size_t bytes = own->work ? own->work(system) : 0;
    double *g = mem_new((size_t)own->count, sizeof *g);
    struct grad_at at = {.sample = sample, .x = w,
                         .work = bytes ? mem_new(1, bytes) : NULL};
    out[0] = out[1] = 0;
    own->loss(system, &at, g);
    for (int64_t i = 0; i < own->count; i++) {
        double slope = g[i] + own->l2 * w[i];
        out[0] += w[i] * slope;
        out[1] += slope * slope;
    }
    free(at.work);
    free(g);
}

void weights_virial(const struct system *system, int sample,
                    const void *state, double *out)
{
    double both[2];
    slopes(system, sample, state, both);
    *out = both[0] / (double)system->sites;
}

void weights_gradient_2(const struct system *system, int sample,
                        const void *state, double *out)
{
    double both[2];
    slopes(system, sample, state, both);
    *out = both[1] / (double)system->sites;
}

void weights_prior_virial(const struct system *system, int sample,
                          const void *state, double *out)
{
    const struct weights *own = weights(system);
    const double *w = state;
    double sum = 0;
    (void)sample;
    for (int64_t i = 0; i < own->count && own->scale; i++)
        sum += w[i] * w[i] / (own->scale[i] * own->scale[i]);
    *out = sum / (double)system->sites;
}

double weights_temperature(const struct system *system, const double *lambda,
                           const double *means)
{
    (void)system;
    (void)lambda;
    return means[0] / (1 - means[1]);
}

/* ---- learning coefficient ------------------------------------------------ */

const char *weights_refuse_baseline(const struct system *system)
{
    return weights(system)->reference ||
                   section_given(system->keys, "baseline")
               ? NULL : "neither model.reference nor model.baseline is given";
}

double weights_baseline(const struct system *system)
{
    double sum = 0;
    if (section_given(system->keys, "baseline"))
        return section_real(system->keys, "baseline", 0);
    for (int s = 0; s < system->samples; s++) {
        double statistics[WEIGHTS_STATISTICS], u[COMPONENTS_MAX];
        weights_measure(system, s, weights(system)->reference, statistics);
        weights_u(system, statistics, u);
        sum += u[0];
    }
    return sum / system->samples;
}

double weights_learning(const struct system *system, const double *lambda,
                        const double *means)
{
    return lambda[0] * (means[0] - weights_baseline(system));
}

double weights_learning_error(const struct system *system,
                              const double *lambda)
{
    return fabs(lambda[0]) * section_real(system->keys, "baseline_error", 0);
}

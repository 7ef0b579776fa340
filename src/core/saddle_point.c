#include "core/saddle_point.h"

#include <math.h>
#include <string.h>

static bool key_is(const struct system *system, const char *key,
                   const char *value)
{
    return !strcmp(section_text(system->keys, key, ""), value);
}

/* Examples an input, as they were drawn. */
static double alpha_of(const struct system *system)
{
    double n = (double)system->sites;
    int64_t examples = section_integer(system->keys, "examples", 0);
    if (!examples)
        examples = llrint(section_real(system->keys, "alpha", 0) * n);
    return (double)(examples ? examples : 1) / n;
}

struct saddle saddle_point_of(const struct system *system, double beta)
{
    return (struct saddle){
        .alpha = alpha_of(system), .beta = beta,
        .kappa = section_real(system->keys, "kappa", 0),
        .wrong = key_is(system, "labels", "random")
                     ? 0.5 : section_real(system->keys, "label_noise", 0),
        .sphere = key_is(system, "weights", "spherical")};
}

static double residual(const struct system *system, const double *lambda,
                       const double *means, int which)
{
    double out[2];
    struct saddle saddle = saddle_point_of(system, lambda[0]);
    if (system->components > 1 && lambda[1] != 0)
        return NAN;
    saddle_residual(&saddle, means[0], means[1], out);
    return out[which];
}

double saddle_point_R(const struct system *system, const double *lambda,
                      const double *means)
{
    return residual(system, lambda, means, 0);
}

double saddle_point_q(const struct system *system, const double *lambda,
                      const double *means)
{
    return residual(system, lambda, means, 1);
}

const char *saddle_point_refuses(const struct system *system)
{
    if (!key_is(system, "labels", "teacher"))
        return "the labels are no teacher's";
    if (!key_is(system, "loss", "step"))
        return "only the step loss counts errors";
    return key_is(system, "weights", "binary") ||
                   key_is(system, "weights", "spherical")
               ? NULL : "weights are neither binary nor on a sphere";
}

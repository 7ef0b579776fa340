#include "core/saddle_point.h"

#include <math.h>
#include <string.h>

#include "systems/patterns.h"

/* Examples an input, as they were drawn. */
static double alpha_of(const struct system *system)
{
    double n = (double)system->sites;
    int64_t examples = section_integer(system->keys, "examples", 0);
    if (!examples)
        examples = llrint(section_real(system->keys, "alpha", 0) * n);
    return (double)(examples ? examples : 1) / n;
}

/* Binary weights and inputs +-1: w.x has the parity of N, so that errors are
   w.x <= bar and none are w.x >= bar + 2. Half way lies the margin of normal
   fields that has the same chances but for terms of order 1/N; to take kappa
   itself would be off by up to 1/sqrt(N). */
static double margin_of(const struct system *system)
{
    double kappa = section_real(system->keys, "kappa", 0);
    if (!system->patterns || !section_is(system->keys, "inputs", "pm1"))
        return kappa;
    const struct margin *margin = &system->patterns->margin;
    int64_t bar = margin->bar - ((margin->bar ^ system->sites) & 1);
    return ((double)bar + 1) / margin->root;
}

struct saddle saddle_point_of(const struct system *system, double beta)
{
    return (struct saddle){
        .alpha = alpha_of(system), .beta = beta,
        .kappa = margin_of(system),
        .wrong = section_is(system->keys, "labels", "random")
                     ? 0.5 : section_real(system->keys, "label_noise", 0),
        .sphere = section_is(system->keys, "weights", "spherical")};
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
    if (!section_is(system->keys, "labels", "teacher"))
        return "the labels are no teacher's";
    if (!section_is(system->keys, "loss", "step"))
        return "only the step loss counts errors";
    return section_is(system->keys, "weights", "binary") ||
                   section_is(system->keys, "weights", "spherical")
               ? NULL : "weights are neither binary nor on a sphere";
}

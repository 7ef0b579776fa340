/* Over-relaxation: `reflections` times every site is mirrored in its
   neighbours' field, which leaves u alone and moves far; then one Metropolis
   attempt a site makes the chain ergodic. One sweep of the run is all of it. */
#include "core/continuous.h"

#define OVERRELAXATION_KEYS(KEY)                                             \
    KEY(integer, reflections, "3", 1, 1000, NULL, "", 0,                     \
        "reflections of every site before the Metropolis attempt; all one "  \
        "sweep")
PARAM_STRUCT(overrelaxation_keys, OVERRELAXATION_KEYS);
#define PARAM_ROW_overrelaxation_keys(...)                                   \
    PARAM_ROW(overrelaxation_keys, __VA_ARGS__)
PARAM_TABLE(static, overrelaxation_table, "dynamics", overrelaxation_keys,
            OVERRELAXATION_KEYS);

static int reflections(const struct section *keys)
{
    return keys ? (int)section_integer(keys, "reflections", 3) : 3;
}

static void sweep(const struct sweep *s)
{
    int count = s->rung->exact ? 0 : reflections(s->keys);
    for (int i = 0; i < count; i++)
        dynamics_visit_sites(s, continuous_reflect);
    dynamics_visit_sites(s, continuous_attempt);
}

static const struct continuous_rule continuous = {.reflections = reflections};

const struct dynamics dynamics_overrelaxation = {
    .name = "overrelaxation",
    .summary = "reflections in the local field, then one Metropolis attempt "
               "a site",
    .source = "Creutz, Phys. Rev. D 36, 515 (1987)",
    .exact = true,
    .needs = FACET_REFLECTION,
    .keys = &overrelaxation_table,
    .sweep = sweep,
    .first_step = continuous_first_step,
    .step = "half side of the proposals, in the model's measure",
    .tune = continuous_tune,
    .continuous = &continuous};

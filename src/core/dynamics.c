#include "core/dynamics.h"

#include <stdio.h>

#include "base/alloc.h"

void dynamics_visit_sites(const struct sweep *s,
                          void (*update)(const struct sweep *, int64_t site))
{
    const struct model *model = s->system->model;
    int (*colour_of)(const struct system *, int64_t) =
        model->local ? model->local->colour : model->continuous->colour;
    if (s->rung->exact) {
        model->draw(s->system, s->sample, &s->draws, RNG_FRESH, s->state);
        return;
    }
    for (int colour = 0; colour < s->system->colours; colour++)
        for (int64_t i = 0; i < s->system->sites; i++)
            if (!colour_of || colour_of(s->system, i) == colour)
                update(s, i);
}

const char *const facet_names[FACET_COUNT] = {
    "local", "grad", "bond", "continuous", "reflection"};

/* "local, bond": what stands between. */
static void list_facets(char *list, size_t size, unsigned facets,
                        const char *between)
{
    size_t used = 0;
    list[0] = 0;
    for (int f = 0; f < FACET_COUNT; f++)
        if (facets >> f & 1)
            used += (size_t)snprintf(list + used, size - used, "%s%s",
                                     used ? between : "", facet_names[f]);
}

static unsigned facets_of(const struct model *model)
{
    const struct continuous *c = model->continuous;
    return (model->local ? FACET_LOCAL : 0u) | (c ? FACET_CONTINUOUS : 0u) |
           (c && c->reflect ? FACET_REFLECTION : 0u);
}

char *dynamics_refusal(const struct dynamics *dynamics,
                       const struct model *model)
{
    char needs[64], offers[64];
    unsigned offered = facets_of(model);
    if (dynamics->needs & offered)
        return NULL;
    list_facets(needs, sizeof needs, dynamics->needs, " or ");
    list_facets(offers, sizeof offers, offered, ", ");
    return mem_text("dynamics %s needs facet %s; model %s offers %s",
                    dynamics->name, needs, model->name,
                    offers[0] ? offers : "none");
}

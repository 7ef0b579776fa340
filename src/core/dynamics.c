#include "core/dynamics.h"

#include <string.h>

#include "base/alloc.h"
#include "core/bonds.h"

void dynamics_visit_sites(const struct sweep *s,
                          void (*update)(const struct sweep *, int64_t site))
{
    const struct model *model = s->system->model;
    const struct local *local = model->local;
    if (s->rung->exact) {
        model->draw(s->system, s->sample, &s->draws, RNG_FRESH, s->state);
        return;
    }
    for (int colour = 0; colour < s->system->colours; colour++)
        for (int64_t i = 0; i < s->system->sites; i++)
            if (!local->colour || local->colour(s->system, i) == colour)
                update(s, i);
}

bool dynamics_lazy_stays(const struct sweep *s, int64_t number)
{
    return s->rung->lazy && draws_bit(&s->draws, RNG_LAZY, number, 0) &&
           draws_bit(&s->draws, RNG_LAZY, number, 1);
}

static void append(char *list, size_t size, bool has, const char *name)
{
    if (!has)
        return;
    if (list[0])
        strncat(list, ", ", size - strlen(list) - 1);
    strncat(list, name, size - strlen(list) - 1);
}

static void facet_names(char *list, size_t size, unsigned facets)
{
    list[0] = 0;
    append(list, size, facets & FACET_LOCAL, "local");
    append(list, size, facets & FACET_GRAD, "grad");
    append(list, size, facets & FACET_BOND, "bond");
}

/* Numbers of bonds and clusters address blocks of 32 bits. */
#define BONDS_MOST 0x1p30

static const char *bond_refusal(const struct model *model,
                                const struct section *keys,
                                const struct system *system)
{
    const char *why = model->bond->refuses
                          ? model->bond->refuses(keys, system) : NULL;
    if (!why && system && (double)bonds_limit(system) > BONDS_MOST)
        why = "so many bonds";
    return why;
}

char *dynamics_refusal(const struct dynamics *dynamics,
                       const struct model *model, const struct section *keys,
                       const struct system *system)
{
    char needs[64], offers[64];
    unsigned offered = (model->local ? FACET_LOCAL : 0) |
                       (model->bond ? FACET_BOND : 0);
    const char *why = NULL;
    if (dynamics->needs & offered & FACET_BOND)
        why = bond_refusal(model, keys, system);
    if (why)
        return mem_text("dynamics %s needs facet bond; model %s does not "
                        "offer it with %s", dynamics->name, model->name,
                        why);
    if (!(dynamics->needs & ~offered) && system && dynamics->refuses)
        why = dynamics->refuses(system);
    if (why)
        return mem_text("dynamics %s does not take this model %s: %s",
                        dynamics->name, model->name, why);
    if (!(dynamics->needs & ~offered))
        return NULL;
    facet_names(needs, sizeof needs, dynamics->needs & ~offered);
    facet_names(offers, sizeof offers, offered);
    return mem_text("dynamics %s needs facet %s; model %s offers %s",
                    dynamics->name, needs, model->name,
                    offers[0] ? offers : "none");
}

#include "core/dynamics.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "core/bonds.h"

void dynamics_visit_sites(const struct sweep *s,
                          void (*update)(const struct sweep *, int64_t site))
{
    const struct model *model = s->system->model;
    int (*colour_of)(const struct system *, int64_t) =
        model->local ? model->local->colour
        : model->continuous ? model->continuous->colour : NULL;
    if (s->rung->exact) {
        system_draw(s->system, s->sample, s->rung->lambda, &s->draws,
                    RNG_FRESH, s->state);
        return;
    }
    for (int colour = 0; colour < s->system->colours; colour++)
        for (int64_t i = 0; i < s->system->sites; i++)
            if (!colour_of || colour_of(s->system, i) == colour)
                update(s, i);
}

int64_t dynamics_extra(const struct dynamics *dynamics,
                       const struct system *system)
{
    return dynamics->extra ? dynamics->extra(system) : 0;
}

bool dynamics_two_valued(const struct dynamics *dynamics,
                         const struct system *system)
{
    return dynamics->binary && system->model->local &&
           system_values(system) == 2;
}

bool dynamics_lazy_stays(const struct sweep *s, int64_t number)
{
    return s->rung->lazy && draws_bit(&s->draws, RNG_LAZY, number, 0) &&
           draws_bit(&s->draws, RNG_LAZY, number, 1);
}

const char *const facet_names[FACET_COUNT] = {
    "local", "grad", "bond", "continuous", "reflection", "moves"};

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

static const struct observable *
observable_named(const struct observable *row, const char *name)
{
    while (row && row->name && strcmp(row->name, name))
        row++;
    return row && row->name ? row : NULL;
}

const struct observable *dynamics_observable(const struct dynamics *dynamics,
                                             const struct model *model,
                                             const char *name)
{
    const struct observable *row = observable_named(model->observables, name);
    return row || !dynamics ? row
                            : observable_named(dynamics->observables, name);
}

static unsigned facets_of(const struct model *model)
{
    const struct continuous *c = model->continuous;
    return (model->local ? FACET_LOCAL : 0u) |
           (model->grad ? FACET_GRAD : 0u) |
           (model->bond ? FACET_BOND : 0u) | (c ? FACET_CONTINUOUS : 0u) |
           (c && c->reflect ? FACET_REFLECTION : 0u) |
           (model->moves ? FACET_MOVES : 0u);
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
    unsigned offered = facets_of(model), wanted = dynamics->needs & offered;
    const char *why = NULL;
    if (wanted & FACET_BOND)
        why = bond_refusal(model, keys, system);
    else if (wanted == FACET_GRAD && model->no_grad)
        why = model->no_grad(keys);
    if (why)
        return mem_text("dynamics %s needs facet %s; model %s does not offer "
                        "it with %s", dynamics->name,
                        wanted & FACET_BOND ? "bond" : "grad", model->name,
                        why);
    if (wanted && system && dynamics->refuses)
        why = dynamics->refuses(system);
    if (why)
        return mem_text("dynamics %s does not take this model %s: %s",
                        dynamics->name, model->name, why);
    if (wanted)
        return NULL;
    list_facets(needs, sizeof needs, dynamics->needs, " or ");
    list_facets(offers, sizeof offers, offered, ", ");
    return mem_text("dynamics %s needs facet %s; model %s offers %s",
                    dynamics->name, needs, model->name,
                    offers[0] ? offers : "none");
}

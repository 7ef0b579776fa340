#include "core/discrete.h"

#include "base/math.h"

void discrete_build(struct system *system, struct lattice *lattice)
{
    system->lattice = lattice;
    system->sites = lattice->sites;
    system->state_bytes = (size_t)lattice->sites;
    system->colours = lattice->colours;
}

int discrete_colour(const struct system *system, int64_t site)
{
    return lattice_colour(system->lattice, site);
}

int discrete_get(const struct system *system, const void *state,
                 int64_t site)
{
    (void)system;
    return ((const uint8_t *)state)[site];
}

void discrete_set(const struct system *system, void *state, int64_t site,
                  int value)
{
    (void)system;
    ((uint8_t *)state)[site] = (uint8_t)value;
}

bool discrete_exact_at(const struct system *system, const double *lambda,
                       double *ln_z)
{
    *ln_z = (double)system->sites * num_log(system_values(system));
    return lambda[0] == 0;
}

void discrete_draw(const struct system *system, int sample,
                   const struct draws *draws, enum rng_purpose purpose,
                   void *state)
{
    uint32_t values = (uint32_t)system_values(system);
    (void)sample;
    for (int64_t i = 0; i < system->sites; i++)
        discrete_set(system, state, i,
                     (int)draws_integer(draws, purpose, i, values));
}

void discrete_ordered(const struct system *system, void *state, int other)
{
    for (int64_t i = 0; i < system->sites; i++)
        discrete_set(system, state, i,
                     lattice_parity(system->lattice, i) ? other : 0);
}

const struct field discrete_fields[] = {
    {.name = "spin", .type = FIELD_UINT8,
     .definition = "value of a site, 0 ... q - 1"},
    {.name = NULL}};

#include "core/pack.h"

#include <string.h>

static bool one_bit(const struct system *system)
{
    return system->model->local && system_values(system) == 2;
}

size_t pack_bytes(const struct system *system)
{
    return one_bit(system) ? (size_t)(system->sites + 7) / 8
                           : system->state_bytes;
}

void pack_state(const struct system *system, const void *state, void *out)
{
    const struct local *local = system->model->local;
    unsigned char *bits = out;
    if (!one_bit(system)) {
        memcpy(out, state, system->state_bytes);
        return;
    }
    memset(out, 0, pack_bytes(system));
    for (int64_t i = 0; i < system->sites; i++)
        if (local->get(system, state, i))
            bits[i / 8] = (unsigned char)(bits[i / 8] | 1 << (i % 8));
}

void unpack_state(const struct system *system, const void *in, void *state)
{
    const struct local *local = system->model->local;
    const unsigned char *bits = in;
    if (!one_bit(system)) {
        memcpy(state, in, system->state_bytes);
        return;
    }
    if (system->pairs && system->pairs->clamp) /* set leaves those sites */
        system->model->ordered(system, state);
    for (int64_t i = 0; i < system->sites; i++)
        local->set(system, state, i, bits[i / 8] >> (i % 8) & 1);
}

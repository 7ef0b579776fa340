/* States packed for disk and for travelling: two-valued sites take a bit
   each, others the canonical state as it is. */
#ifndef TEMPERA_CORE_PACK_H
#define TEMPERA_CORE_PACK_H
#include "core/model.h"

size_t pack_bytes(const struct system *system);
void pack_state(const struct system *system, const void *state, void *out);
void unpack_state(const struct system *system, const void *in, void *state);

#endif

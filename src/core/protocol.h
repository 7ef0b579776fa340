/* Plug-in kind 4: how does lambda move over a walker's life?

   A protocol is one file in src/protocols/ with one symbol,
   protocol_<file>: it drives the loop of src/run/loop.h. */
#ifndef TEMPERA_CORE_PROTOCOL_H
#define TEMPERA_CORE_PROTOCOL_H
#include <stdbool.h>
#include <stdint.h>

struct engine;    /* src/run/engine.h */

struct protocol {
    const char *name, *summary, *source;
    const struct param_table *keys;
    /* After the sweep and measurement of one step: moves labels. */
    void (*exchange)(struct engine *engine);
    /* At the end of a burn-in round: moves the rungs. */
    void (*adapt)(struct engine *engine);
};

#endif

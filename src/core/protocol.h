/* Plug-in kind 4: how does lambda move over a walker's life?

   A protocol is one file in src/protocols/ with one symbol,
   protocol_<file>. The loop (src/run/loop.c) calls it. */
#ifndef TEMPERA_CORE_PROTOCOL_H
#define TEMPERA_CORE_PROTOCOL_H
#include "core/exchange.h"
#include "core/ladder.h"

struct protocol {
    const char *name, *summary, *source;
    const struct param_table *keys;
    bool schedule; /* walkers have no rung of their own: all are on one point
                      of a schedule at a time (run/anneal.h); no exchange */
    bool quench;   /* walkers keep their rungs and go downhill; no exchange
                      (NULL), no burn-in (run/quench.h) */
    /* After a sweep: moves labels; true when one changed. Pure and the same
       on every rank, see core/exchange.h. */
    bool (*exchange)(struct exchange *exchange, const struct rung *rung,
                     const double *u, uint64_t step);
    /* At the end of a burn-in round: moves the rungs, given how often each
       edge rejected; true when one moved. Likewise pure. */
    bool (*adapt)(struct ladder *ladder, const struct system *system,
                  const double *rejection);
};

#endif

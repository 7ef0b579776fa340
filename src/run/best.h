/* The best state met so far, of every disorder sample: least u (component 0).
   All ranks see all u and keep the same numbers; the state is captured by the
   rank that hosts the walker and settled, before it is stored, on all. */
#ifndef TEMPERA_RUN_BEST_H
#define TEMPERA_RUN_BEST_H
#include "core/exchange.h"
#include "core/hosted.h"

struct best {
    int samples;
    int64_t walkers;
    size_t bytes;     /* of a packed state, in whole 64-bit words */
    double *u;        /* [samples] */
    double *reached;  /* [walkers] least u of each walker */
    int64_t *sweep;   /* [samples] tick of the first hit */
    double *seconds;  /* [samples] run time at the first hit, all sessions */
    char *state;      /* [samples][bytes] packed, as of the last settle or
                         captured here since */
    int64_t *captured; /* [samples] 1: here, since the last settle */
    double start;     /* clock_now() of second 0 */
};

struct best *best_new(const struct system *system,
                      const struct exchange *exchange);
void best_free(struct best *best);

/* After u[walkers][K] was gathered. */
void best_look(struct best *best, const struct hosted *hosted,
               const struct exchange *exchange, const double *u,
               uint64_t tick);
/* Collective. */
void best_settle(struct best *best);
/* Walkers of a sample that reached its best u. */
int64_t best_hits(const struct best *best, const struct exchange *exchange,
                  int sample);

#endif

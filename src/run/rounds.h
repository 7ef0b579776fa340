/* Burn-in rounds: 32, 64, 128, ... sweeps while they fit, then one of what
   is left (4000: ..., 1024, 1984). */
#ifndef TEMPERA_RUN_ROUNDS_H
#define TEMPERA_RUN_ROUNDS_H
#include <stdbool.h>
#include <stdint.h>

/* Sweeps of round `round` (0, 1, ...); 0 when burn-in has no such round. */
int64_t round_sweeps(int64_t burn_in, int round);

/* Do the rungs move when it ends? Not after a remnant shorter than half the
   round before: it knows less than the ladder it would replace. */
bool round_adapts(int64_t burn_in, int round);

#endif

/* ln Z of spins coupled in pairs by all their states, one flip a state (Gray
   code): at most 2^24, a second or two. */
#ifndef TEMPERA_SYSTEMS_PAIRS_EXACT_H
#define TEMPERA_SYSTEMS_PAIRS_EXACT_H
#include "systems/pairs.h"

enum { PAIRS_EXACT_MOST = 24 }; /* spins that are not held */

/* Spins that are not held. */
int64_t pairs_free_sites(const struct pairs *pairs);
/* Of at most PAIRS_EXACT_MOST such spins. */
double pairs_exact_ln_z(const struct pairs *pairs, int sample, double beta);

#endif

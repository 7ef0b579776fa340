/* Observables of two copies on the same rung: the one case in which
   configurations travel between ranks, packed, when a row is due. Every rank
   then has all states and takes its share of the (sample, rung) places:
   place p is of rank p mod ranks. */
#ifndef TEMPERA_RUN_RECORDER_PAIRS_H
#define TEMPERA_RUN_RECORDER_PAIRS_H
#include "run/recorder.h"

/* copies (copies - 1) / 2 */
int recorder_pairs(const struct exchange *exchange);

/* Appends a row to recorder->paired: [my places][pairs][values of all pair
   observables]. Collective. */
void recorder_pair_row(struct recorder *recorder, const struct engine *e);

/* Rank 0: values[observable] = double [rows][pairs][samples][rungs][size] of
   the pair observables, the others untouched. Collective. */
void recorder_pair_gather(const struct recorder *recorder,
                          const struct engine *e, double **values);

#endif

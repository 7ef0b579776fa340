/* Reports of independent runs of one system as one report. */
#ifndef TEMPERA_RUN_MERGE_H
#define TEMPERA_RUN_MERGE_H
#include "run/report.h"

/* The keys in which the physics of the runs differs: "model.shape", in
   order, without those that only make runs independent (run.seed,
   model.first_sample). Owned by the caller. */
struct texts merge_differences(struct report *const *reports, int count);

/* Same requested rungs, to the last bit? (Those that burn-in placed for two
   seeds are not; anchor rungs do not matter.) */
bool merge_possible(struct report *const *reports, int count);

/* Means over the runs at the requested rungs, weighted by sweeps times
   copies (not by their errors, which know the means), errors in quadrature.
   The verdict is ok when each run's is, and no two estimates of a judged
   quantity differ by 4 sigma from their mean. The parts must live as long. */
struct report *merge_reports(struct report *const *reports, int count);

#endif

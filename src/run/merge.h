/* Reports of independent runs of one system as one report. */
#ifndef TEMPERA_RUN_MERGE_H
#define TEMPERA_RUN_MERGE_H
#include "run/report.h"

/* The keys in which the physics of the runs differs: "model.shape", in
   order, without those that only make runs independent (run.seed,
   model.first_sample). Owned by the caller. */
struct texts merge_differences(struct report *const *reports, int count);

/* NULL, or why they cannot be one (static text): other requested rungs to the
   last bit (those that burn-in placed for two seeds; anchor rungs do not
   matter), the same numbers twice, or some disorder samples in common. */
const char *merge_refusal(struct report *const *reports, int count);

/* Means over the runs at the requested rungs, weighted by sweeps times
   copies (not by their errors, which know the means), errors in quadrature;
   but errors over the same samples stay what they are, and runs of one sample
   each have that of the scatter between them. The verdict is ok when each
   run's is, and no two estimates of a judged quantity differ by 4 sigma from
   their mean. The parts must live as long. */
struct report *merge_reports(struct report *const *reports, int count);

#endif

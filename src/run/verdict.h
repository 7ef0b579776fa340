/* Is the run long enough to be believed? Reasons when not. */
#ifndef TEMPERA_RUN_VERDICT_H
#define TEMPERA_RUN_VERDICT_H
#include "base/param.h"
#include "run/estimates.h"

/* ok needs, for u and every observable the model marks: |z| < 4 between the
   halves, n_eff >= 100, length >= 50 tau_int, at every rung; a round trip of
   every walker (one rung counts as such); neighbouring rungs that overlap, and
   TI and MBAR within 4 of each other; of Gaussian glasses, energy and link
   overlap that agree; a dynamics without bias. */
struct verdict {
    bool ok;
    struct texts reasons; /* sentences */
};

struct verdict verdict_new(const struct data *data,
                           const struct estimates *estimates);
void verdict_free(struct verdict *verdict);

#endif

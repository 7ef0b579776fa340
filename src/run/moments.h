/* Sums over the exchanges of one round of burn-in, per rung: u_k and
   u_j u_k. What the burn-in table prints comes from them. */
#ifndef TEMPERA_RUN_MOMENTS_H
#define TEMPERA_RUN_MOMENTS_H
#include <stddef.h>

#include "core/exchange.h"
#include "core/ladder.h"

struct moments {
    int64_t count;
    double *u;  /* [rungs][K] */
    double *uu; /* [rungs][K][K] */
};

void moments_open(struct moments *moments, const struct ladder *ladder);
void moments_close(struct moments *moments);
void moments_clear(struct moments *moments, const struct ladder *ladder);

/* u: [walkers][K], on the rungs that are their labels. */
void moments_add(struct moments *moments, const struct exchange *exchange,
                 const double *u);

/* ln Z of the last rung minus that of the first, by integration of u along
   the ladder with its slopes (stat/ti.h). NAN when nothing was added. */
double moments_ln_z(const struct moments *moments,
                    const struct ladder *ladder);

#endif

/* Answers of a solver of infinitely many sites laid over data of N sites: per
   site as a report's estimates are, of the whole system what they are so. */
#ifndef TEMPERA_CORE_OVERLAY_H
#define TEMPERA_CORE_OVERLAY_H
#include "core/solver.h"

struct overlay_row {
    const char *name, *of; /* estimate and result; static text */
    bool extensive;        /* times N */
};

/* Adds to `to` what `from` has and warns of; rows end with name NULL. */
void overlay_take(struct solution *to, const struct solution *from,
                  const struct overlay_row *rows, double sites);

#endif

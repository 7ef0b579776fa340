/* States kept in output files, for whoever starts from one (the point w* of a
   tether):

       OUT.h5:/minima/3          a minimum that `quench` found
       OUT.h5:/states/last       of copy 0, the run's own sample, the last rung
       OUT.h5:/states/last[copy,sample,rung]
                                 others; * or nothing: as above
       OUT.h5:/reference         [sample][number], which an output keeps of the
                                 reference it was made with */
#ifndef TEMPERA_SYSTEMS_REFERENCE_H
#define TEMPERA_SYSTEMS_REFERENCE_H
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct reference {
    int samples;    /* those that were asked for */
    int64_t count;  /* numbers of a state, in its field's order */
    double *values; /* [samples][count] */
};

/* Does it name a file at all? ("random" does not.) */
bool reference_of_file(const char *name);
/* A point for each of so many samples. NULL with one message at `where` (of
   the input) about `key`: no such file, state, copy, sample or rung; not
   finite; not of `count` numbers (0: any number will do). */
struct reference *reference_read(const char *name, int samples, int64_t count,
                                 const char *where, const char *key,
                                 struct err *err);
void reference_free(struct reference *reference);
/* Of its numbers; never 0. */
uint64_t reference_hash(const struct reference *reference);

#endif

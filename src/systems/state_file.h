/* A state kept in an output file: OUT.h5:/minima/0, OUT.h5:/states/last. */
#ifndef TEMPERA_SYSTEMS_STATE_FILE_H
#define TEMPERA_SYSTEMS_STATE_FILE_H
#include <stdint.h>

#include "base/err.h"

/* "FILE:/PATH" names a dataset, or a group with one called `state` or only
   one dataset. One of three or more axes is [copy][sample][rung]...: these
   choose; rung -1 is the last, the coldest. The state's numbers, owned by the
   caller, in *count; NULL with a message. */
double *state_file_read(const char *address, int copy, int sample, int rung,
                        int64_t *count, struct err *err);

#endif

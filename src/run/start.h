/* First states from another run: run.start = "OUT.h5:/states/last", or
   "OUT.h5:/minima/N". */
#ifndef TEMPERA_RUN_START_H
#define TEMPERA_RUN_START_H
#include "run/engine.h"

bool start_from_file(const char *start);
bool start_by_rung(const char *start); /* ":/states/last" */
/* Is it one of the two forms? */
bool start_names_states(const char *start);

/* The state on each rung of each copy and sample goes to the walker that
   starts there, and to a quench the rungs' lambda; a minimum to all walkers.
   Collective; false (EXIT_INPUT or EXIT_DATA) when the file does not have what
   this run needs. */
bool start_load(struct engine *engine, struct err *err);

#endif

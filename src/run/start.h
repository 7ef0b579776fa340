/* First states: random, ordered, or run.start = "OUT.h5:/states/last" of
   another run. */
#ifndef TEMPERA_RUN_START_H
#define TEMPERA_RUN_START_H
#include "run/engine.h"

/* Of the hosted walkers, as run.start says: "random" or "ordered". */
void start_fresh(struct engine *engine);

bool start_from_file(const char *start);

/* The state on each rung of each copy and sample goes to the walker that
   starts there. Collective; false (EXIT_INPUT or EXIT_DATA) when the file
   does not have what this run needs. */
bool start_load(struct engine *engine, struct err *err);

#endif

/* Time: of the process, and of day as text. */
#ifndef TEMPERA_BASE_CLOCK_H
#define TEMPERA_BASE_CLOCK_H
#include <stddef.h>

/* Seconds on the monotonic clock. */
double clock_now(void);

/* Seconds since this process started (not since main): what wall_minutes
   counts. */
double clock_since_start(void);

/* "2026-11-21T01:22:09Z" */
void clock_stamp(char *text, size_t size);

#endif

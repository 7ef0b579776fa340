/* One OUT, one run: OUT.h5.lock holds host, pid and job; its time of change
   is the heartbeat. Stale when the process is gone (same host), or after
   five missed beats. Rank 0 only. */
#ifndef TEMPERA_RUN_LOCK_H
#define TEMPERA_RUN_LOCK_H
#include <stdbool.h>

#include "base/err.h"

enum { LOCK_BEAT = 10 }; /* seconds between heartbeats */

struct lock;

/* NULL with EXIT_DATA in err when a live run holds it. *notice (owned by the
   caller) tells of a stale lock that was taken over, else NULL. */
struct lock *lock_take(const char *out, char **notice, struct err *err);
/* Call as often as you like; beats when due. */
void lock_beat(struct lock *lock);
void lock_release(struct lock *lock); /* NULL is fine */

/* Is a run alive that holds OUT's lock? Its host and pid into text. */
bool lock_held(const char *out, char *text, unsigned long size);

#endif

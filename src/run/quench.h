/* Protocol quench: every walker goes downhill from its own state, on the rung
   that says where the state came from. Where the run makes a row every walker
   is looked at: one whose |grad f| (core/downhill.h) is within run.tolerance
   has arrived and stays where it is. The run is over when all have. All ranks
   know all numbers and decide alike. */
#ifndef TEMPERA_RUN_QUENCH_H
#define TEMPERA_RUN_QUENCH_H
#include <stdbool.h>
#include <stdint.h>

struct engine;
struct section;

struct look { double f, slope; }; /* what is minimised, |its gradient| */

struct quench {
    double tolerance;
    int64_t walkers;
    struct look *look;    /* [walkers] as of the last row; slope infinite
                             before there was one */
};

struct quench *quench_new(const struct section *run, int64_t walkers);
void quench_free(struct quench *quench);

/* After a sweep that makes a row. Collective. */
void quench_look(struct quench *quench, const struct engine *engine);
/* Who has arrived stays: after look was set from outside. */
void quench_rest(const struct quench *quench, const struct engine *engine);

int64_t quench_arrived(const struct quench *quench);
bool quench_over(const struct quench *quench);

#endif

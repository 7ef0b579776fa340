/* Theory beside the data that is no law for them: of infinite systems, and
   approximations (struct solver, limit). It is shown with its caveat and has
   no part in the verdict. */
#ifndef TEMPERA_RUN_LIMITS_H
#define TEMPERA_RUN_LIMITS_H
#include "run/theory.h"

struct limit {
    const struct solver *solver;
    int count;
    struct prediction *line;      /* without source */
    int warned, rung;             /* rungs with warnings, the first of them */
    char warning[WARNING_SIZE];   /* what it said there; "" */
};

struct limits {
    int count;
    struct limit *at;
};

/* Of every quantity that both sides know, by every such solver. */
struct limits *limits_new(const struct data *data,
                          const struct estimates *estimates);
void limits_free(struct limits *limits);

#endif

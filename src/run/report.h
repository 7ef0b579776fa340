/* All that `tempera report` has to say about one run. */
#ifndef TEMPERA_RUN_REPORT_H
#define TEMPERA_RUN_REPORT_H
#include "run/distance.h"
#include "run/limits.h"
#include "run/verdict.h"

struct report {
    char *name;             /* the file, or all of them */
    int parts;              /* > 1: merged, see run/merge.h */
    struct data *data;
    struct estimates *estimates;
    struct theory *theory;
    struct limits *limits;
    struct distances *distances; /* NULL: no tether */
    struct verdict verdict;
    double barrier;         /* rejections summed over edges, production */
    double *acceptance;     /* [rungs - 1] accepts / attempts */
    int64_t round_trips;
    int suggested_rungs;    /* requested rungs it would choose next time */
};

/* Owns data from now on. NULL with a message when there is nothing to
   analyse. */
struct report *report_new(struct data *data, struct err *err);
void report_free(struct report *report);

/* /estimates and /theory, into a complete file that no run holds; else
   nothing is done and false is returned (err stays clear). */
bool report_store(const struct report *report, struct err *err);

#endif

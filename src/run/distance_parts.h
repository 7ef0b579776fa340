/* Between the files src/run/distance*.c only. */
#ifndef TEMPERA_RUN_DISTANCE_PARTS_H
#define TEMPERA_RUN_DISTANCE_PARTS_H
#include "run/distance.h"

/* One sample of one run: its values and errors, NAN where unknown;
   [targets][rows][bins], and solutions[bins] after that. */
struct distance_part {
    int64_t number;  /* of the sample */
    double weight;   /* measurements */
    bool ok;
    double *value, *error;
    double *n_eff;   /* [targets][bins] */
};

/* Numbers that value and error have. */
int64_t distance_part_size(const struct distances *d);
struct distance_part distance_part_new(const struct distances *d,
                                       const struct data *sample);
void distance_part_free(struct distance_part *part);

#endif

/* An output file as analysis needs it: the system rebuilt from /input, the
   ladder, u and the counters. Observables are read one at a time. */
#ifndef TEMPERA_RUN_DATA_H
#define TEMPERA_RUN_DATA_H
#include "core/model.h"
#include "run/input.h"

struct data {
    char *file;
    struct input *input;
    struct system *system;
    bool complete;
    bool exact;             /* does the dynamics leave p invariant? */
    int64_t rows;           /* committed */
    int64_t every;          /* sweeps a row */
    int copies, samples, rungs, components;
    int ladders;            /* copies * samples, taken as copies */
    int first_requested;
    bool absolute;
    double ln_z_first;
    double *lambda;         /* [rungs][K] */
    double *u;              /* [rows][ladders][rungs][K] */
    int64_t *attempts, *accepts; /* [samples][rungs - 1] */
    int64_t *trips;         /* [ladders][rungs] */
    char *uuid, *dynamics;
};

/* Opens, reads, closes; NULL with a message: no such file or no output of
   the program (EXIT_DATA), no rows yet. */
struct data *data_load(const char *file, struct err *err);
void data_free(struct data *data);

/* Values of a recorded observable [rows][ladders][rungs], owned by the
   caller; NULL with a message. */
double *data_observable(const struct data *data, const char *name,
                        struct err *err);
/* Was it recorded? */
bool data_has(const struct data *data, const char *name);

#endif

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
    int group;              /* samples that share random numbers; 1: none */
    int64_t every;          /* sweeps a row; of annealing: a pass */
    bool annealing;         /* rungs are points of a schedule */
    bool quench;            /* rows are steps downhill */
    int32_t *minimum;       /* [ladders][rungs] which one each walker of a
                               quench met; NULL: not complete */
    int64_t distinct;       /* minima */
    bool from_exact;        /* annealing: paths start from the exact point */
    int copies, samples, rungs, components;
    int ladders;            /* copies * samples, taken as copies */
    int first_requested;
    bool absolute;
    double ln_z_first;
    double *lambda;         /* [rungs][K] */
    double *u;              /* [rows][ladders][rungs][K] */
    int64_t *attempts, *accepts; /* [samples][rungs - 1] */
    int64_t *trips;         /* [ladders][rungs] */
    double *best_u;         /* [samples], or NULL: not asked for */
    double *best_state;     /* of the first sample */
    double *best_seconds;   /* [samples] run time at the first hit */
    int64_t *best_hits;     /* [samples] walkers that reached it */
    char *uuid, *dynamics;
    int held;
    struct series *hold;    /* series read so far */
    const struct data *whole; /* of one sample of it, or NULL */
    int sample;
};

/* A recorded quantity: values[rows][lead][samples][rungs][size], lead = copies
   or pairs of copies. */
struct series {
    char *name;
    int lead, size;
    double *values;
};

/* Opens, reads, closes; NULL with a message: no such file or no output of
   the program (EXIT_DATA), no rows yet. */
struct data *data_load(const char *file, struct err *err);
void data_free(struct data *data);

/* "u" or a recorded observable, owned by data; NULL with a message. */
const struct series *data_series(struct data *data, const char *name,
                                 struct err *err);

/* One disorder sample by itself, as if it were the run; data must outlive
   it. */
struct data *data_of_sample(const struct data *data, int sample);
/* u of the best state of the first sample, by the model's as_given. */
double data_best(const struct data *data);
/* Was it recorded? */
bool data_has(const struct data *data, const char *name);

#endif

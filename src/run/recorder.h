/* What was measured since the last commit, in memory: rows of /series, the
   walkers that made them, stored states, ladder history, /verify.

   Each rank keeps the observables and states of the walkers it hosts; u and
   labels are known everywhere and kept by rank 0. recorder_gather brings
   all to rank 0, in the order of the file. */
#ifndef TEMPERA_RUN_RECORDER_H
#define TEMPERA_RUN_RECORDER_H
#include "run/engine.h"

/* A list of values that grows. */
struct column { void *at; size_t count, room, size; };

struct recorder {
    int observables;
    const struct observable **observable;
    int width;               /* values a walker: of all but pair observables */
    int pair_width;          /* values a pair: of pair observables */
    int64_t rows, capacity;  /* in the buffer; at most */
    int64_t state_rows;
    struct column observed;  /* double [rows][hosted][width] */
    struct column paired;    /* see run/recorder_pairs.h */
    struct column states;    /* [state_rows][hosted][state_bytes] */
    /* rank 0 only */
    struct column sweep;     /* int64 [rows] */
    struct column u;         /* double [rows][ladders][rungs][K] */
    struct column slope;     /* double [rows][ladders][rungs] of a quench */
    struct column walker;    /* int32 [rows][ladders][rungs] */
    struct column state_sweep;
    struct column state_walker; /* int32 [state_rows][ladders][rungs] */
    struct column history;   /* double [rounds][rungs][K] */
    struct column barrier;   /* double [rounds] */
    struct column acceptance; /* double [rounds][rungs - 1] */
    struct column round_end; /* int64 [rounds] sweeps so far */
    struct column verify;    /* double [n][walkers][K] */
};

/* Room for `count` more values; the place where they go. */
void *column_more(struct column *column, size_t count, size_t size);

struct recorder *recorder_new(const struct engine *engine);
void recorder_free(struct recorder *recorder);

/* After a sweep and its measurement, before the exchange. */
void recorder_row(struct recorder *recorder, const struct engine *engine);
void recorder_verify(struct recorder *recorder, const struct engine *engine);
/* At the end of a round, before the rungs move. */
void recorder_round(struct recorder *recorder, const struct engine *engine);
bool recorder_full(const struct recorder *recorder);

/* All observables on rank 0: values[observable] = double
   [rows][ladders][rungs][size], [rows][pairs][samples][rungs][size] for those
   of pairs, and states[state_rows][ladders][rungs][bytes].
   Collective; elsewhere NULL. Free with recorder_release. */
struct gathered { double **values; char *states; };
struct gathered recorder_gather(const struct recorder *recorder,
                                const struct engine *engine);
void recorder_release(const struct recorder *recorder,
                      struct gathered *gathered);

/* Forgets what was committed. */
void recorder_clear(struct recorder *recorder);

/* States of all walkers now, by rung, on rank 0 (owned by the caller; NULL
   elsewhere). Collective. */
char *recorder_states(const struct engine *engine);

#endif

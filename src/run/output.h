/* The files of a run: OUT.h5 and its checkpoint. Rank 0 writes.

   A commit: rows, flush, committed count, flush, then the checkpoint, which
   holds the row count of every growing dataset. Going on restores every
   dataset to the checkpoint's rows. Paths and attributes: doc/FORMAT.md. */
#ifndef TEMPERA_RUN_OUTPUT_H
#define TEMPERA_RUN_OUTPUT_H
#include "run/checkpoint.h"
#include "run/recorder.h"

struct output {
    char *path;       /* OUT.h5 */
    char *checkpoint; /* OUT.h5.ckpt */
    struct progress progress;
    double committed; /* clock_now() of the last commit */
    double cost;      /* seconds the longest commit took */
};

/* Names only. */
struct output *output_new(const char *path);
void output_free(struct output *output);

/* A new run: file and first checkpoint. Collective; false on error. */
bool output_create(struct output *output, const struct engine *engine,
                   const struct recorder *recorder, struct err *err);

/* Going on from a checkpoint: rows back to its counts, estimates removed; a
   file that cannot be extended is salvaged (notice, owned by the caller).
   Collective. */
bool output_resume(struct output *output, const struct engine *engine,
                   const struct checkpoint *from, char **notice,
                   struct err *err);

/* One row of /provenance/sessions. Rank 0. */
struct session_row {
    const char *argv, *host, *kernel, *slurm;
    int64_t ranks, threads;
};
bool output_session(struct output *output, const struct session_row *row,
                    struct err *err);

/* Commits what the recorder holds; stop: also the last states; complete: the
   run is. Collective. */
struct commit { bool stop, complete; };
bool output_commit(struct output *output, const struct engine *engine,
                   struct recorder *recorder, struct commit what,
                   struct err *err);

#endif

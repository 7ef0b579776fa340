/* The files of a run: OUT.h5 and its checkpoint. Rank 0 writes.

   A commit: rows, flush, committed count, flush, then the checkpoint, which
   holds the row count of every growing dataset. Going on restores every
   dataset to the checkpoint's rows.

   While something is written OUT.h5.commit lies beside the file. A run that
   finds it knows that HDF5 may be half written: such a file can be read up
   to its committed rows, but the library would extend it over its own data
   (its idea of where the file ends is written last). It is copied to a new
   one. Paths and attributes: doc/FORMAT.md. */
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

/* Around everything that writes to OUT.h5 (rank 0). Room for about `bytes`
   more is taken first, so that a full disk is found out before HDF5 touches
   the file: then false, and the file is as it was. */
bool output_begin_write(const char *path, int64_t bytes, struct err *err);
void output_end_write(const char *path);

/* A file whose last write was cut short, without its estimates, in a new one
   that takes its place; nothing is done when there was none such. The lock is
   held. false on error. */
bool output_repair(const char *path, struct err *err);

/* Names only. */
struct output *output_new(const char *path);
void output_free(struct output *output);

/* A new run: file and first checkpoint. Collective; false on error. */
bool output_create(struct output *output, const struct engine *engine,
                   const struct recorder *recorder, struct err *err);

/* Going on from a checkpoint: rows back to its counts, estimates removed; a
   file a commit left half written, or that cannot be extended, is salvaged:
   its committed rows go into a new one (notice, owned by the caller).
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

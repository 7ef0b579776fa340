/* The checkpoint: all that a run needs to go on, in one flat file apart from
   the HDF5 one. Its checksum is verified before anything is parsed. States
   are canonical and by walker, so a run may go on with other ranks, threads
   or kernels.

   PATH is replaced atomically; the generation before it stays as PATH.prev
   (until the new one is in place PATH is the old one: there is always a
   whole file under one of the two names). doc/FORMAT.md has the layout. */
#ifndef TEMPERA_RUN_CHECKPOINT_H
#define TEMPERA_RUN_CHECKPOINT_H
#include "base/bytes.h"
#include "run/engine.h"

/* A dataset that grows and its committed rows. */
struct growth { char *path; int64_t rows; };

/* What a run is besides its engine. */
struct progress {
    char *uuid;        /* of the run */
    char *input;       /* effective text */
    int growths;
    struct growth *growth;
    double seconds;    /* spent in past sessions */
};
void progress_free(struct progress *progress);

/* Collective. false: err has why (on rank 0), nothing was replaced. */
bool checkpoint_write(const char *path, const struct engine *engine,
                      const struct progress *progress, struct err *err);

struct checkpoint {
    struct progress progress;
    struct bytes file;          /* all of it */
    struct bytes_reader engine; /* where the engine's part starts */
    char *notice; /* "PATH is damaged (...); going on from PATH.prev" */
};

/* Collective: rank 0 reads, all get it. The newest generation that is whole
   and of run `uuid`; NULL with EXIT_DATA in err when there is none. */
struct checkpoint *checkpoint_read(const char *path, const char *uuid,
                                   struct err *err);
void checkpoint_free(struct checkpoint *checkpoint);

/* Everything but the input; the engine was made from the same physics.
   false (EXIT_DATA in err) when the sizes do not fit. */
bool checkpoint_restore(const struct checkpoint *checkpoint,
                        struct engine *engine, struct err *err);

#endif

/* Ranks: the only door to MPI. A program not started by an MPI launcher, or
   built without MPI, is one rank and never initialises MPI.

   All functions are collective unless they say otherwise. */
#ifndef TEMPERA_PAR_PAR_H
#define TEMPERA_PAR_PAR_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* First and last call of a process; nothing may be printed after
   par_stop. par_stop waits until all ranks are there. */
void par_start(int *argc, char ***argv);
void par_stop(void);

/* Not collective. */
int par_rank(void);
int par_size(void);

/* Ranks on this rank's node. */
int par_neighbours(void);

void par_broadcast(void *bytes, size_t count); /* from rank 0 */
bool par_any(bool mine);
int64_t par_max(int64_t mine);
/* values[count] become the sums over ranks; integers: no order matters. */
void par_sum(int64_t *values, int count);

/* mine[counts[rank]] of every rank into all, one after the other. */
void par_allgather(const double *mine, double *all, const int *counts,
                   const int *starts);

/* Blocks of `size` bytes: rank r gives blocks first[r] to first[r + 1] - 1;
   all ranks get all, in order. */
void par_allgather_blocks(const void *mine, void *all, const int64_t *first,
                          size_t size);

/* Rank 0 calls take(context, rank, bytes, count) for every rank in order,
   itself first, with what that rank gave. */
void par_collect(const void *mine, size_t count,
                 void (*take)(void *context, int rank, const void *bytes,
                              size_t count),
                 void *context);

/* "Open MPI v4.1.4", or "none". */
void par_library(char *text, size_t size);

#endif

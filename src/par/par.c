#include "par/par.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#ifdef HAVE_MPI
#include <mpi.h>

/* Messages in pieces that an int can count. */
#define PIECE ((size_t)1 << 30)

static bool launched(void)
{
    return getenv("OMPI_COMM_WORLD_SIZE") || getenv("PMIX_RANK") ||
           getenv("PMI_RANK") || getenv("PMI_SIZE");
}

static bool parallel(void)
{
    int up = 0, down = 0;
    MPI_Initialized(&up);
    if (up)
        MPI_Finalized(&down);
    return up && !down;
}

void par_start(int *argc, char ***argv)
{
    int level;
    if (launched())
        MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &level);
}

void par_stop(void)
{
    fflush(NULL);
    if (parallel()) {
        MPI_Barrier(MPI_COMM_WORLD);
        MPI_Finalize();
    }
}

int par_rank(void)
{
    int rank = 0;
    if (parallel())
        MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    return rank;
}

int par_size(void)
{
    int size = 1;
    if (parallel())
        MPI_Comm_size(MPI_COMM_WORLD, &size);
    return size;
}

int par_neighbours(void)
{
    int size = 1;
    MPI_Comm node;
    if (!parallel())
        return 1;
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0,
                        MPI_INFO_NULL, &node);
    MPI_Comm_size(node, &size);
    MPI_Comm_free(&node);
    return size;
}

static int piece(size_t left)
{
    return (int)(left < PIECE ? left : PIECE);
}

void par_broadcast(void *bytes, size_t count)
{
    char *at = bytes;
    if (!parallel())
        return;
    for (size_t done = 0; done < count; done += PIECE)
        MPI_Bcast(at + done, piece(count - done), MPI_BYTE, 0,
                  MPI_COMM_WORLD);
}

int64_t par_max(int64_t mine)
{
    int64_t most = mine;
    if (parallel())
        MPI_Allreduce(&mine, &most, 1, MPI_INT64_T, MPI_MAX, MPI_COMM_WORLD);
    return most;
}

bool par_any(bool mine) { return par_max(mine) > 0; }

void par_allgather(const double *mine, double *all, const int *counts,
                   const int *starts)
{
    int rank = par_rank();
    if (parallel())
        MPI_Allgatherv(mine, counts[rank], MPI_DOUBLE, all, counts, starts,
                       MPI_DOUBLE, MPI_COMM_WORLD);
    else
        memcpy(all, mine, (size_t)counts[0] * sizeof *mine);
}

void par_allgather_blocks(const void *mine, void *all, const int64_t *first,
                          size_t size)
{
    int ranks = par_size(), rank = par_rank();
    int *counts = mem_new((size_t)ranks, sizeof *counts);
    int *starts = mem_new((size_t)ranks, sizeof *starts);
    for (int r = 0; r < ranks; r++) {
        starts[r] = (int)first[r];
        counts[r] = (int)(first[r + 1] - first[r]);
    }
    if (parallel()) {
        MPI_Datatype block;
        MPI_Type_contiguous((int)size, MPI_BYTE, &block);
        MPI_Type_commit(&block);
        MPI_Allgatherv(mine, counts[rank], block, all, counts, starts, block,
                       MPI_COMM_WORLD);
        MPI_Type_free(&block);
    } else
        memcpy(all, mine, (size_t)counts[0] * size);
    free(counts);
    free(starts);
}

void par_sum(int64_t *values, int count)
{
    if (parallel())
        MPI_Allreduce(MPI_IN_PLACE, values, count, MPI_INT64_T, MPI_SUM,
                      MPI_COMM_WORLD);
}

static void send_to_root(const char *bytes, size_t count)
{
    uint64_t size = count;
    MPI_Send(&size, 1, MPI_UINT64_T, 0, 0, MPI_COMM_WORLD);
    for (size_t done = 0; done < count; done += PIECE)
        MPI_Send(bytes + done, piece(count - done), MPI_BYTE, 0, 1,
                 MPI_COMM_WORLD);
}

static char *receive_from(int rank, size_t *count)
{
    uint64_t size;
    MPI_Recv(&size, 1, MPI_UINT64_T, rank, 0, MPI_COMM_WORLD,
             MPI_STATUS_IGNORE);
    char *bytes = mem_new((size_t)size, 1);
    for (size_t done = 0; done < size; done += PIECE)
        MPI_Recv(bytes + done, piece((size_t)size - done), MPI_BYTE, rank, 1,
                 MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    *count = (size_t)size;
    return bytes;
}

void par_collect(const void *mine, size_t count,
                 void (*take)(void *context, int rank, const void *bytes,
                              size_t count),
                 void *context)
{
    if (par_rank() > 0) {
        send_to_root(mine, count);
        return;
    }
    take(context, 0, mine, count);
    for (int rank = 1; rank < par_size(); rank++) {
        size_t theirs;
        char *bytes = receive_from(rank, &theirs);
        take(context, rank, bytes, theirs);
        free(bytes);
    }
}

void par_library(char *text, size_t size)
{
    char version[MPI_MAX_LIBRARY_VERSION_STRING] = "none";
    int length;
    if (parallel())
        MPI_Get_library_version(version, &length);
    snprintf(text, size, "%.*s", (int)strcspn(version, ",\n"), version);
}

#else

void par_start(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
}

void par_stop(void) { fflush(NULL); }
int par_rank(void) { return 0; }
int par_size(void) { return 1; }
int par_neighbours(void) { return 1; }
int64_t par_max(int64_t mine) { return mine; }
bool par_any(bool mine) { return mine; }

void par_broadcast(void *bytes, size_t count)
{
    (void)bytes;
    (void)count;
}

void par_allgather(const double *mine, double *all, const int *counts,
                   const int *starts)
{
    (void)starts;
    memcpy(all, mine, (size_t)counts[0] * sizeof *mine);
}

void par_allgather_blocks(const void *mine, void *all, const int64_t *first,
                          size_t size)
{
    memcpy(all, mine, (size_t)first[1] * size);
}

void par_sum(int64_t *values, int count)
{
    (void)values;
    (void)count;
}

void par_collect(const void *mine, size_t count,
                 void (*take)(void *context, int rank, const void *bytes,
                              size_t count),
                 void *context)
{
    take(context, 0, mine, count);
}

void par_library(char *text, size_t size)
{
    snprintf(text, size, "none");
}

#endif

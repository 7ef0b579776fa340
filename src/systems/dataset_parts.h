/* Between the files dataset*.c: a file being read, a table of numbers. */
#ifndef TEMPERA_SYSTEMS_DATASET_PARTS_H
#define TEMPERA_SYSTEMS_DATASET_PARTS_H
#include <stdbool.h>
#include <stdio.h>

#include "io/h5.h"
#include "systems/dataset.h"

enum dataset_format { DATASET_AUTO, DATASET_IDX, DATASET_NPY, DATASET_CSV,
                      DATASET_HDF5, DATASET_FORMATS };

enum { DATASET_AXES = 9 };

/* Numbers in a row from byte `first` of a file on. */
struct dataset_values {
    char kind;     /* 'u', 'i', 'f' */
    int size;      /* bytes: 1, 2, 4, 8 */
    bool big;      /* big-endian */
    double divide; /* by that */
    int64_t first;
};

/* After dataset_open: rows and columns; what is read is good while !bad. */
struct dataset_source {
    const char *what;   /* "inputs", "targets": for messages */
    char *file, *path;  /* path: of a dataset in an HDF5 file */
    bool named;         /* the path was given */
    bool pixels;        /* unsigned bytes of IDX are divided by 255 */
    struct err *err;
    bool bad;           /* there was a message: there are no more */
    enum dataset_format format;
    int64_t bytes;      /* of the file */
    int64_t rows, columns;
    FILE *in;                     /* idx, npy, csv */
    struct dataset_values values; /* idx, npy */
    double *table;                /* csv: [rows][columns] */
    int64_t *line;                /* csv: [rows] */
    struct h5 *h5;                /* hdf5 */
};

/* ---- dataset_source.c ---------------------------------------------------- */

/* "FILE" or "FILE:/path"; path is what an HDF5 file is asked for when none is
   named. Format DATASET_AUTO is found out. false with a message. */
bool dataset_open(struct dataset_source *source, const char *name,
                  const char *path, enum dataset_format format,
                  struct err *err);
/* [rows][columns], the first rows: finite numbers, owned by the caller. NULL
   with a message. */
double *dataset_rows(struct dataset_source *source, int64_t rows);
/* Also after dataset_open failed. */
void dataset_close(struct dataset_source *source);

/* Messages; only the first is kept. at: the line (csv) or the byte, -1: the
   file as a whole. dataset_fail_value is about a number of the table. */
void dataset_fail(struct dataset_source *source, int64_t at,
                  const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void dataset_fail_value(struct dataset_source *source, int64_t row,
                        int64_t column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Rows and columns of an array; false with a message when the first axis or
   the others are empty, or there are more than `most` values. */
bool dataset_shape(struct dataset_source *source, int axes,
                   const int64_t *size, int64_t most);
/* The same for source->values, which must end where the file does. */
bool dataset_fills(struct dataset_source *source, int axes,
                   const int64_t *size);

/* ---- formats: a file each; they find rows and columns -------------------- */

void dataset_open_idx(struct dataset_source *source);
void dataset_open_npy(struct dataset_source *source);
void dataset_open_csv(struct dataset_source *source); /* and reads it */
void dataset_open_hdf5(struct dataset_source *source);
double *dataset_rows_hdf5(struct dataset_source *source, int64_t rows);

#endif

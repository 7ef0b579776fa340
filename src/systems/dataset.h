/* Data sets for models that learn: examples of inputs with real targets or
   class labels, read from files.

   Formats, of each file by itself:
       idx    MNIST's: big-endian, of any number of axes; unsigned bytes are
              taken as pixels and divided by 255 when they are inputs
       npy    NumPy arrays of f4, f8, i1 .. i8 or u1 .. u8, little-endian,
              C order
       csv    a line an example: decimal numbers between commas, semicolons
              or blanks; # begins a comment; a first line of which no word
              begins like a number is a header and left out
       hdf5   datasets of any type of number; "FILE:/path" names one
   The first axis counts examples, all others are flattened; a single axis
   has one value an example. "auto" looks at the first bytes, then at the
   name's ending (.csv .npy .idx, -ubyte, .h5 .hdf5); what is left is csv.

   Where targets are: in labels_file; or, when there is none, in the last
   columns of a csv file, in the dataset y beside the inputs of an HDF5 file
   (/x and /y when no path is named). idx and npy need the second file. */
#ifndef TEMPERA_SYSTEMS_DATASET_H
#define TEMPERA_SYSTEMS_DATASET_H
#include <stdint.h>

#include "base/err.h"

enum dataset_targets {
    DATASET_CLASSES, /* labels: one whole number 0, 1, ... an example */
    DATASET_REALS,
    DATASET_NONE     /* inputs alone: a teacher or chance gives targets */
};

enum { DATASET_CLASSES_MOST = 65536 };

/* Numbers in files are finite and at most that: their squares can be added
   up. */
#define DATASET_VALUE_MOST 1e100

struct dataset {
    int64_t examples, inputs, outputs; /* outputs: of y, else 0 */
    double *x;      /* [examples][inputs] */
    double *y;      /* [examples][outputs], or NULL */
    int32_t *label; /* [examples] from 0 to classes - 1, or NULL */
    int classes;
};

struct dataset_request {
    const char *file;
    const char *format;      /* of both files: auto, idx, npy, csv, hdf5 */
    const char *labels_file; /* NULL or "": none */
    enum dataset_targets targets;
    int64_t outputs; /* real targets an example; 0: as many as the labels file
                        has, one column of a csv file */
    int classes;     /* 0: largest label of these examples + 1, at least 2 */
    int64_t train;   /* the first examples; 0: all that the test leaves */
    int64_t test;    /* those that follow them */
};

/* The train + test first examples; the file may have more, which are not
   looked at (in csv files they are). NULL with one message (EXIT_INPUT) that
   names the file, the line or the byte, and what is allowed. */
struct dataset *dataset_read(const struct dataset_request *request,
                             struct err *err);
void dataset_free(struct dataset *set);

/* Inputs of all examples become (x - mean) / deviation; both are those of the
   first `train` examples, which then have mean 0 and variance 1. An input that
   is constant there becomes 0 everywhere. */
void dataset_standardise(struct dataset *set, int64_t train);

/* Falsifies the targets of round(fraction * train) of the first `train`
   examples: labels become another class, each with the same chance, real
   targets change sign. Which examples, and which class, depend on seed and
   sample alone: a larger fraction falsifies the same ones the same way, and
   more. Example i takes rng_philox(seed, RNG_DISORDER, i, i >> 32, sample,
   DATASET_DRAWS). How many there are. */
enum { DATASET_DRAWS = 0x4c41424c };
int64_t dataset_noise(struct dataset *set, int64_t train, double fraction,
                      uint64_t seed, int64_t sample);

#endif

/* Where the examples of a learning model come from: keys that linear, mlp and
   their like share, and the data set of a file. */
#ifndef TEMPERA_CORE_EXAMPLES_H
#define TEMPERA_CORE_EXAMPLES_H
#include "core/model.h"
#include "systems/dataset.h"

#define EXAMPLES_KEYS(KEY)                                                   \
    KEY(text, labels, "teacher", 0, 0, "teacher|random|file", "", 0,         \
        "answers: a teacher's, at random, or from model.file")               \
    KEY(text, file, "", 0, 0, NULL, "", 0,                                   \
        "inputs, and answers in the last column or beside them: CSV, npy, "  \
        "HDF5 (file.h5:/path), IDX")                                         \
    KEY(text, labels_file, "", 0, 0, NULL, "", 0,                            \
        "answers, where they are in a file of their own")                    \
    KEY(text, file_hash, "", 0, 0, NULL, "", 0,                              \
        "of the file's content, set by the program: a run goes on with the " \
        "same data only")                                                    \
    KEY(flag, standardise, "false", 0, 0, NULL, "", 0,                       \
        "a file's inputs to mean 0 and variance 1 over the training set")    \
    KEY(integer, N, "20", 1, 1e6, NULL, "", 0,                               \
        "inputs; a file says it itself")                                     \
    KEY(integer, examples, "0", 0, 1e8, NULL, "", 0,                         \
        "training examples; 0: all of a file but the test's, else 2 N")      \
    KEY(integer, test_examples, "0", 0, 1e8, NULL, "", 0,                    \
        "examples that are only looked at, after the others")

/* labels = "file" and what goes with it; reads the file: bad ones are told. */
void examples_check(const struct section *keys, enum dataset_targets targets,
                    int classes, struct err *err);
bool examples_from_file(const struct section *keys);
/* Training examples where there is no file. */
int64_t examples_count(const struct section *keys);
/* The file's data, standardised if asked; the end of the program if it cannot
   be read any more. classes 0: as many as there are. */
struct dataset *examples_take(const struct section *keys,
                              enum dataset_targets targets, int classes);

#endif

/* Where the examples of a learning model come from: keys that all of
   them share, and the data set of a file. */
#ifndef TEMPERA_CORE_EXAMPLES_H
#define TEMPERA_CORE_EXAMPLES_H
#include "core/model.h"
#include "systems/dataset.h"

/* inputs_: default of N; train_: what examples = 0 means, but for files;
   labels_: what labels are. */
#define EXAMPLES_KEYS(KEY, inputs_, train_, labels_)                         \
    KEY(integer, N, inputs_, 1, 1e6, NULL, "inputs", 0,                      \
        "inputs of an example; a file says it itself")                       \
    KEY(integer, examples, "0", 0, 1e9, NULL, "examples", 0,                 \
        "training examples; 0: " train_ ", of a file all but the test's")    \
    KEY(integer, test_examples, "0", 0, 1e9, NULL, "examples", 0,            \
        "further ones that are not learned; of a file those that follow")    \
    KEY(text, labels, "teacher", 0, 0, "teacher|random|file", "", 0,         \
        labels_)                                                             \
    KEY(text, file, "", 0, 0, NULL, "", 0,                                   \
        "inputs, and answers in the last column or beside them: CSV (blanks "\
        "will do), npy, HDF5 (file.h5:/path), IDX")                          \
    KEY(text, labels_file, "", 0, 0, NULL, "", 0,                            \
        "answers, where they are in a file of their own")                    \
    KEY(text, file_hash, "", 0, 0, NULL, "", 0,                              \
        "of the file's content, set by the program: a run goes on with the " \
        "same examples only")                                                \
    KEY(flag, standardise, "false", 0, 0, NULL, "", 0,                       \
        "a file's inputs to mean 0 and variance 1 over the training set")

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

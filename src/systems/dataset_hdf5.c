/* HDF5: a dataset of numbers. */
#include <stdlib.h>
#include <string.h>

#include "systems/dataset_parts.h"

/* Deflate makes a byte of at most so many. */
enum { INFLATION = 1032 };

/* What the library says is the message. */
static void fail_by_library(struct dataset_source *source)
{
    struct err err = {0};
    h5_close(source->h5, &err);
    source->h5 = NULL;
    if (!source->bad)
        err_add(source->err, EXIT_INPUT, NULL, "%.*s",
                (int)strcspn(err.text, "\n"), err.text);
    source->bad = true;
    err_clear(&err);
}

void dataset_open_hdf5(struct dataset_source *source)
{
    source->h5 = h5_open(source->file, H5_READ);
    struct h5_shape shape = h5_shape(source->h5, source->path);
    if (!h5_good(source->h5)) {
        fail_by_library(source);
        return;
    }
    if (shape.axes < 0) {
        dataset_fail(source, -1, "no such dataset: expected the %s there; "
                     "others are named FILE:/path", source->what);
        return;
    }
    int64_t most = source->bytes < INT64_MAX / INFLATION
                       ? source->bytes * INFLATION : INT64_MAX;
    dataset_shape(source, shape.axes, shape.size, most);
}

double *dataset_rows_hdf5(struct dataset_source *source, int64_t rows)
{
    double *table = h5_get_rows(source->h5, source->path, H5_DOUBLE, 0, rows);
    if (h5_good(source->h5))
        return table;
    fail_by_library(source);
    free(table);
    return NULL;
}

/* Between the files src/io/h5*.c only: the one place that includes hdf5.h. */
#ifndef TEMPERA_IO_H5_PARTS_H
#define TEMPERA_IO_H5_PARTS_H
#include <hdf5.h>

#include "io/h5.h"

struct h5 {
    hid_t id;
    char *path;
    struct err err;
};

/* Keeps the first error, with what HDF5 or the system says of it. */
void h5_fail(struct h5 *file, const char *doing, const char *path);

hid_t h5_native(enum h5_type type);
/* Text of any length; to be closed. */
hid_t h5_text_type(void);

/* A new dataset, groups on the way included; an old one. To be closed; -1 on
   error. */
hid_t h5_create_set(struct h5 *file, const char *path, hid_t type,
                    hid_t space, hid_t layout);
hid_t h5_open_set(struct h5 *file, const char *path);

/* Reads (into) or writes (from) rows [first, first + rows) of a dataset. */
bool h5_move_rows(hid_t set, hid_t type, int64_t first, int64_t rows,
                  void *into, const void *from);

#endif

/* HDF5 files: the only door to the library.

   Errors stick: after the first one every call on the handle does nothing
   and returns empty, and h5_close reports it. So a caller writes straight
   on and asks once. Groups on the way to a path are made as needed.

   Datasets that grow do so along their first axis; their chunk shape depends
   on the shape of a row only. No filters. The writer takes no file lock, so
   readers may open between commits. */
#ifndef TEMPERA_IO_H5_H
#define TEMPERA_IO_H5_H
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/field.h"

enum h5_type { H5_INT8, H5_UINT8, H5_INT32, H5_INT64, H5_FLOAT, H5_DOUBLE };
unsigned h5_size(enum h5_type type);
/* How an array of a state is stored. */
enum h5_type h5_field(enum field_type type);

enum { H5_AXES = 9 };
struct h5_shape { int axes; int64_t size[H5_AXES]; };

enum h5_mode { H5_READ, H5_WRITE, H5_CREATE };

struct h5;

/* Never NULL: an error waits for h5_close, or h5_good tells. H5_CREATE
   truncates. */
struct h5 *h5_open(const char *path, enum h5_mode mode);
bool h5_good(const struct h5 *file);
/* Adds the first error as "path: ...", EXIT_DATA. false on error. */
bool h5_close(struct h5 *file, struct err *err);
void h5_flush(struct h5 *file);

bool h5_has(struct h5 *file, const char *path);
void h5_remove(struct h5 *file, const char *path); /* if it is there */
/* Calls each(context, name) for every link of a group, by name. */
void h5_list(struct h5 *file, const char *group,
             void (*each)(void *context, const char *name), void *context);

/* An empty group, if it is not there. */
void h5_new_group(struct h5 *file, const char *path);

/* Datasets of fixed shape (axes = 0: a scalar); an old one is replaced.
   values = NULL: made and not filled. */
void h5_put(struct h5 *file, const char *path, enum h5_type type,
            struct h5_shape shape, const void *values);
void h5_put_text(struct h5 *file, const char *path, const char *text);

/* A dataset without rows that grows; shape is that of one row. */
void h5_new_rows(struct h5 *file, const char *path, enum h5_type type,
                 struct h5_shape row);
/* Bytes of a chunk of rows of so many bytes: what is allocated at a time. */
int64_t h5_chunk_bytes(int64_t row);
void h5_append(struct h5 *file, const char *path, enum h5_type type,
               int64_t rows, const void *values);

/* Shape of a dataset; axes = -1 when there is none. */
struct h5_shape h5_shape(struct h5 *file, const char *path);
int64_t h5_values(struct h5_shape shape);

/* The whole dataset, converted; owned by the caller, NULL on error. */
void *h5_get(struct h5 *file, const char *path, enum h5_type type);
/* Rows [first, first + rows). */
void *h5_get_rows(struct h5 *file, const char *path, enum h5_type type,
                  int64_t first, int64_t rows);
char *h5_get_text(struct h5 *file, const char *path);

/* Attributes of the object at path ("/" for the file). Getters return
   absent (a copy, owned by the caller, for texts) when there is none. */
void h5_set_text(struct h5 *file, const char *path, const char *name,
                 const char *text);
void h5_set_texts(struct h5 *file, const char *path, const char *name,
                  const char *const *texts, int count);
void h5_set_integer(struct h5 *file, const char *path, const char *name,
                    int64_t value);
void h5_set_real(struct h5 *file, const char *path, const char *name,
                 double value);
char *h5_text(struct h5 *file, const char *path, const char *name,
              const char *absent);
int64_t h5_integer(struct h5 *file, const char *path, const char *name,
                   int64_t absent);
double h5_real(struct h5 *file, const char *path, const char *name,
               double absent);

/* Tables: one-dimensional, growing, of rows with named columns; a column is
   an int64 or a text of fixed width (0 marks an integer). */
struct h5_column { const char *name; int width; };
void h5_new_table(struct h5 *file, const char *path,
                  const struct h5_column *columns, int count);
/* cells[count]: const char * or const int64_t * each. */
void h5_append_row(struct h5 *file, const char *path,
                   const struct h5_column *columns, int count,
                   const void *const *cells);

/* Copies everything of `from` into the new file `to`, the first rows of
   growing datasets only: rows(context, path) says how many, H5_ALL all,
   H5_EVERY as many as there are, H5_SKIP (of a group in the root) an empty
   group without looking inside. What H5_ALL says and cannot be read is left
   out. For a file that can be read and not extended. false on error. */
enum { H5_ALL = -1, H5_SKIP = -2, H5_EVERY = -3 };
bool h5_salvage(const char *from, const char *to,
                int64_t (*rows)(void *context, const char *path),
                void *context, struct err *err);

/* "1.10.8" */
void h5_version(char *text, unsigned long size);

#endif

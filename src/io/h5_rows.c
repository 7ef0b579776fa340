/* Datasets that grow by rows, and tables. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "io/h5_parts.h"

/* Chunks: about so many bytes, at most so many rows. */
enum { CHUNK_BYTES = 1 << 16, CHUNK_ROWS = 1024 };

/* ---- datasets that grow ------------------------------------------------ */

static int64_t chunk_rows(int64_t bytes)
{
    if (bytes * CHUNK_ROWS <= CHUNK_BYTES)
        return CHUNK_ROWS;
    return bytes < CHUNK_BYTES ? CHUNK_BYTES / bytes : 1;
}

int64_t h5_chunk_bytes(int64_t row) { return chunk_rows(row) * row; }

static void create_growing(struct h5 *file, const char *path, hid_t type,
                           struct h5_shape row)
{
    hsize_t size[H5_AXES + 1] = {0}, most[H5_AXES + 1] = {H5S_UNLIMITED};
    hsize_t chunk[H5_AXES + 1];
    hsize_t bytes = H5Tget_size(type);
    for (int a = 0; a < row.axes; a++) {
        size[a + 1] = most[a + 1] = (hsize_t)row.size[a];
        chunk[a + 1] = row.size[a] ? (hsize_t)row.size[a] : 1;
        bytes *= chunk[a + 1];
    }
    chunk[0] = (hsize_t)chunk_rows((int64_t)bytes);
    hid_t layout = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(layout, row.axes + 1, chunk);
    hid_t space = H5Screate_simple(row.axes + 1, size, most);
    hid_t set = h5_create_set(file, path, type, space, layout);
    if (set >= 0)
        H5Dclose(set);
    H5Sclose(space);
    H5Pclose(layout);
}

void h5_new_rows(struct h5 *file, const char *path, enum h5_type type,
                 struct h5_shape row)
{
    h5_remove(file, path);
    if (h5_good(file))
        create_growing(file, path, h5_native(type), row);
}

/* Reads or writes rows [first, first + rows) of an open dataset. */
bool h5_move_rows(hid_t set, hid_t type, int64_t first, int64_t rows,
                      void *into, const void *from)
{
    hsize_t start[H5S_MAX_RANK] = {(hsize_t)first}, count[H5S_MAX_RANK];
    hid_t space = H5Dget_space(set);
    int axes = H5Sget_simple_extent_dims(space, count, NULL);
    count[0] = (hsize_t)rows;
    hid_t memory = H5Screate_simple(axes, count, NULL);
    bool good =
        H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count,
                            NULL) >= 0 &&
        (into ? H5Dread(set, type, memory, space, H5P_DEFAULT, into)
              : H5Dwrite(set, type, memory, space, H5P_DEFAULT, from)) >= 0;
    H5Sclose(memory);
    H5Sclose(space);
    return good;
}

/* So many rows more; how many there were before, -1 on error. */
static int64_t extend(hid_t set, int64_t rows)
{
    hsize_t size[H5S_MAX_RANK];
    hid_t space = H5Dget_space(set);
    H5Sget_simple_extent_dims(space, size, NULL);
    H5Sclose(space);
    int64_t before = (int64_t)size[0];
    size[0] += (hsize_t)rows;
    return H5Dset_extent(set, size) < 0 ? -1 : before;
}

static void append(struct h5 *file, const char *path, hid_t type,
                   int64_t rows, const void *values)
{
    hid_t set = h5_open_set(file, path);
    if (set < 0)
        return;
    int64_t before = extend(set, rows);
    if (before < 0 || !h5_move_rows(set, type, before, rows, NULL, values))
        h5_fail(file, "append to", path);
    if (H5Dclose(set) < 0)
        h5_fail(file, "append to", path);
}

void h5_append(struct h5 *file, const char *path, enum h5_type type,
               int64_t rows, const void *values)
{
    if (rows > 0)
        append(file, path, h5_native(type), rows, values);
}

void *h5_get_rows(struct h5 *file, const char *path, enum h5_type type,
                  int64_t first, int64_t rows)
{
    struct h5_shape shape = h5_shape(file, path);
    hid_t set = h5_open_set(file, path);
    if (set < 0 || shape.axes < 1)
        return NULL;
    shape.size[0] = rows;
    void *values = mem_new((size_t)h5_values(shape), h5_size(type));
    if (h5_values(shape) &&
        !h5_move_rows(set, h5_native(type), first, rows, values, NULL))
        h5_fail(file, "read", path);
    H5Dclose(set);
    return values;
}

/* ---- tables ------------------------------------------------------------ */

static size_t column_size(const struct h5_column *column)
{
    return column->width ? (size_t)column->width : sizeof(int64_t);
}

static hid_t table_type(const struct h5_column *columns, int count)
{
    size_t size = 0, at = 0;
    for (int c = 0; c < count; c++)
        size += column_size(&columns[c]);
    hid_t row = H5Tcreate(H5T_COMPOUND, size);
    for (int c = 0; c < count; c++) {
        hid_t text = H5Tcopy(H5T_C_S1);
        H5Tset_size(text, column_size(&columns[c]));
        H5Tset_cset(text, H5T_CSET_UTF8);
        H5Tinsert(row, columns[c].name, at,
                  columns[c].width ? text : H5T_NATIVE_INT64);
        H5Tclose(text);
        at += column_size(&columns[c]);
    }
    return row;
}

void h5_new_table(struct h5 *file, const char *path,
                  const struct h5_column *columns, int count)
{
    h5_remove(file, path);
    if (!h5_good(file))
        return;
    hid_t type = table_type(columns, count);
    create_growing(file, path, type, (struct h5_shape){.axes = 0});
    H5Tclose(type);
}

void h5_append_row(struct h5 *file, const char *path,
                   const struct h5_column *columns, int count,
                   const void *const *cells)
{
    hid_t type = table_type(columns, count);
    char *row = mem_new(1, H5Tget_size(type)), *at = row;
    for (int c = 0; c < count; c++) {
        size_t size = column_size(&columns[c]);
        if (columns[c].width)
            snprintf(at, size, "%s", (const char *)cells[c]);
        else
            memcpy(at, cells[c], size);
        at += size;
    }
    append(file, path, type, 1, row);
    free(row);
    H5Tclose(type);
}

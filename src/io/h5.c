#include "io/h5.h"

#include <errno.h>
#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* Chunks: about so many bytes, at most so many rows. */
enum { CHUNK_BYTES = 1 << 16, CHUNK_ROWS = 1024 };

struct h5 {
    hid_t id;
    char *path;
    struct err err;
};

/* ---- errors --------------------------------------------------------------- */

struct reason { char text[256]; };

/* The innermost entry that names a system error, else the first one. */
static herr_t keep_reason(unsigned n, const H5E_error2_t *entry, void *data)
{
    struct reason *reason = data;
    const char *system = strstr(entry->desc, "error message = '");
    (void)n;
    if (system && sscanf(system, "error message = '%255[^']", reason->text))
        return 1;
    if (!reason->text[0])
        snprintf(reason->text, sizeof reason->text, "%s", entry->desc);
    return 0;
}

static void fail(struct h5 *file, const char *doing, const char *path)
{
    struct reason reason = {""};
    int cause = errno;
    if (err_any(&file->err))
        return;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_reason, &reason);
    if (!reason.text[0] && cause)
        snprintf(reason.text, sizeof reason.text, "%s", strerror(cause));
    err_add(&file->err, EXIT_DATA, file->path, "cannot %s%s%s%s%s", doing,
            path ? " " : "", path ? path : "", reason.text[0] ? ": " : "",
            reason.text);
}

bool h5_good(const struct h5 *file)
{
    return file->id >= 0 && !err_any(&file->err);
}

/* ---- files ---------------------------------------------------------------- */

/* No lock: readers may look while a run is going on. */
static hid_t file_access(void)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
#if H5_VERSION_GE(1, 12, 1) || \
    (H5_VERSION_GE(1, 10, 7) && !H5_VERSION_GE(1, 11, 0))
    H5Pset_file_locking(access, 0, 1);
#endif
    return access;
}

struct h5 *h5_open(const char *path, enum h5_mode mode)
{
    struct h5 *file = mem_new(1, sizeof *file);
    file->path = mem_text("%s", path);
    errno = 0;
    H5dont_atexit(); /* it crashes there after a close that failed */
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    hid_t access = file_access();
    if (mode == H5_CREATE)
        file->id = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, access);
    else
        file->id = H5Fopen(path, mode == H5_WRITE ? H5F_ACC_RDWR
                                                  : H5F_ACC_RDONLY, access);
    H5Pclose(access);
    if (file->id < 0)
        fail(file, mode == H5_CREATE ? "create the file" : "open it as HDF5",
             NULL);
    return file;
}

bool h5_close(struct h5 *file, struct err *err)
{
    if (file->id >= 0 && H5Fclose(file->id) < 0)
        fail(file, "close the file", NULL);
    bool good = !err_any(&file->err);
    if (!good) {
        size_t length = strlen(file->err.text);
        err_add(err, file->err.code, NULL, "%.*s", (int)length - 1,
                file->err.text);
    }
    err_clear(&file->err);
    free(file->path);
    free(file);
    return good;
}

void h5_flush(struct h5 *file)
{
    if (h5_good(file) && H5Fflush(file->id, H5F_SCOPE_GLOBAL) < 0)
        fail(file, "flush the file", NULL);
}

void h5_version(char *text, unsigned long size)
{
    unsigned major, minor, release;
    H5get_libversion(&major, &minor, &release);
    snprintf(text, size, "%u.%u.%u", major, minor, release);
}

/* ---- links ---------------------------------------------------------------- */

/* Every group on the way must exist, or the library complains. */
bool h5_has(struct h5 *file, const char *path)
{
    if (!h5_good(file))
        return false;
    char *part = mem_text("%s", path);
    bool there = true;
    for (char *slash = part + 1; there && slash; ) {
        slash = strchr(slash, '/');
        if (slash)
            *slash = 0;
        there = !part[1] || H5Lexists(file->id, part, H5P_DEFAULT) > 0;
        if (slash)
            *slash++ = '/';
    }
    free(part);
    return there;
}

void h5_remove(struct h5 *file, const char *path)
{
    if (h5_has(file, path) && H5Ldelete(file->id, path, H5P_DEFAULT) < 0)
        fail(file, "remove", path);
}

struct visit {
    void (*each)(void *, const char *);
    void *context;
};

static herr_t visit_link(hid_t group, const char *name,
                         const H5L_info_t *info, void *data)
{
    const struct visit *visit = data;
    (void)group;
    (void)info;
    visit->each(visit->context, name);
    return 0;
}

void h5_list(struct h5 *file, const char *group,
             void (*each)(void *context, const char *name), void *context)
{
    struct visit visit = {each, context};
    if (h5_has(file, group) &&
        H5Literate_by_name(file->id, group, H5_INDEX_NAME, H5_ITER_INC, NULL,
                           visit_link, &visit, H5P_DEFAULT) < 0)
        fail(file, "list", group);
}

/* ---- types and spaces ----------------------------------------------------- */

unsigned h5_size(enum h5_type type)
{
    return type == H5_INT8 ? 1 : type == H5_INT32 ? 4 : 8;
}

static hid_t native(enum h5_type type)
{
    return type == H5_INT8    ? H5T_NATIVE_INT8
           : type == H5_INT32 ? H5T_NATIVE_INT32
           : type == H5_INT64 ? H5T_NATIVE_INT64
                              : H5T_NATIVE_DOUBLE;
}

static hid_t text_type(void)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

static hid_t space_of(struct h5_shape shape)
{
    hsize_t size[H5_AXES];
    for (int a = 0; a < shape.axes; a++)
        size[a] = (hsize_t)shape.size[a];
    return shape.axes ? H5Screate_simple(shape.axes, size, NULL)
                      : H5Screate(H5S_SCALAR);
}

int64_t h5_values(struct h5_shape shape)
{
    int64_t values = shape.axes < 0 ? 0 : 1;
    for (int a = 0; a < shape.axes; a++)
        values *= shape.size[a];
    return values;
}

/* Creates a dataset, groups on the way included; closes type and layout. */
static hid_t create(struct h5 *file, const char *path, hid_t type,
                    hid_t space, hid_t layout)
{
    hid_t links = H5Pcreate(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(links, 1);
    hid_t set = H5Dcreate2(file->id, path, type, space, links, layout,
                           H5P_DEFAULT);
    H5Pclose(links);
    if (set < 0)
        fail(file, "create", path);
    return set;
}

static hid_t open_set(struct h5 *file, const char *path)
{
    hid_t set = h5_good(file) ? H5Dopen2(file->id, path, H5P_DEFAULT) : -1;
    if (set < 0)
        fail(file, "open", path);
    return set;
}

/* ---- datasets of fixed shape ---------------------------------------------- */

static bool same_shape(struct h5_shape a, struct h5_shape b)
{
    bool same = a.axes == b.axes;
    for (int i = 0; same && i < a.axes; i++)
        same = a.size[i] == b.size[i];
    return same;
}

/* In place when the shape stays: attributes stay too, and no space is lost. */
void h5_put(struct h5 *file, const char *path, enum h5_type type,
            struct h5_shape shape, const void *values)
{
    bool keep = same_shape(h5_shape(file, path), shape);
    if (!keep)
        h5_remove(file, path);
    if (!h5_good(file))
        return;
    hid_t space = space_of(shape);
    hid_t set = keep ? open_set(file, path)
                     : create(file, path, native(type), space, H5P_DEFAULT);
    if (set >= 0 && h5_values(shape) &&
        H5Dwrite(set, native(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, values) <
            0)
        fail(file, "write", path);
    if (set >= 0)
        H5Dclose(set);
    H5Sclose(space);
}

void h5_put_text(struct h5 *file, const char *path, const char *text)
{
    h5_remove(file, path);
    if (!h5_good(file))
        return;
    hid_t space = H5Screate(H5S_SCALAR), type = text_type();
    hid_t set = create(file, path, type, space, H5P_DEFAULT);
    if (set >= 0 &&
        H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, &text) < 0)
        fail(file, "write", path);
    if (set >= 0)
        H5Dclose(set);
    H5Tclose(type);
    H5Sclose(space);
}

struct h5_shape h5_shape(struct h5 *file, const char *path)
{
    struct h5_shape shape = {.axes = -1};
    hid_t set = h5_has(file, path)
                    ? H5Dopen2(file->id, path, H5P_DEFAULT) : -1;
    if (set < 0)
        return shape;
    hsize_t size[H5S_MAX_RANK];
    hid_t space = H5Dget_space(set);
    int axes = H5Sget_simple_extent_dims(space, size, NULL);
    if (axes >= 0 && axes <= H5_AXES) {
        shape.axes = axes;
        for (int a = 0; a < axes; a++)
            shape.size[a] = (int64_t)size[a];
    }
    H5Sclose(space);
    H5Dclose(set);
    return shape;
}

void *h5_get(struct h5 *file, const char *path, enum h5_type type)
{
    struct h5_shape shape = h5_shape(file, path);
    if (shape.axes != 0)
        return h5_get_rows(file, path, type, 0,
                           shape.axes > 0 ? shape.size[0] : 0);
    void *value = mem_new(1, sizeof(int64_t));
    hid_t set = open_set(file, path);
    if (set >= 0 && H5Dread(set, native(type), H5S_ALL, H5S_ALL, H5P_DEFAULT,
                            value) < 0)
        fail(file, "read", path);
    if (set >= 0)
        H5Dclose(set);
    return value;
}

char *h5_get_text(struct h5 *file, const char *path)
{
    hid_t set = open_set(file, path);
    if (set < 0)
        return NULL;
    char *found = NULL, *text = NULL;
    hid_t type = text_type();
    if (H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, &found) < 0 ||
        !found)
        fail(file, "read", path);
    else
        text = mem_text("%s", found);
    H5free_memory(found);
    H5Tclose(type);
    H5Dclose(set);
    return text;
}

/* ---- datasets that grow --------------------------------------------------- */

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
    chunk[0] = bytes * CHUNK_ROWS <= CHUNK_BYTES ? CHUNK_ROWS
                                                 : CHUNK_BYTES / bytes;
    chunk[0] += !chunk[0];
    hid_t layout = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(layout, row.axes + 1, chunk);
    hid_t space = H5Screate_simple(row.axes + 1, size, most);
    hid_t set = create(file, path, type, space, layout);
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
        create_growing(file, path, native(type), row);
}

/* Reads or writes rows [first, first + rows) of an open dataset. */
static bool move_rows(hid_t set, hid_t type, int64_t first, int64_t rows,
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

/* New number of rows; the old one is returned, -1 on error. */
static int64_t extend(hid_t set, int64_t rows, bool add)
{
    hsize_t size[H5S_MAX_RANK];
    hid_t space = H5Dget_space(set);
    H5Sget_simple_extent_dims(space, size, NULL);
    H5Sclose(space);
    int64_t before = (int64_t)size[0];
    size[0] = (hsize_t)(rows + (add ? before : 0));
    return H5Dset_extent(set, size) < 0 ? -1 : before;
}

static void append(struct h5 *file, const char *path, hid_t type,
                   int64_t rows, const void *values)
{
    hid_t set = open_set(file, path);
    if (set < 0)
        return;
    int64_t before = extend(set, rows, true);
    if (before < 0 || !move_rows(set, type, before, rows, NULL, values))
        fail(file, "append to", path);
    if (H5Dclose(set) < 0)
        fail(file, "append to", path);
}

void h5_append(struct h5 *file, const char *path, enum h5_type type,
               int64_t rows, const void *values)
{
    if (rows > 0)
        append(file, path, native(type), rows, values);
}

void h5_truncate(struct h5 *file, const char *path, int64_t rows)
{
    hid_t set = open_set(file, path);
    if (set < 0)
        return;
    if (extend(set, rows, false) < 0)
        fail(file, "truncate", path);
    H5Dclose(set);
}

void *h5_get_rows(struct h5 *file, const char *path, enum h5_type type,
                  int64_t first, int64_t rows)
{
    struct h5_shape shape = h5_shape(file, path);
    hid_t set = open_set(file, path);
    if (set < 0 || shape.axes < 1)
        return NULL;
    shape.size[0] = rows;
    void *values = mem_new((size_t)h5_values(shape), h5_size(type));
    if (h5_values(shape) &&
        !move_rows(set, native(type), first, rows, values, NULL))
        fail(file, "read", path);
    H5Dclose(set);
    return values;
}

/* ---- attributes ----------------------------------------------------------- */

static void set_attribute(struct h5 *file, const char *path,
                          const char *name, hid_t type, hid_t space,
                          const void *value)
{
    hid_t object = h5_good(file) ? H5Oopen(file->id, path, H5P_DEFAULT) : -1;
    if (object >= 0 && H5Aexists(object, name) > 0)
        H5Adelete(object, name);
    hid_t attribute = object < 0 ? -1
                                 : H5Acreate2(object, name, type, space,
                                              H5P_DEFAULT, H5P_DEFAULT);
    if (attribute < 0 || H5Awrite(attribute, type, value) < 0)
        fail(file, "write an attribute of", path);
    if (attribute >= 0)
        H5Aclose(attribute);
    if (object >= 0)
        H5Oclose(object);
    H5Sclose(space);
}

void h5_set_texts(struct h5 *file, const char *path, const char *name,
                  const char *const *texts, int count)
{
    hsize_t size = (hsize_t)count;
    hid_t type = text_type();
    set_attribute(file, path, name, type, H5Screate_simple(1, &size, NULL),
                  texts);
    H5Tclose(type);
}

void h5_set_text(struct h5 *file, const char *path, const char *name,
                 const char *text)
{
    hid_t type = text_type();
    set_attribute(file, path, name, type, H5Screate(H5S_SCALAR), &text);
    H5Tclose(type);
}

void h5_set_integer(struct h5 *file, const char *path, const char *name,
                    int64_t value)
{
    set_attribute(file, path, name, H5T_NATIVE_INT64, H5Screate(H5S_SCALAR),
                  &value);
}

void h5_set_real(struct h5 *file, const char *path, const char *name,
                 double value)
{
    set_attribute(file, path, name, H5T_NATIVE_DOUBLE, H5Screate(H5S_SCALAR),
                  &value);
}

/* false: there is none, value is as it was. */
static bool get_attribute(struct h5 *file, const char *path,
                          const char *name, hid_t type, void *value)
{
    if (!h5_good(file) || (path[1] && !h5_has(file, path)) ||
        H5Aexists_by_name(file->id, path, name, H5P_DEFAULT) <= 0)
        return false;
    hid_t attribute = H5Aopen_by_name(file->id, path, name, H5P_DEFAULT,
                                      H5P_DEFAULT);
    bool good = attribute >= 0 && H5Aread(attribute, type, value) >= 0;
    if (attribute >= 0)
        H5Aclose(attribute);
    return good;
}

char *h5_text(struct h5 *file, const char *path, const char *name,
              const char *absent)
{
    char *found = NULL, *text = NULL;
    hid_t type = text_type();
    if (get_attribute(file, path, name, type, &found) && found)
        text = mem_text("%s", found);
    else if (absent)
        text = mem_text("%s", absent);
    H5free_memory(found);
    H5Tclose(type);
    return text;
}

int64_t h5_integer(struct h5 *file, const char *path, const char *name,
                   int64_t absent)
{
    get_attribute(file, path, name, H5T_NATIVE_INT64, &absent);
    return absent;
}

double h5_real(struct h5 *file, const char *path, const char *name,
               double absent)
{
    get_attribute(file, path, name, H5T_NATIVE_DOUBLE, &absent);
    return absent;
}

/* ---- tables ---------------------------------------------------------------- */

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

/* ---- salvage --------------------------------------------------------------- */

struct salvage {
    struct h5 *from, *to;
    int64_t (*rows)(void *context, const char *path);
    void *context;
};

static herr_t copy_attribute(hid_t object, const char *name,
                             const H5A_info_t *info, void *data)
{
    hid_t target = *(hid_t *)data;
    hid_t from = H5Aopen(object, name, H5P_DEFAULT);
    hid_t type = H5Aget_type(from), space = H5Aget_space(from);
    hid_t to = H5Acreate2(target, name, type, space, H5P_DEFAULT,
                          H5P_DEFAULT);
    void *value = mem_new((size_t)H5Sget_simple_extent_npoints(space),
                          H5Tget_size(type));
    (void)info;
    herr_t bad = H5Aread(from, type, value) < 0 ||
                 H5Awrite(to, type, value) < 0;
    free(value);
    H5Aclose(to);
    H5Sclose(space);
    H5Tclose(type);
    H5Aclose(from);
    return bad ? -1 : 0;
}

static bool copy_attributes(hid_t from, hid_t to)
{
    return H5Aiterate2(from, H5_INDEX_NAME, H5_ITER_INC, NULL,
                       copy_attribute, &to) >= 0;
}

/* The committed rows only, about a megabyte at a time. */
static bool copy_rows(struct salvage *s, const char *path, int64_t rows)
{
    hid_t from = open_set(s->from, path);
    if (from < 0)
        return false;
    hid_t type = H5Dget_type(from), space = H5Dget_space(from);
    hid_t layout = H5Dget_create_plist(from);
    hsize_t size[H5S_MAX_RANK], most[H5S_MAX_RANK];
    int axes = H5Sget_simple_extent_dims(space, size, most);
    bool good = (int64_t)size[0] >= rows;
    size[0] = (hsize_t)rows;
    hid_t shorter = H5Screate_simple(axes, size, most);
    hid_t to = create(s->to, path, type, shorter, layout);
    size_t bytes = H5Tget_size(type);
    for (int a = 1; a < axes; a++)
        bytes *= size[a];
    int64_t step = bytes < 1 << 20 ? (1 << 20) / (int64_t)(bytes + 1) : 1;
    char *block = mem_new((size_t)step, bytes);
    for (int64_t r = 0; good && r < rows; r += step) {
        int64_t count = rows - r < step ? rows - r : step;
        good = move_rows(from, type, r, count, block, NULL) &&
               move_rows(to, type, r, count, NULL, block);
    }
    good = good && copy_attributes(from, to);
    free(block);
    H5Dclose(to);
    H5Sclose(shorter);
    H5Pclose(layout);
    H5Sclose(space);
    H5Tclose(type);
    H5Dclose(from);
    return good;
}

/* A dataset that does not grow. Not H5Ocopy: it crashes on some files that
   a kill left behind. */
static bool copy_whole(struct salvage *s, const char *path)
{
    hid_t from = open_set(s->from, path);
    if (from < 0)
        return false;
    hid_t type = H5Dget_type(from), space = H5Dget_space(from);
    hid_t layout = H5Dget_create_plist(from);
    hid_t to = create(s->to, path, type, space, layout);
    char *values = mem_new((size_t)H5Sget_simple_extent_npoints(space),
                           H5Tget_size(type));
    bool good = to >= 0 &&
                H5Dread(from, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >=
                    0 &&
                H5Dwrite(to, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >=
                    0 &&
                copy_attributes(from, to);
    if (H5Tdetect_class(type, H5T_STRING) > 0 && H5Tis_variable_str(type) > 0)
        H5Dvlen_reclaim(type, space, H5P_DEFAULT, values);
    free(values);
    H5Dclose(to);
    H5Pclose(layout);
    H5Sclose(space);
    H5Tclose(type);
    H5Dclose(from);
    return good;
}

static herr_t salvage_object(hid_t root, const char *name,
                             const H5O_info_t *info, void *data)
{
    struct salvage *s = data;
    char *path = mem_text("/%s", !strcmp(name, ".") ? "" : name);
    bool good = true;
    if (info->type == H5O_TYPE_GROUP) {
        hid_t from = H5Oopen(root, path, H5P_DEFAULT);
        hid_t to = path[1] ? H5Gcreate2(s->to->id, path, H5P_DEFAULT,
                                        H5P_DEFAULT, H5P_DEFAULT)
                           : H5Oopen(s->to->id, "/", H5P_DEFAULT);
        good = from >= 0 && to >= 0 && copy_attributes(from, to);
        H5Oclose(to);
        H5Oclose(from);
    } else {
        int64_t rows = s->rows(s->context, path);
        good = rows >= 0 ? copy_rows(s, path, rows) : copy_whole(s, path);
    }
    if (!good)
        fail(s->from, "salvage", path);
    free(path);
    return good ? 0 : -1;
}

bool h5_salvage(const char *from, const char *to,
                int64_t (*rows)(void *context, const char *path),
                void *context, struct err *err)
{
    struct salvage s = {h5_open(from, H5_READ), h5_open(to, H5_CREATE), rows,
                        context};
    if (h5_good(s.from) && h5_good(s.to) &&
        H5Ovisit2(s.from->id, H5_INDEX_NAME, H5_ITER_INC, salvage_object, &s,
                  H5O_INFO_BASIC) < 0)
        fail(s.from, "salvage the file", NULL);
    bool good = h5_close(s.to, err);
    return h5_close(s.from, err) && good;
}

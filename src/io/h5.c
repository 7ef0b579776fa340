#include "io/h5.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "io/h5_parts.h"

/* ---- errors ------------------------------------------------------------ */

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

void h5_fail(struct h5 *file, const char *doing, const char *path)
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

/* ---- files ------------------------------------------------------------- */

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
        h5_fail(file, mode == H5_CREATE ? "create the file" : "open it as HDF5",
             NULL);
    return file;
}

bool h5_close(struct h5 *file, struct err *err)
{
    if (file->id >= 0 && H5Fclose(file->id) < 0)
        h5_fail(file, "close the file", NULL);
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
        h5_fail(file, "flush the file", NULL);
}

void h5_version(char *text, unsigned long size)
{
    unsigned major, minor, release;
    H5get_libversion(&major, &minor, &release);
    snprintf(text, size, "%u.%u.%u", major, minor, release);
}

/* ---- links ------------------------------------------------------------- */

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

void h5_new_group(struct h5 *file, const char *path)
{
    if (!h5_good(file) || h5_has(file, path))
        return;
    hid_t group = H5Gcreate2(file->id, path, H5P_DEFAULT, H5P_DEFAULT,
                             H5P_DEFAULT);
    if (group < 0)
        h5_fail(file, "create", path);
    else
        H5Gclose(group);
}

void h5_remove(struct h5 *file, const char *path)
{
    if (h5_has(file, path) && H5Ldelete(file->id, path, H5P_DEFAULT) < 0)
        h5_fail(file, "remove", path);
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
        h5_fail(file, "list", group);
}

/* ---- types and spaces -------------------------------------------------- */

unsigned h5_size(enum h5_type type)
{
    return type == H5_INT8 || type == H5_UINT8     ? 1
           : type == H5_INT32 || type == H5_FLOAT ? 4
                                                  : 8;
}

enum h5_type h5_field(enum field_type type)
{
    return type == FIELD_INT8    ? H5_INT8
           : type == FIELD_UINT8 ? H5_UINT8
           : type == FIELD_INT32 ? H5_INT32
           : type == FIELD_FLOAT ? H5_FLOAT
                                 : H5_DOUBLE;
}

hid_t h5_native(enum h5_type type)
{
    return type == H5_INT8    ? H5T_NATIVE_INT8
           : type == H5_UINT8 ? H5T_NATIVE_UINT8
           : type == H5_INT32 ? H5T_NATIVE_INT32
           : type == H5_INT64 ? H5T_NATIVE_INT64
           : type == H5_FLOAT ? H5T_NATIVE_FLOAT
                              : H5T_NATIVE_DOUBLE;
}

hid_t h5_text_type(void)
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
hid_t h5_create_set(struct h5 *file, const char *path, hid_t type,
                    hid_t space, hid_t layout)
{
    hid_t links = H5Pcreate(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(links, 1);
    hid_t set = H5Dcreate2(file->id, path, type, space, links, layout,
                           H5P_DEFAULT);
    H5Pclose(links);
    if (set < 0)
        h5_fail(file, "create", path);
    return set;
}

hid_t h5_open_set(struct h5 *file, const char *path)
{
    hid_t set = h5_good(file) ? H5Dopen2(file->id, path, H5P_DEFAULT) : -1;
    if (set < 0)
        h5_fail(file, "open", path);
    return set;
}

/* ---- datasets of fixed shape ------------------------------------------- */

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
    hid_t space = space_of(shape), memory = h5_native(type);
    hid_t set = keep ? h5_open_set(file, path)
                     : h5_create_set(file, path, memory, space, H5P_DEFAULT);
    if (set >= 0 && h5_values(shape) && values &&
        H5Dwrite(set, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)
        h5_fail(file, "write", path);
    if (set >= 0)
        H5Dclose(set);
    H5Sclose(space);
}

void h5_put_text(struct h5 *file, const char *path, const char *text)
{
    h5_remove(file, path);
    if (!h5_good(file))
        return;
    hid_t space = H5Screate(H5S_SCALAR), type = h5_text_type();
    hid_t set = h5_create_set(file, path, type, space, H5P_DEFAULT);
    if (set >= 0 &&
        H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, &text) < 0)
        h5_fail(file, "write", path);
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
    hid_t set = h5_open_set(file, path);
    if (set >= 0 && H5Dread(set, h5_native(type), H5S_ALL, H5S_ALL,
                            H5P_DEFAULT, value) < 0)
        h5_fail(file, "read", path);
    if (set >= 0)
        H5Dclose(set);
    return value;
}

char *h5_get_text(struct h5 *file, const char *path)
{
    hid_t set = h5_open_set(file, path);
    if (set < 0)
        return NULL;
    char *found = NULL, *text = NULL;
    hid_t type = h5_text_type();
    if (H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, &found) < 0 ||
        !found)
        h5_fail(file, "read", path);
    else
        text = mem_text("%s", found);
    H5free_memory(found);
    H5Tclose(type);
    H5Dclose(set);
    return text;
}

/* The committed rows of a file that a kill left half written. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "io/h5_parts.h"

struct salvage {
    struct h5 *from, *to;
    int64_t (*rows)(void *context, const char *path);
    void *context;
    const char *member; /* of the root group, being copied */
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
    if (H5Tis_variable_str(type) > 0)
        H5Dvlen_reclaim(type, space, H5P_DEFAULT, value);
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
    hid_t from = h5_open_set(s->from, path);
    if (from < 0)
        return false;
    hid_t type = H5Dget_type(from), space = H5Dget_space(from);
    hid_t layout = H5Dget_create_plist(from);
    hsize_t size[H5S_MAX_RANK], most[H5S_MAX_RANK];
    int axes = H5Sget_simple_extent_dims(space, size, most);
    bool good = (int64_t)size[0] >= rows;
    size[0] = (hsize_t)rows;
    hid_t shorter = H5Screate_simple(axes, size, most);
    hid_t to = h5_create_set(s->to, path, type, shorter, layout);
    size_t bytes = H5Tget_size(type);
    for (int a = 1; a < axes; a++)
        bytes *= size[a];
    int64_t step = bytes < 1 << 20 ? (1 << 20) / (int64_t)(bytes + 1) : 1;
    char *block = mem_new((size_t)step, bytes);
    for (int64_t r = 0; good && r < rows; r += step) {
        int64_t count = rows - r < step ? rows - r : step;
        good = h5_move_rows(from, type, r, count, block, NULL) &&
               h5_move_rows(to, type, r, count, NULL, block);
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

/* A dataset that does not grow; one that a write was cut short in is left
   out: its writer makes it anew. Not H5Ocopy: it crashes on some files that a
   kill left behind. */
static void copy_whole(struct salvage *s, const char *path)
{
    hid_t from = H5Dopen2(s->from->id, path, H5P_DEFAULT);
    if (from < 0)
        return;
    hid_t type = H5Dget_type(from), space = H5Dget_space(from);
    hid_t layout = H5Dget_create_plist(from);
    hid_t to = h5_create_set(s->to, path, type, space, layout);
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
    if (!good)
        h5_remove(s->to, path);
}

/* name is relative to the member that is visited. */
static herr_t salvage_object(hid_t root, const char *name,
                             const H5O_info_t *info, void *data)
{
    struct salvage *s = data;
    bool itself = !strcmp(name, "."), good = true;
    char *path = mem_text("%s%s%s", s->member, itself ? "" : "/",
                          itself ? "" : name);
    (void)root;
    if (info->type == H5O_TYPE_GROUP) {
        hid_t from = H5Oopen(s->from->id, path, H5P_DEFAULT);
        h5_new_group(s->to, path);
        hid_t to = H5Oopen(s->to->id, path, H5P_DEFAULT);
        good = from >= 0 && to >= 0 && copy_attributes(from, to);
        H5Oclose(to);
        H5Oclose(from);
    } else {
        int64_t rows = s->rows(s->context, path);
        struct h5_shape shape = h5_shape(s->from, path);
        if (rows == H5_EVERY && shape.axes > 0)
            rows = shape.size[0];
        if (rows >= 0)
            good = copy_rows(s, path, rows);
        else
            copy_whole(s, path);
    }
    if (!good)
        h5_fail(s->from, "salvage", path);
    free(path);
    return good ? 0 : -1;
}

/* One member of the root group with all below it. */
static void salvage_member(void *context, const char *name)
{
    struct salvage *s = context;
    char *path = mem_text("/%s", name);
    bool skip = s->rows(s->context, path) == H5_SKIP;
    s->member = path;
    if (skip)
        h5_new_group(s->to, path);
    else if (h5_good(s->from) && h5_good(s->to) &&
             H5Ovisit_by_name2(s->from->id, path, H5_INDEX_NAME, H5_ITER_INC,
                               salvage_object, s, H5O_INFO_BASIC,
                               H5P_DEFAULT) < 0)
        h5_fail(s->from, "salvage", path);
    free(path);
}

static void copy_root_attributes(struct salvage *s)
{
    hid_t from = H5Oopen(s->from->id, "/", H5P_DEFAULT);
    hid_t to = H5Oopen(s->to->id, "/", H5P_DEFAULT);
    if (!copy_attributes(from, to))
        h5_fail(s->from, "salvage the attributes of", "/");
    H5Oclose(to);
    H5Oclose(from);
}

bool h5_salvage(const char *from, const char *to,
                int64_t (*rows)(void *context, const char *path),
                void *context, struct err *err)
{
    struct salvage s = {.from = h5_open(from, H5_READ),
                        .to = h5_open(to, H5_CREATE), .rows = rows,
                        .context = context};
    if (h5_good(s.from) && h5_good(s.to)) {
        copy_root_attributes(&s);
        h5_list(s.from, "/", salvage_member, &s);
    }
    bool good = h5_close(s.to, err);
    return h5_close(s.from, err) && good;
}

/* Attributes: texts, integers, reals. */
#include "base/alloc.h"
#include "io/h5_parts.h"

/* The attribute, when it is there with so many elements. */
static hid_t old_attribute(hid_t object, const char *name, hid_t space)
{
    if (H5Aexists(object, name) <= 0)
        return -1;
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    hid_t held = H5Aget_space(attribute);
    bool same = H5Sget_simple_extent_npoints(held) ==
                H5Sget_simple_extent_npoints(space);
    H5Sclose(held);
    if (same)
        return attribute;
    H5Aclose(attribute);
    H5Adelete(object, name);
    return -1;
}

/* In place where it can be: a commit then moves nothing in the file's
   headers. Closes space. */
static void set_attribute(struct h5 *file, const char *path,
                          const char *name, hid_t type, hid_t space,
                          const void *value)
{
    hid_t object = h5_good(file) ? H5Oopen(file->id, path, H5P_DEFAULT) : -1;
    hid_t attribute = object < 0 ? -1 : old_attribute(object, name, space);
    if (object >= 0 && attribute < 0)
        attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT,
                               H5P_DEFAULT);
    if (attribute < 0 || H5Awrite(attribute, type, value) < 0)
        h5_fail(file, "write an attribute of", path);
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
    hid_t type = h5_text_type();
    set_attribute(file, path, name, type, H5Screate_simple(1, &size, NULL),
                  texts);
    H5Tclose(type);
}

void h5_set_text(struct h5 *file, const char *path, const char *name,
                 const char *text)
{
    hid_t type = h5_text_type();
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

/* Of a list only the first element would have room. */
static bool is_single(hid_t attribute)
{
    hid_t space = H5Aget_space(attribute);
    bool single = H5Sget_simple_extent_npoints(space) == 1;
    H5Sclose(space);
    return single;
}

/* false: there is none (or a list), value is as it was. */
static bool get_attribute(struct h5 *file, const char *path,
                          const char *name, hid_t type, void *value)
{
    if (!h5_good(file) || (path[1] && !h5_has(file, path)) ||
        H5Aexists_by_name(file->id, path, name, H5P_DEFAULT) <= 0)
        return false;
    hid_t attribute = H5Aopen_by_name(file->id, path, name, H5P_DEFAULT,
                                      H5P_DEFAULT);
    bool good = attribute >= 0 && is_single(attribute) &&
                H5Aread(attribute, type, value) >= 0;
    if (attribute >= 0)
        H5Aclose(attribute);
    return good;
}

char *h5_text(struct h5 *file, const char *path, const char *name,
              const char *absent)
{
    char *found = NULL, *text = NULL;
    hid_t type = h5_text_type();
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

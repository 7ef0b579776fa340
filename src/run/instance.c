#define _DEFAULT_SOURCE /* mkstemps */
#include "run/instance.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "systems/reference.h"

static const char path[] = "/instance";

static const char reference[] = "/reference";

static void store_reference(struct h5 *file, const struct section *model)
{
    const char *name = section_text(model, "reference", "");
    struct err err = {0};
    struct reference *ref =
        reference_of_file(name)
            ? reference_read(name, (int)section_integer(model, "samples", 1),
                             0, NULL, "model.reference", &err) : NULL;
    err_clear(&err);
    if (!ref)
        return;
    h5_put(file, reference, H5_DOUBLE,
           (struct h5_shape){2, {ref->samples, ref->count}}, ref->values);
    h5_set_text(file, reference, "file", name);
    reference_free(ref);
}

void instance_store(struct h5 *file, const struct input *input)
{
    store_reference(file, &input->section[INPUT_MODEL]);
    const char *name = section_text(&input->section[INPUT_MODEL], "file", "");
    FILE *from = *name ? fopen(name, "rb") : NULL;
    if (!from)
        return;
    fseek(from, 0, SEEK_END);
    size_t count = (size_t)ftell(from);
    rewind(from);
    char *bytes = mem_new(count, 1);
    count = fread(bytes, 1, count, from);
    fclose(from);
    h5_put(file, path, H5_INT8, (struct h5_shape){1, {(int64_t)count}},
           bytes);
    h5_set_text(file, path, "file", name);
    free(bytes);
}

/* What tells readers the format: .mtx of /data/x.mtx. */
static const char *ending(const char *name)
{
    const char *slash = strrchr(name, '/');
    const char *dot = strrchr(slash ? slash : name, '.');
    return dot ? dot : "";
}

struct instance instance_fetch(struct h5 *file, const char *name,
                               struct err *err)
{
    struct instance instance = {.path = NULL};
    if (h5_has(file, reference)) {
        instance.reference = h5_text(file, reference, "file", "");
        instance.override[instance.overrides++] =
            mem_text("model.reference=%s:%s", name, reference);
    }
    if (!h5_has(file, path))
        return instance;
    int64_t count = h5_values(h5_shape(file, path));
    char *bytes = h5_get(file, path, H5_INT8);
    char *from = h5_text(file, path, "file", "");
    const char *folder = getenv("TMPDIR");
    instance.path = mem_text("%s/tempera-XXXXXX%s",
                             folder && *folder ? folder : "/tmp",
                             ending(from));
    int out = mkstemps(instance.path, (int)strlen(ending(from)));
    if (out < 0 || write(out, bytes, (size_t)count) != count)
        err_add(err, EXIT_DATA, name, "its instance cannot be unpacked to "
                "%s: %s", instance.path, strerror(errno));
    if (out >= 0)
        close(out);
    instance.override[instance.overrides++] =
        mem_text("model.file=%s", instance.path);
    instance.name = from;
    free(bytes);
    return instance;
}

void instance_rename(const struct instance *instance, struct input *input)
{
    struct section *model = &input->section[INPUT_MODEL];
    const char *name[] = {instance->name, instance->reference};
    static const char *const key[] = {"file", "reference"};
    for (int i = 0; i < INSTANCE_MOST; i++) {
        char **value = name[i] ? section_value(model, key[i]) : NULL;
        if (!value)
            continue;
        free(*value);
        *value = mem_text("%s", name[i]);
    }
}

void instance_release(struct instance *instance)
{
    if (instance->path)
        unlink(instance->path);
    free(instance->path);
    for (int i = 0; i < instance->overrides; i++)
        free(instance->override[i]);
    free(instance->name);
    free(instance->reference);
}

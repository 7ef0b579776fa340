#include "systems/reference.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/crc.h"
#include "io/h5.h"

static const char states[] = "/states/last", minima[] = "/minima/",
                  kept[] = "/reference";

/* What a name says, and where messages go. */
struct request {
    const char *name, *where, *key;
    struct err *err;
    char *file, *dataset; /* dataset: of the state itself */
    int64_t at[3];        /* copy, sample, rung; -1: not said */
    int samples;
    int64_t count;
};

__attribute__((format(printf, 2, 3)))
static void complain(const struct request *r, const char *format, ...)
{
    char text[512];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    err_add(r->err, EXIT_INPUT, r->where, "%s: %s", r->key, text);
}

bool reference_of_file(const char *name)
{
    return strstr(name, ":/") != NULL;
}

/* ---- names --------------------------------------------------------------- */

static bool begins(const char *text, const char *with)
{
    return !strncmp(text, with, strlen(with));
}

/* "[0,*,5]" or nothing. */
static bool read_place(const char *text, int64_t at[3])
{
    const char *next = text + (*text == '[');
    at[0] = at[1] = at[2] = -1;
    for (int i = 0; *text && i < 3; i++) {
        char *end = (char *)next;
        if (*next == '*')
            end++;
        else if (*next >= '0' && *next <= '9')
            at[i] = strtoll(next, &end, 10);
        if (!strcmp(end, "]"))
            return true;
        if (*end != ',')
            return false;
        next = end + 1;
    }
    return !*text;
}

/* The first thing in a group. */
static void take_name(void *context, const char *name)
{
    char **held = context;
    if (!*held)
        *held = mem_text("%s", name);
}

/* Which dataset of an open file; NULL with a message. */
static char *find_dataset(struct request *r, struct h5 *file)
{
    const char *inside = strstr(r->name, ":/") + 1;
    char *field = NULL, *path = NULL;
    r->at[0] = r->at[1] = r->at[2] = -1;
    if (begins(inside, minima)) {
        path = mem_text("%s/state", inside);
        if (h5_shape(file, path).axes != 1)
            complain(r, "%s holds no minimum %s", r->file,
                     inside + strlen(minima));
        else
            return path;
    } else if (!strcmp(inside, kept))
        return mem_text("%s", inside);
    else if (!begins(inside, states) ||
             !read_place(inside + strlen(states), r->at))
        complain(r, "\"%s\"; of a file: OUT.h5:/minima/NUMBER or "
                 "OUT.h5:/states/last[copy,sample,rung]", r->name);
    else {
        h5_list(file, states, take_name, &field);
        if (field)
            path = mem_text("%s/%s", states, field);
        free(field);
        if (path && h5_shape(file, path).axes >= 4)
            return path;
        complain(r, "%s holds no %s; a run writes that when it ends or stops",
                 r->file, states);
    }
    free(path);
    return NULL;
}

/* ---- numbers ------------------------------------------------------------- */

/* Copy, sample, rung of the run's sample s. */
static bool find_place(const struct request *r, struct h5_shape shape, int s,
                       int64_t at[3])
{
    static const char *const noun[] = {"copies", "samples", "rungs"};
    for (int i = 0; i < 3; i++) {
        at[i] = r->at[i] >= 0 ? r->at[i]
                : i == 0 ? 0 : i == 1 ? s : shape.size[2] - 1;
        if (at[i] < shape.size[i])
            continue;
        complain(r, "%s has %lld %s, from 0; not one of number %lld", r->file,
                 (long long)shape.size[i], noun[i], (long long)at[i]);
        return false;
    }
    return true;
}

/* all: the dataset; false with a message. */
static bool choose(const struct request *r, const struct reference *ref,
                   struct h5_shape shape, const double *all)
{
    size_t bytes = (size_t)ref->count * sizeof *all;
    for (int s = 0; s < ref->samples; s++) {
        int64_t at[3], from = 0;
        if (shape.axes >= 4) {
            if (!find_place(r, shape, s, at))
                return false;
            from = (at[0] * shape.size[1] + at[1]) * shape.size[2] + at[2];
        } else if (shape.axes == 2)
            from = s;
        memcpy(ref->values + s * ref->count, all + from * ref->count, bytes);
    }
    for (int64_t i = 0; i < ref->samples * ref->count; i++)
        if (!isfinite(ref->values[i])) {
            complain(r, "number %lld of the state in %s is not finite",
                     (long long)(i % ref->count), r->file);
            return false;
        }
    return true;
}

/* Numbers of one state. */
static int64_t numbers(struct h5_shape shape)
{
    int first = shape.axes >= 4 ? 3 : shape.axes - 1;
    int64_t count = 1;
    for (int a = first; a < shape.axes; a++)
        count *= shape.size[a];
    return count;
}

static struct reference *take(const struct request *r, struct h5 *file)
{
    struct h5_shape shape = h5_shape(file, r->dataset);
    int64_t count = numbers(shape);
    if (r->count && count != r->count) {
        complain(r, "the state in %s has %lld numbers; this model has %lld",
                 r->file, (long long)count, (long long)r->count);
        return NULL;
    }
    if (shape.axes == 1 && r->samples > 1) {
        complain(r, "a minimum is of one sample; model.samples = %d",
                 r->samples);
        return NULL;
    }
    if (shape.axes == 2 && shape.size[0] < r->samples) {
        complain(r, "%s has %lld samples, from 0; not one of number %d",
                 r->file, (long long)shape.size[0], r->samples - 1);
        return NULL;
    }
    struct reference *ref = mem_new(1, sizeof *ref);
    ref->samples = r->samples;
    ref->count = count;
    ref->values = mem_new((size_t)(r->samples * count), sizeof(double));
    double *all = h5_get(file, r->dataset, H5_DOUBLE);
    bool good = all && choose(r, ref, shape, all);
    free(all);
    if (good)
        return ref;
    reference_free(ref);
    return NULL;
}

struct reference *reference_read(const char *name, int samples, int64_t count,
                                 const char *where, const char *key,
                                 struct err *err)
{
    const char *colon = strstr(name, ":/");
    struct request r = {.name = name, .where = where, .key = key,
                        .err = err, .samples = samples, .count = count,
                        .file = mem_text("%.*s", (int)(colon - name), name)};
    struct reference *ref = NULL;
    struct err inner = {0};
    if (access(r.file, R_OK))
        complain(&r, "%s: %s", r.file, strerror(errno));
    else {
        struct h5 *file = h5_open(r.file, H5_READ);
        bool opened = h5_good(file);
        r.dataset = opened ? find_dataset(&r, file) : NULL;
        if (r.dataset)
            ref = take(&r, file);
        if (!h5_close(file, &inner) && !ref)
            complain(&r, "%.*s", (int)strcspn(inner.text, "\n"), inner.text);
        err_clear(&inner);
    }
    free(r.dataset);
    free(r.file);
    return ref;
}

void reference_free(struct reference *ref)
{
    if (!ref)
        return;
    free(ref->values);
    free(ref);
}

uint64_t reference_hash(const struct reference *ref)
{
    uint64_t hash = crc64(0, ref->values,
                          (size_t)(ref->samples * ref->count) *
                              sizeof *ref->values);
    return hash ? hash : 1;
}

#include "systems/state_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "io/h5.h"

struct members { int count; char *name; };

static void take(void *context, const char *name)
{
    struct members *m = context;
    if (m->count++ == 0 || !strcmp(name, "state")) {
        free(m->name);
        m->name = mem_text("%s", name);
    }
    if (!strcmp(name, "state"))
        m->count = 1 << 20; /* the others do not count */
}

/* The dataset's path, owned by the caller; NULL: not to be found. */
static char *dataset_at(struct h5 *file, const char *path)
{
    struct members m = {0, NULL};
    if (!h5_has(file, path))
        return NULL;
    if (h5_shape(file, path).axes >= 0)
        return mem_text("%s", path);
    h5_list(file, path, take, &m);
    bool good = m.count == 1 || m.count >= 1 << 20;
    char *whole = good ? mem_text("%s/%s", path, m.name) : NULL;
    free(m.name);
    return whole;
}

/* Where a state starts in the dataset; -1 with a message. */
static int64_t place_of(struct h5_shape shape, const char *address,
                        const int at[3], struct err *err)
{
    static const char *const axis[] = {"copy", "sample", "rung"};
    int64_t place = 0;
    for (int a = 0; a < 3 && shape.axes > 3; a++) {
        int64_t i = at[a] < 0 ? shape.size[a] - 1 : at[a];
        if (i >= shape.size[a]) {
            err_add(err, EXIT_INPUT, address, "%s %lld: there are %lld, "
                    "counted from 0", axis[a], (long long)i,
                    (long long)shape.size[a]);
            return -1;
        }
        place = place * shape.size[a] + i;
    }
    return place;
}

static double *read_state(struct h5 *file, const char *address,
                          const char *path, const int at[3], int64_t *count,
                          struct err *err)
{
    struct h5_shape shape = h5_shape(file, path);
    *count = 1;
    for (int a = shape.axes > 3 ? 3 : 0; a < shape.axes; a++)
        *count *= shape.size[a];
    int64_t place = place_of(shape, address, at, err);
    double *all = place < 0 ? NULL : h5_get(file, path, H5_DOUBLE);
    if (!all)
        return NULL;
    double *state = mem_copy(all + place * *count, (size_t)*count,
                             sizeof *state);
    free(all);
    for (int64_t i = 0; i < *count; i++)
        if (!isfinite(state[i])) {
            err_add(err, EXIT_DATA, address, "number %lld of the state is "
                    "not finite", (long long)i);
            free(state);
            return NULL;
        }
    return state;
}

double *state_file_read(const char *address, int copy, int sample, int rung,
                        int64_t *count, struct err *err)
{
    const char *colon = strstr(address, ":/");
    const int at[3] = {copy, sample, rung};
    double *state = NULL;
    if (!colon || colon == address) {
        err_add(err, EXIT_INPUT, "state", "\"%s\": a state is given as "
                "FILE:/PATH, such as OUT.h5:/minima/0", address);
        return NULL;
    }
    char *name = mem_text("%.*s", (int)(colon - address), address);
    struct h5 *file = h5_open(name, H5_READ);
    char *path = h5_good(file) ? dataset_at(file, colon + 1) : NULL;
    if (path)
        state = read_state(file, address, path, at, count, err);
    else if (h5_good(file))
        err_add(err, EXIT_DATA, name, "no state at %s", colon + 1);
    bool closed = h5_close(file, err);
    free(name);
    free(path);
    if (closed)
        return state;
    free(state);
    return NULL;
}

#include "run/data.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "core/protocol.h"
#include "io/h5.h"
#include "run/instance.h"
#include "run/lock.h"

static void read_ladder(struct data *data, struct h5 *file)
{
    struct h5_shape u = h5_shape(file, "/series/u");
    data->copies = (int)u.size[1];
    data->samples = (int)u.size[2];
    data->rungs = (int)u.size[3];
    data->components = (int)u.size[4];
    data->ladders = data->copies * data->samples;
    data->lambda = h5_get(file, "/ladder/lambda", H5_DOUBLE);
    data->first_requested =
        (int)h5_integer(file, "/ladder/lambda", "first_requested", 0);
    data->absolute = h5_integer(file, "/ladder/lambda", "absolute", 0);
    data->ln_z_first = h5_real(file, "/ladder/lambda", "ln_z_first", 0);
}

static void read_all(struct data *data, struct h5 *file)
{
    read_ladder(data, file);
    data->rows = h5_integer(file, "/series", "rows", 0);
    data->complete = h5_integer(file, "/", "complete", 0);
    data->group = (int)h5_integer(file, "/series", "group", 1);
    data->exact = h5_integer(file, "/series", "exact", 1);
    data->uuid = h5_text(file, "/", "run_uuid", "");
    data->dynamics = h5_text(file, "/series", "dynamics", "");
    data->u = h5_get_rows(file, "/series/u", H5_DOUBLE, 0, data->rows);
    data->attempts = h5_get(file, "/exchange/attempts", H5_INT64);
    data->accepts = h5_get(file, "/exchange/accepts", H5_INT64);
    data->trips = h5_get(file, "/exchange/round_trips", H5_INT64);
    if (h5_has(file, "/minima/of")) {
        data->minimum = h5_get(file, "/minima/of", H5_INT32);
        data->distinct = h5_integer(file, "/minima", "distinct", 0);
    }
    if (h5_has(file, "/anneal/best_u")) {
        data->best_u = h5_get(file, "/anneal/best_u", H5_DOUBLE);
        data->best_state = h5_get_rows(file, "/anneal/best_state", H5_DOUBLE,
                                       0, 1);
        data->best_seconds = h5_get(file, "/anneal/first_hit_s", H5_DOUBLE);
        data->best_hits = h5_get(file, "/anneal/hits", H5_INT64);
    }
}

/* The input the run began with, and its system. */
static bool rebuild(struct data *data, const char *text,
                    const struct instance *instance, struct err *err)
{
    data->input = input_parse(data->file, text, instance->override,
                              instance->overrides, err);
    if (!data->input)
        return false;
    data->every = data->input->record->every;
    data->quench = data->input->protocol->quench;
    if (data->input->protocol->schedule) {
        const struct section *run = &data->input->section[INPUT_RUN];
        data->annealing = true;
        data->every = section_integer(run, "pass_sweeps", 1);
        data->from_exact = data->absolute;
    }
    data->system = system_new(data->input->model,
                              &data->input->section[INPUT_MODEL]);
    instance_rename(instance, data->input);
    return true;
}

/* A live run commits in a fraction of a second: wait for that a while. */
static void let_commit(const char *name)
{
    char *marker = mem_text("%s.commit", name), holder[256];
    for (int i = 0; i < 40 && access(marker, F_OK) == 0 &&
                    lock_held(name, holder, sizeof holder); i++)
        usleep(50000);
    free(marker);
}

struct data *data_load(const char *name, struct err *err)
{
    if (access(name, R_OK)) {
        err_add(err, EXIT_DATA, name, "%s", strerror(errno));
        return NULL;
    }
    struct data *data = mem_new(1, sizeof *data);
    data->file = mem_text("%s", name);
    let_commit(name);
    struct h5 *file = h5_open(name, H5_READ);
    char *format = h5_text(file, "/", "format", ""), *text = NULL;
    struct instance instance = {.path = NULL};
    if (h5_good(file) && strcmp(format, "tempera"))
        err_add(err, EXIT_DATA, name, "no output file of tempera");
    else if (h5_good(file) && h5_shape(file, "/series/u").axes != 5)
        err_add(err, EXIT_DATA, name, "it holds no run");
    else {
        text = h5_get_text(file, "/input");
        instance = instance_fetch(file, name, err);
        read_all(data, file);
    }
    free(format);
    bool good = h5_close(file, err) && !err_any(err) &&
                rebuild(data, text, &instance, err);
    instance_release(&instance);
    free(text);
    if (!good) {
        data_free(data);
        return NULL;
    }
    return data;
}

void data_free(struct data *data)
{
    if (!data)
        return;
    for (int i = 0; i < data->held; i++) {
        free(data->hold[i].name);
        if (data->hold[i].values != data->u)
            free(data->hold[i].values);
    }
    free(data->hold);
    free(data->u);
    if (data->whole) {
        free(data);
        return;
    }
    system_free(data->system);
    input_free(data->input);
    free(data->file);
    free(data->lambda);
    free(data->attempts);
    free(data->accepts);
    free(data->trips);
    free(data->minimum);
    free(data->best_u);
    free(data->best_state);
    free(data->best_seconds);
    free(data->best_hits);
    free(data->uuid);
    free(data->dynamics);
    free(data);
}

bool data_has(const struct data *data, const char *name)
{
    const struct texts *list = &data->input->record->observables;
    for (int i = 0; i < list->count; i++)
        if (!strcmp(list->at[i], name))
            return true;
    return false;
}

/* ---- series ------------------------------------------------------------- */

static const struct series *held(const struct data *data, const char *name)
{
    for (int i = 0; i < data->held; i++)
        if (!strcmp(data->hold[i].name, name))
            return &data->hold[i];
    return NULL;
}

static const struct series *hold(struct data *data, struct series series)
{
    data->hold = mem_grow(data->hold, (size_t)data->held + 1,
                          sizeof *data->hold);
    data->hold[data->held] = series;
    return &data->hold[data->held++];
}

static const struct series *read_series(struct data *data, const char *name,
                                        struct err *err)
{
    char *path = mem_text("/series/%s", name);
    struct h5 *file = h5_open(data->file, H5_READ);
    struct h5_shape shape = h5_shape(file, path);
    struct series series = {
        .name = mem_text("%s", name), .lead = (int)shape.size[1],
        .size = shape.axes > 4 ? (int)shape.size[4] : 1,
        .values = h5_get_rows(file, path, H5_DOUBLE, 0, data->rows)};
    free(path);
    if (!h5_close(file, err)) {
        free(series.values);
        free(series.name);
        return NULL;
    }
    return hold(data, series);
}

/* values[rows][lead][samples][stretch] of one sample. */
static double *slice(const double *values, int64_t blocks, int samples,
                     int sample, size_t stretch)
{
    double *out = mem_new((size_t)blocks * stretch, sizeof *out);
    for (int64_t b = 0; b < blocks; b++)
        memcpy(out + (size_t)b * stretch,
               values + (size_t)(b * samples + sample) * stretch,
               stretch * sizeof *out);
    return out;
}

const struct series *data_series(struct data *data, const char *name,
                                 struct err *err)
{
    const struct series *there = held(data, name);
    const struct data *whole = data->whole;
    if (there)
        return there;
    if (!strcmp(name, "u"))
        return hold(data, (struct series){
            .name = mem_text("u"), .lead = data->copies,
            .size = data->components, .values = data->u});
    if (!whole)
        return read_series(data, name, err);
    there = held(whole, name);
    size_t stretch = (size_t)data->rungs * (size_t)there->size;
    return hold(data, (struct series){
        .name = mem_text("%s", name), .lead = there->lead,
        .size = there->size,
        .values = slice(there->values, data->rows * there->lead,
                        whole->samples, data->sample, stretch)});
}

double data_best(const struct data *data)
{
    const struct model *model = data->system->model;
    return model->as_given ? model->as_given(data->system, data->best_state)
                           : data->best_u[0];
}

struct data *data_of_sample(const struct data *whole, int sample)
{
    struct data *data = mem_copy(whole, 1, sizeof *data);
    size_t stretch = (size_t)(whole->rungs * whole->components);
    data->whole = whole;
    data->sample = sample;
    data->samples = 1;
    data->ladders = data->copies;
    data->held = 0;
    data->hold = NULL;
    data->u = slice(whole->u, whole->rows * whole->copies, whole->samples,
                    sample, stretch);
    return data;
}

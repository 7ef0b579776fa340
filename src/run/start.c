#include "run/start.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "io/h5.h"
#include "par/par.h"

bool start_from_file(const char *start) { return strstr(start, ":/"); }

bool start_by_rung(const char *start)
{
    const char *colon = strstr(start, ":/");
    return colon && !strcmp(colon, ":/states/last");
}

bool start_names_states(const char *start)
{
    const char *colon = strstr(start, ":/");
    if (!colon || colon == start)
        return false;
    size_t prefix = strlen(":/minima/");
    const char *number = colon + prefix;
    if (strncmp(colon, ":/minima/", prefix))
        return start_by_rung(start);
    return *number && strspn(number, "0123456789") == strlen(number);
}

static void count_values(const struct system *system, const void *state,
                         int64_t *count)
{
    memset(count, 0, VALUES_MAX * sizeof *count);
    for (int64_t i = 0; i < system->sites; i++)
        count[system->model->local->get(system, state, i)]++;
}

/* Walkers that conserve what their states differ in have no law in common. */
static bool alike(const struct engine *e, const char *states)
{
    int64_t first[VALUES_MAX], count[VALUES_MAX];
    count_values(e->system, states, first);
    for (int64_t w = 1; w < e->exchange->walkers; w++) {
        count_values(e->system, states + (size_t)w * e->system->state_bytes,
                     count);
        if (memcmp(first, count, sizeof count))
            return false;
    }
    return true;
}

/* A file and what run.start asks of it, on rank 0. */
struct source {
    const struct engine *engine;
    const char *path;
    struct h5 *file;
    struct err *err;
};

/* A quench takes over the lambda of the rungs that states were made at. */
static bool read_lambda(struct source *source, double *lambda)
{
    const struct ladder *ladder = source->engine->ladder;
    int64_t values = (int64_t)ladder->rungs * ladder->components;
    struct h5_shape shape = h5_shape(source->file, "/ladder/lambda");
    double *there = NULL;
    if (h5_values(shape) == values)
        there = h5_get(source->file, "/ladder/lambda", H5_DOUBLE);
    if (there)
        memcpy(lambda, there, (size_t)values * sizeof *there);
    else if (h5_good(source->file))
        err_add(source->err, EXIT_INPUT, source->path, "run.start: its rungs "
                "have not the components of this model");
    free(there);
    return !err_any(source->err);
}

/* States [walkers][state_bytes]. */
static char *read_last(struct source *source)
{
    const struct engine *e = source->engine;
    const struct field *field = e->system->model->fields;
    enum h5_type type = h5_field(field->type);
    char *name = mem_text("/states/last/%s", field->name), *states = NULL;
    struct h5_shape shape = h5_shape(source->file, name);
    int64_t need = e->exchange->walkers * (int64_t)e->system->state_bytes;
    bool fits = h5_values(shape) * h5_size(type) == need && shape.axes > 3 &&
                shape.size[0] == e->exchange->copies &&
                shape.size[1] == e->exchange->samples &&
                shape.size[2] == e->exchange->rungs;
    int64_t sweep = h5_integer(source->file, "/states/last", "sweep", -1);
    if (h5_good(source->file) && (shape.axes < 0 || sweep < 0))
        err_add(source->err, EXIT_INPUT, source->path, "run.start: it holds "
                "no %s; a run writes that when it ends or stops", name);
    else if (h5_good(source->file) && !fits)
        err_add(source->err, EXIT_INPUT, source->path,
                "run.start: its states are not those of %d copies, %d "
                "samples, %d rungs and %lld sites", e->exchange->copies,
                e->exchange->samples, e->exchange->rungs,
                (long long)e->system->sites);
    else
        states = h5_get(source->file, name, type);
    free(name);
    return states;
}

/* The same state for every walker. */
static char *read_minimum(struct source *source, const char *group)
{
    const struct engine *e = source->engine;
    enum h5_type type = h5_field(e->system->model->fields->type);
    size_t one = e->system->state_bytes;
    char *name = mem_text("%s/state", group), *states = NULL, *state = NULL;
    struct h5_shape shape = h5_shape(source->file, name);
    if (h5_good(source->file) && shape.axes < 0)
        err_add(source->err, EXIT_INPUT, source->path, "run.start: it holds "
                "no %s; a quench writes that when it is complete", name);
    else if (h5_good(source->file) &&
             h5_values(shape) * h5_size(type) != (int64_t)one)
        err_add(source->err, EXIT_INPUT, source->path, "run.start: %s has "
                "%lld numbers, a state of this model %lld", name,
                (long long)h5_values(shape), (long long)one / h5_size(type));
    else
        state = h5_get(source->file, name, type);
    if (state)
        states = mem_new((size_t)e->exchange->walkers, one);
    for (int64_t w = 0; state && w < e->exchange->walkers; w++)
        memcpy(states + (size_t)w * one, state, one);
    free(state);
    free(name);
    return states;
}

/* A run that went wrong kept states with which another cannot start. */
static bool all_finite(const struct engine *e, const char *states)
{
    enum h5_type type = h5_field(e->system->model->fields->type);
    const void *numbers = states;
    const double *x = numbers;
    const float *f = numbers;
    int64_t count = e->exchange->walkers * (int64_t)e->system->state_bytes /
                    h5_size(type);
    for (int64_t i = 0; i < count; i++)
        if ((type == H5_DOUBLE && !isfinite(x[i])) ||
            (type == H5_FLOAT && !isfinite(f[i])))
            return false;
    return true;
}

/* States [walkers][state_bytes] on rank 0; lambda[rungs][K] is changed where
   the file's holds. */
static char *read_states(const struct engine *e, const char *path,
                         const char *group, double *lambda, struct err *err)
{
    struct source source = {.engine = e, .path = path, .err = err,
                            .file = h5_open(path, H5_READ)};
    bool last = !strcmp(group, "/states/last");
    char *states = last ? read_last(&source) : read_minimum(&source, group);
    if (states && last && e->quench)
        read_lambda(&source, lambda);
    if (states && e->dynamics->conserves && !alike(e, states))
        err_add(err, EXIT_INPUT, path, "run.start: dynamics %s conserves %s, "
                "in which the states of this file differ", e->dynamics->name,
                e->dynamics->conserves);
    if (states && !all_finite(e, states))
        err_add(err, EXIT_DATA, path, "run.start: %s holds numbers that are "
                "not finite", group);
    h5_close(source.file, err);
    if (err_any(err)) {
        free(states);
        return NULL;
    }
    return states;
}

bool start_load(struct engine *e, struct err *err)
{
    const char *start = e->input->run->start;
    const char *colon = strstr(start, ":/");
    size_t one = e->system->state_bytes;
    size_t lambdas = (size_t)(e->ladder->rungs * e->ladder->components);
    char *path = mem_text("%.*s", (int)(colon - start), start);
    char *states = NULL;
    if (par_rank() == 0)
        states = read_states(e, path, colon + 1, e->ladder->lambda, err);
    bool good = states != NULL;
    par_broadcast(&good, sizeof good);
    if (!states)
        states = mem_new((size_t)e->exchange->walkers, one);
    if (good) {
        par_broadcast(states, (size_t)e->exchange->walkers * one);
        par_broadcast(e->ladder->lambda, lambdas * sizeof(double));
        ladder_refresh(e->ladder, e->system);
    } else if (!err_any(err))
        err_add(err, EXIT_INPUT, path, "run.start: no states");
    for (int w = 0; good && w < e->hosted->walkers; w++)
        hosted_put(e->hosted, w,
                   states + (size_t)(e->hosted->first + w) * one);
    free(states);
    free(path);
    return good;
}

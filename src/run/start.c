#include "run/start.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "io/h5.h"
#include "par/par.h"

bool start_from_file(const char *start) { return strstr(start, ":/"); }

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

/* States [walkers][state_bytes] on rank 0. */
static char *read_states(const struct engine *e, const char *path,
                         struct err *err)
{
    const struct field *field = e->system->model->fields;
    enum h5_type type = h5_field(field->type);
    char *name = mem_text("/states/last/%s", field->name), *states = NULL;
    struct h5 *file = h5_open(path, H5_READ);
    struct h5_shape shape = h5_shape(file, name);
    int64_t need = e->exchange->walkers * (int64_t)e->system->state_bytes;
    bool fits = h5_values(shape) * h5_size(type) == need && shape.axes > 3 &&
                shape.size[0] == e->exchange->copies &&
                shape.size[1] == e->exchange->samples &&
                shape.size[2] == e->exchange->rungs;
    int64_t sweep = h5_integer(file, "/states/last", "sweep", -1);
    if (h5_good(file) && (shape.axes < 0 || sweep < 0))
        err_add(err, EXIT_INPUT, path, "run.start: it holds no %s; a run "
                "writes that when it ends or stops", name);
    else if (h5_good(file) && !fits)
        err_add(err, EXIT_INPUT, path,
                "run.start: its states are not those of %d copies, %d "
                "samples, %d rungs and %lld sites", e->exchange->copies,
                e->exchange->samples, e->exchange->rungs,
                (long long)e->system->sites);
    else
        states = h5_get(file, name, type);
    if (states && e->dynamics->conserves && !alike(e, states)) {
        err_add(err, EXIT_INPUT, path, "run.start: dynamics %s conserves %s, "
                "in which the states of this file differ", e->dynamics->name,
                e->dynamics->conserves);
        free(states);
        states = NULL;
    }
    h5_close(file, err);
    free(name);
    return states;
}

bool start_load(struct engine *e, struct err *err)
{
    const char *start = e->input->run->start;
    size_t one = e->system->state_bytes;
    char *path = mem_text("%.*s", (int)(strstr(start, ":/") - start), start);
    char *states = NULL;
    if (par_rank() == 0)
        states = read_states(e, path, err);
    bool good = states != NULL;
    par_broadcast(&good, sizeof good);
    if (!states)
        states = mem_new((size_t)e->exchange->walkers, one);
    if (good)
        par_broadcast(states, (size_t)e->exchange->walkers * one);
    else if (!err_any(err))
        err_add(err, EXIT_INPUT, path, "run.start: no states");
    for (int w = 0; good && w < e->hosted->walkers; w++)
        hosted_put(e->hosted, w,
                   states + (size_t)(e->hosted->first + w) * one);
    free(states);
    free(path);
    return good;
}

/* Numbers of OUT.h5 that every commit replaces. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/pack.h"
#include "run/guides.h"
#include "run/output_parts.h"
#include "run/schema.h"

/* The best states as canonical arrays. */
static void put_best_states(struct h5 *file, const struct engine *e)
{
    const struct best *best = e->best;
    const struct field *field = e->system->model->fields;
    size_t bytes = e->system->state_bytes;
    struct h5_shape shape = schema_state(e);
    char *states = mem_new((size_t)best->samples, bytes);
    for (int s = 0; s < best->samples; s++)
        if (isfinite(best->u[s]))
            unpack_state(e->system, best->state + (size_t)s * best->bytes,
                         states + (size_t)s * bytes);
    memmove(shape.size + 1, shape.size,
            (size_t)shape.axes * sizeof *shape.size);
    shape.size[0] = best->samples;
    shape.axes++;
    h5_put(file, "/anneal/best_state", h5_field(field->type), shape, states);
    free(states);
}

/* What u means to the user, [a, b] of a + b u by name, as the model says it of
   u = 0 and u = 1. */
enum { MEANINGS_MOST = 8 };
struct meaning { struct h5 *file; double at_zero[MEANINGS_MOST]; int count; };

static void hear(void *context, const char *name, double value)
{
    struct meaning *m = context;
    (void)name;
    assert(m->count < MEANINGS_MOST);
    m->at_zero[m->count++] = value;
}

static void put_line(void *context, const char *name, double value)
{
    struct meaning *m = context;
    char *path = mem_text("/anneal/of_u/%s", name);
    double a = m->at_zero[m->count++], line[2] = {a, value - a};
    h5_put(m->file, path, H5_DOUBLE, (struct h5_shape){1, {2}}, line);
    free(path);
}

static void put_meaning(struct h5 *file, const struct system *system)
{
    struct meaning m = {.file = file};
    if (!system->model->best)
        return;
    system->model->best(system, 0, hear, &m);
    m.count = 0;
    system->model->best(system, 1, put_line, &m);
}

static void put_best(struct h5 *file, const struct engine *e)
{
    const struct best *best = e->best;
    struct h5_shape samples = {1, {best->samples}};
    int64_t *hits = mem_new((size_t)best->samples, sizeof *hits);
    for (int s = 0; s < best->samples; s++)
        hits[s] = best_hits(best, e->exchange, s);
    h5_put(file, "/anneal/best_u", H5_DOUBLE, samples, best->u);
    h5_put(file, "/anneal/hits", H5_INT64, samples, hits);
    h5_put(file, "/anneal/first_hit_sweep", H5_INT64, samples, best->sweep);
    h5_put(file, "/anneal/first_hit_s", H5_DOUBLE, samples, best->seconds);
    put_best_states(file, e);
    put_meaning(file, e->system);
    free(hits);
}

void output_put_counters(struct h5 *file, const struct engine *e)
{
    const struct exchange *x = e->exchange;
    struct h5_shape edges = {2, {x->samples, x->rungs - 1}};
    struct h5_shape walkers = {3, {x->copies, x->samples, x->rungs}};
    struct h5_shape rungs = {2, {e->ladder->rungs, x->components}};
    h5_put(file, "/exchange/attempts", H5_INT64, edges, x->attempts);
    h5_put(file, "/exchange/accepts", H5_INT64, edges, x->accepts);
    h5_put(file, "/exchange/round_trips", H5_INT64, walkers, x->trips);
    h5_put(file, "/ladder/lambda", H5_DOUBLE, rungs, e->ladder->lambda);
    guides_put(file, e);
    if (engine_tunes(e))
        h5_put(file, "/ladder/step", H5_DOUBLE,
               (struct h5_shape){1, {e->ladder->rungs}}, e->ladder->step);
    if (e->best)
        put_best(file, e);
}

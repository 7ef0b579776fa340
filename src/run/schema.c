#include "run/schema.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "run/recorder_pairs.h"

enum { FIXED = 12 };

const char *const schema_slope = "/series/gradient_norm";

static void add(struct schema *schema, char *path, enum h5_type type,
                struct h5_shape row, const struct observable *observable)
{
    schema->dataset[schema->count++] =
        (struct dataset){path, type, row, observable};
}

static void add_named(struct schema *schema, const char *path,
                      enum h5_type type, struct h5_shape row)
{
    add(schema, mem_text("%s", path), type, row, NULL);
}

/* The lattice, or the sites; of vectors the component. */
struct h5_shape schema_state(const struct engine *e)
{
    const struct lattice *l = e->system->lattice;
    const struct field *field = e->system->model->fields;
    int components = field->components ? field->components : 1;
    int64_t one = (int64_t)field_size(field->type) * components;
    struct h5_shape shape = {.axes = 0};
    if (l)
        for (int a = 0; a < l->dim; a++)
            shape.size[shape.axes++] = l->size[a];
    else
        shape.size[shape.axes++] = (int64_t)e->system->state_bytes / one;
    if (field->components)
        shape.size[shape.axes++] = components;
    return shape;
}

/* [copy][sample][rung] and then the state. */
static struct h5_shape state_row(const struct engine *e,
                                 struct h5_shape walkers)
{
    struct h5_shape state = schema_state(e);
    for (int a = 0; a < state.axes; a++)
        walkers.size[walkers.axes++] = state.size[a];
    return walkers;
}

/* [copy or pair][sample][rung] and, of a vector, [size]. */
static struct h5_shape observable_row(const struct engine *e,
                                      const struct observable *observable,
                                      struct h5_shape walkers)
{
    int size = observable_size(observable, e->system);
    if (observable->of_pair)
        walkers.size[0] = recorder_pairs(e->exchange);
    if (size > 1)
        walkers.size[walkers.axes++] = size;
    return walkers;
}

struct schema *schema_new(const struct engine *e, const struct recorder *r)
{
    const struct exchange *x = e->exchange;
    const struct field *field = e->system->model->fields;
    int64_t k = x->components, rungs = x->rungs;
    struct h5_shape one = {.axes = 0}, edges = {1, {rungs - 1}};
    struct h5_shape walkers = {3, {x->copies, x->samples, rungs}};
    struct h5_shape vectors = {4, {x->copies, x->samples, rungs, k}};
    struct h5_shape u = {4, {x->copies, x->samples, e->ladder->rungs, k}};
    struct h5_shape rung = {2, {e->ladder->rungs, k}};
    struct schema *schema = mem_new(1, sizeof *schema);
    schema->dataset = mem_new((size_t)(FIXED + r->observables),
                              sizeof *schema->dataset);
    add_named(schema, "/series/sweep", H5_INT64, one);
    add_named(schema, "/series/u", H5_DOUBLE, u);
    if (e->quench)
        add_named(schema, schema_slope, H5_DOUBLE, walkers);
    add_named(schema, "/exchange/walker", H5_INT32, walkers);
    for (int o = 0; o < r->observables; o++)
        add(schema, mem_text("/series/%s", r->observable[o]->name),
            H5_DOUBLE, observable_row(e, r->observable[o], walkers),
            r->observable[o]);
    add_named(schema, "/ladder/history", H5_DOUBLE, rung);
    add_named(schema, "/ladder/barrier", H5_DOUBLE, one);
    add_named(schema, "/ladder/acceptance", H5_DOUBLE, edges);
    add_named(schema, "/ladder/sweep", H5_INT64, one);
    add_named(schema, "/verify", H5_DOUBLE, vectors);
    add_named(schema, "/states/sweep", H5_INT64, one);
    schema->state_path = mem_text("/states/%s", field->name);
    add_named(schema, schema->state_path, h5_field(field->type),
              state_row(e, walkers));
    return schema;
}

void schema_free(struct schema *schema)
{
    for (int d = 0; d < schema->count; d++)
        free(schema->dataset[d].path);
    free(schema->dataset);
    free(schema->state_path);
    free(schema);
}

const struct dataset *schema_find(const struct schema *schema,
                                  const char *path)
{
    for (int d = 0; d < schema->count; d++)
        if (!strcmp(schema->dataset[d].path, path))
            return &schema->dataset[d];
    return NULL;
}

void schema_create(struct h5 *file, const struct dataset *set)
{
    const struct observable *o = set->observable;
    h5_new_rows(file, set->path, set->type, set->row);
    if (!o)
        return;
    h5_set_text(file, set->path, "unit", o->unit);
    h5_set_text(file, set->path, "definition", o->definition);
    h5_set_integer(file, set->path, "per_site", o->per_site);
    h5_set_integer(file, set->path, "integer", o->integer);
    h5_set_integer(file, set->path, "pairs", o->of_pair != NULL);
    if (o->axis)
        h5_set_text(file, set->path, "axis", o->axis);
}

struct note { const char *path, *unit, *definition; int integer; };

void schema_describe(struct h5 *file, const struct engine *e)
{
    const struct model *model = e->system->model;
    const struct note notes[] = { /* the first one of a quench */
        {schema_slope, model->u_unit, "|gradient| of what is minimised", 0},
        {"/series/u", model->u_unit, model->u_definition, model->u_integer},
        {"/series/sweep", "sweeps", "production sweep of the row", 1},
        {"/exchange/walker", "1",
         "walker (0 to rungs - 1 of its copy and sample) on each rung, "
         "before the swap", 1},
        {"/exchange/attempts", "1", "swaps tried per edge, production", 1},
        {"/exchange/accepts", "1", "swaps done per edge, production", 1},
        {"/exchange/round_trips", "1",
         "hot-cold-hot round trips of each walker, production", 1},
        {"/verify", model->u_unit,
         "u of every walker after sweeps 1, 2, 4, ..., 64 of the run, "
         "before the swap", model->u_integer},
        {"/ladder/history", "", "lambda during each burn-in round", 0},
        {"/ladder/barrier", "1", "communication barrier of the round", 0},
        {"/ladder/acceptance", "1", "mean acceptance of the round", 0},
        {"/ladder/sweep", "sweeps", "sweeps of the run at its end", 1}};
    for (size_t i = !e->quench; i < sizeof notes / sizeof *notes; i++) {
        h5_set_text(file, notes[i].path, "unit", notes[i].unit);
        h5_set_text(file, notes[i].path, "definition", notes[i].definition);
        h5_set_integer(file, notes[i].path, "integer", notes[i].integer);
    }
    if (engine_tunes(e))
        h5_set_text(file, "/ladder/step", "definition", e->dynamics->step);
    h5_set_integer(file, "/series/u", "per_site", 0);
    h5_set_texts(file, "/ladder/lambda", "names", model->component,
                 e->system->components);
    h5_set_integer(file, "/ladder/lambda", "first_requested",
                   e->ladder->first_requested);
    h5_set_integer(file, "/ladder/lambda", "absolute", e->ladder->absolute);
    h5_set_real(file, "/ladder/lambda", "ln_z_first", e->ladder->ln_z_first);
    h5_set_text(file, "/series", "model", model->name);
    h5_set_integer(file, "/series", "sites", e->system->sites);
    h5_set_text(file, "/series", "site", system_site(e->system));
    h5_set_text(file, "/series", "stream", stream_names[e->stream]);
    h5_set_integer(file, "/series", "group", e->stream == STREAM_SHARED
                       ? e->input->dynamics_common->group : 1);
    h5_set_text(file, "/series", "dynamics", e->dynamics->name);
    h5_set_integer(file, "/series", "exact", e->dynamics->exact);
    h5_set_real(file, "/series", "resolution", e->system->resolution);
}

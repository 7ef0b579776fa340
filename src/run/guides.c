#include "run/guides.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "core/registry.h"
#include "core/solver.h"

struct place { struct h5 *file; const struct engine *engine; int count; };

static void put(struct place *place, const struct guide *guide,
                struct h5_shape shape, const double *values)
{
    char *path = mem_text("/guides/%02d", place->count++);
    bool known = h5_has(place->file, path);
    h5_put(place->file, path, H5_DOUBLE, shape, values);
    if (!known) {
        h5_set_text(place->file, path, "of", guide->of);
        h5_set_text(place->file, path, "says", guide->says);
        h5_set_real(place->file, path, "power", guide->power);
    }
    free(path);
}

/* A height on some rung at least; laws of growth where a quench is watched:
   without burn-in. */
static void put_table(struct place *place, const struct guide *guide)
{
    const struct engine *e = place->engine;
    const struct ladder *ladder = e->ladder;
    bool quench = section_integer(&e->input->section[INPUT_RUN], "burn_in",
                                  1) == 0;
    double *line = mem_new((size_t)ladder->rungs, sizeof *line);
    for (; guide && guide->of; guide++) {
        bool any = false;
        for (int r = 0; guide->at && r < ladder->rungs; r++) {
            line[r] = guide->at(e->system,
                                ladder->lambda + r * ladder->components);
            any |= isfinite(line[r]);
        }
        if (any)
            put(place, guide, (struct h5_shape){1, {ladder->rungs}}, line);
        else if (guide->power != 0 && quench)
            put(place, guide, (struct h5_shape){.axes = 0}, &guide->power);
    }
    free(line);
}

void guides_put(struct h5 *file, const struct engine *e)
{
    struct place place = {.file = file, .engine = e};
    h5_new_group(file, "/guides");
    if (e->quench) /* they are about p */
        return;
    put_table(&place, e->system->model->guides);
    put_table(&place, e->dynamics->guides);
    for (int s = 0; registry_solvers[s]; s++)
        put_table(&place, registry_solvers[s]->guides);
}

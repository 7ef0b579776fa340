#include "run/verify.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "io/h5.h"
#include "run/engine.h"
#include "run/instance.h"
#include "run/start.h"

static bool same(double held, double found, bool exactly)
{
    return exactly ? held == found
                   : fabs(held - found) <= 1e-9 * fmax(1, fabs(held));
}

static void compare(struct verification *result, const struct engine *e,
                    const double *held)
{
    int64_t k = e->ladder->components, values = e->exchange->walkers * k;
    const double *row = held + result->rows * values;
    for (int64_t i = 0; i < values; i++)
        if (!same(row[i], e->u[i], e->system->model->u_integer)) {
            if (!result->different++) {
                result->first_sweep = (int)e->at.tick;
                result->walker = i / k;
                result->held = row[i];
                result->found = e->u[i];
            }
        }
    result->rows++;
}

static void rerun(struct verification *result, struct engine *e,
                  const double *held, int64_t rows)
{
    while (result->rows < rows) {
        engine_sweep(e, false);
        if (engine_verifies(e->at.tick))
            compare(result, e, held);
        engine_exchange(e);
        if (engine_round_over(e))
            engine_next_round(e);
    }
}

static bool check(const char *name, const char *text,
                  const struct instance *instance, const double *held,
                  struct h5_shape shape, struct verification *result,
                  struct err *err)
{
    struct input *input = input_parse(name, text, instance->override,
                                      instance->overrides, err);
    if (!input)
        return false;
    struct engine_spec spec = {.input = input, .kernel = "reference",
                               .ranks = 1, .rank = 0,
                               .threads = omp_get_max_threads()};
    struct engine *e = engine_new(&spec, err);
    bool good = e && shape.size[1] * shape.size[2] * shape.size[3] ==
                         e->exchange->walkers;
    if (e && !good)
        err_add(err, EXIT_DATA, name, "/verify does not fit its input");
    if (good && start_from_file(input->run->start))
        good = start_load(e, err);
    else if (good)
        engine_start(e);
    if (good) {
        engine_relabel(e);
        rerun(result, e, held, shape.size[0]);
    }
    engine_free(e);
    input_free(input);
    return good;
}

bool verify_file(const char *name, struct verification *result,
                 struct err *err)
{
    struct h5 *file = h5_open(name, H5_READ);
    struct h5_shape shape = h5_shape(file, "/verify");
    char *text = NULL;
    double *held = NULL;
    struct instance instance = {.path = NULL};
    *result = (struct verification){.rows = 0};
    if (h5_good(file) && (shape.axes != 5 || shape.size[0] == 0))
        err_add(err, EXIT_DATA, name, "it holds nothing to verify");
    else {
        text = h5_get_text(file, "/input");
        held = h5_get(file, "/verify", H5_DOUBLE);
        instance = instance_fetch(file, name, err);
    }
    bool good = h5_close(file, err) && !err_any(err) &&
                check(name, text, &instance, held, shape, result, err);
    instance_release(&instance);
    free(text);
    free(held);
    return good;
}

/* What a quench says of each rung, the parent temperature: means over the
   walkers' final states. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "run/estimates_parts.h"

/* A row of estimates whose value of every walker, value[ladders][rungs], is
   known once: no time to correlate over. */
static struct estimate *add(const struct data *data, struct estimates *out,
                            struct estimate like, const double *value)
{
    struct estimate *e = analysis_row(out, like.name, like.unit,
                                      like.definition, 1);
    double n = data->ladders;
    e->per_site = like.per_site;
    for (int r = 0; r < data->rungs; r++) {
        double sum = 0, square = 0;
        for (int l = 0; l < data->ladders; l++)
            sum += value[l * data->rungs + r];
        for (int l = 0; l < data->ladders; l++) {
            double off = value[l * data->rungs + r] - sum / n;
            square += off * off;
        }
        e->mean[r] = sum / n;
        e->error[r] = n > 1 ? sqrt(square / (n * (n - 1))) : NAN;
        e->n_eff[r] = n;
        e->tau_int[r] = e->halves[r] = NAN;
    }
    return e;
}

static double *last_row(const struct data *data, const double *values,
                        int size, int at)
{
    int64_t walkers = (int64_t)data->ladders * data->rungs;
    double *out = mem_new((size_t)walkers, sizeof *out);
    const double *last = values + (data->rows - 1) * walkers * size;
    for (int64_t w = 0; w < walkers; w++)
        out[w] = last[w * size + at];
    return out;
}

static void add_u(const struct data *data, struct estimates *out)
{
    const struct model *model = data->system->model;
    for (int k = 0; k < data->components; k++) {
        struct estimate like = {
            .name = data->components == 1 ? mem_text("u")
                                          : mem_text("u_%d", k),
            .unit = (char *)model->u_unit,
            .definition = (char *)model->u_definition};
        double *value = last_row(data, data->u, data->components, k);
        add(data, out, like, value);
        free(value);
        free(like.name);
    }
}

static void add_observables(struct data *data, struct estimates *out,
                            struct err *err)
{
    const struct observable *o = data->system->model->observables;
    for (; o->name && !err_any(err); o++) {
        if (!data_has(data, o->name) || o->of_pair ||
            observable_size(o, data->system) > 1)
            continue;
        const struct series *from = data_series(data, o->name, err);
        struct estimate like = {.name = (char *)o->name,
                                .unit = (char *)o->unit,
                                .definition = (char *)o->definition,
                                .per_site = o->per_site};
        double *value = from ? last_row(data, from->values, 1, 0) : NULL;
        if (value)
            add(data, out, like, value);
        free(value);
    }
}

static void add_slope(struct data *data, struct estimates *out,
                      struct err *err)
{
    const struct series *from = data_series(data, "gradient_norm", err);
    const struct section *run = &data->input->section[INPUT_RUN];
    double tolerance = section_real(run, "tolerance", 0);
    int walkers = data->ladders * data->rungs;
    if (!from)
        return;
    double *value = last_row(data, from->values, 1, 0);
    add(data, out, (struct estimate){
        .name = (char *)"gradient_norm",
        .unit = (char *)data->system->model->u_unit,
        .definition = (char *)"|gradient| of what is minimised"}, value);
    struct estimate *most = analysis_row(
        out, "gradient_norm_most", data->system->model->u_unit,
        "the largest |gradient|", 1);
    for (int w = 0; w < walkers; w++) {
        int r = w % data->rungs;
        if (w < data->rungs || !(value[w] <= most->mean[r]))
            most->mean[r] = value[w];
        most->error[r] = most->tau_int[r] = most->halves[r] = NAN;
        most->n_eff[r] = data->ladders;
    }
    for (int w = 0; w < walkers; w++)
        value[w] = value[w] <= tolerance;
    add(data, out, (struct estimate){
        .name = (char *)"arrived", .unit = (char *)"1",
        .definition = (char *)"fraction of walkers with |gradient| within "
                              "run.tolerance"}, value);
    free(value);
}

/* Distinct ones that walkers of a rung met. */
static void add_minima(const struct data *data, struct estimates *out)
{
    struct estimate *e;
    if (!data->minimum)
        return;
    e = analysis_row(out, "minima", "1", "distinct final states", 1);
    for (int r = 0; r < data->rungs; r++) {
        int count = 0;
        for (int l = 0; l < data->ladders; l++) {
            bool again = false;
            for (int k = 0; k < l; k++)
                again |= data->minimum[k * data->rungs + r] ==
                         data->minimum[l * data->rungs + r];
            count += !again;
        }
        e->mean[r] = count;
        e->n_eff[r] = data->ladders;
        e->error[r] = e->tau_int[r] = e->halves[r] = NAN;
    }
}

struct estimates *estimates_of_quench(struct data *data, struct err *err)
{
    struct estimates *out = estimates_room(data->rungs);
    add_u(data, out);
    add_observables(data, out, err);
    add_slope(data, out, err);
    add_minima(data, out);
    if (!err_any(err))
        return out;
    estimates_free(out);
    return NULL;
}

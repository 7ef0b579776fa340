/* The report as JSON (CONTRACT). */
#include "base/json.h"
#include "cli/report_parts.h"

#include <stdio.h>

static void put_verdict(struct json *json, const struct verdict *verdict)
{
    json_key(json, "verdict");
    json_open(json, '{');
    json_put_flag(json, "ok", verdict->ok);
    json_key(json, "reasons");
    json_open(json, '[');
    for (int i = 0; i < verdict->reasons.count; i++)
        json_text(json, verdict->reasons.at[i]);
    json_close(json, ']');
    json_close(json, '}');
}

static void put_ladder(struct json *json, const struct data *data)
{
    json_key(json, "ladder");
    json_open(json, '{');
    json_key(json, "names");
    json_open(json, '[');
    for (int k = 0; k < data->components; k++)
        json_text(json, data->system->model->component[k]);
    json_close(json, ']');
    json_key(json, "lambda");
    json_open(json, '[');
    for (int r = 0; r < data->rungs; r++)
        json_reals(json, data->lambda + r * data->components,
                   data->components);
    json_close(json, ']');
    json_put_integer(json, "first_requested", data->first_requested);
    json_close(json, '}');
}

/* [rung], or [[...], ...] of a vector. */
static void put_numbers(struct json *json, const char *key,
                        const double *values, const struct estimate *e,
                        int rungs)
{
    json_key(json, key);
    if (e->size == 1) {
        json_reals(json, values, rungs);
        return;
    }
    json_open(json, '[');
    for (int r = 0; r < rungs; r++)
        json_reals(json, values + r * e->size, e->size);
    json_close(json, ']');
}

static void put_estimates(struct json *json, const struct report *report)
{
    int rungs = report->data->rungs;
    json_key(json, "estimates");
    json_open(json, '{');
    for (int i = 0; i < report->estimates->count; i++) {
        const struct estimate *e = &report->estimates->at[i];
        if (e->internal)
            continue;
        json_key(json, e->name);
        json_open(json, '{');
        put_numbers(json, "mean", e->mean, e, rungs);
        put_numbers(json, "error", e->error, e, rungs);
        put_numbers(json, "tau_int", e->tau_int, e, rungs);
        put_numbers(json, "n_eff", e->n_eff, e, rungs);
        json_put_text(json, "unit", e->unit);
        json_close(json, '}');
    }
    json_close(json, '}');
}

/* [window][rung] */
static void put_windows(struct json *json, const char *key,
                        const double *values, int windows, int rungs)
{
    json_key(json, key);
    json_open(json, '[');
    for (int w = 0; w < windows; w++)
        json_reals(json, values + w * rungs, rungs);
    json_close(json, ']');
}

static void put_plateau(struct json *json, const struct report *report)
{
    const struct plateau *p = report->estimates->plateau;
    int64_t every = report->data->every;
    int rungs = report->data->rungs;
    if (!p)
        return;
    json_key(json, "plateau");
    json_open(json, '{');
    json_key(json, "sweeps");
    json_open(json, '[');
    for (int w = 0; w < p->windows; w++) {
        json_open(json, '[');
        json_integer(json, (p->window[w][0] + 1) * every);
        json_integer(json, p->window[w][1] * every);
        json_close(json, ']');
    }
    json_close(json, ']');
    for (int i = 0; i < p->count; i++) {
        json_key(json, p->at[i].name);
        json_open(json, '{');
        put_windows(json, "mean", p->at[i].mean, p->windows, rungs);
        put_windows(json, "error", p->at[i].error, p->windows, rungs);
        json_close(json, '}');
    }
    json_close(json, '}');
}

static void put_balance(struct json *json, const struct report *report)
{
    const struct balance *b = report->estimates->balance;
    int rungs = report->data->rungs;
    if (!b)
        return;
    json_key(json, "energy_link_overlap");
    json_open(json, '{');
    json_put_reals(json, "energy", b->energy, rungs);
    json_put_reals(json, "expected", b->expected, rungs);
    json_put_reals(json, "error", b->error, rungs);
    json_put_reals(json, "z", b->z, rungs);
    json_close(json, '}');
}

static void put_theory(struct json *json, const struct report *report)
{
    int rungs = report->data->rungs;
    json_key(json, "theory");
    json_open(json, '{');
    for (int i = 0; i < report->theory->count; i++) {
        const struct prediction *p = &report->theory->at[i];
        json_key(json, p->name);
        json_open(json, '{');
        json_put_reals(json, "mean", p->mean, rungs);
        json_put_reals(json, "error", p->error, rungs);
        json_put_reals(json, "z", p->z, rungs);
        json_put_text(json, "source", p->source);
        json_close(json, '}');
    }
    json_close(json, '}');
}

static void put_exchange(struct json *json, const struct report *report)
{
    int edges = report->data->rungs - 1;
    json_key(json, "exchange");
    json_open(json, '{');
    json_put_real(json, "barrier", report->barrier);
    json_put_reals(json, "acceptance", report->acceptance, edges);
    json_put_integer(json, "round_trips", report->round_trips);
    json_put_reals(json, "reweighting", report->estimates->reweighting,
                   edges);
    json_put_integer(json, "suggested_rungs", report->suggested_rungs);
    json_close(json, '}');
}

static void put_named(void *context, const char *name, double value)
{
    json_put_real(context, name, value);
}

/* What the model says of the best state of the first sample. */
static void put_best(struct json *json, const struct report *report)
{
    const struct data *data = report->data;
    const struct model *model = data->system->model;
    if (!data->best_u || report->parts)
        return;
    json_put_reals(json, "best_u", data->best_u, data->samples);
    if (model->best)
        model->best(data->system, data_best(data), put_named, json);
    json_put_real(json, "time_to_best", data->best_seconds[0]);
    json_put_integer(json, "best_hits", data->best_hits[0]);
}

void report_object(struct json *json, const struct report *report)
{
    json_open(json, '{');
    json_put_text(json, "file", report->name);
    json_put_flag(json, "complete", report->data->complete);
    put_verdict(json, &report->verdict);
    put_ladder(json, report->data);
    put_estimates(json, report);
    put_theory(json, report);
    report_limits_json(json, report);
    put_exchange(json, report);
    put_balance(json, report);
    put_plateau(json, report);
    if (report->distances)
        report_json_distance(json, report->distances);
    put_best(json, report);
    json_close(json, '}');
}

void report_json(const struct report *report)
{
    struct json json = {.out = stdout};
    report_object(&json, report);
}

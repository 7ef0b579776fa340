/* Checks beyond the grammar of one value: ranges, words, plug-ins, keys
   against keys. The ladder's are in input_ladder.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/dynamics.h"
#include "core/kernel.h"
#include "core/model.h"
#include "core/protocol.h"
#include "core/registry.h"
#include "run/input_parts.h"
#include "run/start.h"

/* ---- ranges and words of single keys ----------------------------------- */

static void check_values(struct reading *r, enum input_section s)
{
    struct section *section = &r->input->section[s];
    for (int b = 0; b < 2; b++)
        for (int i = 0; section->table[b] && i < section->table[b]->count;
             i++) {
            const struct param *row = &section->table[b]->rows[i];
            int before = r->err->count;
            if (!section->given[b][i] || reading_bad(r, s, row->key))
                continue;
            param_check(row, input_names[s],
                        (char *)section->values[b] + row->offset,
                        section->where[b][i], r->err);
            if (r->err->count > before)
                reading_blame(r, s, row->key);
        }
}

/* ---- one of a list of names -------------------------------------------- */

struct names { int count; const char *at[128]; }; /* ends with NULL */

static void add_name(struct names *names, const char *name)
{
    for (int i = 0; i < names->count; i++)
        if (!strcmp(names->at[i], name))
            return;
    if (names->count < 127)
        names->at[names->count++] = name;
}

/* `noun` ends "is unknown; <noun>: a, b". */
static void unknown_name(struct reading *r, enum input_section s,
                         const char *key, const char *value,
                         const struct names *names, const char *noun)
{
    const char *nearest = err_nearest(value, names->at);
    char *list = input_joined(names->at);
    err_add(r->err, EXIT_INPUT, reading_where(r, s, key),
            "%s.%s: \"%.80s\" is unknown; %s: %s%s%s%s", input_names[s], key,
            value, noun, list, nearest ? "; did you mean \"" : "",
            nearest ? nearest : "", nearest ? "\"?" : "");
    free(list);
    reading_blame(r, s, key);
}

static void check_plugins(struct reading *r)
{
    struct names models = {0}, dynamics = {0}, protocols = {0};
    for (int i = 0; registry_models[i]; i++)
        add_name(&models, registry_models[i]->name);
    for (int i = 0; registry_dynamics[i]; i++)
        add_name(&dynamics, registry_dynamics[i]->name);
    for (int i = 0; registry_protocols[i]; i++)
        add_name(&protocols, registry_protocols[i]->name);
    const struct input *in = r->input;
    if (!in->model && !reading_bad(r, INPUT_MODEL, "name"))
        unknown_name(r, INPUT_MODEL, "name", in->model_common->name, &models,
                     "models");
    if (r->model_only)
        return;
    if (!in->dynamics && !reading_bad(r, INPUT_DYNAMICS, "name"))
        unknown_name(r, INPUT_DYNAMICS, "name", in->dynamics_common->name,
                     &dynamics, "dynamics");
    if (!in->protocol && !reading_bad(r, INPUT_RUN, "protocol"))
        unknown_name(r, INPUT_RUN, "protocol", in->run->protocol, &protocols,
                     "protocols");
}

/* ---- sections ---------------------------------------------------------- */

static void check_run(struct reading *r)
{
    static const struct names words = {3, {"random", "ordered", "planted"}};
    const char *start = r->input->run->start;
    const struct model *model = r->input->model;
    bool ordered = !strcmp(start, "ordered");
    bool planted = !strcmp(start, "planted");
    bool lacks = model && ((ordered && !model->ordered) ||
                           (planted && !model->planted));
    if (reading_bad(r, INPUT_RUN, "start") || start_names_states(start))
        return;
    if (strcmp(start, "random") && !ordered && !planted)
        unknown_name(r, INPUT_RUN, "start", start, &words,
                     "allowed: OUT.h5:/states/last, OUT.h5:/minima/N or one "
                     "of");
    else if (ordered && r->input->dynamics && r->input->dynamics->conserves)
        err_add(r->err, EXIT_INPUT, reading_where(r, INPUT_RUN, "start"),
                "run.start: dynamics %s conserves %s: it starts \"random\" "
                "or from states/last", r->input->dynamics->name,
                r->input->dynamics->conserves);
    else if (lacks)
        err_add(r->err, EXIT_INPUT, reading_where(r, INPUT_RUN, "start"),
                "run.start: model %s has no %s state", model->name, start);
    else if (planted && model && model->unplanted &&
             model->unplanted(&r->input->section[INPUT_MODEL]))
        err_add(r->err, EXIT_INPUT, reading_where(r, INPUT_RUN, "start"),
                "run.start: no planted state: %s",
                model->unplanted(&r->input->section[INPUT_MODEL]));
}

static void check_model(struct reading *r)
{
    const struct section *keys = &r->input->section[INPUT_MODEL];
    bool trouble = !r->input->model;
    for (int i = 0; i < r->bad.count; i++)
        trouble |= !strncmp(r->bad.at[i], "model.", 6);
    if (!trouble && r->input->model->check)
        r->input->model->check(keys, r->err);
}

/* Cluster moves of two copies: spins, and two of them. */
static void check_houdayer(struct reading *r)
{
    const struct input *in = r->input;
    const char *why = NULL;
    if (!in->exchange->houdayer || !in->model || !in->protocol)
        return;
    if (in->ladder->copies < 2)
        why = "needs ladder.copies of 2 or more";
    else if (!in->model->local || in->model->local->values != 2 ||
             !in->model->binary)
        why = "is for two-valued spins with bonds";
    else if (in->protocol->schedule)
        why = "is for protocols with rungs";
    if (why)
        err_add(r->err, EXIT_INPUT,
                reading_where(r, INPUT_EXCHANGE, "houdayer"),
                "exchange.houdayer: it %s", why);
}

/* One number for walkers of the same disorder would make them one. */
static void check_stream(struct reading *r)
{
    const struct input *in = r->input;
    const char *why = NULL;
    if (strcmp(in->dynamics_common->stream, "shared") || !in->model ||
        !in->protocol)
        return;
    if (!in->model->disorder || in->model_common->samples < 2)
        why = "is for walkers of different disorder: model.samples must be "
              "2 or more, of a model with disorder";
    else if (in->protocol->schedule)
        why = "is for protocols with rungs";
    if (why)
        err_add(r->err, EXIT_INPUT, reading_where(r, INPUT_DYNAMICS, "stream"),
                "dynamics.stream: \"shared\" %s", why);
}

/* Heat baths here, ways down there. */
static void check_direction(struct reading *r)
{
    const struct input *in = r->input;
    if (!in->dynamics || !in->protocol ||
        in->dynamics->downhill == in->protocol->quench)
        return;
    if (in->dynamics->downhill)
        err_add(r->err, EXIT_INPUT, reading_where(r, INPUT_DYNAMICS, "name"),
                "dynamics.name: %s goes downhill and is no heat bath: it is "
                "for run.protocol = \"quench\", not \"%s\"",
                in->dynamics->name, in->protocol->name);
    else
        err_add(r->err, EXIT_INPUT, reading_where(r, INPUT_DYNAMICS, "name"),
                "dynamics.name: protocol quench goes downhill, %s is a heat "
                "bath; take descent, sgd, adam, lbfgs or cg",
                in->dynamics->name);
}

/* No burn-in; the last sweep makes a row, which looks at the final states. */
static void check_quench(struct reading *r)
{
    struct section *run = &r->input->section[INPUT_RUN];
    const struct protocol *protocol = r->input->protocol;
    int64_t sweeps = r->input->run->sweeps, every = r->input->record->every;
    int64_t *burn_in = section_value(run, "burn_in");
    if (!protocol || !protocol->quench)
        return;
    if (section_given(run, "burn_in") && *burn_in)
        err_add(r->err, EXIT_INPUT, reading_where(r, INPUT_RUN, "burn_in"),
                "run.burn_in: protocol quench has none; give 0");
    *burn_in = 0;
    if (!reading_bad(r, INPUT_RUN, "sweeps") &&
        !reading_bad(r, INPUT_RECORD, "every") && sweeps % every)
        err_add(r->err, EXIT_INPUT, reading_where(r, INPUT_RUN, "sweeps"),
                "run.sweeps: protocol quench looks at the last states: %lld "
                "is not a multiple of record.every = %lld",
                (long long)sweeps, (long long)every);
}

static void check_dynamics(struct reading *r)
{
    const struct input *in = r->input;
    struct names kernels = {2, {"auto", "reference"}};
    const char *kernel = in->dynamics_common->kernel;
    bool known = false;
    for (int i = 0; registry_kernels[i]; i++)
        if (strcmp(registry_kernels[i]->isa, "any"))
            add_name(&kernels, registry_kernels[i]->isa);
    for (int i = 0; registry_kernels[i]; i++)
        add_name(&kernels, registry_kernels[i]->family);
    for (int i = 0; registry_kernels[i]; i++)
        add_name(&kernels, registry_kernels[i]->name);
    for (int i = 0; i < kernels.count; i++)
        known |= !strcmp(kernels.at[i], kernel);
    if (!known && !reading_bad(r, INPUT_DYNAMICS, "kernel"))
        unknown_name(r, INPUT_DYNAMICS, "kernel", kernel, &kernels,
                     "allowed");
    check_stream(r);
    check_houdayer(r);
    check_direction(r);
    char *refusal = in->dynamics && in->model
                        ? dynamics_refusal(in->dynamics, in->model,
                                           &in->section[INPUT_MODEL], NULL)
                        : NULL;
    if (refusal)
        err_add(r->err, EXIT_INPUT, reading_where(r, INPUT_DYNAMICS, "name"),
                "dynamics.name: %s", refusal);
    free(refusal);
}

/* The default list keeps what the model measures. */
static void settle_observables(struct texts *list, const struct names *known)
{
    int kept = 0;
    for (int i = 0; i < list->count; i++) {
        bool measured = false;
        for (int k = 0; k < known->count; k++)
            measured |= !strcmp(known->at[k], list->at[i]);
        if (measured)
            list->at[kept++] = list->at[i];
        else
            free(list->at[i]);
    }
    list->count = kept;
}

static void check_observable(struct reading *r, const struct texts *list,
                             int i, const struct names *known)
{
    const char *name = list->at[i];
    bool measured = false, again = false;
    for (int k = 0; k < known->count; k++)
        measured |= !strcmp(known->at[k], name);
    for (int k = 0; k < i; k++)
        again |= !strcmp(list->at[k], name);
    const struct observable *row = dynamics_observable(
        r->input->dynamics, r->input->model, name);
    if (row && row->of_pair && r->input->ladder->copies < 2)
        err_add(r->err, EXIT_INPUT,
                reading_where(r, INPUT_RECORD, "observables"),
                "record.observables: \"%s\" compares copies: ladder.copies "
                "must be 2 or more", name);
    if (again)
        err_add(r->err, EXIT_INPUT,
                reading_where(r, INPUT_RECORD, "observables"),
                "record.observables: \"%s\" is given twice", name);
    else if (!measured)
        unknown_name(r, INPUT_RECORD, "observables", name, known,
                     "the model measures");
}

/* Along a schedule u alone is kept. */
static void check_paths(struct reading *r, struct texts *list,
                        const struct record_keys *record)
{
    struct section *section = &r->input->section[INPUT_RECORD];
    if (section_given(section, "observables") && list->count)
        err_add(r->err, EXIT_INPUT,
                reading_where(r, INPUT_RECORD, "observables"),
                "record.observables: protocol %s records u alone; give []",
                r->input->protocol->name);
    if (record->states_every)
        err_add(r->err, EXIT_INPUT,
                reading_where(r, INPUT_RECORD, "states_every"),
                "record.states_every: protocol %s keeps the best states "
                "only; give 0", r->input->protocol->name);
    for (int i = 0; i < list->count; i++)
        free(list->at[i]);
    list->count = 0;
}

static void check_record(struct reading *r)
{
    struct section *section = &r->input->section[INPUT_RECORD];
    struct texts *list = section_value(section, "observables");
    const struct record_keys *record = r->input->record;
    struct names known = {0};
    const struct observable *row =
        r->input->model ? r->input->model->observables : NULL;
    for (; row && row->name; row++)
        add_name(&known, row->name);
    const struct observable *own =
        r->input->dynamics ? r->input->dynamics->observables : NULL;
    for (; row && own && own->name; own++)
        add_name(&known, own->name);
    bool paths = r->input->protocol && r->input->protocol->schedule;
    if (paths)
        check_paths(r, list, record);
    else if (row && !section_given(section, "observables"))
        settle_observables(list, &known);
    else if (row && !reading_bad(r, INPUT_RECORD, "observables"))
        for (int i = 0; i < list->count; i++)
            check_observable(r, list, i, &known);
    if (!reading_bad(r, INPUT_RECORD, "every") &&
        !reading_bad(r, INPUT_RECORD, "states_every") &&
        record->states_every % record->every)
        err_add(r->err, EXIT_INPUT,
                reading_where(r, INPUT_RECORD, "states_every"),
                "record.states_every: %lld is not a multiple of "
                "record.every = %lld",
                (long long)record->states_every, (long long)record->every);
}

void input_check(struct reading *r)
{
    for (int s = 0; s < INPUT_SECTIONS; s++)
        check_values(r, (enum input_section)s);
    check_plugins(r);
    check_model(r);
    if (r->model_only)
        return;
    check_run(r);
    check_quench(r);
    check_dynamics(r);
    input_check_ladder(r);
    check_record(r);
}

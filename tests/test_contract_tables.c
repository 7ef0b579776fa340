/* Battery, the tables of every plug-in: keys, fields, observables, derived.
   Defaults in range, every key with doc and unit, names used once. */
#include "contract.h"
#include "core/protocol.h"
#include "core/solver.h"

/* What is wrong with a row, or NULL. */
static const char *row_fault(const struct param_table *table,
                             const struct param *row)
{
    union { double real; struct points points; struct texts texts;
            void *text; } value;
    struct err err = {0};
    const char *fault = NULL;
    if (!row->key || !*row->key)
        return "no key";
    if (!row->doc || strlen(row->doc) < 4)
        return "no doc";
    if (!row->unit || !row->initial)
        return !row->unit ? "no unit" : "no default";
    if (row->least > row->most)
        return "an empty range";
    if (row->offset + param_size(row->type) > table->size)
        return "a member outside its struct";
    memset(&value, 0, sizeof value);
    char *problem = param_parse(row, row->initial, &value);
    if (problem)
        fault = "a default that does not parse";
    else
        param_check(row, table->section, &value, "default", &err);
    if (err_any(&err))
        fault = "a default out of range";
    free(problem);
    err_clear(&err);
    param_release(row, &value);
    return fault;
}

/* The default printed reads back to the same text. */
static bool prints_back(const struct param *row)
{
    union { double real; struct points points; struct texts texts;
            void *text; } value;
    memset(&value, 0, sizeof value);
    free(param_parse(row, row->initial, &value));
    char *once = param_print(row, &value), *raw = once;
    if (row->type == PARAM_text) { /* text keys parse the raw text */
        raw = mem_text("%.*s", (int)strlen(once) - 2, once + 1);
        free(once);
    }
    char *problem = param_parse(row, raw, &value);
    char *again = param_print(row, &value);
    bool same = !problem && strstr(again, raw);
    free(problem);
    free(raw);
    free(again);
    param_release(row, &value);
    return same;
}

static bool key_repeats(const struct param_table *table, int i,
                        const struct param_table *other)
{
    for (int j = 0; j < i; j++)
        if (!strcmp(table->rows[j].key, table->rows[i].key))
            return true;
    for (int j = 0; other && j < other->count; j++)
        if (!strcmp(other->rows[j].key, table->rows[i].key))
            return true;
    return false;
}

/* What is wrong with a table, "" when nothing; common: keys that its section
   has already. */
static void table_fault(const struct param_table *table,
                        const struct param_table *common, char *fault,
                        size_t size)
{
    fault[0] = 0;
    for (int i = 0; table && i < table->count; i++) {
        const struct param *row = &table->rows[i];
        const char *what = row_fault(table, row);
        if (!what && !prints_back(row))
            what = "a default that does not print back";
        if (!what && key_repeats(table, i, common))
            what = "a key given twice";
        if (what)
            snprintf(fault, size, "%s: %s", row->key, what);
    }
}

static void check_table(const char *whose, const struct param_table *table,
                        const struct param_table *common)
{
    char fault[200];
    table_fault(table, common, fault, sizeof fault);
    ok(!fault[0], "keys of %s%s%s", whose, fault[0] ? ": " : "", fault);
}

static bool filled(const char *text) { return text && *text; }

static void check_head(const char *kind, const char *name,
                       const char *summary, const char *source)
{
    ok(filled(name) && filled(summary) && filled(source),
       "%s %s has a summary and a source", kind, name);
}

static void check_rows(const struct model *model)
{
    bool good = true;
    int observables = 0;
    for (const struct field *f = model->fields; f->name; f++)
        good = good && filled(f->name) && filled(f->definition);
    for (const struct observable *o = model->observables; o->name; o++) {
        good = good && o->unit && filled(o->definition) &&
               !!o->of + !!o->of_state + !!o->of_pair == 1;
        for (const struct observable *p = model->observables; p < o; p++)
            good = good && strcmp(p->name, o->name);
        observables++;
    }
    for (const struct derived *d = model->derived; d && d->name; d++) {
        good = good && d->unit && filled(d->definition) && d->value &&
               d->term[0].series;
        for (int j = 0; j < DERIVED_TERMS && d->term[j].series; j++) {
            const struct observable *o = model->observables;
            while (o->name && strcmp(o->name, d->term[j].series))
                o++;
            good = good && (o->name || !strcmp(d->term[j].series, "u"));
        }
    }
    ok(good && observables > 0,
       "fields, observables and derived quantities of %s", model->name);
}

/* What a dynamics observes of walkers has names of its own. */
static bool own_rows(const struct dynamics *dynamics)
{
    bool good = true;
    for (const struct observable *o = dynamics->observables; o && o->name;
         o++) {
        good = good && filled(o->name) && o->unit && filled(o->definition) &&
               o->of_walker && dynamics->extra;
        for (int m = 0; registry_models[m]; m++)
            good = good && dynamics_observable(dynamics, registry_models[m],
                                               o->name) == o;
    }
    return good;
}

static void check_model(const struct model *model)
{
    bool named = true;
    for (int k = 0; k < model->components; k++)
        named = named && filled(model->component[k]);
    check_head("model", model->name, model->summary, model->source);
    check_table(model->name, model->keys, &model_table);
    check_rows(model);
    ok(model->components >= 1 && model->components <= COMPONENTS_MAX &&
       named && model->statistics >= 1 &&
       model->statistics <= STATISTICS_MAX && model->u_unit &&
       filled(model->u_definition) && model->build && model->measure &&
       model->u && model->draw && !model->exact_at == !model->variance &&
       (!strcmp(model->reference, "counting") ||
        !strcmp(model->reference, "uniform") ||
        !strcmp(model->reference, "prior")),
       "%s: components, statistics, reference, functions", model->name);
    if (model->other)
        ok(model->takes && !strcmp(model->other->name, model->name) &&
           model->other->keys == model->keys,
           "%s: the other one has its name and keys", model->name);
}

static void check_registry(void)
{
    const struct param_table *common[] = {
        &run_table, &model_table, &dynamics_table, &ladder_table,
        &exchange_table, &record_table, &checkpoint_table};
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        check_table(common[i]->section, common[i], NULL);
    for (int i = 0; registry_models[i]; i++)
        for (const struct model *m = registry_models[i]; m; m = m->other)
            check_model(m);
    for (int i = 0; registry_dynamics[i]; i++) {
        const struct dynamics *d = registry_dynamics[i];
        check_head("dynamics", d->name, d->summary, d->source);
        check_table(d->name, d->keys, &dynamics_table);
        ok(own_rows(d), "observables of dynamics %s", d->name);
        ok(d->sweep && d->needs, "%s: a reference sweep, a facet", d->name);
    }
    for (int i = 0; registry_protocols[i]; i++) {
        const struct protocol *p = registry_protocols[i];
        check_head("protocol", p->name, p->summary, p->source);
        check_table(p->name, p->keys, &run_table);
    }
    for (int i = 0; registry_solvers[i]; i++) {
        const struct solver *s = registry_solvers[i];
        check_head("solver", s->name, s->summary, s->source);
        check_table(s->name, s->keys, NULL);
        ok(s->solve || s->takes_model, "%s answers `solve`", s->name);
    }
    for (int i = 0; registry_kernels[i]; i++) {
        const struct kernel *k = registry_kernels[i];
        check_head("kernel", k->name, k->summary, k->family);
        ok(k->streams && filled(k->isa), "%s: streams, isa", k->name);
    }
}

/* ---- tables that must be refused ----------------------------------------- */

struct broken { double a, b; };

static void check_mutants(void)
{
    const struct param sound = {.key = "a", .type = PARAM_real,
                                .initial = "1.0", .least = 0, .most = 2,
                                .unit = "", .doc = "a number"};
    struct { const char *what; struct param row[2]; } mutants[] = {
        {"a default out of range", {sound, sound}},
        {"a key without doc", {sound, sound}},
        {"a key without unit", {sound, sound}},
        {"a key given twice", {sound, sound}},
        {"a default that does not parse", {sound, sound}},
        {NULL, {sound, sound}}};
    mutants[0].row[1].initial = "3.0";
    mutants[1].row[1].doc = "";
    mutants[2].row[1].unit = NULL;
    mutants[4].row[1].initial = "word";
    for (size_t i = 0; i < sizeof mutants / sizeof *mutants; i++) {
        char fault[200];
        if (i != 3)
            mutants[i].row[1].key = "b";
        mutants[i].row[1].offset = offsetof(struct broken, b);
        struct param_table table = {.section = "model",
                                    .size = sizeof(struct broken),
                                    .count = 2, .rows = mutants[i].row};
        table_fault(&table, NULL, fault, sizeof fault);
        if (mutants[i].what)
            ok(fault[0], "mutant rejected: %s by key tables",
               mutants[i].what);
        else
            ok(!fault[0], "the same table unbroken passes %s", fault);
    }
}

int main(void)
{
    check_registry();
    check_mutants();
    return tap_done();
}

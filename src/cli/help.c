/* tempera help [NAME]: an overview; every key of a section or plug-in.
   tempera help --reference: all sections and keys as one commented input. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/err.h"
#include "cli/print.h"
#include "core/dynamics.h"
#include "core/kernel.h"
#include "core/model.h"
#include "core/protocol.h"
#include "core/registry.h"
#include "core/solver.h"
#include "run/keys.h"

int help_command(int argc, char **argv);

struct topic {
    const char *name, *about;
    const struct param_table *table;
};

static const struct topic sections[] = {
    {"run", "length, seed, start and protocol of a run", &run_table},
    {"model", "the system; each model adds keys", &model_table},
    {"dynamics", "the Markov chain and its kernel", &dynamics_table},
    {"ladder", "the rungs: temperatures or a path", &ladder_table},
    {"exchange", "swaps between rungs", &exchange_table},
    {"record", "what is written, how often", &record_table},
    {"checkpoint", "when it is committed to disk", &checkpoint_table},
    {.name = NULL}};

static const struct topic commands[] = {
    {.name = "run FILE [-o OUT.h5] [--restart] [KEY=VALUE ...]",
     .about = "start, or go on where OUT stopped"},
    {.name = "check FILE [KEY=VALUE ...]",
     .about = "validate; effective input, plan, memory, time"},
    {.name = "status OUT.h5 [--json]",
     .about = "of a live or finished run"},
    {.name = "report OUT.h5 [OUT2.h5 ...] [--json] [--strict]",
     .about = "estimates, errors, verdict, theory"},
    {.name = "verify OUT.h5",
     .about = "recompute the first sweeps with the reference kernel"},
    {.name = "solve NAME [KEY=VALUE ...] [--json] [-o OUT.h5]",
     .about = "theory alone; alpha=0.1:2:0.1 sweeps"},
    {.name = "list [models|dynamics|kernels|protocols|solvers]",
     .about = "what was built in"},
    {.name = "help [NAME | --reference]",
     .about = "of a section or plug-in; a commented input with every key"},
    {.name = "bench [NAME ...] [--json]",
     .about = "speed of the kernels on this machine"},
    {.name = "jobscript FILE [--time=...]",
     .about = "a Slurm script of the right size"},
    {.name = NULL}};

/* ---- one key ----------------------------------------------------------- */

static const char *const type_names[] = {
    [PARAM_integer] = "integer",
    [PARAM_seed] = "integer from 0 to 2^64 - 1",
    [PARAM_real] = "number",
    [PARAM_flag] = "true or false",
    [PARAM_text] = "text",
    [PARAM_integers] = "list of integers",
    [PARAM_reals] = "list of numbers",
    [PARAM_texts] = "list of texts",
    [PARAM_points] = "list of points"};

static void print_default(const struct param *row)
{
    char *quoted =
        row->type == PARAM_text ? param_quote(row->initial) : NULL;
    fputs(quoted ? quoted : row->initial, stdout);
    free(quoted);
}

/* "integer; 1 to 100000 sweeps" */
static void print_kind(const char *prefix, const struct param *row)
{
    char *allowed = param_allowed(row);
    bool unit = *row->unit && (!*allowed || row->allowed);
    char *text = mem_text("%s%s%s%s%s%s", type_names[row->type],
                          *allowed ? "; " : "", allowed,
                          unit ? "; unit: " : "", unit ? row->unit : "",
                          row->flags & PARAM_MAY_CHANGE
                              ? "; may change when a run goes on" : "");
    print_paragraph(prefix, text);
    free(text);
    free(allowed);
}

static void print_keys(const struct param_table *table, const char *heading)
{
    if (!table)
        return;
    printf("\n%s\n", heading);
    for (int i = 0; i < table->count; i++) {
        const struct param *row = &table->rows[i];
        printf("\n  %s = ", row->key);
        print_default(row);
        putchar('\n');
        print_kind("      ", row);
        print_paragraph("      ", row->doc);
    }
}

/* ---- plug-ins ---------------------------------------------------------- */

static void print_head(const char *kind, const char *name,
                       const char *summary, const char *source)
{
    printf("%s %s\n", kind, name);
    print_paragraph("  ", summary);
    if (source && *source)
        print_paragraph("  ", source);
}

static void print_quantity(const char *name, const char *unit,
                           const char *definition)
{
    printf("  %-20s  %s [%s]\n", name, definition, unit);
}

/* What states of their own offer. */
static void help_measured(const struct model *model)
{
    printf("  u [%s] = %s;  lambda =", model->u_unit, model->u_definition);
    for (int k = 0; k < model->components; k++)
        printf("%s %s", k ? "," : "", model->component[k]);
    printf("\n\nobservables for record.observables:\n");
    for (const struct observable *o = model->observables; o && o->name; o++)
        print_quantity(o->name, o->unit, o->definition);
    if (model->derived && model->derived->name)
        printf("\nderived from them in a report:\n");
    for (const struct derived *d = model->derived; d && d->name; d++)
        print_quantity(d->name, d->unit, d->definition);
}

static void help_model(const struct model *model)
{
    print_head("model", model->name, model->summary, model->source);
    print_keys(model->keys, "keys of section model, besides those of "
                            "`tempera help model`:");
    for (const struct model *m = model; m; m = m->other) {
        putchar('\n');
        if (m != model)
            print_paragraph("with ", m->summary);
        help_measured(m);
    }
}

static void help_dynamics(const struct dynamics *dynamics)
{
    print_head("dynamics", dynamics->name, dynamics->summary,
               dynamics->source);
    const char *between = " ";
    printf("  %s; needs facet",
           dynamics->exact      ? "exact"
           : dynamics->downhill ? "goes downhill, for protocol quench; no "
                                  "heat bath"
                                : "its step biases the law");
    for (int f = 0; f < FACET_COUNT; f++)
        if (dynamics->needs >> f & 1) {
            printf("%s%s", between, facet_names[f]);
            between = " or ";
        }
    putchar('\n');
    if (dynamics->conserves)
        printf("  conserves %s: ln Z is relative\n", dynamics->conserves);
    print_keys(dynamics->keys, "keys of section dynamics, besides those of "
                               "`tempera help dynamics`:");
    if (dynamics->observables)
        printf("\nobservables for record.observables, besides the model's:"
               "\n");
    for (const struct observable *o = dynamics->observables; o && o->name;
         o++)
        print_quantity(o->name, o->unit, o->definition);
}

static void help_kernel(const struct kernel *kernel)
{
    print_head("kernel", kernel->name, kernel->summary, NULL);
    printf("  family %s; instructions %s; %s on this machine; streams",
           kernel->family, kernel->isa, kernel->cpu() ? "runs" : "cannot run");
    for (int s = 0; s < STREAM_COUNT; s++)
        if (kernel->streams & (1u << s))
            printf(" %s", stream_names[s]);
    putchar('\n');
}

static void help_protocol(const struct protocol *protocol)
{
    print_head("protocol", protocol->name, protocol->summary,
               protocol->source);
    print_keys(protocol->keys, "keys of section run, besides those of "
                               "`tempera help run`:");
}

static void help_solver(const struct solver *solver)
{
    print_head("solver", solver->name, solver->summary, solver->source);
    char *holds = mem_text("holds: %s", solver->holds);
    print_paragraph("  ", holds);
    free(holds);
    print_keys(solver->keys, "keys of `tempera solve`:");
    if (solver->takes_model)
        printf("\n  takes a model too: FILE (an input or an output), or "
               "model.key=value\n");
}

/* ---- by name ----------------------------------------------------------- */

static bool help_section(const char *name)
{
    const struct topic *topic = sections;
    while (topic->name && strcmp(topic->name, name))
        topic++;
    if (!topic->name)
        return false;
    printf("section %s: %s\n", topic->name, topic->about);
    print_keys(topic->table, "keys:");
    return true;
}

/* Every plug-in of that name; "\n" between. */
static bool help_plugins(const char *name)
{
    const struct model *model = registry_model(name);
    const struct dynamics *dynamics = registry_dynamics_named(name);
    const struct kernel *kernel = registry_kernel(name);
    const struct protocol *protocol = registry_protocol(name);
    const struct solver *solver = registry_solver(name);
    int shown = 0;
    if (model && ++shown)
        help_model(model);
    if (dynamics && (!shown++ || putchar('\n')))
        help_dynamics(dynamics);
    if (kernel && (!shown++ || putchar('\n')))
        help_kernel(kernel);
    if (protocol && (!shown++ || putchar('\n')))
        help_protocol(protocol);
    if (solver && (!shown++ || putchar('\n')))
        help_solver(solver);
    return shown;
}

static int unknown_name(const char *name)
{
    enum { MOST = 256 };
    const char *names[MOST + 1] = {0};
    int n = 0;
#define COLLECT(list)                                                        \
    for (int i = 0; list[i] && n < MOST; i++)                                \
        names[n++] = list[i]->name
    for (int i = 0; sections[i].name; i++)
        names[n++] = sections[i].name;
    COLLECT(registry_models);
    COLLECT(registry_dynamics);
    COLLECT(registry_kernels);
    COLLECT(registry_protocols);
    COLLECT(registry_solvers);
#undef COLLECT
    const char *nearest = err_nearest(name, names);
    fprintf(stderr,
            "tempera help: %s: no section or plug-in of that name; see "
            "`tempera list`%s%s%s\n",
            name, nearest ? "; did you mean " : "", nearest ? nearest : "",
            nearest ? "?" : "");
    return EXIT_INPUT;
}

static void help_overview(void)
{
    printf("tempera: samples p(x|lambda) at many lambda at once, exchanges "
           "replicas, and says\nwhat entropy, free energy and phases are, "
           "next to theory.\n\nusage: tempera COMMAND ...\n\n");
    for (const struct topic *c = commands; c->name; c++)
        printf("  %s\n      %s\n", c->name, c->about);
    printf("\nAn input FILE has these sections (KEY is section.key):\n\n");
    for (const struct topic *s = sections; s->name; s++)
        printf("  %-10s  %s\n", s->name, s->about);
    printf("\n`tempera help NAME` tells every key of a section, model, "
           "dynamics, kernel,\nprotocol or solver; `tempera list` names "
           "them.\n\nExit codes: 0 done; 85 stopped cleanly, go on with the "
           "same command; 2 usage or\ninput; 3 data, checkpoint or disk; "
           "1 anything else.\n");
}

/* ---- the reference input ----------------------------------------------- */

static void print_reference_key(const char *prefix, const struct param *row,
                                const char *value)
{
    char comment[32];
    snprintf(comment, sizeof comment, "%s    # ", prefix);
    putchar('\n');
    print_paragraph(comment, row->doc);
    print_kind(comment, row);
    printf("%s    %s%s = ", prefix,
           row->flags & PARAM_EXPLICIT ? "# by default: " : "", row->key);
    if (value)
        printf("\"%s\"", value);
    else
        print_default(row);
    printf(";\n");
}

/* The section with the keys of the plug-in `name`, if it has one. */
static void print_reference(const char *prefix, const struct topic *section,
                            const char *selector, const char *name,
                            const struct param_table *own)
{
    printf("\n%s%s = {", prefix, section->name);
    for (int i = 0; i < section->table->count; i++) {
        const struct param *row = &section->table->rows[i];
        bool selects = selector && !strcmp(row->key, selector);
        if (!*prefix || selects)
            print_reference_key(prefix, row, selects ? name : NULL);
    }
    for (int i = 0; own && i < own->count; i++)
        print_reference_key(prefix, &own->rows[i], NULL);
    printf("%s};\n", prefix);
}

/* The default plug-in's section in full; the keys of the others of its kind
   behind comment signs. */
#define REFERENCE(list, section, selector, initial)                          \
    do {                                                                     \
        for (int i = 0; list[i]; i++)                                        \
            if (!strcmp(list[i]->name, initial))                             \
                print_reference("", section, selector, list[i]->name,        \
                                list[i]->keys);                              \
        for (int i = 0; list[i]; i++)                                        \
            if (strcmp(list[i]->name, initial) && list[i]->keys)             \
                print_reference("# ", section, selector, list[i]->name,      \
                                list[i]->keys);                              \
    } while (0)

static void help_reference(void)
{
    printf("# Every section and key at its default. Made by `tempera help "
           "--reference`.\n# To be chosen before it runs: ladder.temperature "
           "or ladder.beta.\n");
    REFERENCE(registry_protocols, &sections[0], "protocol", "tempering");
    REFERENCE(registry_models, &sections[1], "name", "ising");
    REFERENCE(registry_dynamics, &sections[2], "name", "metropolis");
    for (const struct topic *s = sections + 3; s->name; s++)
        print_reference("", s, NULL, NULL, NULL);
}

/* argv[0] is "help". */
int help_command(int argc, char **argv)
{
    if (argc > 2) {
        fprintf(stderr, "tempera help: at most one name\n");
        return EXIT_INPUT;
    }
    if (argc < 2)
        help_overview();
    else if (!strcmp(argv[1], "--reference"))
        help_reference();
    else {
        bool section = help_section(argv[1]);
        if (!help_plugins(argv[1]) && !section)
            return unknown_name(argv[1]);
    }
    return EXIT_DONE;
}

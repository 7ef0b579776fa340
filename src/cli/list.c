/* tempera list [models|dynamics|kernels|protocols|solvers]: what was built
   in, a name and a summary a line. */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "core/dynamics.h"
#include "core/kernel.h"
#include "core/model.h"
#include "core/protocol.h"
#include "core/registry.h"
#include "core/solver.h"

int list_command(int argc, char **argv);

static const char *const kinds[] = {"models",    "dynamics", "kernels",
                                    "protocols", "solvers",  NULL};

struct row { const char *name, *summary; };

/* Row i of a kind; name NULL past the end. */
static struct row row_of(int kind, int i)
{
#define ROW(list) list[i] ? (struct row){list[i]->name, list[i]->summary}    \
                          : (struct row){0}
    switch (kind) {
    case 0: return ROW(registry_models);
    case 1: return ROW(registry_dynamics);
    case 2: return ROW(registry_kernels);
    case 3: return ROW(registry_protocols);
    default: return ROW(registry_solvers);
    }
#undef ROW
}

/* Solvers are many: by family. */
static void print_solvers(int width)
{
    for (int f = 0; f < FAMILY_COUNT; f++) {
        printf("%s %s\n", f ? "\n" : "", solver_families[f]);
        for (int i = 0; registry_solvers[i]; i++)
            if ((int)registry_solvers[i]->family == f)
                printf("  %-*s  %s\n", width, registry_solvers[i]->name,
                       registry_solvers[i]->summary);
    }
}

static void print_kind(int kind, int width)
{
    if (!strcmp(kinds[kind], "solvers")) {
        print_solvers(width);
        return;
    }
    for (int i = 0; row_of(kind, i).name; i++)
        printf("  %-*s  %s\n", width, row_of(kind, i).name,
               row_of(kind, i).summary);
}

static int widest(void)
{
    int width = 0;
    for (int kind = 0; kinds[kind]; kind++)
        for (int i = 0; row_of(kind, i).name; i++) {
            int n = (int)strlen(row_of(kind, i).name);
            width = n > width ? n : width;
        }
    return width;
}

static int kind_named(const char *name)
{
    int kind = 0;
    while (kinds[kind] && strcmp(kinds[kind], name))
        kind++;
    return kinds[kind] ? kind : -1;
}

static int unknown_kind(const char *name)
{
    const char *nearest = err_nearest(name, kinds);
    fprintf(stderr,
            "tempera list: %s: no such kind; models, dynamics, kernels, "
            "protocols or solvers%s%s%s\n",
            name, nearest ? "; did you mean " : "", nearest ? nearest : "",
            nearest ? "?" : "");
    return EXIT_INPUT;
}

/* argv[0] is "list". */
int list_command(int argc, char **argv)
{
    if (argc > 2) {
        fprintf(stderr, "tempera list: at most one kind\n");
        return EXIT_INPUT;
    }
    int only = argc == 2 ? kind_named(argv[1]) : -1;
    if (argc == 2 && only < 0)
        return unknown_kind(argv[1]);
    for (int kind = 0; kinds[kind]; kind++) {
        if (argc == 2 && kind != only)
            continue;
        if (argc < 2)
            printf("%s%s\n", kind ? "\n" : "", kinds[kind]);
        print_kind(kind, widest());
    }
    return EXIT_DONE;
}

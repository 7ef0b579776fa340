/* Files of graphs, and what must hold of a graph. */
#ifndef TEMPERA_TESTS_GRAPH_FILES_H
#define TEMPERA_TESTS_GRAPH_FILES_H
#include "base/alloc.h"
#include "files.h"
#include "systems/graph.h"
#include "tap.h"

/* Sorted, each pair once, in range, finite. */
__attribute__((unused))
static bool graph_holds(const struct graph *g)
{
    bool good = g->sites > 0 && g->edges >= 0;
    for (int64_t e = 0; good && e < g->edges; e++)
        good = 0 <= g->from[e] && g->from[e] < g->to[e] &&
               g->to[e] < g->sites && isfinite(g->weight[e]) &&
               (e == 0 || g->from[e - 1] < g->from[e] ||
                (g->from[e - 1] == g->from[e] && g->to[e - 1] < g->to[e]));
    for (int64_t i = 0; good && g->site && i < g->sites; i++)
        good = isfinite(g->site[i]);
    return good;
}

__attribute__((unused))
static bool graph_equal(const struct graph *a, const struct graph *b)
{
    bool same = a && b && a->sites == b->sites && a->edges == b->edges &&
                a->meaning == b->meaning && !a->site == !b->site;
    for (int64_t e = 0; same && e < a->edges; e++)
        same = a->from[e] == b->from[e] && a->to[e] == b->to[e] &&
               a->weight[e] == b->weight[e];
    for (int64_t i = 0; same && a->site && i < a->sites; i++)
        same = a->site[i] == b->site[i];
    return same;
}

/* No message: NULL and errors are printed. */
__attribute__((unused))
static struct graph *read_good(const char *name, const char *format)
{
    struct err err = {0};
    struct graph *graph = graph_read(name, format, &err);
    if (!graph)
        printf("# %s", err.text);
    err_clear(&err);
    return graph;
}

#endif

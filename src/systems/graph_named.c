#include "systems/graph_named.h"

#include <assert.h>
#include <string.h>

#include "base/alloc.h"

static void add_edge(struct graph *g, int64_t a, int64_t b)
{
    g->from[g->edges] = (int32_t)(a < b ? a : b);
    g->to[g->edges] = (int32_t)(a < b ? b : a);
    g->weight[g->edges++] = 1;
}

static struct graph *graph_empty(int64_t sites, int64_t edges)
{
    struct graph *g = mem_new(1, sizeof *g);
    g->sites = sites;
    g->from = mem_new((size_t)edges + 1, sizeof *g->from);
    g->to = mem_new((size_t)edges + 1, sizeof *g->to);
    g->weight = mem_new((size_t)edges + 1, sizeof *g->weight);
    return g;
}

/* An outer ring of n, spokes, an inner one with steps of k. */
static struct graph *petersen(int64_t n, int64_t k)
{
    struct graph *g = graph_empty(2 * n, 3 * n);
    for (int64_t i = 0; i < n; i++) {
        add_edge(g, i, (i + 1) % n);
        add_edge(g, i, n + i);
        add_edge(g, n + i, n + (i + k) % n);
    }
    return g;
}

struct graph *graph_named(const char *name, int64_t sites)
{
    if (!strcmp(name, "petersen"))
        return petersen(5, 2);
    if (!strcmp(name, "cube"))
        return petersen(4, 1);
    if (!strcmp(name, "dodecahedron"))
        return petersen(10, 2);
    bool ring = !strcmp(name, "ring");
    assert(ring || !strcmp(name, "complete"));
    struct graph *g = graph_empty(sites,
                                  ring ? sites : sites * (sites - 1) / 2);
    for (int64_t i = 0; i < sites; i++)
        for (int64_t j = 0; j < i; j++)
            if (!ring || i - j == 1 || (sites > 2 && i - j == sites - 1))
                add_edge(g, i, j);
    return g;
}

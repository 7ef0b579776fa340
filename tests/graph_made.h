/* Generated graphs and what is counted of them. */
#ifndef TEMPERA_TESTS_GRAPH_MADE_H
#define TEMPERA_TESTS_GRAPH_MADE_H
#include "graph_files.h"

__attribute__((unused))
static struct graph *made(const char *which, int64_t size, int64_t degree,
                          uint64_t seed, int64_t sample)
{
    struct err err = {0};
    struct graph_request request = {which, size, degree, seed, sample,
                                    NULL};
    struct graph *graph = graph_generate(&request, &err);
    if (err_any(&err))
        printf("# %s", err.text);
    err_clear(&err);
    return graph;
}

__attribute__((unused))
static int *degrees(const struct graph *g)
{
    int *degree = mem_new((size_t)g->sites, sizeof *degree);
    for (int64_t e = 0; e < g->edges; e++) {
        degree[g->from[e]]++;
        degree[g->to[e]]++;
    }
    return degree;
}

/* How many sites have degree k. */
__attribute__((unused))
static int64_t sites_of_degree(const struct graph *g, int k)
{
    int *degree = degrees(g);
    int64_t count = 0;
    for (int64_t i = 0; i < g->sites; i++)
        count += degree[i] == k;
    free(degree);
    return count;
}

__attribute__((unused))
static bool all_one(const struct graph *g)
{
    bool one = !g->site && g->meaning == GRAPH_COUPLING;
    for (int64_t e = 0; e < g->edges; e++)
        one = one && g->weight[e] == 1;
    return one;
}

#endif

/* Sets of pairs of sites, for generated graphs. */
#include <stdlib.h>

#include "base/alloc.h"
#include "systems/graph_parts.h"

uint64_t graph_pair_key(int64_t a, int64_t b)
{
    return a < b ? (uint64_t)a << 32 | (uint64_t)b
                 : (uint64_t)b << 32 | (uint64_t)a;
}

struct graph_pairs graph_pairs_new(int64_t room)
{
    return (struct graph_pairs){.at = mem_new((size_t)room,
                                              sizeof(uint64_t))};
}

void graph_pairs_add(struct graph_pairs *pairs, int64_t a, int64_t b)
{
    pairs->at[pairs->count++] = graph_pair_key(a, b);
}

static int by_key(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

void graph_pairs_sort(struct graph_pairs *pairs)
{
    int64_t kept = 0;
    qsort(pairs->at, (size_t)pairs->count, sizeof *pairs->at, by_key);
    for (int64_t i = 0; i < pairs->count; i++)
        if (!kept || pairs->at[i] != pairs->at[kept - 1])
            pairs->at[kept++] = pairs->at[i];
    pairs->count = kept;
}

struct graph_pairs graph_pairs_others(struct graph_pairs pairs,
                                      int64_t sites)
{
    int64_t next = 0;
    struct graph_pairs others =
        graph_pairs_new(sites * (sites - 1) / 2 - pairs.count);
    for (int64_t a = 0; a < sites; a++)
        for (int64_t b = a + 1; b < sites; b++)
            if (next < pairs.count &&
                pairs.at[next] == graph_pair_key(a, b))
                next++;
            else
                graph_pairs_add(&others, a, b);
    free(pairs.at);
    return others;
}

struct graph *graph_of_pairs(struct graph_pairs pairs, int64_t sites)
{
    struct graph *graph = mem_new(1, sizeof *graph);
    size_t room = (size_t)pairs.count;
    graph_pairs_sort(&pairs);
    *graph = (struct graph){.meaning = GRAPH_COUPLING, .sites = sites,
                            .edges = pairs.count};
    graph->from = mem_new(room, sizeof *graph->from);
    graph->to = mem_new(room, sizeof *graph->to);
    graph->weight = mem_new(room, sizeof *graph->weight);
    for (int64_t e = 0; e < pairs.count; e++) {
        graph->from[e] = (int32_t)(pairs.at[e] >> 32);
        graph->to[e] = (int32_t)(pairs.at[e] & UINT32_MAX);
        graph->weight[e] = 1;
    }
    free(pairs.at);
    return graph;
}

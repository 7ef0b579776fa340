/* rudy and G-set: "n m", then m lines "i j w" or "i j". */
#include "systems/graph_parts.h"

/* All edges have weights or none: a line that was cut is not one of weight 1.
   *words: of the first edge. */
static void read_edge(struct graph_source *source, int64_t sites, int *words)
{
    struct graph_entry entry = {.line = source->number, .weight = 1};
    if (source->words != 2 && source->words != 3) {
        graph_complain(source, source->number, "expected an edge, \"i j w\" "
                       "or \"i j\", found %d words", source->words);
        return;
    }
    if (!*words)
        *words = source->words;
    if (source->words != *words) {
        graph_complain(source, source->number, source->words == 2
                           ? "this edge has no weight, the first has one"
                           : "this edge has a weight, the first has none");
        return;
    }
    bool good = graph_pair(source, sites, &entry.from, &entry.to);
    if (source->words == 3)
        good = graph_weight(source, source->word[2], &entry.weight) && good;
    if (good && entry.from == entry.to)
        graph_complain(source, entry.line, "site %lld is joined to itself: "
                       "an edge needs two sites",
                       (long long)(entry.from + source->first));
    else if (good)
        graph_enter(source, entry);
}

struct graph *graph_read_rudy(struct graph_source *source)
{
    int64_t sites, edges, found = 0;
    int words = 0;
    source->comment = "#%";
    source->first = 1;
    if (!graph_line(source)) {
        if (!source->complaints)
            graph_complain(source, -1, "is empty: expected \"n m\", the "
                           "numbers of sites and edges, then m lines "
                           "\"i j w\"");
        return NULL;
    }
    int64_t head = source->number;
    if (source->words != 2)
        graph_complain(source, head, "expected the numbers of sites and "
                       "edges, \"n m\", found %d words", source->words);
    if (source->words != 2 ||
        !graph_count(source, source->word[0], "a number of sites", 1,
                     GRAPH_SITES_MOST, &sites) ||
        !graph_count(source, source->word[1], "a number of edges", 0,
                     INT32_MAX, &edges))
        return NULL;
    for (; graph_line(source); found++)
        read_edge(source, sites, &words);
    if (found != edges)
        graph_complain(source, head, "promises %lld edges, but there are "
                       "%lld lines of edges", (long long)edges,
                       (long long)found);
    return graph_finish(source, GRAPH_CUT, sites, GRAPH_REFUSED);
}

/* qubo: qbsolv's form with a line "p qubo ...", or plain lines "i j q". */
#include <string.h>

#include "systems/graph_parts.h"

struct counts { int64_t nodes, couplers; };

static void read_entry(struct graph_source *source, int64_t sites,
                       struct counts *found)
{
    struct graph_entry entry = {.line = source->number};
    if (source->words != 3) {
        graph_complain(source, source->number, "expected \"i j q\", found "
                       "%d words", source->words);
        return;
    }
    bool good = graph_pair(source, sites, &entry.from, &entry.to);
    good = graph_weight(source, source->word[2], &entry.weight) && good;
    if (!good)
        return;
    graph_enter(source, entry);
    if (entry.from == entry.to)
        found->nodes++;
    else
        found->couplers++;
}

/* "p qubo topology n nodes couplers"; the topology is not looked at. */
static bool read_head(struct graph_source *source, int64_t *sites,
                      struct counts *promised)
{
    if (source->words != 6 || strcmp(source->word[1], "qubo")) {
        graph_complain(source, source->number, "expected "
                       "\"p qubo 0 n nodes couplers\": the number of sites, "
                       "of lines \"i i q\" and of lines \"i j q\"");
        return false;
    }
    return graph_count(source, source->word[3], "a number of sites", 1,
                       GRAPH_SITES_MOST, sites) &&
           graph_count(source, source->word[4], "a number of nodes", 0,
                       INT32_MAX, &promised->nodes) &&
           graph_count(source, source->word[5], "a number of couplers", 0,
                       INT32_MAX, &promised->couplers);
}

static struct graph *read_counted(struct graph_source *source)
{
    struct counts promised, found = {0, 0};
    int64_t sites, head = source->number;
    if (!read_head(source, &sites, &promised))
        return NULL;
    while (graph_line(source))
        read_entry(source, sites, &found);
    /* Lines with faults are of neither sort. */
    if (!source->complaints && (found.nodes != promised.nodes ||
                                found.couplers != promised.couplers))
        graph_complain(source, head, "promises %lld nodes and %lld "
                       "couplers, but there are %lld lines \"i i q\" and "
                       "%lld lines \"i j q\"", (long long)promised.nodes,
                       (long long)promised.couplers, (long long)found.nodes,
                       (long long)found.couplers);
    return graph_finish(source, GRAPH_QUBO, sites, GRAPH_ADDED);
}

static struct graph *read_plain(struct graph_source *source)
{
    struct counts found = {0, 0};
    int64_t last = 0;
    do
        read_entry(source, GRAPH_SITES_MOST, &found);
    while (graph_line(source));
    for (int64_t i = 0; i < source->entries; i++) {
        const struct graph_entry *e = &source->entry[i];
        last = e->from > last ? e->from : last;
        last = e->to > last ? e->to : last;
    }
    return graph_finish(source, GRAPH_QUBO, last + 1, GRAPH_ADDED);
}

struct graph *graph_read_qubo(struct graph_source *source)
{
    source->comment = "c#%";
    source->first = 0;
    if (graph_line(source))
        return strcmp(source->word[0], "p") ? read_plain(source)
                                            : read_counted(source);
    if (!source->complaints)
        graph_complain(source, -1, "is empty: expected "
                       "\"p qubo 0 n nodes couplers\", or lines \"i j q\"");
    return NULL;
}

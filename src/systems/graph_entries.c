/* From entries in the order of a file to sorted edges, each pair once. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "systems/graph_parts.h"

void graph_enter(struct graph_source *source, struct graph_entry entry)
{
    if (source->entries == source->entry_room) {
        source->entry_room = 2 * source->entry_room + 64;
        source->entry = mem_grow(source->entry, (size_t)source->entry_room,
                                 sizeof entry);
    }
    source->entry[source->entries++] = entry;
}

static int32_t low(const struct graph_entry *e)
{
    return e->from < e->to ? e->from : e->to;
}

static int32_t high(const struct graph_entry *e)
{
    return e->from < e->to ? e->to : e->from;
}

/* By pair, then which way round, then line. */
static int by_pair(const void *a, const void *b)
{
    const struct graph_entry *x = a, *y = b;
    if (low(x) != low(y))
        return low(x) < low(y) ? -1 : 1;
    if (high(x) != high(y))
        return high(x) < high(y) ? -1 : 1;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

static int by_line(const void *a, const void *b)
{
    const struct graph_entry *x = a, *y = b;
    return (x->line > y->line) - (x->line < y->line);
}

static bool same_pair(const struct graph_entry *a,
                      const struct graph_entry *b)
{
    return low(a) == low(b) && high(a) == high(b);
}

static double sum_of(const struct graph_entry *e, int64_t count)
{
    double sum = 0;
    for (int64_t i = 0; i < count; i++)
        sum += e[i].weight;
    return sum;
}

static void refuse(struct graph_source *source, struct graph_entry *e,
                   int64_t count)
{
    qsort(e, (size_t)count, sizeof *e, by_line);
    for (int64_t i = 1; i < count; i++)
        graph_complain(source, e[i].line, "the pair %lld %lld was given in "
                       "%s %lld already: each pair may be given once",
                       (long long)(e[i].from + source->first),
                       (long long)(e[i].to + source->first),
                       source->in ? "line" : "row", (long long)e[0].line);
}

/* Elements (i, j) come first, then (j, i). */
static double matrix_element(struct graph_source *source,
                             const struct graph_entry *e, int64_t count)
{
    int64_t upper = 0;
    while (upper < count && e[upper].from == e[0].from)
        upper++;
    double a = sum_of(e, upper), b = sum_of(e + upper, count - upper);
    if (upper < count && a != b)
        graph_complain(source, e[upper].line, "element (%lld, %lld) is %g "
                       "and its mirror image is %g: a coupling has one "
                       "value; give one of them, or both equal",
                       (long long)(e[upper].from + source->first),
                       (long long)(e[upper].to + source->first), b, a);
    return a;
}

/* What count entries of one pair come to. */
static double joined(struct graph_source *source, struct graph_entry *e,
                     int64_t count, enum graph_again again)
{
    double sum = e[0].weight;
    if (count == 1)
        return sum;
    int64_t line = e[0].line;
    if (again == GRAPH_REFUSED) {
        refuse(source, e, count);
    } else if (again == GRAPH_MATRIX) {
        sum = matrix_element(source, e, count);
    } else {
        qsort(e, (size_t)count, sizeof *e, by_line);
        sum = sum_of(e, count);
    }
    if (!(fabs(sum) <= GRAPH_WEIGHT_MOST))
        graph_complain(source, line, "the entries of this pair add up to "
                       "more than 1e100");
    return sum;
}

static void check_size(struct graph_source *source, int64_t sites)
{
    if (sites > GRAPH_SITES_FREE &&
        sites / GRAPH_SITES_PER_ENTRY > source->entries)
        graph_complain(source, -1, "%lld sites, but %lld entries only: "
                       "above %d sites, at most %d for each entry are "
                       "allowed", (long long)sites,
                       (long long)source->entries, GRAPH_SITES_FREE,
                       GRAPH_SITES_PER_ENTRY);
}

/* Entries become one a pair, in place, from <= to. */
static void join(struct graph_source *source, enum graph_again again)
{
    struct graph_entry *e = source->entry;
    int64_t kept = 0, next;
    for (int64_t i = 0; i < source->entries; i = next) {
        for (next = i + 1; next < source->entries &&
             same_pair(&e[i], &e[next]); next++)
            ;
        double weight = joined(source, &e[i], next - i, again);
        e[kept++] = (struct graph_entry){low(&e[i]), high(&e[i]), e[i].line,
                                         weight};
        if (graph_too_bad(source))
            break;
    }
    source->entries = kept;
}

static void fill(struct graph *graph, const struct graph_source *source)
{
    for (int64_t i = 0; i < source->entries; i++) {
        const struct graph_entry *e = &source->entry[i];
        if (e->from == e->to) {
            if (!graph->site)
                graph->site = mem_new((size_t)graph->sites,
                                      sizeof *graph->site);
            graph->site[e->from] = e->weight;
            continue;
        }
        graph->from[graph->edges] = e->from;
        graph->to[graph->edges] = e->to;
        graph->weight[graph->edges++] = e->weight;
    }
}

struct graph *graph_finish(struct graph_source *source,
                           enum graph_meaning meaning, int64_t sites,
                           enum graph_again again)
{
    if (graph_too_bad(source))
        return NULL;
    if (source->entries)
        qsort(source->entry, (size_t)source->entries, sizeof *source->entry,
              by_pair);
    check_size(source, sites);
    join(source, again);
    if (source->complaints)
        return NULL;
    struct graph *graph = mem_new(1, sizeof *graph);
    size_t room = (size_t)source->entries;
    *graph = (struct graph){.meaning = meaning, .sites = sites};
    graph->from = mem_new(room, sizeof *graph->from);
    graph->to = mem_new(room, sizeof *graph->to);
    graph->weight = mem_new(room, sizeof *graph->weight);
    fill(graph, source);
    return graph;
}

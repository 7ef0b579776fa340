/* Matrix Market, coordinate form: banner, "rows columns entries", then lines
   "i j value". */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "systems/graph_parts.h"

struct kind { bool pattern, integer, symmetric; };

static const char banner[] = "%%MatrixMarket matrix coordinate "
                             "real|integer|pattern general|symmetric";

/* The banner is the first line; it begins like a comment. */
static bool read_banner(struct graph_source *source, struct kind *kind)
{
    char *const *word = source->word;
    source->comment = "";
    if (!graph_line(source)) {
        if (!source->complaints)
            graph_complain(source, -1, "is empty: expected \"%s\"", banner);
        return false;
    }
    bool good = source->words == 5 &&
                !strcasecmp(word[0], "%%MatrixMarket") &&
                !strcasecmp(word[1], "matrix") &&
                !strcasecmp(word[2], "coordinate");
    if (good) {
        kind->pattern = !strcasecmp(word[3], "pattern");
        kind->integer = !strcasecmp(word[3], "integer");
        kind->symmetric = !strcasecmp(word[4], "symmetric");
        good = (kind->pattern || kind->integer ||
                !strcasecmp(word[3], "real")) &&
               (kind->symmetric || !strcasecmp(word[4], "general"));
    }
    if (!good)
        graph_complain(source, source->number, "expected \"%s\"", banner);
    return good;
}

static bool read_size(struct graph_source *source, int64_t *sites,
                      int64_t *entries)
{
    int64_t columns;
    source->comment = "#%";
    bool there = graph_line(source);
    if (!there || source->words != 3) {
        if (!source->complaints)
            graph_complain(source, there ? source->number : -1, "expected "
                           "\"rows columns entries\" after the banner, "
                           "found %d words", there ? source->words : 0);
        return false;
    }
    if (!graph_count(source, source->word[0], "a number of rows", 1,
                     GRAPH_SITES_MOST, sites) ||
        !graph_count(source, source->word[1], "a number of columns", 1,
                     GRAPH_SITES_MOST, &columns) ||
        !graph_count(source, source->word[2], "a number of entries", 0,
                     INT32_MAX, entries))
        return false;
    if (*sites != columns)
        graph_complain(source, source->number, "%lld rows and %lld columns: "
                       "a matrix of couplings is square", (long long)*sites,
                       (long long)columns);
    return *sites == columns;
}

static void read_entry(struct graph_source *source, int64_t sites,
                       struct kind kind)
{
    struct graph_entry entry = {.line = source->number, .weight = 1};
    int words = kind.pattern ? 2 : 3;
    if (source->words != words) {
        graph_complain(source, source->number, "expected an entry, \"%s\", "
                       "found %d words", kind.pattern ? "i j" : "i j value",
                       source->words);
        return;
    }
    bool good = graph_pair(source, sites, &entry.from, &entry.to);
    if (words == 3)
        good = graph_weight(source, source->word[2], &entry.weight) && good;
    if (good && kind.integer && entry.weight != floor(entry.weight))
        graph_complain(source, entry.line, "%g is not a whole number, and "
                       "the banner says integer", entry.weight);
    if (good)
        graph_enter(source, entry);
}

struct graph *graph_read_mtx(struct graph_source *source)
{
    struct kind kind;
    int64_t sites, entries, found = 0;
    source->first = 1;
    if (!read_banner(source, &kind) || !read_size(source, &sites, &entries))
        return NULL;
    int64_t head = source->number;
    for (; graph_line(source); found++)
        read_entry(source, sites, kind);
    if (found != entries)
        graph_complain(source, head, "promises %lld entries, but there are "
                       "%lld lines of entries", (long long)entries,
                       (long long)found);
    return graph_finish(source, GRAPH_COUPLING, sites,
                        kind.symmetric ? GRAPH_REFUSED : GRAPH_MATRIX);
}

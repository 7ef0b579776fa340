#include "systems/graph.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "systems/graph_parts.h"

void graph_free(struct graph *graph)
{
    if (!graph)
        return;
    free(graph->from);
    free(graph->to);
    free(graph->weight);
    free(graph->site);
    free(graph);
}

/* Fowler, Noll, Vo: 64 bits, variant 1a. */
uint64_t graph_file_hash(const char *file)
{
    unsigned char part[1 << 14];
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    FILE *in = fopen(file, "r");
    if (!in)
        return 0;
    for (size_t got; (got = fread(part, 1, sizeof part, in)) > 0; )
        for (size_t i = 0; i < got; i++)
            hash = (hash ^ part[i]) * UINT64_C(0x100000001b3);
    bool good = !ferror(in);
    fclose(in);
    return good ? hash : 0;
}

/* ---- generated graphs ---------------------------------------------------- */

enum which { RANDOM_REGULAR, ERDOS_RENYI, CHIMERA, PEGASUS, ZEPHYR, KINDS };

static const char *const kinds[KINDS + 1] = {
    "random_regular", "erdos_renyi", "chimera", "pegasus", "zephyr"};

/* Smallest and largest size; sites and stubs are 32-bit numbers. */
static const struct { int64_t least, most; } sizes[KINDS] = {
    [RANDOM_REGULAR] = {2, GRAPH_SITES_MOST},
    [ERDOS_RENYI] = {2, GRAPH_SITES_MOST},
    [CHIMERA] = {1, 2048},
    [PEGASUS] = {2, 2048},
    [ZEPHYR] = {1, 2048}};

static int kind_of(const char *which)
{
    int k = 0;
    while (k < KINDS && strcmp(kinds[k], which))
        k++;
    return k;
}

static bool has_degree(int kind) { return kind <= ERDOS_RENYI; }

static void check_degree(const struct graph_request *r, int kind,
                         struct err *err)
{
    long long n = (long long)r->size, degree = (long long)r->degree;
    if (degree < 1 || degree >= n)
        err_add(err, EXIT_INPUT, r->where, "%s: degree %lld for %lld "
                "sites: allowed is 1 to %lld", r->which, degree, n, n - 1);
    else if (degree > INT32_MAX / n)
        err_add(err, EXIT_INPUT, r->where, "%s: %lld sites of degree "
                "%lld: at most 2147483647 ends of edges are allowed",
                r->which, n, degree);
    else if (kind == RANDOM_REGULAR && n * degree % 2)
        err_add(err, EXIT_INPUT, r->where, "%s: %lld sites of degree "
                "%lld: every edge has two ends, so one of the two must be "
                "even", r->which, n, degree);
}

static int check(const struct graph_request *r, struct err *err)
{
    int kind = kind_of(r->which), before = err->count;
    if (kind == KINDS) {
        const char *near = err_nearest(r->which, kinds);
        err_add(err, EXIT_INPUT, r->where, "graph \"%.40s\" cannot be generated"
                "%s%s%s: there are random_regular, erdos_renyi, chimera, "
                "pegasus, zephyr", r->which, near ? "; did you mean \"" : "",
                near ? near : "", near ? "\"?" : "");
        return KINDS;
    }
    if (r->size < sizes[kind].least || r->size > sizes[kind].most)
        err_add(err, EXIT_INPUT, r->where, "%s: N = %lld: allowed is %lld "
                "to %lld", r->which, (long long)r->size,
                (long long)sizes[kind].least, (long long)sizes[kind].most);
    else if (has_degree(kind))
        check_degree(r, kind, err);
    if (r->sample < 0 || r->sample > UINT32_MAX)
        err_add(err, EXIT_INPUT, r->where, "%s: sample %lld: allowed is 0 "
                "to 4294967295", r->which, (long long)r->sample);
    return err->count > before ? KINDS : kind;
}

int64_t graph_request_sites(const struct graph_request *request)
{
    struct err err = {0};
    int64_t m = request->size;
    int kind = check(request, &err);
    err_clear(&err);
    switch (kind) {
    case RANDOM_REGULAR:
    case ERDOS_RENYI: return m;
    case CHIMERA: return 8 * m * m;
    case PEGASUS: return 24 * m * (m - 1) - 8 * (m - 1);
    case ZEPHYR: return 16 * m * (2 * m + 1);
    default: return 0;
    }
}

struct graph *graph_generate(const struct graph_request *request,
                             struct err *err)
{
    struct graph *graph = NULL;
    switch (check(request, err)) {
    case RANDOM_REGULAR: graph = graph_random_regular(request); break;
    case ERDOS_RENYI: graph = graph_erdos_renyi(request); break;
    case CHIMERA: graph = graph_chimera(request->size); break;
    case PEGASUS: graph = graph_pegasus(request->size); break;
    case ZEPHYR: graph = graph_zephyr(request->size); break;
    default: return NULL;
    }
    assert(graph->sites == graph_request_sites(request));
    return graph;
}

/* Colourings, independent sets and matchings of a small graph, counted exactly
   (systems/graph_sum.h), without a model: what belief propagation and the
   solvers of random graphs can be checked against. */
#include <math.h>
#include <string.h>

#include "core/solver.h"
#include "systems/graph_named.h"
#include "systems/graph_sum.h"

#define GRAPH_COUNT_KEYS(KEY)                                                \
    KEY(text, file, "", 0, 0, NULL, "", 0,                                   \
        "rudy/G-set, Matrix Market, QUBO or HDF5; its weights do not "       \
        "count; \"\": name")                                                 \
    KEY(text, name, "petersen", 0, 0,                                        \
        "petersen|cube|dodecahedron|ring|complete|random_regular|"           \
        "erdos_renyi", "", 0, "graph when there is no file")                 \
    KEY(integer, N, "20", 1, 2000, NULL, "sites", 0,                         \
        "of ring, complete and random graphs")                               \
    KEY(integer, degree, "3", 1, 1000, NULL, "", 0,                          \
        "of random_regular; mean degree of erdos_renyi")                     \
    KEY(seed, seed, "1", 0, 0, NULL, "", 0, "of a random graph")             \
    KEY(text, what, "colorings", 0, 0,                                       \
        "colorings|independent_sets|matchings|perfect_matchings", "", 0,     \
        "what is counted")                                                   \
    KEY(integer, q, "3", 1, 1000000, NULL, "", 0, "colours")                 \
    KEY(real, fugacity, "1.0", 1e-100, 1e100, NULL, "", 0,                   \
        "weight of a site in the set or an edge in the matching")
PARAM_STRUCT(graph_count_keys, GRAPH_COUNT_KEYS);
#define PARAM_ROW_graph_count_keys(...)                                      \
    PARAM_ROW(graph_count_keys, __VA_ARGS__)
PARAM_TABLE(static, graph_count_table, "graph_count", graph_count_keys,
            GRAPH_COUNT_KEYS);

enum { STATES_MOST = 2000000, SITES_MOST = 5000 };

static struct graph *graph_of(const struct section *keys, struct err *err)
{
    const char *file = section_text(keys, "file", "");
    const char *name = section_text(keys, "name", "");
    int64_t sites = section_integer(keys, "N", 0);
    struct graph_request request = {
        .which = name, .size = sites,
        .degree = section_integer(keys, "degree", 0),
        .seed = section_seed(keys, "seed", 1),
        .where = section_where(keys, "N")};
    if (*file)
        return graph_read(file, "auto", err);
    return !strcmp(name, "random_regular") || !strcmp(name, "erdos_renyi")
               ? graph_generate(&request, err) : graph_named(name, sites);
}

static enum graph_counted counted(const char *what)
{
    return what[0] == 'c' ? COUNT_COLORINGS
         : what[0] == 'i' ? COUNT_INDEPENDENT_SETS
         : what[0] == 'm' ? COUNT_MATCHINGS : COUNT_PERFECT_MATCHINGS;
}

static void answer(const struct graph *graph, enum graph_counted what,
                   const struct graph_sum *sum, struct solution *solution)
{
    double n = (double)graph->sites;
    bool sizes = what != COUNT_COLORINGS;
    solution_add(solution, "sites", n, 0, "1");
    solution_add(solution, "edges", (double)graph->edges, 0, "1");
    if (isfinite(sum->count))
        solution_add(solution, "count", sum->count, 0, "1");
    if (sum->ln_z == -INFINITY) {
        solution_warn(solution, "there is none: ln Z is left out");
        return;
    }
    double error = 1e-15 * (1 + fabs(sum->ln_z));
    solution_add(solution, "ln_z", sum->ln_z, error, "1");
    solution_add(solution, "ln_z_per_site", sum->ln_z / n, error / n, "1");
    if (sizes)
        solution_add(solution, what == COUNT_INDEPENDENT_SETS ? "density"
                                                              : "matching",
                     sum->size / n, 1e-15, "1");
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    enum graph_counted what = counted(section_text(keys, "what", "colorings"));
    struct graph *graph = graph_of(keys, err);
    if (!graph || err_any(err)) {
        graph_free(graph);
        return;
    }
    struct graph_sum sum = {.done = false};
    if (graph->sites <= SITES_MOST)
        sum = graph_sum_over(graph, what, section_integer(keys, "q", 3),
                             section_real(keys, "fugacity", 1), STATES_MOST);
    if (sum.done)
        answer(graph, what, &sum, solution);
    else
        err_add(err, EXIT_INPUT, "graph_count", "this graph is too large: "
                "sites counted and to be counted are joined by too many edges");
    graph_free(graph);
}

const struct solver solver_graph_count = {
    .name = "graph_count",
    .family = FAMILY_CAVITY,
    .summary = "colourings, independent sets, matchings of a small graph, "
               "counted exactly",
    .source = "the definitions, site by site along a frontier",
    .holds = "graphs of at most some dozens of sites, long ones of more; "
             "exact",
    .keys = &graph_count_table,
    .solve = solve};

/* Ising spins on any graph, read from a file or generated: spin glasses,
   MaxCut, QUBO, Boltzmann machines. The file's own meaning (systems/graph.h)
   gives u:

       couplings   u = -sum_(ij) w_ij s_i s_j - sum_i w_i s_i
       cut         u = sum_(ij) w_ij s_i s_j; the cut weighs (sum w - u) / 2
       qubo        u = sum_(i<=j) q_ij x_i x_j, x = (1 + s) / 2

   units = "binary" reads couplings as those of x in {0, 1} instead of s. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/disorder.h"
#include "core/spins.h"
#include "systems/graph.h"

#define GRAPH_KEYS(KEY)                                                      \
    KEY(text, file, "", 0, 0, NULL, "", 0,                                   \
        "instance: rudy/G-set, Matrix Market, QUBO or HDF5; \"\": generate") \
    KEY(text, format, "auto", 0, 0, "auto|rudy|mtx|qubo|hdf5", "", 0,        \
        "of the file; auto looks at it")                                     \
    KEY(text, file_hash, "", 0, 0, NULL, "", 0,                              \
        "of the file's content, set by the program: a run goes on with the " \
        "same instance only")                                                \
    KEY(text, generate, "random_regular", 0, 0,                              \
        "random_regular|erdos_renyi|chimera|pegasus|zephyr", "", 0,          \
        "graph made when there is no file; all samples share it")            \
    KEY(integer, N, "64", 1, 100000000, NULL, "sites", 0,                    \
        "sites; of chimera, pegasus, zephyr the topology's m")               \
    KEY(integer, degree, "3", 1, 100000, NULL, "", 0,                        \
        "of random_regular; mean degree of erdos_renyi")                     \
    KEY(text, couplings, "pm1", 0, 0,                                        \
        "pm1|gaussian|ferromagnet|antiferromagnet|cut", "", 0,               \
        "of a generated graph: J = +-1, normal, 1, -1; cut: weights 1")      \
    KEY(real, h, "0.0", -1e6, 1e6, NULL, "energy", 0,                        \
        "uniform field, added to the file's")                                \
    KEY(text, units, "spin", 0, 0, "spin|binary", "", 0,                     \
        "variables of couplings and fields: s = -1, +1 or x = 0, 1")         \
    KEY(integers, clamp_up, "[]", 0, 1e9, NULL, "", 0,                       \
        "sites (from 0) held at s = +1, x = 1")                              \
    KEY(integers, clamp_down, "[]", 0, 1e9, NULL, "", 0,                     \
        "sites (from 0) held at s = -1, x = 0")
PARAM_STRUCT(graph_keys, GRAPH_KEYS);
#define PARAM_ROW_graph_keys(...) PARAM_ROW(graph_keys, __VA_ARGS__)
PARAM_TABLE(static, graph_table, "model", graph_keys, GRAPH_KEYS);

/* First in the file's own variables and sign: u = -sum w.. - sum v.., then in
   spins, and a constant; [samples][edges], [samples][sites]. */
struct numbers { double *pair, *site; double constant; };

/* Couplings in system->pairs may be rounded, these are as given. */
struct own {
    enum graph_meaning meaning;
    double weight; /* sum of w */
    struct numbers given;
};

static const struct own *own_of(const struct system *system)
{
    return system->own;
}

/* ---- the instance ------------------------------------------------------ */

static struct graph *instance(const struct section *keys, uint64_t seed,
                              struct err *err)
{
    const char *file = section_text(keys, "file", "");
    struct graph_request request = {
        .which = section_text(keys, "generate", ""),
        .where = section_where(keys, "N"),
        .size = section_integer(keys, "N", 0),
        .degree = section_integer(keys, "degree", 0),
        .seed = seed,
        .sample = section_integer(keys, "first_sample", 0)};
    return *file ? graph_read(file, section_text(keys, "format", "auto"), err)
                 : graph_generate(&request, err);
}

/* Held up and down? */
static void check_twice(const struct section *keys, struct err *err)
{
    const struct integers *up = section_integers(keys, "clamp_up");
    const struct integers *down = section_integers(keys, "clamp_down");
    for (int i = 0; i < down->count; i++)
        for (int j = 0; j < up->count; j++)
            if (down->at[i] == up->at[j])
                err_add(err, EXIT_INPUT, section_where(keys, "clamp_down"),
                        "model.clamp_down: site %lld is in clamp_up too",
                        (long long)down->at[i]);
}

static void check_clamps(const struct section *keys, const char *key,
                         int64_t sites, struct err *err)
{
    const struct integers *list = section_integers(keys, key);
    for (int i = 0; i < list->count; i++)
        if (list->at[i] >= sites)
            err_add(err, EXIT_INPUT, section_where(keys, key),
                    "model.%s: site %lld; the graph has sites 0 to %lld",
                    key, (long long)list->at[i], (long long)sites - 1);
}

/* The edges of a cut join spins, and nothing else pulls at them. */
static void check_cut(const struct section *keys, struct err *err)
{
    if (section_real(keys, "h", 0) != 0)
        err_add(err, EXIT_INPUT, section_where(keys, "h"),
                "model.h: a cut has no field");
    if (strcmp(section_text(keys, "units", "spin"), "spin"))
        err_add(err, EXIT_INPUT, section_where(keys, "units"),
                "model.units: a cut is one of spins; give \"spin\"");
}

/* Constants of 0/1 units differ between samples; u has one. */
static void check_units(const struct section *keys, struct err *err)
{
    if (section_integer(keys, "samples", 1) > 1 &&
        strcmp(section_text(keys, "units", "spin"), "spin"))
        err_add(err, EXIT_INPUT, section_where(keys, "samples"),
                "model.samples: with units = \"binary\" one sample a run; "
                "others by first_sample");
}

static void check(const struct section *keys, struct err *err)
{
    bool file = *section_text(keys, "file", "") != 0;
    bool cut = !strcmp(section_text(keys, "couplings", "pm1"), "cut");
    if (file && section_integer(keys, "samples", 1) > 1)
        err_add(err, EXIT_INPUT, section_where(keys, "samples"),
                "model.samples: a file is one sample");
    check_units(keys, err);
    check_twice(keys, err);
    struct graph *graph = instance(keys, 1, err);
    if (!graph)
        return;
    if (file ? graph->meaning == GRAPH_CUT : cut)
        check_cut(keys, err);
    check_clamps(keys, "clamp_up", graph->sites, err);
    check_clamps(keys, "clamp_down", graph->sites, err);
    graph_free(graph);
}

/* ---- couplings and fields ---------------------------------------------- */

static void draw_weights(const struct system *system, const struct graph *g,
                         struct numbers *n)
{
    const char *kind = section_text(system->keys, "couplings", "pm1");
    bool file = *section_text(system->keys, "file", "") != 0;
    double sign = g->meaning == GRAPH_COUPLING ? 1 : -1;
    for (int s = 0; s < system->samples; s++) {
        struct disorder d = disorder_of(system, s);
        double *pair = n->pair + s * g->edges;
        if (file)
            for (int64_t e = 0; e < g->edges; e++)
                pair[e] = sign * g->weight[e];
        else if (!strcmp(kind, "pm1"))
            disorder_signs(&d, pair, g->edges, 0.5);
        else if (!strcmp(kind, "gaussian"))
            disorder_normal(&d, pair, g->edges, 0);
        else
            for (int64_t e = 0; e < g->edges; e++)
                pair[e] = !strcmp(kind, "ferromagnet") ? 1 : -1;
        for (int64_t i = 0; i < g->sites; i++)
            n->site[s * g->sites + i] =
                (g->site ? sign * g->site[i] : 0) +
                section_real(system->keys, "h", 0);
    }
}

/* x = (1 + s) / 2 */
static void to_spins(const struct graph *g, int samples, struct numbers *n)
{
    for (int s = 0; s < samples; s++) {
        double *pair = n->pair + s * g->edges, *site = n->site + s * g->sites;
        for (int64_t i = 0; i < g->sites; i++) {
            site[i] /= 2;
            n->constant -= s ? 0 : site[i];
        }
        for (int64_t e = 0; e < g->edges; e++) {
            pair[e] /= 4;
            site[g->from[e]] += pair[e];
            site[g->to[e]] += pair[e];
            n->constant -= s ? 0 : pair[e];
        }
    }
}

static bool all_zero(const double *value, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        if (value[i] != 0)
            return false;
    return true;
}

static void set_clamps(struct pairs *p, const struct section *keys)
{
    const struct integers *up = section_integers(keys, "clamp_up");
    const struct integers *down = section_integers(keys, "clamp_down");
    if (!up->count && !down->count)
        return;
    p->clamp = mem_new((size_t)p->sites, sizeof *p->clamp);
    for (int i = 0; i < up->count; i++)
        p->clamp[up->at[i]] = 1;
    for (int i = 0; i < down->count; i++)
        p->clamp[down->at[i]] = -1;
}

static struct pairs *pairs_of_graph(const struct graph *g, int samples)
{
    int32_t *ends = mem_new(2 * (size_t)g->edges, sizeof *ends);
    for (int64_t e = 0; e < g->edges; e++) {
        ends[2 * e] = g->from[e];
        ends[2 * e + 1] = g->to[e];
    }
    struct pairs *p = pairs_new(g->sites, g->edges, ends, samples);
    free(ends);
    return p;
}

static void build(struct system *system)
{
    struct err err = {0};
    struct graph *g = instance(system->keys, system->seed, &err);
    if (!g) { /* it was there a moment ago */
        fprintf(stderr, "%s\n", err.text);
        exit(EXIT_DATA);
    }
    const struct section *keys = system->keys;
    bool file = *section_text(keys, "file", "") != 0;
    size_t samples = (size_t)system->samples;
    struct numbers n = {
        .pair = mem_new(samples * (size_t)g->edges, sizeof(double)),
        .site = mem_new(samples * (size_t)g->sites, sizeof(double))};
    struct own *own = mem_new(1, sizeof *own);
    system->own = own;
    bool cut = !file && section_is(keys, "couplings", "cut");
    own->meaning = cut ? GRAPH_CUT : g->meaning;
    draw_weights(system, g, &n);
    for (int64_t e = 0; e < g->edges; e++)
        own->weight -= n.pair[e];
    if (own->meaning == GRAPH_QUBO ||
        !strcmp(section_text(keys, "units", "spin"), "binary"))
        to_spins(g, system->samples, &n);
    struct pairs *p = pairs_of_graph(g, system->samples);
    int64_t fields = system->samples * g->sites;
    pairs_set(p, n.pair, all_zero(n.site, fields) ? NULL : n.site);
    p->constant = nearbyint(n.constant / p->unit) * p->unit;
    set_clamps(p, keys);
    own->given = n;
    spins_build(system, p, NULL);
    graph_free(g);
}

static void release(struct system *system)
{
    struct own *own = system->own;
    free(own->given.pair);
    free(own->given.site);
}

/* ---- what users of cuts ask for ----------------------------------------- */

static double cut(const struct system *system, const double *statistics)
{
    double u;
    spins_u(system, statistics, &u);
    return (own_of(system)->weight - u) / 2;
}

static double value(const struct system *system, const double *statistics)
{
    double u;
    spins_u(system, statistics, &u);
    return u;
}

static const char *no_cut(const struct system *system)
{
    return own_of(system)->meaning == GRAPH_CUT
               ? NULL : "the graph holds no weights to cut";
}

/* By the couplings as given. */
static double as_given(const struct system *system, const double *s)
{
    const struct pairs *p = system->pairs;
    const struct numbers *given = &own_of(system)->given;
    double u = given->constant;
    for (int64_t i = 0; i < p->sites; i++)
        u -= given->site[i] * s[i];
    for (int64_t b = 0; b < p->bonds; b++)
        u -= given->pair[b] * s[p->ends[2 * b]] * s[p->ends[2 * b + 1]];
    return u;
}

static void best(const struct system *system, double u,
                 void (*say)(void *context, const char *name, double value),
                 void *context)
{
    const struct own *own = own_of(system);
    say(context, "best_value", u);
    if (own->meaning != GRAPH_CUT)
        return;
    say(context, "best_cut", (own->weight - u) / 2);
    if (own->weight != 0) /* a random cut weighs half of all */
        say(context, "best_cut_ratio", (own->weight - u) / own->weight);
}

static double gaussian(const struct system *system)
{
    const struct section *keys = system->keys;
    return !*section_text(keys, "file", "") && !system->pairs->h &&
           !strcmp(section_text(keys, "couplings", "pm1"), "gaussian");
}

static const struct observable observables[] = {
    SPINS_ENERGY,
    {.name = "cut", .unit = "weight", .integer = true, .of = cut,
     .refuses = no_cut,
     .definition = "weight of the edges cut, (sum w - u) / 2"},
    {.name = "value", .unit = "energy", .integer = true, .of = value,
     .definition = "u in the file's own units"},
    SPINS_MAGNETIZATIONS, SPINS_OVERLAPS, {.name = NULL}};

static const struct derived derived[] = {SPINS_GLASS_DERIVED, {.name = NULL}};

/* ---- what is known of infinite random regular graphs --------------------
   Short loops are rare there: couplings -1 are as frustrated as +-1. */

static int64_t glassy_degree(const struct system *system)
{
    const struct section *keys = system->keys;
    const char *kind = section_text(keys, "couplings", "pm1");
    bool plain = !system->pairs->h && !system->pairs->clamp &&
                 section_text(keys, "units", "spin")[0] == 's' &&
                 !*section_text(keys, "file", "") &&
                 section_is(keys, "generate", "random_regular");
    bool glassy = !strcmp(kind, "pm1") || !strcmp(kind, "cut") ||
                  !strcmp(kind, "antiferromagnet");
    return plain && glassy ? section_integer(keys, "degree", 3) : 0;
}

/* One step of replica symmetry breaking at T = 0. */
static double ground_energy(const struct system *system, const double *lambda)
{
    static const double of_degree[] = {[3] = -1.2723095, [4] = -1.4729461,
                                       [5] = -1.6752039, [6] = -1.8291726,
                                       [8] = -2.1268111, [10] = -2.3876938};
    int64_t degree = glassy_degree(system);
    (void)lambda;
    return degree >= 3 && degree <= 10 && of_degree[degree] != 0
               ? of_degree[degree] : NAN;
}

static double transition(const struct system *system, const double *lambda)
{
    int64_t degree = glassy_degree(system);
    (void)lambda;
    return degree >= 3 ? atanh(1 / sqrt((double)degree - 1)) : NAN;
}

static const struct guide guides[] = {
    {.of = "energy", .at = ground_energy,
     .says = "1RSB, N infinite (Mezard, Parisi 2003)"},
    {.of = "beta", .at = transition,
     .says = "T_c: (c - 1) tanh^2 1/T = 1 (Thouless 1986)"},
    {.of = NULL}};

const struct model model_graph = {
    .name = "graph",
    .summary = "Ising spins on any graph: from a file (MaxCut, QUBO, "
               "couplings) or generated",
    .source = "rudy/G-set, Matrix Market and QUBO formats; doc/disorder.md",
    .keys = &graph_table,
    SPINS_MODEL,
    .u_definition = "-sum_(ij) J_ij s_i s_j - sum_i h_i s_i; of cuts "
                    "sum w_ij s_i s_j; of QUBO sum q_ij x_i x_j",
    .disorder = true,
    .check = check,
    .build = build,
    .release = release,
    .gaussian = gaussian,
    .best = best,
    .as_given = as_given,
    .binary = &spins_binary,
    .observables = observables,
    .derived = derived,
    .guides = guides};

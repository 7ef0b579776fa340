/* Random graphs: their laws, that a graph is a function of its request, and
   which requests are refused.

   Seeds are fixed: no false alarm. For a new seed a chi-square fails by
   chance once in 1e6, a z-score once in 16000. */
#include <gsl/gsl_cdf.h>

#include "graph_made.h"
#include "systems/graph_parts.h"

#define CHANCE_LEAST 1e-6
#define Z_MOST 4.0

/* ---- regular graphs ------------------------------------------------------ */

static void check_regular(void)
{
    static const struct { int n, d; } cases[] = {
        {2, 1}, {4, 3}, {5, 2}, {5, 4}, {6, 3}, {10, 7}, {50, 25}, {100, 3},
        {101, 50}, {1000, 6}, {400, 399}, {20000, 3}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        int n = cases[k].n, d = cases[k].d;
        bool good = true;
        for (int sample = 0; good && sample < (n < 1000 ? 20 : 1);
             sample++) {
            struct graph *g = made("random_regular", n, d, 5, sample);
            good = graph_holds(g) && all_one(g) && g->sites == n &&
                   g->edges == n * d / 2 && sites_of_degree(g, d) == n;
            graph_free(g);
        }
        ok(good, "%d sites of degree %d", n, d);
    }
}

enum { TINY = 7, TINY_PAIRS = TINY * (TINY - 1) / 2 };

/* Counts of the graphs with TINY sites, by which pairs they have. */
static int *tally_new(void)
{
    return mem_new((size_t)1 << TINY_PAIRS, sizeof(int));
}

static void note(int *tally, const int32_t *from, const int32_t *to,
                 int64_t edges)
{
    int number = 0;
    for (int64_t e = 0; e < edges; e++)
        number |= 1 << (to[e] * (to[e] - 1) / 2 + from[e]);
    tally[number]++;
}

/* Chance of a chi-square as bad against equal counts in so many cells; 0
   when other cells were seen. */
static double chance(const int *tally, int cells, int samples)
{
    double expected = (double)samples / cells, sum = 0;
    int seen = 0;
    for (int i = 0; i < 1 << TINY_PAIRS; i++)
        if (tally[i]) {
            sum += (tally[i] - expected) * (tally[i] - expected) / expected;
            seen++;
        }
    sum += (cells - seen) * expected;
    return seen > cells ? 0 : gsl_cdf_chisq_Q(sum, cells - 1);
}

static double request_chance(const char *which, int n, int degree, int cells,
                             int samples)
{
    int *tally = tally_new();
    for (int s = 0; s < samples; s++) {
        struct graph *g = made(which, n, degree, 77, s);
        note(tally, g->from, g->to, g->edges);
        graph_free(g);
    }
    double p = chance(tally, cells, samples);
    free(tally);
    return p;
}

/* The same generator with so many attempts of the switch chain. */
static double chain_chance(int n, int degree, int64_t attempts, int cells,
                           int samples)
{
    int *tally = tally_new();
    for (int s = 0; s < samples; s++) {
        struct graph_draws draws = {.seed = 78, .sample = (uint32_t)s};
        int32_t *partner = graph_regular(&draws, n, degree, attempts);
        int32_t from[TINY_PAIRS], to[TINY_PAIRS];
        int edges = 0;
        for (int32_t i = 0; i < n * degree; i++)
            if (i / degree < partner[i] / degree) {
                from[edges] = i / degree;
                to[edges++] = partner[i] / degree;
            }
        note(tally, from, to, edges);
        free(partner);
    }
    double p = chance(tally, cells, samples);
    free(tally);
    return p;
}

/* 2-regular graphs on labelled sites: 70 of 6, 465 of 7 (OEIS A001205);
   their complements are the 3- and 4-regular ones. */
static void check_uniform(void)
{
    double p = request_chance("random_regular", 6, 2, 70, 20000);
    ok(p > CHANCE_LEAST, "6 sites of degree 2: all alike, chance %.2g", p);
    p = request_chance("random_regular", 6, 3, 70, 20000);
    ok(p > CHANCE_LEAST, "6 sites of degree 3: all alike, chance %.2g", p);
    p = request_chance("random_regular", 7, 2, 465, 20000);
    ok(p > CHANCE_LEAST, "7 sites of degree 2: all alike, chance %.2g", p);
    p = chain_chance(6, 2, 0, 70, 20000);
    ok(p < CHANCE_LEAST, "mutant rejected: repair without switches, chance "
       "%.2g", p);
    p = chain_chance(7, 2, 0, 465, 20000);
    ok(p < CHANCE_LEAST, "mutant rejected: the same with 7 sites, chance "
       "%.2g", p);
}

static bool has_edge(const struct graph *g, int32_t a, int32_t b)
{
    int64_t low = 0, high = g->edges;
    while (low < high) {
        int64_t e = (low + high) / 2;
        if (g->from[e] < a || (g->from[e] == a && g->to[e] < b))
            low = e + 1;
        else
            high = e;
    }
    return low < g->edges && g->from[low] == a && g->to[low] == b;
}

/* Neighbours of a site lie together: edges are sorted. */
static int triangles(const struct graph *g)
{
    int count = 0;
    for (int64_t e = 0; e < g->edges; e++)
        for (int64_t f = e + 1; f < g->edges && g->from[f] == g->from[e];
             f++)
            count += has_edge(g, g->to[e], g->to[f]);
    return count;
}

/* Cubic graphs: triangles are Poisson of mean (d - 1)^3 / 6 = 4/3 (Bollobas
   1980), but for corrections of order 1 / N. */
static void check_triangles(void)
{
    enum { SAMPLES = 2000 };
    double sum = 0, square = 0;
    for (int s = 0; s < SAMPLES; s++) {
        struct graph *g = made("random_regular", 1000, 3, 9, s);
        int found = triangles(g);
        sum += found;
        square += found * found;
        graph_free(g);
    }
    double mean = sum / SAMPLES, variance = square / SAMPLES - mean * mean;
    double lambda = 4.0 / 3;
    double z = (mean - lambda) / sqrt(lambda / SAMPLES);
    double zv = (variance - lambda) /
                sqrt((lambda + 2 * lambda * lambda) / SAMPLES);
    ok(fabs(z) < Z_MOST && fabs(zv) < Z_MOST, "triangles of cubic graphs: "
       "mean %.3f (z %.1f), variance %.3f (z %.1f)", mean, z, variance, zv);
}

/* ---- G(n, m) ------------------------------------------------------------- */

/* The larger site from all that are larger: low sites get too much. */
static double biased_chance(int cells, int samples)
{
    int *tally = tally_new();
    for (int s = 0; s < samples; s++) {
        struct graph_draws draws = {.seed = 79, .sample = (uint32_t)s};
        int32_t from[5], to[5];
        for (int e = 0; e < 5; e++) {
            bool again = false;
            from[e] = (int32_t)graph_below(&draws, 4);
            to[e] = from[e] + 1 +
                    (int32_t)graph_below(&draws, (uint64_t)(4 - from[e]));
            for (int f = 0; f < e; f++)
                again = again || (from[e] == from[f] && to[e] == to[f]);
            e -= again;
        }
        note(tally, from, to, 5);
    }
    double p = chance(tally, cells, samples);
    free(tally);
    return p;
}

static void check_gnm(void)
{
    double p = request_chance("erdos_renyi", 5, 2, 252, 20000);
    ok(p > CHANCE_LEAST, "G(5, 5): all 252 alike, chance %.2g", p);
    p = request_chance("erdos_renyi", 5, 3, 45, 20000);
    ok(p > CHANCE_LEAST, "G(5, 8): all 45 alike, chance %.2g", p);
    p = biased_chance(252, 20000);
    ok(p < CHANCE_LEAST, "mutant rejected: sites not alike, chance %.2g", p);
    struct graph *g = made("erdos_renyi", 40, 39, 1, 0);
    ok(g->edges == 780 && graph_holds(g), "the complete graph");
    graph_free(g);
}

/* Degrees are Poisson (hypergeometric: variance less by 1 / N). */
static void check_degrees(void)
{
    enum { SITES = 40000, CELLS = 12 };
    struct graph *g = made("erdos_renyi", SITES, 4, 3, 0);
    double sum = 0, p = exp(-4), rest = 1;
    int64_t left = SITES;
    for (int k = 0; k < CELLS; k++) {
        int64_t count = k + 1 < CELLS ? sites_of_degree(g, k) : left;
        double expected = SITES * (k + 1 < CELLS ? p : rest);
        sum += pow((double)count - expected, 2) / expected;
        left -= count;
        rest -= p;
        p *= 4.0 / (k + 1);
    }
    ok(graph_holds(g) && g->edges == 2 * SITES, "40000 sites, mean degree 4");
    ok(gsl_cdf_chisq_Q(sum, CELLS - 1) > CHANCE_LEAST, "degrees are Poisson: "
       "chance %.2g", gsl_cdf_chisq_Q(sum, CELLS - 1));
    graph_free(g);
    g = made("random_regular", SITES, 4, 3, 0);
    ok(sites_of_degree(g, 4) == SITES, "mutant rejected: degrees all 4");
    graph_free(g);
}

/* ---- requests ------------------------------------------------------------ */

static uint64_t hash_of(const char *which, int64_t size, int64_t degree,
                        uint64_t seed, int64_t sample)
{
    struct graph *g = made(which, size, degree, seed, sample);
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (int64_t e = 0; e < g->edges; e++) {
        hash = (hash ^ (uint64_t)g->from[e]) * UINT64_C(0x100000001b3);
        hash = (hash ^ (uint64_t)g->to[e]) * UINT64_C(0x100000001b3);
    }
    graph_free(g);
    return hash;
}

static void check_function(void)
{
    static const struct {
        const char *which;
        int64_t size, degree;
        uint64_t hash;
    } known[] = {{"random_regular", 200, 3, UINT64_C(0x39c2486493adbdf7)},
                 {"random_regular", 20, 14, UINT64_C(0x22456dd4d2e4871b)},
                 {"erdos_renyi", 200, 3, UINT64_C(0x2fe712bf1dd3bf51)},
                 {"erdos_renyi", 20, 14, UINT64_C(0x34bc81df001ecdef)}};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        const char *which = known[k].which;
        int64_t n = known[k].size, d = known[k].degree;
        uint64_t hash = hash_of(which, n, d, 1, 0);
        if (!ok(hash == known[k].hash, "%s: known answer", which))
            printf("# got 0x%016llx\n", (unsigned long long)hash);
        ok(hash == hash_of(which, n, d, 1, 0) &&
           hash != hash_of(which, n, d, 2, 0) &&
           hash != hash_of(which, n, d, 1, 1) &&
           hash != hash_of(which, n, d, UINT64_C(1) << 32, 0),
           "%s: the same again, others for another seed or sample", which);
    }
}

static void check_refused(void)
{
    static const struct { struct graph_request request; const char *want; }
    bad[] = {
        {{"random_regular", 5, 3, 1, 0, NULL}, "random_regular: 5 sites of "
         "degree 3: every edge has two ends"},
        {{"random_regular", 5, 5, 1, 0, NULL}, "degree 5 for 5 sites: allowed "
         "is 1 to 4"},
        {{"random_regular", 5, 0, 1, 0, NULL}, "degree 0 for 5 sites"},
        {{"random_regular", 1, 1, 1, 0, NULL}, "N = 1: allowed is 2 to"},
        {{"random_regular", INT64_MAX, 3, 1, 0, NULL},
         "allowed is 2 to 268435456"},
        {{"random_regular", 200000000, 100, 1, 0, NULL},
         "at most 2147483647 ends"},
        {{"erdos_renyi", 5, 5, 1, 0, NULL}, "allowed is 1 to 4"},
        {{"erdos_renyi", 5, -1, 1, 0, NULL}, "degree -1"},
        {{"chimera", 0, 0, 1, 0, NULL}, "chimera: N = 0: allowed is 1 to 2048"},
        {{"pegasus", 1, 0, 1, 0, NULL}, "pegasus: N = 1: allowed is 2 to 2048"},
        {{"zephyr", 5000, 0, 1, 0, NULL}, "zephyr: N = 5000: allowed is 1 to"},
        {{"zephyr", 5, 0, 1, -1, NULL}, "zephyr: sample -1"},
        {{"pegasos", 5, 0, 1, 0, NULL}, "did you mean \"pegasus\"?: there are"},
        {{"nothing", 5, 0, 1, 0, NULL}, "cannot be generated"}};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        struct err err = {0};
        struct graph *g = graph_generate(&bad[k].request, &err);
        ok(!g && err.code == EXIT_INPUT && err.count == 1 &&
           strstr(err.text, bad[k].want) &&
           graph_request_sites(&bad[k].request) == 0, "refused: %s",
           bad[k].want);
        graph_free(g);
        err_clear(&err);
    }
    struct graph_request good = {"pegasus", 16, 0, 1, 0, NULL};
    ok(graph_request_sites(&good) == 5640, "sites without building");
}

int main(void)
{
    check_regular();
    check_uniform();
    check_triangles();
    check_gnm();
    check_degrees();
    check_function();
    check_refused();
    return tap_done();
}

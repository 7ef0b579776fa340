/* Files of graphs: what is read, what is refused and with which words, round
   trips, and mutated files. */
#include "base/rng.h"
#include "graph_files.h"

/* ---- what is read -------------------------------------------------------- */

/* The graph as text: "meaning sites: i-j=w ...; i=h ...". */
static char *spell(const struct graph *g)
{
    static const char *const meanings[] = {"J", "cut", "qubo"};
    char *text = mem_text("%s %lld:", meanings[g->meaning],
                          (long long)g->sites);
    for (int64_t e = 0; e < g->edges; e++) {
        char *more = mem_text("%s %d-%d=%g", text, g->from[e], g->to[e],
                              g->weight[e]);
        free(text);
        text = more;
    }
    for (int64_t i = 0; g->site && i < g->sites; i++) {
        char *more = mem_text("%s%s%g", text, i ? " " : "; ", g->site[i]);
        free(text);
        text = more;
    }
    return text;
}

#define MTX "%%MatrixMarket matrix coordinate "

static const struct { const char *what, *name, *format, *text, *want; }
good[] = {
    {"rudy", "a.txt", "auto", "3 2\n1 2 1\n3 2 -1.5\n",
     "cut 3: 0-1=1 1-2=-1.5"},
    {"Windows line ends, blanks, tabs, blank lines, no last newline",
     "a.txt", "auto", "\r\n  3\t2 \r\n\r\n \t1  2 1\r\n 3 2 -1",
     "cut 3: 0-1=1 1-2=-1"},
    {"comments and a byte order mark", "a.txt", "rudy",
     "\xef\xbb\xbf# a\n3 1 \n % b\n#c\n1 3 2\n# end",
     "cut 3: 0-2=2"},
    {"weight left out", "a.txt", "rudy", "3 2\n2 3\n1 2\n",
     "cut 3: 0-1=1 1-2=1"},
    {"no edges", "a.rud", "auto", "3 0\n", "cut 3:"},
    {"numbers of all kinds", "a.mc", "auto",
     "4 5\n1 2 +1\n1 3 1e3\n1 4 .5\n2 3 -2.5E-3\n"
     "2 4 100000000000000000000000\n",
     "cut 4: 0-1=1 0-2=1000 0-3=0.5 1-2=-0.0025 1-3=1e+23"},
    {"symmetric matrix, lower and upper elements, diagonal", "a.mtx", "auto",
     MTX "real symmetric\n% c\n3 3 3\n2 1 1.5\n3 3 -2\n1 3 4\n",
     "J 3: 0-1=1.5 0-2=4; 0 0 -2"},
    {"general matrix: both halves are one coupling", "a.x", "auto",
     "%%matrixmarket MATRIX Coordinate Integer General\n2 2 2\n1 2 3\n"
     "2 1 3\n", "J 2: 0-1=3"},
    {"general matrix: the same element is added up", "a.mtx", "mtx",
     MTX "real general\n2 2 4\n1 2 1\n2 2 1\n1 2 2\n2 2 5\n",
     "J 2: 0-1=3; 0 6"},
    {"general matrix: each half is added up", "a.mtx", "mtx",
     MTX "real general\n2 2 3\n1 2 1\n2 1 3\n1 2 2\n", "J 2: 0-1=3"},
    {"pattern", "a.mtx", "mtx", MTX "pattern symmetric\n2 2 1\n2 1\n",
     "J 2: 0-1=1"},
    {"qubo of qbsolv", "a.txt", "auto",
     "c a\np qubo 0 4 2 1\nc b\n0 0 -1\n1 1 2\n0 1 -3\n",
     "qubo 4: 0-1=-3; -1 2 0 0"},
    {"plain qubo, added up", "a.txt", "auto", "0 1 1\n1 0 2\n2 2 -1\n",
     "qubo 3: 0-1=3; 0 0 -1"},
    {"plain qubo by its name", "a.QUBO", "auto", "0 3 1\n",
     "qubo 4: 0-3=1"},
};

static void check_good(void)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        write_text(good[i].name, good[i].text);
        struct graph *graph = read_good(good[i].name, good[i].format);
        char *text = graph ? spell(graph) : mem_text("refused");
        if (!ok(!strcmp(text, good[i].want), "%s", good[i].what))
            printf("# got %s\n# for %s\n", text, good[i].want);
        unlink(good[i].name);
        free(text);
        graph_free(graph);
    }
}

/* ---- what is refused ----------------------------------------------------- */

static const struct { const char *format, *text, *want; } bad[] = {
    {"auto", "", "bad: is empty"},
    {"auto", "# only\n\n% this\n", "bad: is empty"},
    {"auto", "hello\n", "bad:1: cannot tell the format"},
    {"auto", "1 2 3 4\n", "bad:1: cannot tell the format"},
    {"auto", "\x01\x02", "bad:1: byte 0x01: this is not a text file"},
    {"rudi", "2 1\n1 2\n", "bad: format \"rudi\" is not known: there are"},
    {"rudy", "", "bad: is empty: expected \"n m\""},
    {"rudy", "3\n", "bad:1: expected the numbers of sites and edges"},
    {"rudy", "3 2 1\n", "found 3 words"},
    {"rudy", "x 2\n", "bad:1: \"x\" is not a number of sites: expected a "
     "whole number from 1 to 268435456"},
    {"rudy", "0 0\n", "\"0\" is not a number of sites"},
    {"rudy", "-3 0\n", "\"-3\" is not a number of sites"},
    {"rudy", "99999999999999999999 1\n1 2\n", "is not a number of sites"},
    {"rudy", "3 -1\n", "\"-1\" is not a number of edges"},
    {"rudy", "3 99999999999\n1 2\n", "is not a number of edges"},
    {"rudy", "200000000 1\n1 199999999 1\n", "bad: 200000000 sites, but 1 "
     "entries only"},
    {"rudy", "3 1\n1 4 1\n", "bad:2: \"4\" is not a site: expected a whole "
     "number from 1 to 3"},
    {"rudy", "3 1\n0 1 1\n", "bad:2: \"0\" is not a site"},
    {"rudy", "3 1\n-1 1 1\n", "bad:2: \"-1\" is not a site"},
    {"rudy", "3 1\n1.5 1 1\n", "bad:2: \"1.5\" is not a site"},
    {"rudy", "3 1\n18446744073709551618 1 1\n", "is not a site"},
    {"rudy", "3 1\n0x1 2 1\n", "bad:2: \"0x1\" is not a site"},
    {"rudy", "3 1\n1\n", "bad:2: expected an edge, \"i j w\" or \"i j\", "
     "found 1 words"},
    {"rudy", "3 1\n1 2 1 9\n", "bad:2: expected an edge, \"i j w\" or "
     "\"i j\", found 4 words"},
    {"rudy", "3 1\n1 2 1 2 3 4 5 6 7 8 9 10\n", "found 12 words"},
    {"rudy", "3 2\n1 2 -1\n2 3", "bad:3: this edge has no weight, the first "
     "has one"},
    {"rudy", "3 2\n1 2\n2 3 1", "bad:3: this edge has a weight, the first "
     "has none"},
    {"rudy", "3 1\n1 2 #\n", "bad:2: \"#\" is not a number"},
    {"rudy", "3 1\n1 2 abc\n", "bad:2: \"abc\" is not a number: a weight is "
     "finite and decimal"},
    {"rudy", "3 1\n1 2 nan\n", "bad:2: \"nan\" is not a number"},
    {"rudy", "3 1\n1 2 -inf\n", "bad:2: \"-inf\" is not a number"},
    {"rudy", "3 1\n1 2 1,5\n", "bad:2: \"1,5\" is not a number"},
    {"rudy", "3 1\n1 2 1e400\n", "bad:2: \"1e400\" is too large"},
    {"rudy", "3 1\n1 2 -2e100\n", "bad:2: \"-2e100\" is too large"},
    {"rudy", "3 1\n1 2 1e-400\n", "bad:2: \"1e-400\" is too small"},
    {"rudy", "3 1\n1 2 \xff\xfe\xfd\n", "bad:2: \"???\" is not a number"},
    {"rudy", "3 1\n1 2 123456789012345678901234567890x\n",
     "\"1234567890123456789012345678...\" is not a number"},
    {"rudy", "3 1\n1 1 1\n", "bad:2: site 1 is joined to itself"},
    {"rudy", "3 3\n1 2 1\n2 3\n2 1 1\n", "bad:4: the pair 2 1 was given in "
     "line 2 already: each pair may be given once"},
    {"rudy", "3 2\n1 2 1\n", "bad:1: promises 2 edges, but there are 1 "
     "lines of edges"},
    {"rudy", "3 1\n1 2 1\n1 3 1\n", "bad:1: promises 1 edges, but there are "
     "2 lines"},
    {"rudy", "2147483647 2147483647\n1 2\n", "is not a number of sites"},
    {"rudy", "268435456 2147483647\n1 2\n", "bad:1: promises 2147483647 "
     "edges, but there are 1 lines"},
    {"mtx", "", "bad: is empty: expected \"%%MatrixMarket"},
    {"mtx", "3 3 1\n1 2 1\n", "bad:1: expected \"%%MatrixMarket matrix "
     "coordinate real|integer|pattern general|symmetric\""},
    {"mtx", MTX "complex general\n", "bad:1: expected"},
    {"mtx", MTX "real skew-symmetric\n", "bad:1: expected"},
    {"mtx", "%%MatrixMarket matrix array real general\n2 2\n",
     "bad:1: expected"},
    {"mtx", MTX "real general\n", "bad: expected \"rows columns entries\""},
    {"mtx", MTX "real general\n3 3\n", "bad:2: expected \"rows columns"},
    {"mtx", MTX "real general\n3 2 1\n1 2 1\n", "bad:2: 3 rows and 2 "
     "columns: a matrix of couplings is square"},
    {"mtx", MTX "real general\n3 3 1\n1 2\n", "bad:3: expected an entry, "
     "\"i j value\", found 2 words"},
    {"mtx", MTX "pattern general\n3 3 1\n1 2 1\n", "bad:3: expected an "
     "entry, \"i j\", found 3 words"},
    {"mtx", MTX "integer general\n3 3 1\n1 2 1.5\n", "bad:3: 1.5 is not a "
     "whole number"},
    {"mtx", MTX "real general\n3 3 1\n1 4 1\n", "bad:3: \"4\" is not a "
     "site"},
    {"mtx", MTX "real general\n3 3 2\n1 2 1\n", "bad:2: promises 2 entries, "
     "but there are 1"},
    {"mtx", MTX "real symmetric\n3 3 2\n1 2 1\n2 1 1\n", "bad:4: the pair "
     "2 1 was given in line 3 already"},
    {"mtx", MTX "real general\n3 3 2\n1 2 1\n2 1 1.5\n", "bad:4: element "
     "(2, 1) is 1.5 and its mirror image is 1"},
    {"mtx", MTX "real general\n2 2 2\n1 2 1e100\n1 2 1e100\n", "bad:3: the "
     "entries of this pair add up to more"},
    {"qubo", "", "bad: is empty: expected \"p qubo"},
    {"qubo", "c nothing\n", "bad: is empty: expected \"p qubo"},
    {"qubo", "p qubo 0 3\n", "bad:1: expected \"p qubo 0 n nodes couplers\""},
    {"qubo", "p qubx 0 3 1 1\n", "bad:1: expected \"p qubo"},
    {"qubo", "p qubo 0 y 1 1\n", "bad:1: \"y\" is not a number of sites"},
    {"qubo", "p qubo 0 3 1 1\n0 0 1\n0 3 1\n", "bad:3: \"3\" is not a site: "
     "expected a whole number from 0 to 2"},
    {"qubo", "p qubo 0 3 1 1\n0 0 1\n", "bad:1: promises 1 nodes and 1 "
     "couplers, but there are 1 lines \"i i q\" and 0"},
    {"qubo", "p qubo 0 3 1 0\n0 0 1\n0 1 1\n", "promises 1 nodes and 0 "
     "couplers"},
    {"qubo", "0 1\n", "bad:1: expected \"i j q\", found 2 words"},
    {"qubo", "0 1 1\n0 x 1\n", "bad:2: \"x\" is not a site"},
    {"qubo", "0 268435456 1\n", "bad:1: \"268435456\" is not a site"},
    {"qubo", "0 268435455 1\n", "bad: 268435456 sites, but 1 entries only"},
    {"hdf5", "2 1\n1 2\n", "bad: cannot open it as HDF5"},
    {"hdf5", "", "bad: cannot open it as HDF5"},
    {"auto", "\x89HDF\r\n\x1a\n and no more", "bad: cannot open it as HDF5"},
};

/* Refused, all messages of class EXIT_INPUT, `want` among them. */
static bool refused(const char *file, const char *format, const char *want)
{
    struct err err = {0};
    struct graph *graph = graph_read(file, format, &err);
    bool pass = !graph && err.code == EXIT_INPUT && err.text &&
                strstr(err.text, want);
    if (!pass)
        printf("# want %s\n# got  %s", want,
               graph ? "a graph\n" : err.text ? err.text : "nothing\n");
    graph_free(graph);
    err_clear(&err);
    return pass;
}

static void check_bad(void)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        write_text("bad", bad[i].text);
        ok(refused("bad", bad[i].format, bad[i].want), "%s refused: %.50s",
           bad[i].format, bad[i].want);
    }
    write_bytes("bad", "3 1\n1 2\0 1\n", 11);
    ok(refused("bad", "rudy", "bad:2: byte 0x00"), "a zero byte");
    unlink("bad");
    ok(refused("nowhere", "auto", "nowhere: cannot open it: No such file"),
       "no such file");
    ok(refused(".", "auto", ".: is a directory"), "a folder");
    ok(refused("/dev/null", "rudy", "is no regular file"), "a device");
    ok(!graph_file_hash("nowhere") && !graph_file_hash("."),
       "no hash of what cannot be read");
}

/* How many lines of messages a file brings; -1 when it is read. */
static int messages(const char *format, bool *more)
{
    struct err err = {0};
    struct graph *graph = graph_read("bad", format, &err);
    int count = graph ? -1 : err.count;
    *more = err.text && strstr(err.text, "bad: and more; only the first 10");
    graph_free(graph);
    err_clear(&err);
    return count;
}

static void check_many(void)
{
    bool more;
    write_text("bad", "3 4\n1 9 1\n1 2 x\n2\n8 9 y\n");
    ok(messages("rudy", &more) == 6 && !more,
       "all faults of a file in one pass");
    FILE *out = fopen("bad", "w");
    fprintf(out, "3 100000\n");
    for (int i = 0; i < 100000; i++)
        fprintf(out, "1 x 1\n");
    fclose(out);
    ok(messages("rudy", &more) == 11 && more, "ten of many, and more");
    write_text("bad", "3 13\n1 2\n1 2\n1 2\n1 2\n1 2\n1 2\n1 2\n1 2\n1 2\n"
                      "1 2\n1 2\n1 2\n1 2\n");
    ok(messages("rudy", &more) == 11 && more, "ten of many repeated pairs");
    unlink("bad");
}

/* ---- round trips --------------------------------------------------------- */

/* Weights and fields that take all digits. */
static struct graph *sample(enum graph_meaning meaning, uint64_t seed)
{
    struct err err = {0};
    struct graph_request request = {"erdos_renyi", 60, 5, seed, 3, NULL};
    struct graph *g = graph_generate(&request, &err);
    g->meaning = meaning;
    if (meaning != GRAPH_CUT)
        g->site = mem_new((size_t)g->sites, sizeof *g->site);
    for (int64_t e = 0; e < g->edges + g->sites; e++) {
        struct rng_quad quad = rng_philox(seed, RNG_TEST, (uint32_t)e, 0, 0,
                                          0);
        double x = ldexp(rng_unit(quad.v[0], quad.v[1]) - 0.5,
                         (int)(quad.v[2] % 80) - 40);
        if (e < g->edges)
            g->weight[e] = x;
        else if (g->site)
            g->site[e - g->edges] = x;
    }
    return g;
}

/* Edges in reverse order, the larger site first every other time. */
static void write_lines(FILE *out, const struct graph *g, int first)
{
    for (int64_t e = g->edges - 1; e >= 0; e--)
        fprintf(out, "%d %d %.17g\n", (e % 2 ? g->from : g->to)[e] + first,
                (e % 2 ? g->to : g->from)[e] + first, g->weight[e]);
    for (int64_t i = 0; g->site && i < g->sites; i++)
        fprintf(out, "%lld %lld %.17g\n", (long long)i + first,
                (long long)i + first, g->site[i]);
}

static char *head_of(const char *name, const struct graph *g)
{
    int n = (int)g->sites, m = (int)g->edges, nodes = g->site ? n : 0;
    if (g->meaning == GRAPH_CUT)
        return mem_text("%d %d\n", n, m);
    if (g->meaning == GRAPH_COUPLING)
        return mem_text("%%" MTX "real symmetric\n%d %d %d\n", n, n, m + nodes);
    if (!strcmp(name, "a.txt"))
        return mem_text("p qubo 0 %d %d %d\n", n, nodes, m);
    return mem_text("c plain\n");
}

static void check_trips(void)
{
    static const struct {
        const char *name;
        enum graph_meaning meaning;
        int first;
    } trips[] = {{"a.txt", GRAPH_CUT, 1}, {"a.mtx", GRAPH_COUPLING, 1},
                 {"a.txt", GRAPH_QUBO, 0}, {"a.qubo", GRAPH_QUBO, 0}};
    for (size_t i = 0; i < sizeof trips / sizeof *trips; i++) {
        struct graph *g = sample(trips[i].meaning, 70 + i);
        FILE *out = fopen(trips[i].name, "w");
        char *head = head_of(trips[i].name, g);
        fputs(head, out);
        free(head);
        write_lines(out, g, trips[i].first);
        fclose(out);
        struct graph *back = read_good(trips[i].name, "auto");
        ok(graph_equal(g, back), "round trip %zu: %s", i, trips[i].name);
        g->weight[7] = nextafter(g->weight[7], 1);
        ok(!graph_equal(g, back), "mutant rejected: the last digit");
        graph_free(back);
        graph_free(g);
        unlink(trips[i].name);
    }
}

static void check_hash(void)
{
    write_text("a", "foobar");
    uint64_t known = graph_file_hash("a");
    write_text("a", "");
    ok(known == UINT64_C(0x85944171f73967e8) &&
       graph_file_hash("a") == UINT64_C(0xcbf29ce484222325),
       "FNV-1a: known answers");
    unlink("a");
}

int main(void)
{
    if (!files_begin())
        return 1;
    check_good();
    check_bad();
    check_many();
    check_trips();
    check_hash();
    ok(files_done(NULL, 0), "no file is left");
    return tap_done();
}

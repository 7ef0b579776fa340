/* Chimera, Pegasus, Zephyr: counts, degrees, and every edge by the geometry
   of crossing lines. */
#include "graph_made.h"

/* ---- counts -------------------------------------------------------------- */

static int64_t root(int64_t *up, int64_t i)
{
    while (up[i] != i)
        i = up[i] = up[up[i]];
    return i;
}

static bool connected(const struct graph *g)
{
    int64_t *up = mem_new((size_t)g->sites, sizeof *up), parts = g->sites;
    for (int64_t i = 0; i < g->sites; i++)
        up[i] = i;
    for (int64_t e = 0; e < g->edges; e++) {
        int64_t a = root(up, g->from[e]), b = root(up, g->to[e]);
        parts -= a != b;
        up[a] = b;
    }
    free(up);
    return parts == 1;
}

/* Sites and edges as printed by D-Wave, the highest and the least degree. */
static void check_counts(void)
{
    static const struct {
        const char *which;
        int64_t m, sites, edges;
        int degree, least;
    } known[] = {
        {"chimera", 1, 8, 16, 4, 4}, {"chimera", 2, 32, 80, 5, 5},
        {"chimera", 12, 1152, 3360, 6, 5}, {"chimera", 16, 2048, 6016, 6, 5},
        {"pegasus", 2, 40, 164, 13, 5}, {"pegasus", 3, 128, 704, 14, 6},
        {"pegasus", 14, 4264, 30404, 15, 6},
        {"pegasus", 16, 5640, 40484, 15, 6},
        {"zephyr", 1, 48, 280, 17, 9}, {"zephyr", 2, 160, 1224, 19, 10},
        {"zephyr", 10, 3360, 31816, 20, 10},
        {"zephyr", 12, 4800, 45864, 20, 10},
        {"zephyr", 15, 7440, 71736, 20, 10}};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        struct graph *g = made(known[k].which, known[k].m, 0, 1, 0);
        ok(g->sites == known[k].sites && g->edges == known[k].edges,
           "%s %lld: %lld sites, %lld edges", known[k].which,
           (long long)known[k].m, (long long)g->sites, (long long)g->edges);
        int least = 99, most = 0, *degree = degrees(g);
        for (int64_t i = 0; i < g->sites; i++) {
            least = degree[i] < least ? degree[i] : least;
            most = degree[i] > most ? degree[i] : most;
        }
        ok(most == known[k].degree && least == known[k].least,
           "degrees from %d to %d", least, most);
        ok(graph_holds(g) && all_one(g) && connected(g),
           "sorted, each pair once, connected, weights 1");
        free(degree);
        graph_free(g);
    }
}

/* Those with all neighbours: 6, 15 and 20. They lie inside in both
   directions: 12 n - 20 lines of Pegasus cross all twelve, n - 3 places on a
   line have both followers; and so on. */
static void check_formulas(void)
{
    bool good = true;
    for (int64_t m = 1; m < 12; m++) {
        struct graph *c = made("chimera", m, 0, 1, 0);
        struct graph *p = made("pegasus", m + 1, 0, 1, 0);
        struct graph *z = made("zephyr", m, 0, 1, 0);
        int64_t n = m + 1;
        good = good && c->sites == 8 * m * m &&
               c->edges == 24 * m * m - 8 * m &&
               p->sites == 24 * n * (n - 1) - 8 * (n - 1) &&
               p->edges == 180 * n * n - 360 * n + 164 &&
               z->sites == 16 * m * (2 * m + 1) &&
               z->edges == 8 * (40 * m * m - 2 * m - 3) &&
               (m < 3 ||
                (sites_of_degree(c, 6) == 8 * m * (m - 2) &&
                 sites_of_degree(p, 15) == 2 * (12 * n - 20) * (n - 3) &&
                 sites_of_degree(z, 20) == 8 * (2 * m - 1) * (2 * m - 4)));
        graph_free(c);
        graph_free(p);
        graph_free(z);
    }
    ok(good, "numbers of sites, of edges, of sites inside");
}

/* ---- geometry ------------------------------------------------------------ */

/* A qubit as a piece of line in the plane. */
struct qubit { int line, from, to, side, next; bool vertical; };

static bool cross(const struct qubit *a, const struct qubit *b)
{
    return a->vertical != b->vertical && a->from <= b->line &&
           b->line <= a->to && b->from <= a->line && a->line <= b->to;
}

/* Same line, one begins where the other's follower does; or side by side. */
static bool coupled(const struct qubit *a, const struct qubit *b)
{
    bool along = a->vertical == b->vertical && a->line == b->line &&
                 a->side == b->side;
    return cross(a, b) || (along && (a->next == b->from ||
                                     b->next == a->from));
}

/* Pegasus by its geometry alone: lines 0 .. 12 m - 1, lengths of 12. */
static struct qubit *pegasus_qubits(int m, int *count)
{
    static const int shift[2][3] = {{2, 10, 6}, {6, 2, 10}};
    struct qubit *q = mem_new((size_t)(24 * m * (m - 1)), sizeof *q);
    *count = 0;
    for (int u = 0; u < 2; u++)
        for (int line = 2; line < 12 * m - 2; line++)
            for (int z = 0; z < m - 1; z++) {
                int from = 12 * z + shift[u][line % 12 / 4];
                q[(*count)++] = (struct qubit){line, from, from + 11, 0,
                                               from + 12, u == 0};
            }
    return q;
}

static bool odd_pegasus(const struct qubit *a, const struct qubit *b)
{
    return a->vertical == b->vertical && a->from == b->from &&
           a->line / 2 == b->line / 2 && a->line != b->line;
}

/* Zephyr: four qubits on each of 2 m + 1 lines, lengths of 2, in the order
   of D-Wave's numbers (k, then the parity of the start, then the rest). */
static struct qubit *zephyr_qubits(int m, int *count)
{
    struct qubit *q = mem_new((size_t)(16 * m * (2 * m + 1)), sizeof *q);
    *count = 0;
    for (int u = 0; u < 2; u++)
        for (int line = 0; line <= 2 * m; line++)
            for (int k = 0; k < 4; k++)
                for (int j = 0; j < 2; j++)
                    for (int z = 0; z < m; z++) {
                        int from = 2 * z + j;
                        q[(*count)++] = (struct qubit){
                            line, from, from + 1, k, from + 2, u == 0};
                    }
    return q;
}

static bool odd_zephyr(const struct qubit *a, const struct qubit *b)
{
    return a->vertical == b->vertical && a->line == b->line &&
           a->side == b->side && abs(a->from - b->from) == 1;
}

/* All pairs of qubits looked at: the edges are those, in that order. */
static bool geometry(const struct graph *g, const struct qubit *q, int count,
                     bool odd(const struct qubit *, const struct qubit *))
{
    int64_t e = 0;
    bool same = g->sites == count;
    for (int a = 0; same && a < count; a++)
        for (int b = a + 1; same && b < count; b++)
            if (coupled(&q[a], &q[b]) || odd(&q[a], &q[b])) {
                same = e < g->edges && g->from[e] == a && g->to[e] == b;
                e++;
            }
    return same && e == g->edges;
}

static void check_geometry(void)
{
    int count;
    for (int m = 2; m < 6; m++) {
        struct graph *g = made("pegasus", m, 0, 1, 0);
        struct qubit *q = pegasus_qubits(m, &count);
        ok(geometry(g, q, count, odd_pegasus), "pegasus %d: crossings of "
           "lines", m);
        ok(!geometry(g, q, count, odd_zephyr), "mutant rejected: other "
           "odd couplers");
        graph_free(g);
        free(q);
        g = made("zephyr", m - 1, 0, 1, 0);
        q = zephyr_qubits(m - 1, &count);
        ok(geometry(g, q, count, odd_zephyr), "zephyr %d: crossings of "
           "lines", m - 1);
        ok(!geometry(g, q, count, odd_pegasus), "mutant rejected: other "
           "odd couplers");
        graph_free(g);
        free(q);
    }
}

int main(void)
{
    check_counts();
    check_formulas();
    check_geometry();
    return tap_done();
}

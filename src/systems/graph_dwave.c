/* Chimera, Pegasus and Zephyr, full fabric, numbered as in D-Wave's
   documents: K. Boothby, P. Bunyk, J. Raymond, A. Roy, "Next-generation
   topology of D-Wave quantum processors", 14-1026A-C (2019),
   arXiv:2003.00133; K. Boothby, A. King, J. Raymond, "Zephyr topology of
   D-Wave quantum processors", 14-1056A-A (2021).

   All three are made of straight qubits, vertical ones (u = 0) and
   horizontal ones (u = 1). Couplers join qubits that cross (internal),
   follow each other on one line (external), or lie side by side (odd). */
#include <assert.h>

#include "systems/graph_parts.h"

static struct graph *whole(struct graph_pairs pairs, int64_t sites,
                           int64_t edges)
{
    struct graph *graph = graph_of_pairs(pairs, sites);
    assert(graph->edges == edges);
    return graph;
}

/* ---- Chimera: m x m cells K(4, 4) ---------------------------------------- */

static int64_t chimera_site(int64_t m, int64_t row, int64_t column, int u,
                            int k)
{
    return ((row * m + column) * 2 + u) * 4 + k;
}

static void chimera_cell(struct graph_pairs *pairs, int64_t m, int64_t row,
                         int64_t column)
{
    for (int k = 0; k < 4; k++) {
        int64_t vertical = chimera_site(m, row, column, 0, k);
        int64_t horizontal = chimera_site(m, row, column, 1, k);
        for (int other = 0; other < 4; other++)
            graph_pairs_add(pairs, vertical,
                            chimera_site(m, row, column, 1, other));
        if (row + 1 < m)
            graph_pairs_add(pairs, vertical,
                            chimera_site(m, row + 1, column, 0, k));
        if (column + 1 < m)
            graph_pairs_add(pairs, horizontal,
                            chimera_site(m, row, column + 1, 1, k));
    }
}

struct graph *graph_chimera(int64_t m)
{
    int64_t edges = 24 * m * m - 8 * m;
    struct graph_pairs pairs = graph_pairs_new(edges);
    for (int64_t row = 0; row < m; row++)
        for (int64_t column = 0; column < m; column++)
            chimera_cell(&pairs, m, row, column);
    return whole(pairs, 8 * m * m, edges);
}

/* ---- Pegasus ------------------------------------------------------------- */

/* Qubit (u, w, k, z) lies on line 12 w + k and spans twelve lines of the
   other kind from 12 z + shift on. The two outer lines on each side cross
   nothing: they are not in the fabric, and site numbers close up. */
static const int pegasus_shift[2][12] = {
    {2, 2, 2, 2, 10, 10, 10, 10, 6, 6, 6, 6},
    {6, 6, 6, 6, 2, 2, 2, 2, 10, 10, 10, 10}};

static int64_t pegasus_site(int64_t m, int u, int64_t line, int64_t z)
{
    return (u * (12 * m - 4) + line - 2) * (m - 1) + z;
}

static void pegasus_crossings(struct graph_pairs *pairs, int64_t m,
                              int64_t line, int64_t z)
{
    int64_t w = line / 12, k = line % 12;
    for (int other = 0; other < 12; other++) {
        int64_t across = z + (other < pegasus_shift[0][k]);
        int64_t z1 = w - (k < pegasus_shift[1][other]);
        if (z1 >= 0 && z1 < m - 1)
            graph_pairs_add(pairs, pegasus_site(m, 0, line, z),
                            pegasus_site(m, 1, 12 * across + other, z1));
    }
}

struct graph *graph_pegasus(int64_t m)
{
    int64_t edges = 180 * m * m - 360 * m + 164;
    struct graph_pairs pairs = graph_pairs_new(edges);
    for (int u = 0; u < 2; u++)
        for (int64_t line = 2; line < 12 * m - 2; line++)
            for (int64_t z = 0; z < m - 1; z++) {
                int64_t here = pegasus_site(m, u, line, z);
                if (z + 1 < m - 1)
                    graph_pairs_add(&pairs, here, here + 1);
                if (line % 2 == 0)
                    graph_pairs_add(&pairs, here,
                                    pegasus_site(m, u, line + 1, z));
                if (u == 0)
                    pegasus_crossings(&pairs, m, line, z);
            }
    return whole(pairs, 24 * m * (m - 1) - 8 * (m - 1), edges);
}

/* ---- Zephyr -------------------------------------------------------------- */

/* Qubit (u, w, k, j, z) is the k-th of four on line w (0 .. 2m) and spans
   lines start and start + 1 of the other kind, start = 2 z + j. */
static int64_t zephyr_site(int64_t m, int u, int64_t w, int k, int64_t start)
{
    return (((u * (2 * m + 1) + w) * 4 + k) * 2 + start % 2) * m + start / 2;
}

static void zephyr_crossings(struct graph_pairs *pairs, int64_t m, int64_t w,
                             int k, int64_t start)
{
    int64_t here = zephyr_site(m, 0, w, k, start);
    for (int64_t line = start; line <= start + 1; line++)
        for (int other = 0; other < 4; other++)
            for (int64_t from = w - 1; from <= w; from++)
                if (from >= 0 && from < 2 * m)
                    graph_pairs_add(pairs, here, zephyr_site(m, 1, line,
                                                             other, from));
}

static void zephyr_qubit(struct graph_pairs *pairs, int64_t m, int u,
                         int64_t w, int k, int64_t start)
{
    int64_t here = zephyr_site(m, u, w, k, start);
    if (start + 1 < 2 * m)
        graph_pairs_add(pairs, here, zephyr_site(m, u, w, k, start + 1));
    if (start + 2 < 2 * m)
        graph_pairs_add(pairs, here, zephyr_site(m, u, w, k, start + 2));
    if (u == 0)
        zephyr_crossings(pairs, m, w, k, start);
}

struct graph *graph_zephyr(int64_t m)
{
    int64_t edges = 8 * (40 * m * m - 2 * m - 3);
    struct graph_pairs pairs = graph_pairs_new(edges);
    for (int u = 0; u < 2; u++)
        for (int64_t w = 0; w <= 2 * m; w++)
            for (int k = 0; k < 4; k++)
                for (int64_t start = 0; start < 2 * m; start++)
                    zephyr_qubit(&pairs, m, u, w, k, start);
    return whole(pairs, 16 * m * (2 * m + 1), edges);
}

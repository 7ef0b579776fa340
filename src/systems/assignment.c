#include "systems/assignment.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/alloc.h"

/* Prices of rows and columns keep -gain - price >= 0, and 0 on what is
   assigned. */
struct search {
    int n;
    const double *gain;
    double *row_price, *column_price;
    int *row;         /* of a column, -1: free */
    double *distance; /* to a column, from the row that is being placed */
    int *from;        /* the row before it on the shortest path */
    bool *done;
};

static double cost(const struct search *s, int i, int j)
{
    return -s->gain[(long)i * s->n + j] - s->row_price[i] -
           s->column_price[j];
}

/* The free column nearest to row r. */
static int nearest(struct search *s, int r)
{
    double low = 0;
    for (int j = 0; j < s->n; j++) {
        s->distance[j] = INFINITY;
        s->done[j] = false;
    }
    for (int i = r;;) {
        int best = -1;
        for (int j = 0; j < s->n; j++) {
            if (s->done[j])
                continue;
            double d = low + cost(s, i, j);
            if (d < s->distance[j]) {
                s->distance[j] = d;
                s->from[j] = i;
            }
            if (best < 0 || s->distance[j] < s->distance[best])
                best = j;
        }
        low = s->distance[best];
        if (s->row[best] < 0)
            return best;
        s->done[best] = true;
        i = s->row[best];
    }
}

static void place(struct search *s, int r, int *column)
{
    int j = nearest(s, r), i;
    double low = s->distance[j];
    s->row_price[r] += low;
    for (int k = 0; k < s->n; k++)
        if (s->done[k]) {
            s->row_price[s->row[k]] += low - s->distance[k];
            s->column_price[k] -= low - s->distance[k];
        }
    do {
        int next;
        i = s->from[j];
        next = column[i];
        s->row[j] = i;
        column[i] = j;
        j = next;
    } while (i != r);
}

void assignment_best(int n, const double *gain, int *column)
{
    size_t room = (size_t)n;
    struct search s = {.n = n, .gain = gain,
                       .row_price = mem_new(room, sizeof(double)),
                       .column_price = mem_new(room, sizeof(double)),
                       .row = mem_new(room, sizeof(int)),
                       .distance = mem_new(room, sizeof(double)),
                       .from = mem_new(room, sizeof(int)),
                       .done = mem_new(room, sizeof(bool))};
    for (int i = 0; i < n; i++)
        s.row[i] = column[i] = -1;
    for (int i = 0; i < n; i++)
        place(&s, i, column);
    free(s.row_price);
    free(s.column_price);
    free(s.row);
    free(s.distance);
    free(s.from);
    free(s.done);
}

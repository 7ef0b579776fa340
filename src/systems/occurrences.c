#include "systems/occurrences.h"

#include <stdlib.h>

#include "base/alloc.h"

static int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

struct occurrences occurrences_of(const struct cnf *cnf)
{
    struct occurrences at = {.most = 0};
    int64_t edges = cnf->start[cnf->clauses];
    at.start = mem_new((size_t)cnf->bits + 2, sizeof *at.start);
    at.edge = mem_new((size_t)edges, sizeof *at.edge);
    at.clause = mem_new((size_t)edges, sizeof *at.clause);
    for (int64_t e = 0; e < edges; e++)
        at.start[abs(cnf->literal[e]) + 1]++;
    for (int32_t b = 0; b < cnf->bits; b++) {
        at.most = larger(at.most, at.start[b + 2]);
        at.start[b + 2] += at.start[b + 1];
    }
    for (int64_t c = 0; c < cnf->clauses; c++) {
        at.longest = larger(at.longest, cnf->start[c + 1] - cnf->start[c]);
        for (int64_t e = cnf->start[c]; e < cnf->start[c + 1]; e++) {
            at.clause[e] = (int32_t)c;
            at.edge[at.start[abs(cnf->literal[e])]++] = e;
        }
    }
    return at;
}

void occurrences_free(struct occurrences *at)
{
    free(at->start);
    free(at->edge);
    free(at->clause);
}

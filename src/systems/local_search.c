#include "systems/local_search.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/math.h"
#include "systems/occurrences.h"

struct walk {
    const struct cnf *cnf;
    struct occurrences at;
    int8_t *value;
    int32_t *true_count; /* [clauses] */
    int32_t *true_bits;  /* [clauses] exclusive or of the bits that do it */
    int32_t *breaks;     /* [bits] */
    int64_t *violated, *place; /* list of clauses; [clauses] where in it */
    int64_t count;
    double *likely;      /* f(break) */
    double *room;        /* of the longest clause */
};

static int32_t bit_of(int32_t literal) { return abs(literal) - 1; }

/* ---- bookkeeping --------------------------------------------------------- */

static void list(struct walk *w, int64_t clause)
{
    w->place[clause] = w->count;
    w->violated[w->count++] = clause;
}

static void unlist(struct walk *w, int64_t clause)
{
    int64_t last = w->violated[--w->count];
    w->violated[w->place[clause]] = last;
    w->place[last] = w->place[clause];
}

static void becomes_true(struct walk *w, int64_t clause, int32_t bit)
{
    int32_t before = w->true_count[clause]++;
    if (before == 0) {
        unlist(w, clause);
        w->breaks[bit]++;
    } else if (before == 1) {
        w->breaks[w->true_bits[clause]]--;
    }
    w->true_bits[clause] ^= bit;
}

static void becomes_false(struct walk *w, int64_t clause, int32_t bit)
{
    int32_t left = --w->true_count[clause];
    w->true_bits[clause] ^= bit;
    if (left == 0) {
        list(w, clause);
        w->breaks[bit]--;
    } else if (left == 1) {
        w->breaks[w->true_bits[clause]]++;
    }
}

static void turn(struct walk *w, int32_t bit)
{
    w->value[bit] = (int8_t)-w->value[bit];
    for (int64_t i = w->at.start[bit]; i < w->at.start[bit + 1]; i++) {
        int64_t edge = w->at.edge[i];
        if (cnf_true(w->value, w->cnf->literal[edge]))
            becomes_true(w, w->at.clause[edge], bit);
        else
            becomes_false(w, w->at.clause[edge], bit);
    }
}

static void count_true(struct walk *w)
{
    const struct cnf *cnf = w->cnf;
    for (int64_t c = 0; c < cnf->clauses; c++) {
        for (int64_t l = cnf->start[c]; l < cnf->start[c + 1]; l++)
            if (cnf_true(w->value, cnf->literal[l])) {
                w->true_count[c]++;
                w->true_bits[c] ^= bit_of(cnf->literal[l]);
            }
        if (w->true_count[c] == 0)
            list(w, c);
        else if (w->true_count[c] == 1)
            w->breaks[w->true_bits[c]]++;
    }
}

/* ---- the walk ------------------------------------------------------------ */

static double likelihood(int64_t longest, int64_t breaks)
{
    static const double base[] = {3.0, 3.7, 5.0, 5.4}; /* from 4 literals */
    if (longest <= 3)
        return num_exp(-2.06 * num_log(0.9 + (double)breaks));
    return num_exp(-(double)breaks *
                   num_log(base[longest < 7 ? longest - 4 : 3]));
}

static int32_t chosen(struct walk *w, int64_t clause, struct chance *chance)
{
    int64_t first = w->cnf->start[clause];
    int64_t count = w->cnf->start[clause + 1] - first, i = 0;
    const int32_t *literal = w->cnf->literal + first;
    double sum = 0;
    for (int64_t j = 0; j < count; j++)
        w->room[j] = sum += w->likely[w->breaks[bit_of(literal[j])]];
    double unit = chance_unit(chance) * sum;
    while (i + 1 < count && w->room[i] < unit)
        i++;
    return bit_of(literal[i]);
}

static struct walk walk_new(const struct cnf *cnf, int8_t *value)
{
    struct walk w = {.cnf = cnf, .at = occurrences_of(cnf), .value = value};
    size_t clauses = (size_t)cnf->clauses;
    w.true_count = mem_new(clauses, sizeof *w.true_count);
    w.true_bits = mem_new(clauses, sizeof *w.true_bits);
    w.breaks = mem_new((size_t)cnf->bits, sizeof *w.breaks);
    w.violated = mem_new(clauses, sizeof *w.violated);
    w.place = mem_new(clauses, sizeof *w.place);
    w.likely = mem_new((size_t)w.at.most + 1, sizeof *w.likely);
    w.room = mem_new((size_t)w.at.longest, sizeof *w.room);
    for (int64_t b = 0; b <= w.at.most; b++)
        w.likely[b] = likelihood(w.at.longest, b);
    count_true(&w);
    return w;
}

static void walk_free(struct walk *w)
{
    occurrences_free(&w->at);
    free(w->true_count);
    free(w->true_bits);
    free(w->breaks);
    free(w->violated);
    free(w->place);
    free(w->likely);
    free(w->room);
}

int64_t local_search(const struct cnf *cnf, int8_t *value, int64_t most,
                     struct chance *chance, int64_t *violated)
{
    struct walk w = walk_new(cnf, value);
    int64_t flips = 0;
    for (; w.count && flips < most; flips++) {
        uint32_t which = chance_below(chance, (uint32_t)w.count);
        turn(&w, chosen(&w, w.violated[which], chance));
    }
    *violated = w.count;
    walk_free(&w);
    return flips;
}

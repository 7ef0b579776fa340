/* Survey and belief propagation on a formula, some of whose bits are set.

   eta, what clause a sends to bit i: the probability that its other bits all
   violate it (BP: over solutions; SP: over clusters of solutions, in which
   bits are forced or free). w, what bit j sends to clause a: that it violates
   it, as the other clauses of j have it. With A_s the product of 1 - eta over
   those of them that want j as a does, and A_u over the rest,
       w = (1 - rho A_u) A_s / (A_s + A_u - rho A_s A_u),
       eta = product of w over the others of a;
   rho = 1 is survey propagation (Mezard and Zecchina 2002; Braunstein, Mezard
   and Zecchina, Random Struct. Algorithms 27, 201 (2005)), rho = 0 belief
   propagation, between them Maneva, Mossel and Wainwright, J. ACM 54, 17
   (2007). At a fixed point
       sum_i ln(A_+ + A_- - rho A_+ A_-) + sum_a ln(1 - product of w)
           - sum_(a,i) ln(1 - eta w)
   is the Bethe entropy, ln(number of solutions), exact where the graph of
   bits and clauses has no loop; with rho = 1 the complexity, ln(number of
   clusters). It is stationary there: what eta lacks counts squared. */
#ifndef TEMPERA_SYSTEMS_SURVEYS_H
#define TEMPERA_SYSTEMS_SURVEYS_H
#include "base/chance.h"
#include "systems/occurrences.h"

struct surveys {
    const struct cnf *cnf; /* borrowed */
    struct occurrences at;
    double rho;
    int8_t *value;    /* [bits] -1, 1; 0: not set */
    int64_t set;      /* bits that are */
    bool contradiction; /* a clause has become impossible to satisfy */
    int64_t live;     /* clauses not satisfied by bits that are set, */
    int32_t *clause;  /* [live], which, in the order of the next sweep */
    int32_t *open;    /* [clauses] bits not set; 0 also: satisfied */
    double *eta, *pull; /* [literals] and -ln(1 - eta) */
    double *plus, *minus; /* [bits] sums of pulls of clauses with v, -v */
    int32_t *stack;   /* bits that are yet to be propagated */
    int64_t *edge;    /* for one clause: its open edges, */
    double *w, *before; /* their w, and products */
};

/* Nothing set but what unit clauses force. Random surveys. */
struct surveys surveys_new(const struct cnf *cnf, double rho,
                           struct chance *chance);
void surveys_free(struct surveys *surveys);

/* Sets a bit, and all that clauses of one bit then force. */
void surveys_set(struct surveys *surveys, int32_t bit, int8_t value);

/* Number of clauses not satisfied by bits that are set. */
int64_t surveys_live(struct surveys *surveys);

/* Clauses one by one in a random order; returned is the largest change of an
   eta. */
double surveys_sweep(struct surveys *surveys, struct chance *chance);

/* Largest eta. */
double surveys_largest(struct surveys *surveys);

/* Of a bit that is not set: P(1) - P(-1), free clusters on neither side. */
double surveys_bias(const struct surveys *surveys, int32_t bit);

double surveys_entropy(struct surveys *surveys);

#endif

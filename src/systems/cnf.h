/* Boolean formulas in conjunctive normal form: read from a file or random.

   Format DIMACS: comment lines start with c; one line "p cnf V C"; then C
   clauses, each its literals and a 0, in lines of any shape. Literal v, 1 to
   V, is bit v, -v its negation. A line that starts with % ends the file, as in
   the SATLIB collection. A literal given twice in a clause counts once; a
   clause with both v and -v is always true and is left out; a clause without
   literals is kept: nothing satisfies it. */
#ifndef TEMPERA_SYSTEMS_CNF_H
#define TEMPERA_SYSTEMS_CNF_H
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct cnf {
    int32_t bits;       /* V */
    int64_t clauses;    /* kept */
    int64_t tautologies; /* clauses left out because they are always true */
    int64_t *start;     /* [clauses + 1], into literal */
    int32_t *literal;   /* v + 1 or -(v + 1), v from 0 */
};

/* Message "file:line: ..." (EXIT_INPUT), all of a file in one pass but no
   more than ten, and NULL. */
struct cnf *cnf_read(const char *file, struct err *err);

/* clauses of k different bits, 1 <= k <= bits, each set of bits and each sign
   equally likely and independent: a function of its arguments. */
struct cnf *cnf_random(int32_t bits, int64_t clauses, int k, uint64_t seed);

void cnf_free(struct cnf *cnf);

/* How many clauses value[bits], -1 (false) or 1, leaves unsatisfied. */
int64_t cnf_violated(const struct cnf *cnf, const int8_t *value);

/* The clauses that value[bits] does not satisfy, without the literals that it
   makes false; 0: not set. All bits keep their numbers. */
struct cnf *cnf_rest(const struct cnf *cnf, const int8_t *value);

/* Does a clause contain what is true? value may be 0: not set. */
static inline bool cnf_true(const int8_t *value, int32_t literal)
{
    return literal > 0 ? value[literal - 1] > 0 : value[-literal - 1] < 0;
}

#endif

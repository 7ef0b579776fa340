#include "systems/cnf.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/chance.h"

void cnf_free(struct cnf *cnf)
{
    if (!cnf)
        return;
    free(cnf->start);
    free(cnf->literal);
    free(cnf);
}

static bool satisfied(const struct cnf *cnf, int64_t c, const int8_t *value)
{
    for (int64_t l = cnf->start[c]; l < cnf->start[c + 1]; l++)
        if (cnf_true(value, cnf->literal[l]))
            return true;
    return false;
}

int64_t cnf_violated(const struct cnf *cnf, const int8_t *value)
{
    int64_t violated = 0;
    for (int64_t c = 0; c < cnf->clauses; c++)
        violated += !satisfied(cnf, c, value);
    return violated;
}

/* Floyd's choice of k of n: the last of them, if taken, is n itself. */
static void draw_clause(struct chance *chance, int32_t bits, int k,
                        int32_t *literal)
{
    for (int i = 0; i < k; i++) {
        int32_t last = bits - k + i;
        int32_t bit = (int32_t)chance_below(chance, (uint32_t)last + 1);
        for (int j = 0; j < i; j++)
            if (abs(literal[j]) == bit + 1) {
                bit = last;
                break;
            }
        literal[i] = chance_below(chance, 2) ? bit + 1 : -(bit + 1);
    }
}

struct cnf *cnf_random(int32_t bits, int64_t clauses, int k, uint64_t seed)
{
    struct cnf *cnf = mem_new(1, sizeof *cnf);
    *cnf = (struct cnf){.bits = bits, .clauses = clauses};
    cnf->start = mem_new((size_t)clauses + 1, sizeof *cnf->start);
    cnf->literal = mem_new((size_t)(clauses * k), sizeof *cnf->literal);
    for (int64_t c = 0; c < clauses; c++) {
        struct chance chance = chance_of(seed, RNG_INSTANCE, 0, (uint32_t)c);
        draw_clause(&chance, bits, k, cnf->literal + c * k);
        cnf->start[c + 1] = (c + 1) * k;
    }
    return cnf;
}

struct cnf *cnf_rest(const struct cnf *cnf, const int8_t *value)
{
    struct cnf *rest = mem_new(1, sizeof *rest);
    int64_t literals = 0;
    rest->bits = cnf->bits;
    rest->start = mem_new((size_t)cnf->clauses + 1, sizeof *rest->start);
    rest->literal = mem_new((size_t)cnf->start[cnf->clauses],
                            sizeof *rest->literal);
    for (int64_t c = 0; c < cnf->clauses; c++) {
        if (satisfied(cnf, c, value))
            continue;
        for (int64_t l = cnf->start[c]; l < cnf->start[c + 1]; l++)
            if (!value[abs(cnf->literal[l]) - 1])
                rest->literal[literals++] = cnf->literal[l];
        rest->start[++rest->clauses] = literals;
    }
    return rest;
}

#include "systems/surveys.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/math.h"

/* eta at most: pulls stay finite. */
#define ETA_MOST (1 - 0x1p-50)

static int32_t bit_of(int32_t literal) { return abs(literal) - 1; }

/* ---- clauses and bits ---------------------------------------------------- */

/* A clause has lost a bit; -1, or the bit it now forces. Its last one may be
   set and wait on the stack. */
static int32_t shorten(struct surveys *s, int64_t clause)
{
    if (--s->open[clause] == 0)
        s->contradiction = true;
    if (s->open[clause] != 1)
        return -1;
    for (int64_t e = s->cnf->start[clause]; e < s->cnf->start[clause + 1];
         e++)
        if (!s->value[bit_of(s->cnf->literal[e])])
            return bit_of(s->cnf->literal[e]);
    return -1;
}

/* The value that an open clause wants of its bit. */
static int8_t wanted(const struct surveys *s, int64_t clause, int32_t bit)
{
    int64_t e = s->cnf->start[clause];
    while (bit_of(s->cnf->literal[e]) != bit)
        e++;
    return s->cnf->literal[e] > 0 ? 1 : -1;
}

static void push(struct surveys *s, int64_t *height, int32_t bit,
                 int8_t value)
{
    s->value[bit] = value;
    s->set++;
    s->stack[(*height)++] = bit;
}

/* What the bit does to its clauses. */
static void propagate(struct surveys *s, int32_t bit, int64_t *height)
{
    for (int64_t i = s->at.start[bit]; i < s->at.start[bit + 1]; i++) {
        int64_t edge = s->at.edge[i];
        int32_t clause = s->at.clause[edge];
        if (!s->open[clause])
            continue;
        if (cnf_true(s->value, s->cnf->literal[edge])) {
            s->open[clause] = 0;
            continue;
        }
        int32_t forced = shorten(s, clause);
        if (s->contradiction)
            return;
        if (forced >= 0)
            push(s, height, forced, wanted(s, clause, forced));
    }
}

static void keep_live(struct surveys *s)
{
    int64_t live = 0;
    for (int64_t i = 0; i < s->live; i++)
        if (s->open[s->clause[i]])
            s->clause[live++] = s->clause[i];
    s->live = live;
}

int64_t surveys_live(struct surveys *surveys)
{
    keep_live(surveys);
    return surveys->live;
}

static void settle(struct surveys *s, int64_t height)
{
    while (height && !s->contradiction)
        propagate(s, s->stack[--height], &height);
}

void surveys_set(struct surveys *surveys, int32_t bit, int8_t value)
{
    int64_t height = 0;
    push(surveys, &height, bit, value);
    settle(surveys, height);
}

/* Clauses of one bit, and of none. */
static void units(struct surveys *s)
{
    for (int64_t c = 0; c < s->cnf->clauses && !s->contradiction; c++) {
        int64_t first = s->cnf->start[c], height = 0;
        if (s->cnf->start[c + 1] == first)
            s->contradiction = true;
        if (s->cnf->start[c + 1] != first + 1 || !s->open[c])
            continue;
        int32_t literal = s->cnf->literal[first];
        push(s, &height, bit_of(literal), literal > 0 ? 1 : -1);
        settle(s, height);
    }
}

struct surveys surveys_new(const struct cnf *cnf, double rho,
                           struct chance *chance)
{
    struct surveys s = {.cnf = cnf, .at = occurrences_of(cnf), .rho = rho,
                        .live = cnf->clauses};
    size_t bits = (size_t)cnf->bits, clauses = (size_t)cnf->clauses;
    int64_t edges = cnf->start[cnf->clauses];
    s.value = mem_new(bits, sizeof *s.value);
    s.clause = mem_new(clauses, sizeof *s.clause);
    s.open = mem_new(clauses, sizeof *s.open);
    s.eta = mem_new((size_t)edges, sizeof *s.eta);
    s.pull = mem_new((size_t)edges, sizeof *s.pull);
    s.plus = mem_new(bits, sizeof *s.plus);
    s.minus = mem_new(bits, sizeof *s.minus);
    s.stack = mem_new(bits, sizeof *s.stack);
    s.edge = mem_new((size_t)s.at.longest, sizeof *s.edge);
    s.w = mem_new((size_t)s.at.longest, sizeof *s.w);
    s.before = mem_new((size_t)s.at.longest, sizeof *s.before);
    for (int64_t c = 0; c < cnf->clauses; c++) {
        s.clause[c] = (int32_t)c;
        s.open[c] = (int32_t)(cnf->start[c + 1] - cnf->start[c]);
    }
    for (int64_t e = 0; e < edges; e++) {
        s.eta[e] = fmin(chance_unit(chance), ETA_MOST);
        s.pull[e] = -num_log(1 - s.eta[e]);
    }
    units(&s);
    keep_live(&s);
    return s;
}

void surveys_free(struct surveys *surveys)
{
    occurrences_free(&surveys->at);
    free(surveys->value);
    free(surveys->clause);
    free(surveys->open);
    free(surveys->eta);
    free(surveys->pull);
    free(surveys->plus);
    free(surveys->minus);
    free(surveys->stack);
    free(surveys->edge);
    free(surveys->w);
    free(surveys->before);
}

/* ---- messages ------------------------------------------------------------ */

static double *sum_of(struct surveys *s, int64_t edge)
{
    int32_t literal = s->cnf->literal[edge];
    return literal > 0 ? &s->plus[literal - 1] : &s->minus[-literal - 1];
}

/* Afresh: what is added and taken away leaves rounding. */
static void add_pulls(struct surveys *s)
{
    for (int32_t b = 0; b < s->cnf->bits; b++)
        s->plus[b] = s->minus[b] = 0;
    for (int64_t i = 0; i < s->live; i++) {
        int32_t c = s->clause[i];
        for (int64_t e = s->cnf->start[c]; e < s->cnf->start[c + 1]; e++)
            *sum_of(s, e) += s->pull[e];
    }
}

/* w of the bit on this edge. */
static double violates(struct surveys *s, int64_t edge)
{
    int32_t literal = s->cnf->literal[edge];
    double other = literal > 0 ? s->minus[literal - 1] : s->plus[-literal - 1];
    double same = fmax(0, *sum_of(s, edge) - s->pull[edge]);
    double less = s->rho * num_exp(-other);
    return (1 - less) / (1 - less + num_exp(same - other));
}

/* Its open edges, and w of each. */
static int open_edges(struct surveys *s, int32_t clause)
{
    int count = 0;
    for (int64_t e = s->cnf->start[clause]; e < s->cnf->start[clause + 1];
         e++)
        if (!s->value[bit_of(s->cnf->literal[e])]) {
            s->edge[count] = e;
            s->w[count++] = violates(s, e);
        }
    return count;
}

static double update(struct surveys *s, int64_t edge, double eta)
{
    double now = fmin(eta, ETA_MOST), pull = -num_log(1 - now);
    double change = fabs(now - s->eta[edge]), *sum = sum_of(s, edge);
    *sum += pull - s->pull[edge];
    s->pull[edge] = pull;
    s->eta[edge] = now;
    return change;
}

/* Products of the others, from both ends. */
static double update_clause(struct surveys *s, int32_t clause)
{
    int count = open_edges(s, clause);
    double before = 1, after = 1, change = 0;
    for (int i = 0; i < count; i++) {
        s->before[i] = before;
        before *= s->w[i];
    }
    for (int i = count - 1; i >= 0; i--) {
        change = fmax(change, update(s, s->edge[i], s->before[i] * after));
        after *= s->w[i];
    }
    return change;
}

static void shuffle(struct surveys *s, struct chance *chance)
{
    for (int64_t i = s->live - 1; i > 0; i--) {
        uint32_t j = chance_below(chance, (uint32_t)i + 1);
        int32_t kept = s->clause[i];
        s->clause[i] = s->clause[j];
        s->clause[j] = kept;
    }
}

double surveys_sweep(struct surveys *surveys, struct chance *chance)
{
    double change = 0;
    keep_live(surveys);
    shuffle(surveys, chance);
    add_pulls(surveys);
    for (int64_t i = 0; i < surveys->live; i++)
        change = fmax(change, update_clause(surveys, surveys->clause[i]));
    return change;
}

/* ---- what they say ------------------------------------------------------- */

double surveys_largest(struct surveys *surveys)
{
    double largest = 0;
    keep_live(surveys);
    for (int64_t i = 0; i < surveys->live; i++) {
        int count = open_edges(surveys, surveys->clause[i]);
        for (int j = 0; j < count; j++)
            largest = fmax(largest, surveys->eta[surveys->edge[j]]);
    }
    return largest;
}

double surveys_bias(const struct surveys *surveys, int32_t bit)
{
    double plus = num_exp(-surveys->plus[bit]);
    double minus = num_exp(-surveys->minus[bit]), rho = surveys->rho;
    double up = minus * (1 - rho * plus), down = plus * (1 - rho * minus);
    double sum = up + down + rho * plus * minus;
    return sum > 0 ? (up - down) / sum : 0;
}

/* ln(A_+ + A_- - rho A_+ A_-) */
static double log_bit(const struct surveys *s, int32_t bit)
{
    double less = fmin(s->plus[bit], s->minus[bit]);
    double more = fmax(s->plus[bit], s->minus[bit]);
    return -less + log1p(exp(less - more) - s->rho * exp(-more));
}

double surveys_entropy(struct surveys *surveys)
{
    struct surveys *s = surveys;
    double sum = 0;
    keep_live(s);
    add_pulls(s);
    for (int32_t b = 0; b < s->cnf->bits; b++)
        if (!s->value[b])
            sum += log_bit(s, b);
    for (int64_t i = 0; i < s->live; i++) {
        int count = open_edges(s, s->clause[i]);
        double all = 1;
        for (int j = 0; j < count; j++) {
            all *= s->w[j];
            sum -= log1p(-s->eta[s->edge[j]] * s->w[j]);
        }
        sum += log1p(-all);
    }
    return sum;
}

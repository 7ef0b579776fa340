/* Belief and survey propagation on trees, against enumeration of solutions and
   of clusters; propagation of single bits; local search; decimation. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "systems/decimation.h"
#include "systems/local_search.h"
#include "systems/surveys.h"
#include "tap.h"

enum { BITS = 13 };

/* ---- trees --------------------------------------------------------------- */

/* Clauses of 2 to 4 literals, each with one bit of those before and new ones:
   no loop. */
static struct cnf *tree(uint64_t seed)
{
    struct chance chance = chance_of(seed, RNG_TEST, 0, 0);
    struct cnf *cnf = mem_new(1, sizeof *cnf);
    cnf->start = mem_new(BITS + 1, sizeof *cnf->start);
    cnf->literal = mem_new(4 * BITS, sizeof *cnf->literal);
    cnf->bits = BITS;
    int64_t l = 0;
    for (int32_t used = 1; used < BITS;) {
        int32_t fresh = 1 + (int32_t)chance_below(&chance, 3);
        int32_t bit = (int32_t)chance_below(&chance, (uint32_t)used);
        fresh = fresh < BITS - used ? fresh : BITS - used;
        for (int i = 0; i <= fresh; i++) {
            cnf->literal[l++] = chance_below(&chance, 2) ? bit + 1
                                                         : -(bit + 1);
            bit = used + i;
        }
        used += fresh;
        cnf->start[++cnf->clauses] = l;
    }
    return cnf;
}

struct counts { double solutions, up[BITS]; };

static struct counts enumerate(const struct cnf *cnf)
{
    struct counts counts = {0};
    for (int state = 0; state < 1 << cnf->bits; state++) {
        int8_t value[BITS];
        for (int b = 0; b < cnf->bits; b++)
            value[b] = state >> b & 1 ? 1 : -1;
        if (cnf_violated(cnf, value))
            continue;
        counts.solutions++;
        for (int b = 0; b < cnf->bits; b++)
            counts.up[b] += state >> b & 1;
    }
    return counts;
}

static struct decimation_plan plan_of(double rho)
{
    return (struct decimation_plan){.rho = rho, .fraction = 0.05,
                                    .iterations = 1000, .flips = 20000,
                                    .restarts = 2, .seed = 5};
}

/* Worst deviations over trees; mutant: entropy without the clauses' part
   (that of as many free bits). */
static void beliefs(void)
{
    double entropy = 0, marginal = 0, mutant = 0;
    bool found = true, covered = true;
    struct decimation_plan plan = plan_of(0);
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct cnf *cnf = tree(seed);
        struct counts want = enumerate(cnf);
        struct decimation d = decimate(cnf, &plan);
        double off = fabs(d.entropy - log(want.solutions));
        entropy = fmax(entropy, off);
        covered = covered && off <= d.entropy_error;
        mutant = fmax(mutant, fabs(BITS * log(2) - log(want.solutions)));
        for (int b = 0; b < BITS; b++)
            marginal = fmax(marginal, fabs((1 + d.bias[b]) / 2 -
                                           want.up[b] / want.solutions));
        found = found && d.converged && d.outcome == DECIMATION_FOUND &&
                !cnf_violated(cnf, d.value);
        decimation_free(&d);
        cnf_free(cnf);
    }
    near(entropy, 0, 1e-12, "BP on trees: ln(number of solutions)");
    ok(covered, "its error covers it");
    near(marginal, 0, 1e-12, "BP on trees: marginals");
    ok(mutant > 1, "mutant without clauses rejected");
    ok(found, "decimation satisfies trees");
}

/* On a tree all solutions are one cluster: surveys vanish. */
static void surveys_of_trees(void)
{
    struct decimation_plan plan = plan_of(1);
    double most = 0;
    bool found = true;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct cnf *cnf = tree(seed);
        struct decimation d = decimate(cnf, &plan);
        most = fmax(most, fmax(d.largest, fabs(d.entropy)));
        found = found && d.outcome == DECIMATION_FOUND && !d.decimated;
        decimation_free(&d);
        cnf_free(cnf);
    }
    near(most, 0, 1e-12, "SP on trees: trivial, no complexity");
    ok(found, "then local search finds a solution");
}

/* ---- given surveys ------------------------------------------------------- */

static struct cnf *of(int32_t bits, int64_t clauses, const int32_t *text)
{
    struct cnf *cnf = mem_new(1, sizeof *cnf);
    cnf->start = mem_new((size_t)clauses + 1, sizeof *cnf->start);
    cnf->literal = mem_new(64, sizeof *cnf->literal);
    cnf->bits = bits;
    int64_t l = 0;
    for (; cnf->clauses < clauses; text++)
        if (*text)
            cnf->literal[l++] = *text;
        else
            cnf->start[++cnf->clauses] = l;
    return cnf;
}

static void bias_is(double rho, double want, const char *what)
{
    static const int32_t text[] = {1, 2, 0, -1, 2, 0};
    struct chance chance = chance_of(1, RNG_TEST, 1, 0);
    struct cnf *cnf = of(2, 2, text);
    struct surveys s = surveys_new(cnf, rho, &chance);
    s.plus[0] = -log(0.42);
    s.minus[0] = -log(0.375);
    near(surveys_bias(&s, 0), want, 1e-14, what);
    surveys_free(&s);
    cnf_free(cnf);
}

/* Products of 1 - eta: 0.42 of the clauses with the bit, 0.375 of those with
   its negation, which are violated when it is true. */
static void biases(void)
{
    bias_is(0, (0.375 - 0.42) / (0.375 + 0.42), "bias of beliefs");
    bias_is(1, (0.375 - 0.42) / (0.375 + 0.42 - 0.375 * 0.42),
            "bias of surveys");
}

/* ---- surveys against the published form ---------------------------------- */

/* Braunstein, Mezard and Zecchina 2005: with products over the clauses of j
   other than a, V_s those that want j as a does,
     P_u = (1 - prod_(V_u)) prod_(V_s), P_s the other way, P_0 = prod of all,
     eta_(a to i) = prod_j P_u / (P_u + P_s + P_0),
     Sigma = sum_a ln(prod_j (P_u + P_s + P_0) - prod_j P_u)
             - sum_i (n_i - 1) ln(the same of i with all its clauses),
   all edges at once, every product made afresh. */
struct plain {
    const struct cnf *cnf;
    struct occurrences at;
    double *eta, *next;
};

/* Products of the clauses of a bit but one, by sign. */
static void products(const struct plain *p, int32_t bit, int64_t but,
                     double product[2])
{
    product[0] = product[1] = 1;
    for (int64_t i = p->at.start[bit - 1]; i < p->at.start[bit]; i++) {
        int64_t l = p->at.edge[i];
        if (l / 3 != but)
            product[p->cnf->literal[l] > 0] *= 1 - p->eta[l];
    }
}

/* P_u and the sum of all three, of the bit at l to its clause. */
static double to_violate(const struct plain *p, int64_t l, double *sum)
{
    double product[2];
    products(p, abs(p->cnf->literal[l]), l / 3, product);
    double same = product[p->cnf->literal[l] > 0];
    double other = product[p->cnf->literal[l] < 0];
    *sum = same + other - same * other;
    return (1 - other) * same;
}

static double plain_sweep(struct plain *p)
{
    double change = 0;
    for (int64_t c = 0; c < p->cnf->clauses; c++) {
        double w[3], sum;
        for (int i = 0; i < 3; i++) {
            w[i] = to_violate(p, 3 * c + i, &sum);
            w[i] /= sum;
        }
        for (int i = 0; i < 3; i++)
            p->next[3 * c + i] = w[(i + 1) % 3] * w[(i + 2) % 3];
    }
    for (int64_t l = 0; l < 3 * p->cnf->clauses; l++) {
        change = fmax(change, fabs(p->next[l] - p->eta[l]));
        p->eta[l] = p->next[l];
    }
    return change;
}

static double plain_complexity(const struct plain *p)
{
    double sigma = 0;
    for (int64_t c = 0; c < p->cnf->clauses; c++) {
        double all = 1, violated = 1, sum;
        for (int i = 0; i < 3; i++) {
            violated *= to_violate(p, 3 * c + i, &sum);
            all *= sum;
        }
        sigma += log(all - violated);
    }
    for (int32_t b = 1; b <= p->cnf->bits; b++) {
        double product[2];
        products(p, b, -1, product);
        sigma -= (double)(p->at.start[b] - p->at.start[b - 1] - 1) *
                 log(product[0] + product[1] - product[0] * product[1]);
    }
    return sigma;
}

static void published(void)
{
    struct decimation_plan plan = plan_of(1);
    struct cnf *cnf = cnf_random(1000, 4150, 3, 2);
    struct plain p = {.cnf = cnf, .at = occurrences_of(cnf)};
    double change = 1;
    int sweeps = 0;
    p.eta = mem_new(3 * 4150, sizeof *p.eta);
    p.next = mem_new(3 * 4150, sizeof *p.next);
    for (int l = 0; l < 3 * 4150; l++)
        p.eta[l] = 0.5;
    for (; sweeps < 1000 && change > 1e-9; sweeps++)
        change = plain_sweep(&p);
    plan.flips = plan.restarts = 0;
    plan.fraction = 1;
    struct decimation d = decimate(cnf, &plan);
    ok(d.converged && change <= 1e-9 && d.largest > 0.1,
       "surveys of 1000 bits converge, both ways, and are not trivial");
    near(d.entropy, plain_complexity(&p), 1e-7, "complexity as published");
    decimation_free(&d);
    free(p.eta);
    free(p.next);
    occurrences_free(&p.at);
    cnf_free(cnf);
}

/* ---- single bits --------------------------------------------------------- */

static void single_bits(void)
{
    static const int32_t chain[] = {1, 0, -1, 2, 0, -2, -3, 0, 3, 4, 5, 0};
    static const int32_t clash[] = {1, 0, -1, 2, 0, -2, 3, 0, -3, -1, 0};
    static const int32_t empty[] = {1, 2, 0, 0};
    struct decimation_plan plan = plan_of(1);
    struct cnf *cnf = of(5, 4, chain);
    struct decimation d = decimate(cnf, &plan);
    ok(d.outcome == DECIMATION_FOUND && d.forced == 3 && d.value[0] == 1 &&
           d.value[1] == 1 && d.value[2] == -1 && !cnf_violated(cnf, d.value),
       "clauses of one bit set three bits");
    decimation_free(&d);
    cnf_free(cnf);
    cnf = of(3, 4, clash);
    d = decimate(cnf, &plan);
    ok(d.outcome == DECIMATION_CONTRADICTION, "a contradiction is found");
    decimation_free(&d);
    cnf_free(cnf);
    cnf = of(2, 2, empty);
    d = decimate(cnf, &plan);
    ok(d.outcome == DECIMATION_CONTRADICTION, "an empty clause is one");
    decimation_free(&d);
    cnf_free(cnf);
}

/* Clauses one after the other until nothing changes; false: contradiction. */
static bool forced_plainly(const struct cnf *cnf, int8_t *value)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (int64_t c = 0; c < cnf->clauses; c++) {
            int32_t open = 0, last = 0;
            bool met = false;
            for (int64_t l = cnf->start[c]; l < cnf->start[c + 1]; l++) {
                met = met || cnf_true(value, cnf->literal[l]);
                if (!value[abs(cnf->literal[l]) - 1]) {
                    open++;
                    last = cnf->literal[l];
                }
            }
            if (met || open > 1)
                continue;
            if (!open)
                return false;
            value[abs(last) - 1] = last > 0 ? 1 : -1;
            changed = true;
        }
    }
    return true;
}

/* The first `keep` literals of clause c are kept, 1 to 3 of them. */
static struct cnf *mixed(uint64_t seed)
{
    struct cnf *cnf = cnf_random(20, 24, 3, seed);
    int64_t l = 0;
    for (int64_t c = 0; c < cnf->clauses; c++) {
        int64_t keep = c % 6 == 0 ? 1 : c % 6 < 4 ? 2 : 3;
        for (int64_t i = 0; i < keep; i++)
            cnf->literal[l++] = cnf->literal[3 * c + i];
        cnf->start[c] = l - keep;
    }
    cnf->start[cnf->clauses] = l;
    return cnf;
}

static void single_bits_plainly(void)
{
    int contradictions = 0, forced = 0, wrong = 0;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        struct chance chance = chance_of(seed, RNG_TEST, 3, 0);
        struct cnf *cnf = mixed(seed);
        struct surveys s = surveys_new(cnf, 1, &chance);
        int8_t value[20] = {0};
        bool fine = forced_plainly(cnf, value);
        wrong += s.contradiction == fine ||
                 (fine && memcmp(value, s.value, sizeof value));
        contradictions += !fine;
        forced += (int)s.set;
        surveys_free(&s);
        cnf_free(cnf);
    }
    ok(!wrong && contradictions > 40 && contradictions < 360,
       "400 formulas, %d contradictions, %d bits forced: %d otherwise when "
       "clauses are gone through plainly", contradictions, forced, wrong);
}

/* All eight clauses of three bits: unsatisfiable, and no clause of one. */
static void not_found(double rho, const char *what)
{
    static const int32_t all[] = {1, 2, 3, 0, 1, 2, -3, 0, 1, -2, 3, 0,
                                  1, -2, -3, 0, -1, 2, 3, 0, -1, 2, -3, 0,
                                  -1, -2, 3, 0, -1, -2, -3, 0};
    struct decimation_plan plan = plan_of(rho);
    struct cnf *cnf = of(3, 8, all);
    struct decimation d = decimate(cnf, &plan);
    ok(d.outcome == DECIMATION_NOT_FOUND && d.violated == 1 && d.tries == 3 &&
           d.flips == 3 * plan.flips, "%s: not found, one clause violated",
       what);
    decimation_free(&d);
    cnf_free(cnf);
}

/* ---- random formulas ----------------------------------------------------- */

static void searches(void)
{
    struct cnf *cnf = cnf_random(500, 1900, 3, 3);
    struct chance chance = chance_of(1, RNG_TEST, 2, 0);
    int8_t value[500];
    int64_t violated;
    memset(value, 1, sizeof value);
    int64_t start = cnf_violated(cnf, value);
    int64_t none = local_search(cnf, value, 0, &chance, &violated);
    ok(none == 0 && violated == start && start > 100,
       "local search counts violated clauses");
    int64_t flips = local_search(cnf, value, 1000, &chance, &violated);
    ok(violated == cnf_violated(cnf, value) && flips <= 1000,
       "and keeps count");
    local_search(cnf, value, 10000000, &chance, &violated);
    ok(!violated && !cnf_violated(cnf, value), "and finds at alpha = 3.8");
    cnf_free(cnf);
}

static void decimates(double rho, int32_t bits, double alpha,
                      const char *what)
{
    struct decimation_plan plan = plan_of(rho);
    plan.flips = 2000000;
    plan.iterations = 200;
    struct cnf *cnf = cnf_random(bits, (int64_t)(bits * alpha), 3, 1);
    struct decimation d = decimate(cnf, &plan);
    struct decimation again = decimate(cnf, &plan);
    ok(d.outcome == DECIMATION_FOUND && !cnf_violated(cnf, d.value) &&
           d.decimated > 0, "%s: %lld set, %lld flips, %lld tries", what,
       (long long)d.decimated, (long long)d.flips, (long long)d.tries);
    ok(!memcmp(d.value, again.value, (size_t)bits) && d.sweeps == again.sweeps,
       "%s: the same again", what);
    decimation_free(&d);
    decimation_free(&again);
    cnf_free(cnf);
}

int main(void)
{
    beliefs();
    surveys_of_trees();
    biases();
    published();
    single_bits();
    single_bits_plainly();
    not_found(0, "BP");
    not_found(1, "SP");
    searches();
    decimates(1, 1500, 4.1, "SP decimation");
    decimates(0, 400, 3.4, "BP decimation");
    return tap_done();
}

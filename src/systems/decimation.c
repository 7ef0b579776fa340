#include "systems/decimation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "systems/local_search.h"
#include "systems/surveys.h"

/* The first fixed point is a result, the later ones only guide. */
#define CONVERGED_WELL 1e-9
#define CONVERGED 1e-3
/* Surveys below say nothing any more. */
#define TRIVIAL 0.01

struct ranked { double bias; int32_t bit; };

struct attempt {
    const struct cnf *cnf;
    const struct decimation_plan *plan;
    struct decimation *result;
    struct surveys surveys;
    struct chance chance;
    struct ranked *ranked; /* [bits] */
    int8_t *fixed;         /* [bits] not for local search to turn; 0: free */
};

/* ---- fixed points -------------------------------------------------------- */

static bool converge(struct attempt *a, double least)
{
    double change = INFINITY;
    int64_t n = 0;
    while (n < a->plan->iterations && !(change < least)) {
        change = surveys_sweep(&a->surveys, &a->chance);
        n++;
    }
    a->result->sweeps += n;
    return change < least;
}

/* Bethe's entropy is stationary, of the order of bits times the square of
   what eta lacks; one more sweep shows it, and there is rounding. */
static void first_point(struct attempt *a)
{
    struct decimation *r = a->result;
    r->forced = a->surveys.set;
    r->converged = converge(a, CONVERGED_WELL);
    if (!r->converged)
        return;
    double before = surveys_entropy(&a->surveys);
    surveys_sweep(&a->surveys, &a->chance);
    r->entropy = surveys_entropy(&a->surveys);
    r->entropy_error = fabs(r->entropy - before) +
                       1e-15 * (double)(a->cnf->bits +
                                        a->cnf->start[a->cnf->clauses]);
    r->largest = surveys_largest(&a->surveys);
    for (int32_t b = 0; b < a->cnf->bits; b++)
        r->bias[b] = a->surveys.value[b] ? a->surveys.value[b]
                                         : surveys_bias(&a->surveys, b);
}

/* ---- decimation ---------------------------------------------------------- */

static int by_bias(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    double p = fabs(x->bias), q = fabs(y->bias);
    return p != q ? (p < q) - (p > q) : (x->bit > y->bit) - (x->bit < y->bit);
}

/* Bits that are in no open clause have bias 0 and wait. */
static int64_t rank(struct attempt *a)
{
    int64_t count = 0;
    for (int32_t b = 0; b < a->cnf->bits; b++) {
        double bias = a->surveys.value[b] ? 0 : surveys_bias(&a->surveys, b);
        if (bias != 0)
            a->ranked[count++] = (struct ranked){bias, b};
    }
    qsort(a->ranked, (size_t)count, sizeof *a->ranked, by_bias);
    return count;
}

/* false: all are without bias */
static bool set_most_biased(struct attempt *a)
{
    int64_t count = rank(a);
    int64_t most = (int64_t)fmax(1, a->plan->fraction * (double)count);
    for (int64_t i = 0; i < most && i < count &&
                        !a->surveys.contradiction; i++) {
        struct ranked next = a->ranked[i];
        if (a->surveys.value[next.bit])
            continue;
        surveys_set(&a->surveys, next.bit, next.bias > 0 ? 1 : -1);
        a->result->decimated++;
    }
    return count > 0;
}

static bool trivial(struct attempt *a)
{
    return a->plan->rho > 0 && surveys_largest(&a->surveys) < TRIVIAL;
}

static void decimate_once(struct attempt *a)
{
    bool good = a->result->tries > 1 ? converge(a, CONVERGED)
                                     : a->result->converged;
    a->result->decimated = 0;
    while (surveys_live(&a->surveys) && !trivial(a)) {
        a->result->unconverged += !good;
        if (!set_most_biased(a) || a->surveys.contradiction)
            break;
        good = converge(a, CONVERGED);
    }
    a->result->failed = a->surveys.contradiction;
    a->result->propagated =
        a->surveys.set - a->result->forced - a->result->decimated;
}

/* ---- local search -------------------------------------------------------- */

/* Bits that are not set begin at random. After a contradiction nothing that
   was chosen stays, it is only where the search begins. */
static void search(struct attempt *a, int8_t *value)
{
    size_t bytes = (size_t)a->cnf->bits * sizeof *value;
    int64_t violated;
    memcpy(value, a->surveys.value, bytes);
    if (!a->result->failed)
        memcpy(a->fixed, a->surveys.value, bytes);
    a->result->searched = 0;
    for (int32_t b = 0; b < a->cnf->bits; b++) {
        a->result->searched += !a->fixed[b];
        if (!value[b])
            value[b] = chance_below(&a->chance, 2) ? 1 : -1;
    }
    struct cnf *rest = cnf_rest(a->cnf, a->fixed);
    a->result->flips += local_search(rest, value, a->plan->flips, &a->chance,
                                     &violated);
    cnf_free(rest);
}

/* ---- tries --------------------------------------------------------------- */

/* Keeps the better assignment. */
static void keep(struct attempt *a, const int8_t *value)
{
    struct decimation *r = a->result;
    int64_t violated = cnf_violated(a->cnf, value);
    if (r->tries > 1 && violated >= r->violated)
        return;
    r->violated = violated;
    memcpy(r->value, value, (size_t)a->cnf->bits * sizeof *value);
    if (!violated)
        r->outcome = DECIMATION_FOUND;
}

static void attempt(struct attempt *a)
{
    struct decimation *r = a->result;
    a->chance = chance_of(a->plan->seed, RNG_POPULATION,
                          (uint32_t)r->tries++, 0);
    a->surveys = surveys_new(a->cnf, a->plan->rho, &a->chance);
    if (a->surveys.contradiction) {
        r->outcome = DECIMATION_CONTRADICTION;
    } else {
        int8_t *value = mem_new((size_t)a->cnf->bits, sizeof *value);
        memcpy(a->fixed, a->surveys.value,
               (size_t)a->cnf->bits * sizeof *value);
        if (r->tries == 1)
            first_point(a);
        decimate_once(a);
        search(a, value);
        keep(a, value);
        free(value);
    }
    surveys_free(&a->surveys);
}

struct decimation decimate(const struct cnf *cnf,
                           const struct decimation_plan *plan)
{
    struct decimation result = {.outcome = DECIMATION_NOT_FOUND,
                                .violated = cnf->clauses};
    struct attempt a = {.cnf = cnf, .plan = plan, .result = &result};
    result.value = mem_new((size_t)cnf->bits, sizeof *result.value);
    result.bias = mem_new((size_t)cnf->bits, sizeof *result.bias);
    a.ranked = mem_new((size_t)cnf->bits, sizeof *a.ranked);
    a.fixed = mem_new((size_t)cnf->bits, sizeof *a.fixed);
    while (result.outcome == DECIMATION_NOT_FOUND &&
           result.tries <= plan->restarts)
        attempt(&a);
    free(a.ranked);
    free(a.fixed);
    return result;
}

void decimation_free(struct decimation *result)
{
    free(result->value);
    free(result->bias);
}

/* The exact law of a small system with facet local, by enumeration, and
   chi-square tests of samples against it.

   State number n holds site i at digit i of n in base `values`. */
#ifndef TEMPERA_TESTS_LAW_H
#define TEMPERA_TESTS_LAW_H
#include <gsl/gsl_cdf.h>

#include "contract.h"

enum { LAW_STATES_MOST = 4096, LAW_QUANTITIES = 20 };

/* Least expected count of a chi-square cell. */
#define CELL_LEAST 25.0

/* Quantities are the K components of u, then the model's observables of
   statistics. */
struct law {
    const struct system *system;
    int states, quantities;
    int start;                   /* a fixed state of the law's class */
    double *p, *cumulative;
    double *q;                   /* [states][quantities] */
    double mean[LAW_QUANTITIES];
    double ln_z;
};

__attribute__((unused))
static int law_states(const struct system *system)
{
    double states = 1;
    if (!system->model->local)
        return 0;
    for (int64_t i = 0; i < system->sites; i++)
        states *= system_values(system);
    return states <= LAW_STATES_MOST ? (int)states : 0;
}

static void law_state(const struct system *system, int number, void *state)
{
    const struct local *local = system->model->local;
    int values = system_values(system);
    for (int64_t i = 0; i < system->sites; i++, number /= values)
        local->set(system, state, i, number % values);
}

__attribute__((unused))
static int law_number(const struct system *system, const void *state)
{
    const struct local *local = system->model->local;
    int number = 0;
    for (int64_t i = system->sites - 1; i >= 0; i--)
        number = number * system_values(system) +
                 local->get(system, state, i);
    return number;
}

static int quantities_of(const struct system *system,
                         const double *statistics, double *q)
{
    const struct model *model = system->model;
    int count = system->components;
    model->u(system, statistics, q);
    for (int i = 0; model->observables[i].name; i++)
        if (model->observables[i].of)
            q[count++] = model->observables[i].of(system, statistics);
    return count;
}

__attribute__((unused))
static const char *quantity_name(const struct model *model, int q)
{
    int at = q - model->components;
    const struct observable *row = model->observables;
    while (at >= 0 && (!row->of || at-- > 0))
        row++;
    return q < model->components ? "u" : row->name;
}

/* Sites of each value. */
static void composition_of(const struct system *system, const void *state,
                           int *count)
{
    memset(count, 0, VALUES_MAX * sizeof *count);
    for (int64_t i = 0; i < system->sites; i++)
        count[system->model->local->get(system, state, i)]++;
}

/* The class of states that the dynamics stays in; NULL, all. */
static const int *law_class(const struct system *system,
                            const struct dynamics *dynamics, int *count)
{
    struct sweep s = {.system = system,
                      .draws = {.kind = STREAM_WORD, .seed = 3}};
    if (!dynamics || !dynamics->conserves)
        return NULL;
    s.state = mem_new(1, system->state_bytes);
    dynamics->start(&s);
    composition_of(system, s.state, count);
    free(s.state);
    return count;
}

/* Where chains start that look for the law: ordered, or the class's first. */
static int law_start(const struct law *law, bool all, void *state)
{
    int n = 0;
    law_state(law->system, 0, state);
    if (all && law->system->model->ordered)
        law->system->model->ordered(law->system, state);
    while (!all && law->p[n] == 0)
        n++;
    return all ? law_number(law->system, state) : n;
}

static void law_normalise(struct law *law)
{
    double sum = 0, total = 0;
    for (int n = 0; n < law->states; n++)
        sum += law->p[n];
    for (int n = 0; n < law->states; n++) {
        law->p[n] /= sum;
        total += law->p[n];
        law->cumulative[n] = total;
        for (int i = 0; i < law->quantities; i++)
            law->mean[i] += law->p[n] * law->q[n * LAW_QUANTITIES + i];
    }
    law->ln_z += log(sum);
}

/* Of p, or for a dynamics that conserves something of p among the states it
   reaches. */
__attribute__((unused))
static struct law *law_for(const struct system *system,
                           const struct dynamics *dynamics, int sample,
                           const double *lambda)
{
    struct law *law = mem_new(1, sizeof *law);
    size_t states = (size_t)law_states(system);
    char *state = mem_new(1, system->state_bytes);
    int held[VALUES_MAX], here[VALUES_MAX];
    const int *class = law_class(system, dynamics, held);
    *law = (struct law){.system = system, .states = (int)states};
    law->p = mem_new(states, sizeof *law->p);
    law->cumulative = mem_new(states, sizeof *law->cumulative);
    law->q = mem_new(states * LAW_QUANTITIES, sizeof *law->q);
    for (int n = 0; n < law->states; n++) {
        double statistics[STATISTICS_MAX], *q = law->q + n * LAW_QUANTITIES;
        law_state(system, n, state);
        system->model->measure(system, sample, state, statistics);
        law->quantities = quantities_of(system, statistics, q);
        double x = rung_dot(lambda, q, system->components);
        if (n == 0)
            law->ln_z = -x;
        composition_of(system, state, here);
        if (!class || !memcmp(class, here, sizeof here))
            law->p[n] = exp(-x - law->ln_z);
    }
    law_normalise(law);
    law->start = law_start(law, !class, state);
    free(state);
    return law;
}

__attribute__((unused))
static struct law *law_of(const struct system *system, int sample,
                          const double *lambda)
{
    return law_for(system, NULL, sample, lambda);
}

/* Of disorder sample 0. */
__attribute__((unused))
static struct law *law_new(const struct system *system, const double *lambda)
{
    return law_of(system, 0, lambda);
}

__attribute__((unused))
static void law_free(struct law *law)
{
    free(law->p);
    free(law->cumulative);
    free(law->q);
    free(law);
}

/* Number of a state drawn from the law: draw `i` of stream `stream`. */
__attribute__((unused))
static int law_draw(const struct law *law, uint32_t stream, uint32_t i)
{
    struct rng_quad quad = rng_philox(11, RNG_TEST, stream, i, 0, 0);
    double uniform = rng_unit(quad.v[0], quad.v[1]);
    int low = 0, high = law->states - 1;
    while (low < high) {
        int middle = (low + high) / 2;
        if (uniform < law->cumulative[middle])
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* ---- chi-square ---------------------------------------------------------- */

struct keyed { double key; int state; };

static int by_key(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->state - y->state;
}

/* Walks the states in order and closes a cell when it expects CELL_LEAST
   counts (and, by_u, at a new u only); what is left joins the last cell. */
static double chi_square(const struct law *law, const double *count,
                         double total, bool by_u)
{
    struct keyed *order = mem_new((size_t)law->states, sizeof *order);
    double sum = 0, expected = 0, seen = 0, last_e = 0, last_s = 0;
    int cells = 0;
    for (int n = 0; n < law->states; n++)
        order[n] = (struct keyed){by_u ? law->q[n * LAW_QUANTITIES]
                                       : -law->p[n], n};
    qsort(order, (size_t)law->states, sizeof *order, by_key);
    for (int i = 0; i < law->states; i++) {
        expected += total * law->p[order[i].state];
        seen += count[order[i].state];
        bool end = i + 1 == law->states;
        if (expected < CELL_LEAST || end ||
            (by_u && order[i + 1].key == order[i].key))
            continue;
        if (cells++)
            sum += (last_s - last_e) * (last_s - last_e) / last_e;
        last_e = expected;
        last_s = seen;
        expected = seen = 0;
    }
    last_e += expected;
    last_s += seen;
    if (last_e > 0)
        sum += (last_s - last_e) * (last_s - last_e) / last_e;
    free(order);
    return cells > 1 ? gsl_cdf_chisq_Q(sum, cells - 1) : 1;
}

/* Probability that counts[states] drawn from the law look as bad or worse:
   the smaller one of a chi-square over u and one over states, twice. */
__attribute__((unused))
static double law_chance(const struct law *law, const double *count)
{
    double total = 0;
    for (int n = 0; n < law->states; n++) {
        total += count[n];
        if (count[n] > 0 && law->p[n] == 0)
            return 0;
    }
    double u = chi_square(law, count, total, true);
    double states = chi_square(law, count, total, false);
    return fmin(1, 2 * fmin(u, states));
}

#endif

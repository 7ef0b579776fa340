#include "systems/mean_field_parts.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/chance.h"
#include "base/sum.h"
#include "systems/bethe.h"
#include "systems/tap.h"

/* Solutions nearer than that are one. */
static const double SAME = 1e-5;

static bool symmetric_of(const struct pairs *p)
{
    return !p->h && !p->clamp;
}

/* ---- sweeps of naive mean field and TAP --------------------------------- */

/* x + B tanh x = A, B >= 0: Newton's steps within a shrinking bracket, from
   what tanh x was; the error is squared at each, f''/f' being at most 2. */
static double reacting(double A, double B, double before)
{
    double low = A - B, high = A + B, x = A - B * before;
    for (int step = 0; step < 100; step++) {
        double t = tanh(x), f = x + B * t - A;
        if (f > 0)
            high = x;
        else
            low = x;
        double next = x - f / (1 + B * (1 - t * t));
        if (!(next >= low && next <= high))
            next = (low + high) / 2;
        double moved = fabs(next - x);
        x = next;
        if (moved <= 1e-9 * fmin(1, fabs(x)))
            break;
    }
    return tanh(x);
}

static double best_here(const struct mean_field_task *t, const double *m,
                        int64_t i)
{
    const struct pairs *p = t->pairs;
    double A = naive_mf_field(p, t->sample, t->beta, m, i), B = 0;
    if (t->kind == MEAN_FIELD_NAIVE)
        return tanh(A);
    for (int64_t k = p->start[i]; k < p->start[i + 1]; k++) {
        double K = mean_field_coupling(t, p->bond[k]), y = m[p->other[k]];
        B += K * K * (1 - y * y);
    }
    return reacting(A, B, m[i]);
}

static double sweep_sites(void *with, double *m, double damping)
{
    const struct mean_field_task *t = with;
    double most = 0;
    for (int64_t i = 0; i < t->pairs->sites; i++) {
        if (t->pairs->clamp && t->pairs->clamp[i])
            continue;
        double fresh = best_here(t, m, i);
        most = fmax(most, fabs(fresh - m[i]));
        m[i] = damping * m[i] + (1 - damping) * fresh;
    }
    return most;
}

double mean_field_sweep(const struct mean_field_task *t, double *m)
{
    return sweep_sites((void *)t, m, 0);
}

/* ---- starts ------------------------------------------------------------- */

enum { ZERO, UP, DOWN, GIVEN, RANDOM };

static bool start_wanted(const struct mean_field_task *t, int start)
{
    return !(start == DOWN && symmetric_of(t->pairs)) &&
           !(start == GIVEN && !t->start);
}

static void start_at(const struct mean_field_task *t, int start, double *m)
{
    const struct pairs *p = t->pairs;
    struct chance chance = chance_of(t->seed, RNG_POPULATION,
                                     (uint32_t)start, (uint32_t)t->sample);
    for (int64_t i = 0; i < p->sites; i++) {
        m[i] = start == ZERO    ? 0
               : start == UP    ? 1
               : start == DOWN  ? -1
               : start == GIVEN ? t->start[i]
                                : 2 * chance_unit(&chance) - 1;
        if (p->clamp && p->clamp[i])
            m[i] = p->clamp[i];
    }
}

/* ---- what a solution says ----------------------------------------------- */

/* The expansion's <s_i s_j> = d ln Z / d K_ij. */
static void correlations(const struct mean_field_task *t, const double *m,
                         double *c)
{
    for (int64_t b = 0; b < t->pairs->bonds; b++) {
        double x = m[t->pairs->ends[2 * b]], y = m[t->pairs->ends[2 * b + 1]];
        c[b] = x * y;
        if (t->kind == MEAN_FIELD_TAP)
            c[b] += mean_field_coupling(t, b) * (1 - x * x) * (1 - y * y);
    }
}

static double energy_of(const struct mean_field_task *t, const double *m,
                        const double *c)
{
    const struct pairs *p = t->pairs;
    const int32_t *J = p->J + t->sample * p->bonds;
    struct sum sum = {0};
    for (int64_t b = 0; b < p->bonds; b++)
        sum_add(&sum, J[b] * c[b]);
    for (int64_t i = 0; p->h && i < p->sites; i++)
        sum_add(&sum, p->h[t->sample * p->sites + i] * m[i]);
    return p->constant - p->unit * sum_value(&sum);
}

static void thermal(const struct mean_field_task *t, const double *c,
                    struct mean_field_state *state)
{
    const struct pairs *p = t->pairs;
    double *m = state->m, sum = 0;
    state->ln_z =
        t->kind == MEAN_FIELD_NAIVE ? naive_mf_ln_z(p, t->sample, t->beta, m)
        : t->kind == MEAN_FIELD_TAP ? tap_ln_z(p, t->sample, t->beta, m)
                                    : bethe_ln_z(p, t->sample, t->beta, m, c);
    state->energy = energy_of(t, m, c);
    state->entropy = state->ln_z + t->beta * state->energy;
    for (int64_t i = 0; i < p->sites; i++)
        sum += m[i];
    for (int64_t i = 0; i < p->sites && sum < 0 && symmetric_of(p); i++)
        m[i] = -m[i];
}

/* ---- one start ---------------------------------------------------------- */

static struct fixed_end iterate(const struct mean_field_task *t,
                                struct belief *belief, double *x)
{
    bool messages = t->kind == MEAN_FIELD_BETHE;
    struct fixed_point problem = {
        .count = messages ? 2 * t->pairs->bonds : t->pairs->sites,
        .x = x,
        .sweep = messages ? belief_sweep : sweep_sites,
        .with = messages ? (void *)belief : (void *)t,
        .damping = t->damping, .tolerance = t->tolerance,
        .most = t->iterations};
    return fixed_point_solve(&problem);
}

/* Random magnetisations go to m = 0 by TAP, also where that is no solution;
   frozen solutions are near those of naive mean field. */
static void freeze(const struct mean_field_task *t, double *m)
{
    struct mean_field_task naive = *t;
    naive.kind = MEAN_FIELD_NAIVE;
    naive.tolerance = 1e-3;
    iterate(&naive, NULL, m);
}

static bool same(const struct pairs *p, const struct mean_field_state *a,
                 const struct mean_field_state *b)
{
    double plain = 0, flipped = symmetric_of(p) ? 0 : INFINITY;
    for (int64_t i = 0; i < p->sites; i++) {
        plain = fmax(plain, fabs(a->m[i] - b->m[i]));
        flipped = fmax(flipped, fabs(a->m[i] + b->m[i]));
    }
    return fmin(plain, flipped) < SAME + a->off + b->off;
}

/* Solutions so far, each once. */
struct list { int count; struct mean_field_state *at; };

static void keep(const struct mean_field_task *t, struct list *list,
                 struct mean_field_state state, const double *x,
                 const struct belief *belief)
{
    for (int i = 0; i < list->count; i++)
        if (same(t->pairs, &state, &list->at[i])) {
            free(state.m);
            return;
        }
    mean_field_judge(t, x, belief, &state);
    list->at = mem_grow(list->at, (size_t)list->count + 1, sizeof *list->at);
    list->at[list->count++] = state;
}

static void try_start(const struct mean_field_task *t, int start,
                      struct belief *belief, struct list *list,
                      struct mean_field_found *found)
{
    const struct pairs *p = t->pairs;
    bool messages = t->kind == MEAN_FIELD_BETHE;
    double *m = mem_new((size_t)p->sites, sizeof *m), *x = m;
    double *c = mem_new((size_t)p->bonds, sizeof *c);
    start_at(t, start, m);
    if (t->kind == MEAN_FIELD_TAP && start >= RANDOM)
        freeze(t, m);
    if (messages) {
        x = mem_new(2 * (size_t)p->bonds, sizeof *x);
        belief_start(belief, m, x);
    }
    struct fixed_end end = iterate(t, belief, x);
    found->starts++;
    if (end.fate == FIXED_CONVERGED) {
        struct mean_field_state state = {
            .m = m, .residual = end.residual, .off = end.off,
            .iterations = end.sweeps};
        found->converged++;
        if (messages)
            belief_means(belief, x, m, c);
        else
            correlations(t, m, c);
        thermal(t, c, &state);
        keep(t, list, state, x, belief);
    } else {
        found->oscillating += end.fate == FIXED_OSCILLATING;
        found->creeping += end.fate == FIXED_CREEPING;
        found->period = end.period ? end.period : found->period;
        found->residual = fmin(found->residual, end.residual);
        free(m);
    }
    if (messages)
        free(x);
    free(c);
}

/* ---- all starts --------------------------------------------------------- */

/* a before b? */
static bool better(const struct mean_field_state *a,
                   const struct mean_field_state *b)
{
    return a->admitted != b->admitted ? a->admitted : a->ln_z > b->ln_z;
}

static void choose(struct list *list, struct mean_field_found *found)
{
    int first = -1, second = -1;
    for (int i = 0; i < list->count; i++)
        if (first < 0 || better(&list->at[i], &list->at[first])) {
            second = first;
            first = i;
        } else if (second < 0 || better(&list->at[i], &list->at[second]))
            second = i;
    if (first >= 0 && !list->at[first].admitted) {
        second = first;
        first = -1;
    }
    for (int i = 0; i < list->count; i++)
        if (i == first)
            found->best = list->at[i];
        else if (i == second)
            found->other = list->at[i];
        else
            free(list->at[i].m);
    found->distinct = list->count;
    free(list->at);
}

struct mean_field_found mean_field_solve(const struct mean_field_task *task)
{
    struct mean_field_found found = {.residual = INFINITY};
    struct list list = {0};
    struct belief belief = {.pairs = NULL};
    if (task->kind == MEAN_FIELD_BETHE)
        belief = belief_new(task->pairs, task->sample, task->beta);
    for (int start = 0; start < RANDOM + task->restarts; start++)
        if (start_wanted(task, start))
            try_start(task, start, &belief, &list, &found);
    belief_release(&belief);
    choose(&list, &found);
    return found;
}

void mean_field_release(struct mean_field_found *found)
{
    free(found->best.m);
    free(found->other.m);
}

/* Is a solution stable, and does the expansion make sense there? */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "stat/lanczos.h"
#include "systems/mean_field_parts.h"

/* Eigenvalues so near 1 count as below. */
static const double AT_ONE = 1e-9;
enum { PRODUCTS = 300 };

/* With v_i = 1 - m_i^2 the equations m = tanh(field) have the linearisation
   sqrt(v_i) G_ij sqrt(v_j) up to a change of basis, G = d field_i / d m_j:
   naive beta J_ij; TAP beta J_ij + 2 K_ij^2 m_i m_j off the diagonal,
   - sum_j K_ij^2 v_j on it. */
struct linearised {
    const struct mean_field_task *task;
    const double *m;
    double *width;   /* [sites] sqrt(v) */
};

static void times(void *context, const double *v, double *out)
{
    const struct linearised *l = context;
    const struct pairs *p = l->task->pairs;
    bool tap = l->task->kind == MEAN_FIELD_TAP;
    memset(out, 0, (size_t)p->sites * sizeof *out);
    for (int64_t b = 0; b < p->bonds; b++) {
        int32_t i = p->ends[2 * b], j = p->ends[2 * b + 1];
        double wi = l->width[i], wj = l->width[j];
        double K = mean_field_coupling(l->task, b);
        double G = K + (tap ? 2 * K * K * l->m[i] * l->m[j] : 0);
        double square = tap ? K * K * wi * wi * wj * wj : 0;
        out[i] += wi * G * wj * v[j] - square * v[i];
        out[j] += wi * G * wj * v[i] - square * v[j];
    }
}

static void sites_stability(const struct linearised *l,
                            struct mean_field_state *state)
{
    struct symmetric matrix = {l->task->pairs->sites, times, (void *)l};
    struct lanczos_wanted wanted = {.top = 1, .steps = PRODUCTS,
                                    .tolerance = 1e-10,
                                    .seed = l->task->seed};
    struct ritz top, none;
    int steps;
    lanczos_ends(&matrix, &wanted, &top, &none, &steps);
    state->stability = top.value;
    state->stability_error = top.residual;
}

/* By powers: the matrix has no negative entries. */
static double plefka_of(const struct linearised *l)
{
    const struct pairs *p = l->task->pairs;
    size_t n = (size_t)p->sites;
    double *v = mem_new(n, sizeof *v), *out = mem_new(n, sizeof *out);
    double norm = 1, before = 0;
    for (size_t i = 0; i < n; i++)
        v[i] = 1 / sqrt((double)n);
    for (int s = 0; s < PRODUCTS && fabs(norm - before) > 1e-12 * norm; s++) {
        double square = 0;
        memset(out, 0, n * sizeof *out);
        for (int64_t b = 0; b < p->bonds; b++) {
            int32_t i = p->ends[2 * b], j = p->ends[2 * b + 1];
            double K = mean_field_coupling(l->task, b);
            double w = K * l->width[i] * l->width[j];
            out[i] += w * w * v[j];
            out[j] += w * w * v[i];
        }
        /* shifted, so that two sublattices do not alternate */
        for (size_t i = 0; i < n; i++) {
            out[i] += v[i];
            square += out[i] * out[i];
        }
        before = norm;
        norm = sqrt(square);
        for (size_t i = 0; i < n; i++)
            v[i] = out[i] / norm;
    }
    free(v);
    free(out);
    return fmax(0, norm - 1);
}

static void messages_stability(const struct mean_field_task *t,
                               const double *u, const struct belief *belief,
                               struct mean_field_state *state)
{
    double none, most;
    state->stability = most =
        belief_stability(belief, u, 0, PRODUCTS / 2, t->seed,
                         &state->stability_error);
    if (most > 1 + AT_ONE)
        most = belief_stability(belief, u, 0.5, PRODUCTS, t->seed, &none);
    state->admitted = most < 1 + AT_ONE;
}

void mean_field_judge(const struct mean_field_task *t, const double *x,
                      const struct belief *belief,
                      struct mean_field_state *state)
{
    const struct pairs *p = t->pairs;
    struct linearised l = {t, state->m,
                           mem_new((size_t)p->sites, sizeof(double))};
    for (int64_t i = 0; i < p->sites; i++)
        l.width[i] = sqrt(fmax(0, 1 - state->m[i] * state->m[i]));
    if (t->kind == MEAN_FIELD_BETHE)
        messages_stability(t, x, belief, state);
    else
        sites_stability(&l, state);
    state->plefka = t->kind == MEAN_FIELD_TAP ? plefka_of(&l) : NAN;
    state->admitted =
        t->kind == MEAN_FIELD_BETHE ? state->admitted
        : t->kind == MEAN_FIELD_TAP ? state->plefka < 1 + AT_ONE
                                    : true;
    free(l.width);
}

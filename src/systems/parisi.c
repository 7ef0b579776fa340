#include "systems/parisi.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "stat/tanh_average.h"
#include "systems/cosh_average.h"

/* How many widths of a normal number count, and points per width. */
static const double widths = 8.4, points = 3;
static const double root_2pi = 0x1.40d931ff62705p1;
enum { FIELDS_MOST = 12000 };

/* Fields x = j step, j = -n ... n, at one step of the hierarchy: F and its
   derivative, density P; E, EM hold what is averaged. */
struct level { int n; double *F, *M, *P, *E, *EM; };

struct grid {
    const struct parisi *p;
    double step;
    struct level level[PARISI_MOST]; /* 0 ... K - 1: level K is closed */
    struct cosh_average *last;        /* averages of level K, at level K - 1 */
    double less;                     /* F is less by that */
};

static double variance(const struct parisi *p, int i)
{
    return i ? p->q[i] - p->q[i - 1] : p->q[0];
}

/* Reach of the normal number between i - 1 and i, tilted by e^(y F). */
static int reach(const struct grid *g, int i)
{
    double var = variance(g->p, i);
    return (int)ceil((widths * sqrt(var) + g->p->y[i] * var) / g->step);
}

/* false: too fine. */
static bool grid_new(struct grid *g, const struct parisi *p, double finer)
{
    double least = sqrt(p->q[0]);
    for (int i = 1; i <= p->K; i++)
        least = fmin(least, sqrt(variance(p, i)));
    g->p = p;
    g->step = least / (points * finer);
    double reached = fabs(p->h) + 10;
    if (!(reached / g->step < FIELDS_MOST))
        return false;
    int n = (int)ceil((fabs(p->h) + widths * sqrt(p->q[0])) / g->step);
    for (int i = 0; i < p->K; i++) {
        n += i ? reach(g, i) : 0;
        size_t size = 2 * (size_t)n + 1;
        double *numbers = mem_new(5 * size, sizeof *numbers);
        g->level[i] = (struct level){n, numbers, numbers + size,
                                     numbers + 2 * size, numbers + 3 * size,
                                     numbers + 4 * size};
    }
    g->last = mem_new(2 * (size_t)n + 1, sizeof *g->last);
    return true;
}

static void grid_free(struct grid *g)
{
    for (int i = 0; i < g->p->K; i++)
        free(g->level[i].F);
    free(g->last);
}

/* weight[k + n], k = -n ... n: step times a normal density; owned by the
   caller. */
static double *normal_weights(double step, double var, int n)
{
    double *weight = mem_new(2 * (size_t)n + 1, sizeof *weight);
    for (int k = -n; k <= n; k++)
        weight[k + n] = step / sqrt(var) / root_2pi *
                        exp(-k * step * (k * step) / (2 * var));
    return weight;
}

/* ---- inwards: F_(K-1), ..., F_0 ----------------------------------------- */

static void innermost(struct grid *g)
{
    const struct parisi *p = g->p;
    struct level *to = &g->level[p->K - 1];
    struct cosh_rule *rule =
        cosh_rule_new(p->T, p->y[p->K], variance(p, p->K));
    for (int j = 0; j <= to->n; j++) {
        struct cosh_average a = cosh_average(rule, j * g->step);
        int here = to->n + j, there = to->n - j;
        g->last[here] = a;
        a.tanh = -a.tanh;
        g->last[there] = a;
        to->F[here] = to->F[there] = a.ln_A / p->y[p->K];
        to->M[here] = -a.tanh;
        to->M[there] = a.tanh;
    }
    g->less = cosh_rule_less(rule);
    cosh_rule_free(rule);
}

/* From level i to i - 1. */
static void inwards(struct grid *g, int i)
{
    const struct level *from = &g->level[i];
    struct level *to = &g->level[i - 1];
    double y = g->p->y[i];
    int r = from->n - to->n;
    double *weight = normal_weights(g->step, variance(g->p, i), r);
    for (int j = 0; j <= 2 * from->n; j++) {
        from->E[j] = expm1(y * from->F[j]);
        from->EM[j] = (1 + from->E[j]) * from->M[j];
    }
    for (int j = 0; j <= to->n; j++) {
        double more = 0, D = 0;
        for (int k = 0; k <= 2 * r; k++) {
            more += weight[k] * from->E[to->n + j + k];
            D += weight[k] * from->EM[to->n + j + k];
        }
        to->F[to->n + j] = to->F[to->n - j] = log1p(more) / y;
        to->M[to->n + j] = D / (1 + more);
        to->M[to->n - j] = -D / (1 + more);
    }
    free(weight);
}

/* ---- outwards: P_0, ..., P_(K-1) ---------------------------------------- */

static void start(struct grid *g)
{
    struct level *l = &g->level[0];
    double q = g->p->q[0];
    for (int j = -l->n; j <= l->n; j++) {
        double x = j * g->step - g->p->h;
        l->P[j + l->n] = exp(-x * x / (2 * q)) / (root_2pi * sqrt(q));
    }
}

static void outwards(struct grid *g, int i)
{
    const struct level *from = &g->level[i - 1];
    struct level *to = &g->level[i];
    double y = g->p->y[i];
    int r = to->n - from->n;
    double *weight = normal_weights(g->step, variance(g->p, i), r);
    for (int j = 0; j <= 2 * from->n; j++)
        from->E[j] = from->P[j] * exp(-y * from->F[j]);
    for (int j = 0; j <= 2 * to->n; j++)
        to->P[j] = 0;
    for (int j = 0; j <= 2 * from->n; j++)
        for (int k = 0; k <= 2 * r; k++)
            to->P[j + k] += weight[k] * from->E[j];
    for (int j = 0; j <= 2 * to->n; j++)
        to->P[j] *= exp(y * to->F[j]);
    free(weight);
}

/* ---- averages ------------------------------------------------------------ */

struct averages { double F[PARISI_MOST + 1], square[PARISI_MOST + 1]; };

static void average(const struct grid *g, struct averages *a,
                    struct parisi_means *means)
{
    int K = g->p->K;
    *a = (struct averages){{0}, {0}};
    for (int i = 0; i < K; i++) {
        const struct level *l = &g->level[i];
        for (int j = 0; j <= 2 * l->n; j++) {
            double weight = g->step * l->P[j];
            a->F[i] += weight * l->F[j];
            a->square[i] += weight * l->M[j] * l->M[j];
            if (i == 0)
                means->magnetization += weight * l->M[j];
        }
    }
    const struct level *l = &g->level[K - 1];
    for (int j = 0; j <= 2 * l->n; j++) {
        const struct cosh_average *last = &g->last[j];
        double weight = g->step * l->P[j];
        a->F[K] += weight * last->F;
        a->square[K] += weight * last->tanh2;
        means->sech4 += weight * last->sech4;
        means->zero += weight * last->zero;
    }
}

static void add_up(const struct parisi *p, const struct averages *a,
                   double less, struct parisi_means *means)
{
    double minus_f = a->F[0] + less, gap = 1 - p->q[p->K];
    if (p->T > 0)
        minus_f += gap * gap / (4 * p->T);
    for (int i = 0; i <= p->K; i++) {
        double next = i < p->K ? p->y[i + 1] : p->T > 0 ? 1 / p->T : p->y[i];
        means->square[i] = a->square[i];
        means->slope_q[i] = (next - p->y[i]) * (p->q[i] - a->square[i]) / 2;
        if (i == 0)
            continue;
        double rise = (p->q[i] - p->q[i - 1]) * (p->q[i] + p->q[i - 1]) / 4;
        minus_f -= p->y[i] * rise;
        means->slope_y[i] = (a->F[i] - a->F[i - 1]) / p->y[i] - rise;
    }
    means->free_energy = -minus_f;
}

/* K = 0: fields are normal. */
static void symmetric(const struct parisi *p, struct parisi_means *means)
{
    double T = p->T, h = p->h, density = exp(-h * h / 2) / root_2pi;
    *means = (struct parisi_means){.zero = density, .square = {1}};
    if (T == 0) {
        means->magnetization = erf(h * 0x1.6a09e667f3bcdp-1);
        means->free_energy = -2 * density - h * means->magnetization;
        return;
    }
    struct tanh_average t = tanh_average(h / T, sqrt(p->q[0]) / T);
    means->free_energy = -T * t.ln_2cosh -
                         (1 - p->q[0]) * (1 - p->q[0]) / (4 * T);
    means->square[0] = t.tanh2;
    means->slope_q[0] = (p->q[0] - t.tanh2) / (2 * T);
    means->magnetization = t.tanh;
    means->sech4 = t.sech4;
    means->zero = 0;
}

void parisi_means(const struct parisi *p, double finer,
                  struct parisi_means *means)
{
    if (p->K == 0) {
        symmetric(p, means);
        return;
    }
    struct grid g;
    struct averages a;
    *means = (struct parisi_means){.free_energy = NAN};
    if (!grid_new(&g, p, finer))
        return;
    innermost(&g);
    for (int i = p->K - 1; i > 0; i--)
        inwards(&g, i);
    start(&g);
    for (int i = 1; i < p->K; i++)
        outwards(&g, i);
    average(&g, &a, means);
    add_up(p, &a, g.less, means);
    grid_free(&g);
}

double parisi_overlap(const struct parisi *p, int power)
{
    double sum = pow(p->q[p->K], power);
    for (int i = 1; i <= p->K; i++)
        sum -= p->T * p->y[i] *
               (pow(p->q[i], power) - pow(p->q[i - 1], power));
    return sum;
}

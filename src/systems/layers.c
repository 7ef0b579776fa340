#include "systems/layers.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* ---- weights ------------------------------------------------------------- */

static struct jet weight(double action, double beta,
                         enum layer_variable variable, double slope)
{
    double w = exp(beta * action);
    double d = variable == LAYER_BETA ? action : slope;
    return (struct jet){w, d * w, d * d * w};
}

/* A triangular site is bound to two of the layer before, -J s' (s + l). */
static void fill_diagonal(struct layers *t, double beta,
                          enum layer_variable variable)
{
    for (int i = 0; i < 8; i++) {
        int to = i & 1, s = i >> 1 & 1, l = i >> 2;
        double both = strip_bond(t->strip, to == s) +
                      strip_bond(t->strip, to == l);
        t->diagonal[to][s][l] = weight(both - 2 * fabs(t->strip->J), beta,
                                       variable, 0);
    }
}

struct layers layers_new(const struct strip *strip, double beta,
                         enum layer_variable variable, double reference)
{
    struct layers t = {.strip = strip};
    size_t states = (size_t)strip->states;
    double equal = strip_bond(strip, true), other = strip_bond(strip, false);
    double best = strip_best_layer(strip), most = fmax(equal, other);
    for (int o = 0; o < 3; o++) {
        t.half[o] = mem_new(states, sizeof(double));
        t.work[o] = mem_new(2 * states, sizeof(double));
        t.sum[o] = mem_new(states, sizeof(double));
    }
    for (int s = 0; s < strip->states; s++) {
        struct jet w = weight((strip_layer_weight(strip, s) - best) / 2, beta,
                              variable, (strip->spins[s] - reference) / 2);
        t.half[0][s] = w.v;
        t.half[1][s] = w.d;
        t.half[2][s] = w.dd;
    }
    t.same = weight(equal - most, beta, variable, 0);
    t.differ = weight(other - most, beta, variable, 0);
    if (strip->kind == STRIP_TRIANGULAR)
        fill_diagonal(&t, beta, variable);
    return t;
}

void layers_release(struct layers *t)
{
    for (int o = 0; o < 3; o++) {
        free(t->half[o]);
        free(t->work[o]);
        free(t->sum[o]);
    }
}

/* ---- jets in arrays ------------------------------------------------------ */

static inline struct jet get(double *const x[3], ptrdiff_t i)
{
    return (struct jet){x[0][i], x[1][i], x[2][i]};
}

static inline void put(double *const x[3], ptrdiff_t i, struct jet value)
{
    x[0][i] = value.v;
    x[1][i] = value.d;
    x[2][i] = value.dd;
}

void layers_half(const struct layers *t, int orders, double *const x[3])
{
    for (int s = 0; s < t->strip->states; s++)
        if (orders == 1)
            x[0][s] *= t->half[0][s];
        else
            put(x, s, jet_mul(get(x, s), get(t->half, s)));
}

/* ---- square lattices ----------------------------------------------------- */

/* A site's bond to the next layer: x_v = same x_v + differ (all others). Where
   unlike sites weigh more the others are summed from either end: their sum
   less x_v would cancel. Those of site number log_q(digit). */
static void bond_values(const struct layers *t, int digit, double *x)
{
    double own = t->same.v - t->differ.v, *after = t->work[0];
    int q = t->strip->q;
    for (int block = 0; block < t->strip->states; block += q * digit)
        for (int s = block; s < block + digit; s++) {
            double sum = 0, before = 0;
            for (int v = q - 1; v >= 0; v--) {
                after[v] = sum;
                sum += x[s + v * digit];
            }
            for (int v = 0; v < q; v++) {
                double y = x[s + v * digit];
                x[s + v * digit] =
                    own > 0 ? own * y + t->differ.v * sum
                            : t->same.v * y + t->differ.v * (before + after[v]);
                before += y;
            }
        }
}

static void bond_jets(const struct layers *t, int digit, double *const x[3])
{
    struct jet own = jet_sub(t->same, t->differ);
    int q = t->strip->q;
    for (int block = 0; block < t->strip->states; block += q * digit)
        for (int s = block; s < block + digit; s++) {
            struct jet sum = {0, 0, 0}, before = {0, 0, 0};
            for (int v = q - 1; v >= 0; v--) {
                put(t->work, v, sum);
                sum = jet_add(sum, get(x, s + v * digit));
            }
            for (int v = 0; v < q; v++) {
                struct jet y = get(x, s + v * digit);
                struct jet rest = jet_add(before, get(t->work, v));
                put(x, s + v * digit,
                    own.v > 0 ? jet_add(jet_mul(own, y),
                                        jet_mul(t->differ, sum))
                              : jet_add(jet_mul(t->same, y),
                                        jet_mul(t->differ, rest)));
                before = jet_add(before, y);
            }
        }
}

static void square(const struct layers *t, int orders, double *const x[3])
{
    for (int digit = 1; digit < t->strip->states; digit *= t->strip->q)
        if (orders == 1)
            bond_values(t, digit, x[0]);
        else
            bond_jets(t, digit, x);
}

/* ---- the triangular lattice ---------------------------------------------- */

/* New spin s' at a site whose old ones are s there and l to the left. */
static void turn(const struct layers *t, int orders, double *const x[3],
                 ptrdiff_t up, ptrdiff_t down, int l)
{
    const struct jet (*w)[2][2] = t->diagonal;
    if (orders == 1) {
        double d = x[0][down], u = x[0][up];
        x[0][down] = w[0][0][l].v * d + w[0][1][l].v * u;
        x[0][up] = w[1][0][l].v * d + w[1][1][l].v * u;
        return;
    }
    struct jet d = get(x, down), u = get(x, up);
    put(x, down, jet_add(jet_mul(w[0][0][l], d), jet_mul(w[0][1][l], u)));
    put(x, up, jet_add(jet_mul(w[1][0][l], d), jet_mul(w[1][1][l], u)));
}

/* Sites from n - 1 down; the old spin `last` of site n - 1, which site 0 feels
   last, is fixed. */
static void triangular_part(const struct layers *t, int orders, int last,
                            double *const x[3])
{
    int n = t->strip->n, top = 1 << (n - 1);
    for (int s = 0; s < top; s++) {
        int l = n > 1 ? s >> (n - 2) & 1 : last;
        for (int to = 0; to < 2; to++) {
            struct jet w = t->diagonal[to][last][l];
            if (orders == 1)
                t->work[0][s + to * top] = w.v * x[0][s + last * top];
            else
                put(t->work, s + to * top,
                    jet_mul(w, get(x, s + last * top)));
        }
    }
    for (int site = n - 2; site >= 0; site--)
        for (int s = 0; s < 2 * top; s++)
            if (!(s >> site & 1))
                turn(t, orders, t->work, s | 1 << site, s,
                     site > 0 ? s >> (site - 1) & 1 : last);
}

static void triangular(const struct layers *t, int orders, double *const x[3])
{
    size_t bytes = (size_t)t->strip->states * sizeof(double);
    for (int o = 0; o < orders; o++)
        memset(t->sum[o], 0, bytes);
    for (int last = 0; last < 2; last++) {
        triangular_part(t, orders, last, x);
        for (int o = 0; o < orders; o++)
            for (int s = 0; s < t->strip->states; s++)
                t->sum[o][s] += t->work[o][s];
    }
    for (int o = 0; o < orders; o++)
        memcpy(x[o], t->sum[o], bytes);
}

/* ---- ice ----------------------------------------------------------------- */

/* Vertices from left to right: the horizontal arrow comes in as bit h, the
   vertical one from below as bit v; h + v is kept. */
static void vertex(int states, int site, double *x)
{
    for (int s = 0; s < states; s++)
        if (!(s >> site & 1)) {
            int right = s + states, up = s | 1 << site;
            double sum = x[right] + x[up];
            x[right] = x[up] = sum;
        }
}

static void ice(const struct layers *t, double *x)
{
    int states = t->strip->states;
    size_t bytes = (size_t)states * sizeof *x;
    memset(t->sum[0], 0, bytes);
    for (int first = 0; first < 2; first++) {
        double *work = t->work[0];
        memset(work, 0, 2 * bytes);
        memcpy(work + first * states, x, bytes);
        for (int site = 0; site < t->strip->n; site++)
            vertex(states, site, work);
        for (int s = 0; s < states; s++)
            t->sum[0][s] += work[first * states + s];
    }
    memcpy(x, t->sum[0], bytes);
}

/* ---- all ----------------------------------------------------------------- */

void layers_apply(const struct layers *t, int orders, double *const x[3])
{
    layers_half(t, orders, x);
    if (t->strip->kind == STRIP_TRIANGULAR)
        triangular(t, orders, x);
    else if (t->strip->kind == STRIP_ICE)
        for (int o = 0; o < orders; o++)
            ice(t, x[o]);
    else
        square(t, orders, x);
    layers_half(t, orders, x);
}

/* On the triangular lattice T^t is T after a turn of the layer by a site, else
   T is symmetric. */
void layers_transposed(const struct layers *t, const double *x, double *out)
{
    double *const values[3] = {out, NULL, NULL};
    int n = t->strip->n, states = t->strip->states;
    for (int s = 0; s < states; s++)
        out[s] = t->strip->kind == STRIP_TRIANGULAR
                     ? x[(s << 1 | s >> (n - 1)) & (states - 1)] : x[s];
    layers_apply(t, 1, values);
}

/* ---- open chains --------------------------------------------------------- */

/* x scaled by a power of two, whose logarithm is added to *ln_scale. */
static void rescale(int states, double *const x[3], double *ln_scale)
{
    double most = 0;
    for (int s = 0; s < states; s++)
        most = fmax(most, x[0][s]);
    if (!(most > 0))
        return;
    int power = ilogb(most);
    double factor = ldexp(1, -power);
    for (int o = 0; o < 3; o++)
        for (int s = 0; s < states; s++)
            x[o][s] *= factor;
    *ln_scale += power * 0x1.62e42fefa39efp-1;
}

/* 1.V^(1/2) T^(L-1) V^(1/2) 1 */
struct jet layers_chain(const struct strip *strip, double beta,
                        enum layer_variable variable, double reference)
{
    struct layers t = layers_new(strip, beta, variable, reference);
    struct jet sum = {0, 0, 0};
    double *x[3], ln_scale = 0;
    for (int o = 0; o < 3; o++)
        x[o] = mem_new((size_t)strip->states, sizeof *x[o]);
    for (int s = 0; s < strip->states; s++)
        x[0][s] = 1;
    layers_half(&t, 3, x);
    for (int64_t layer = 1; layer < strip->length; layer++) {
        layers_apply(&t, 3, x);
        rescale(strip->states, x, &ln_scale);
    }
    layers_half(&t, 3, x);
    for (int s = 0; s < strip->states; s++)
        sum = jet_add(sum, get(x, s));
    for (int o = 0; o < 3; o++)
        free(x[o]);
    layers_release(&t);
    sum = jet_log(sum);
    sum.v += ln_scale;
    return sum;
}

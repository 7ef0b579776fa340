#include "systems/block_model.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/chance.h"
#include "systems/assignment.h"
#include "systems/operator.h"

struct blocks blocks_of(int q, double degree, double epsilon)
{
    double inside = q * degree / (1 + (q - 1) * epsilon);
    return (struct blocks){q, inside, epsilon * inside};
}

double blocks_degree(struct blocks blocks)
{
    return (blocks.inside + (blocks.q - 1) * blocks.outside) / blocks.q;
}

double blocks_signal(struct blocks blocks)
{
    double apart = (blocks.inside - blocks.outside) / blocks.q;
    return apart * apart / blocks_degree(blocks);
}

/* ---- the graph ----------------------------------------------------------- */

static struct chance item(uint64_t seed, int instance,
                          enum instance_step step, int64_t i)
{
    return chance_of(seed, RNG_INSTANCE,
                     (uint32_t)(instance * INSTANCE_STEPS + (int)step),
                     (uint32_t)i);
}

struct pairs { int64_t count, room; int32_t (*at)[2]; };

static void add_pair(struct pairs *p, int64_t i, int64_t j)
{
    if (p->count == p->room) {
        p->room = 2 * p->room + 1024;
        p->at = mem_grow(p->at, (size_t)p->room, sizeof *p->at);
    }
    p->at[p->count][0] = (int32_t)i;
    p->at[p->count++][1] = (int32_t)j;
}

/* Failures before the next success of probability p. */
static int64_t skip(struct chance *chance, double p, int64_t most)
{
    if (p >= 1)
        return 0;
    double gap = floor(log(chance_unit(chance)) / log1p(-p));
    return gap < (double)most ? (int64_t)gap : most;
}

/* The pairs (i, j > i) of an edge: candidates of the own group are i + q, i +
   2 q, ...; the others follow in order, q - 1 out of q. */
static void draw_row(struct pairs *pairs, struct blocks b, struct chance *c,
                     int64_t i, int64_t nodes)
{
    double inside = b.inside / (double)nodes;
    double outside = b.outside / (double)nodes;
    int64_t own = (nodes - 1 - i) / b.q, others = nodes - 1 - i - own;
    for (int64_t k = skip(c, inside, own); k < own && inside > 0;
         k += 1 + skip(c, inside, own))
        add_pair(pairs, i, i + (k + 1) * b.q);
    for (int64_t k = skip(c, outside, others); k < others && outside > 0;
         k += 1 + skip(c, outside, others))
        add_pair(pairs, i, i + 1 + k + k / (b.q - 1));
}

static void join(struct block_graph *g, const struct pairs *pairs)
{
    int64_t *end = mem_new((size_t)g->nodes, sizeof *end);
    for (int64_t e = 0; e < pairs->count; e++)
        for (int k = 0; k < 2; k++)
            g->first[pairs->at[e][k] + 1]++;
    for (int64_t i = 0; i < g->nodes; i++) {
        g->first[i + 1] += g->first[i];
        end[i] = g->first[i];
    }
    for (int64_t e = 0; e < pairs->count; e++) {
        int32_t i = pairs->at[e][0], j = pairs->at[e][1];
        int64_t a = end[i]++, b = end[j]++;
        g->partner[a] = j;
        g->partner[b] = i;
        g->reverse[a] = b;
        g->reverse[b] = a;
    }
    free(end);
}

struct block_graph block_graph_new(struct blocks blocks, uint64_t seed,
                                   int instance, int64_t nodes)
{
    struct pairs pairs = {0};
    for (int64_t i = 0; i < nodes; i++) {
        struct chance chance = item(seed, instance, INSTANCE_MATRIX, i);
        draw_row(&pairs, blocks, &chance, i, nodes);
    }
    size_t ends = 2 * (size_t)pairs.count + 1;
    struct block_graph g = {blocks, nodes, pairs.count,
                            mem_new((size_t)nodes + 1, sizeof(int64_t)),
                            mem_new(ends, sizeof(int32_t)),
                            mem_new(ends, sizeof(int64_t))};
    join(&g, &pairs);
    free(pairs.at);
    return g;
}

void block_graph_free(struct block_graph *graph)
{
    free(graph->first);
    free(graph->partner);
    free(graph->reverse);
}

/* ---- beliefs ------------------------------------------------------------- */

static void first_belief(struct block_beliefs *b, enum block_start start,
                         double hint, struct chance *chance, int64_t i)
{
    const struct block_graph *g = b->graph;
    int q = g->blocks.q;
    double *m = b->marginal + i * q, sum = 0;
    bool told = start == BLOCK_PLANTED ||
                (start == BLOCK_HINT && chance_unit(chance) < hint);
    for (int t = 0; t < q; t++) {
        m[t] = told                    ? t == i % q
               : start == BLOCK_RANDOM ? chance_unit(chance) : 1;
        sum += m[t];
    }
    for (int t = 0; t < q; t++)
        m[t] /= sum;
    for (int64_t e = g->first[i]; e < g->first[i + 1]; e++)
        memcpy(b->in + g->reverse[e] * q, m, (size_t)q * sizeof *m);
}

struct block_beliefs block_beliefs_new(const struct block_graph *graph,
                                       enum block_start start, double hint,
                                       uint64_t seed, int instance)
{
    size_t q = (size_t)graph->blocks.q, ends = 2 * (size_t)graph->edges + 1;
    struct block_beliefs b = {
        graph, mem_new(ends * q, sizeof(double)),
        mem_new(ends * q, sizeof(double)),
        mem_new((size_t)graph->nodes * q, sizeof(double)), INFINITY};
    for (int64_t i = 0; i < graph->nodes; i++) {
        struct chance chance = item(seed, instance, INSTANCE_START, i);
        first_belief(&b, start, hint, &chance, i);
    }
    return b;
}

void block_beliefs_free(struct block_beliefs *beliefs)
{
    free(beliefs->in);
    free(beliefs->next);
    free(beliefs->marginal);
}

/* h_t of the present marginals, summed in order. */
static void fields_of(const struct block_beliefs *b, double *h)
{
    const struct block_graph *g = b->graph;
    int q = g->blocks.q;
    memset(h, 0, (size_t)q * sizeof *h);
    for (int64_t i = 0; i < g->nodes; i++)
        for (int t = 0; t < q; t++)
            h[t] += b->marginal[i * q + t];
    for (int t = 0; t < q; t++)
        h[t] = g->blocks.outside + (g->blocks.inside - g->blocks.outside) *
                                       h[t] / (double)g->nodes;
}

double blocks_normalise(int q, const double *ln, double *out)
{
    double top = ln[0], sum = 0;
    for (int t = 1; t < q; t++)
        top = fmax(top, ln[t]);
    for (int t = 0; t < q; t++)
        sum += out[t] = exp(ln[t] - top);
    for (int t = 0; t < q; t++)
        out[t] /= sum;
    return top + log(sum);
}

/* ln of e^(-h_t) prod b_t of all that comes to i. */
static void gather(const struct block_beliefs *b, const double *h, int64_t i,
                   double *ln)
{
    const struct block_graph *g = b->graph;
    int q = g->blocks.q;
    for (int t = 0; t < q; t++)
        ln[t] = -h[t];
    for (int64_t e = g->first[i]; e < g->first[i + 1]; e++)
        for (int t = 0; t < q; t++)
            ln[t] += log(blocks_pull(g->blocks, b->in[e * q + t]));
}

static double send(struct block_beliefs *b, const double *ln, int64_t e,
                   double damping)
{
    const struct block_graph *g = b->graph;
    int q = g->blocks.q;
    double less[BLOCKS_MOST], out[BLOCKS_MOST], change = 0;
    double *to = b->next + g->reverse[e] * q;
    const double *from = b->in + g->reverse[e] * q;
    for (int t = 0; t < q; t++)
        less[t] = ln[t] - log(blocks_pull(g->blocks, b->in[e * q + t]));
    blocks_normalise(q, less, out);
    for (int t = 0; t < q; t++) {
        to[t] = (1 - damping) * out[t] + damping * from[t];
        change = fmax(change, fabs(to[t] - from[t]));
    }
    return change;
}

void block_beliefs_step(struct block_beliefs *beliefs, double damping)
{
    struct block_beliefs *b = beliefs;
    const struct block_graph *g = b->graph;
    int q = g->blocks.q;
    double h[BLOCKS_MOST], change = 0;
    fields_of(b, h);
#pragma omp parallel for reduction(max : change)
    for (int64_t i = 0; i < g->nodes; i++) {
        double ln[BLOCKS_MOST];
        gather(b, h, i, ln);
        blocks_normalise(q, ln, b->marginal + i * q);
        for (int64_t e = g->first[i]; e < g->first[i + 1]; e++)
            change = fmax(change, send(b, ln, e, damping));
    }
    double *old = b->in;
    b->in = b->next;
    b->next = old;
    b->change = change;
}

/* ---- what they say ------------------------------------------------------- */

double block_overlap(const struct block_beliefs *beliefs)
{
    const struct block_graph *g = beliefs->graph;
    int q = g->blocks.q, column[BLOCKS_MOST];
    double gain[BLOCKS_MOST * BLOCKS_MOST] = {0}, right = 0;
    for (int64_t i = 0; i < g->nodes; i++) {
        const double *m = beliefs->marginal + i * q;
        int best = 0, least = 0;
        for (int t = 1; t < q; t++) {
            best = m[t] > m[best] ? t : best;
            least = m[t] < m[least] ? t : least;
        }
        bool open = m[best] - m[least] < 1e-4; /* as good as uniform */
        for (int t = 0; t < q; t++)
            gain[i % q * q + t] += open ? 1.0 / q : t == best;
    }
    assignment_best(q, gain, column);
    for (int s = 0; s < q; s++)
        right += gain[s * q + column[s]] / (double)g->nodes;
    return (right - 1.0 / q) / (1 - 1.0 / q);
}

double block_free_energy(const struct block_beliefs *beliefs)
{
    const struct block_graph *g = beliefs->graph;
    int q = g->blocks.q;
    double h[BLOCKS_MOST], ln[BLOCKS_MOST], out[BLOCKS_MOST], sum = 0;
    fields_of(beliefs, h);
    for (int64_t i = 0; i < g->nodes; i++) {
        gather(beliefs, h, i, ln);
        sum -= blocks_normalise(q, ln, out) - log(q);
        for (int64_t e = g->first[i]; e < g->first[i + 1]; e++) {
            double both = 0;
            for (int t = 0; t < q; t++)
                both += beliefs->in[e * q + t] *
                        beliefs->in[g->reverse[e] * q + t];
            sum += log(blocks_pull(g->blocks, both)) / 2;
        }
    }
    return sum / (double)g->nodes - blocks_degree(g->blocks) / 2;
}

double block_free_energy_uniform(const struct block_graph *graph)
{
    double c = blocks_degree(graph->blocks);
    return c / 2 - (double)graph->edges / (double)graph->nodes * log(c);
}

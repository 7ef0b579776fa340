#include "systems/block_population.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/chance.h"

static void begin(struct block_population *p, double hint)
{
    int q = p->blocks.q;
    for (int64_t i = 0; i < p->size; i++) {
        struct chance chance = chance_of(p->seed, RNG_POPULATION, p->step,
                                         (uint32_t)i);
        bool told = chance_unit(&chance) < hint;
        for (int t = 0; t < q; t++)
            p->psi[i * q + t] = told ? t == 0 : 1.0 / q;
    }
}

struct block_population block_population_new(struct blocks blocks,
                                             int64_t size, uint64_t seed,
                                             uint32_t first, double hint)
{
    size_t n = (size_t)size, q = (size_t)blocks.q;
    struct block_population p = {
        blocks, size, seed, first, mem_new(n * q, sizeof(double)),
        mem_new(n * q, sizeof(double)), mem_new(n, sizeof(double)),
        mem_new(n, sizeof(double)), mem_new(n, sizeof(double)),
        mem_new(n, sizeof(double))};
    begin(&p, hint);
    return p;
}

void block_population_free(struct block_population *population)
{
    struct block_population *p = population;
    free(p->psi);
    free(p->next);
    free(p->largest);
    free(p->node);
    free(p->edge);
    free(p->degree);
}

/* A message of a neighbour of a node of group 0: the member's own label, 0,
   becomes s, the others follow in a circle from a random one on. Without that
   turn any preference for one of them would grow from generation to
   generation, by c x rather than c x^2, x = (c_in - c_out)/(q c): what the
   field h_t forbids on a graph. */
static void neighbour(const struct block_population *p,
                      struct chance *chance, double *psi)
{
    int q = p->blocks.q, s = 0, turn = 0;
    double same = p->blocks.inside / (q * blocks_degree(p->blocks));
    if (chance_unit(chance) >= same)
        s = 1 + (int)chance_below(chance, (uint32_t)(q - 1));
    if (q > 2)
        turn = (int)chance_below(chance, (uint32_t)(q - 1));
    const double *m = p->psi + (int64_t)chance_below(chance,
                                                     (uint32_t)p->size) * q;
    for (int t = 1; t < q; t++)
        psi[(s + t) % q] = m[1 + (t - 1 + turn) % (q - 1)];
    psi[s] = m[0];
}

/* Member i of the next generation, with what the free energy takes. */
static void renew(struct block_population *p, int64_t i)
{
    int q = p->blocks.q;
    double c = blocks_degree(p->blocks), ln[BLOCKS_MOST] = {0}, both = 0;
    double psi[BLOCKS_MOST], *out = p->next + i * q;
    struct chance chance = chance_of(p->seed, RNG_POPULATION, p->step,
                                     (uint32_t)i);
    int degree = chance_poisson(&chance, c);
    p->degree[i] = degree;
    for (int k = 0; k < degree; k++) {
        neighbour(p, &chance, psi);
        for (int t = 0; t < q; t++)
            ln[t] += log(blocks_pull(p->blocks, psi[t]) / c);
    }
    p->node[i] = blocks_normalise(q, ln, out) - log(q);
    p->largest[i] = out[0];
    for (int t = 1; t < q; t++)
        p->largest[i] = fmax(p->largest[i], out[t]);
    neighbour(p, &chance, psi);
    const double *other = p->psi + i * q;
    for (int t = 0; t < q; t++)
        both += psi[t] * other[t];
    p->edge[i] = log(blocks_pull(p->blocks, both) / c);
}

static double mean_of(const double *value, int64_t count)
{
    double sum = 0;
    for (int64_t i = 0; i < count; i++)
        sum += value[i];
    return sum / (double)count;
}

/* <ln(Z_i/Z_0)> with its regression on the degree, whose mean is c. */
static double mean_of_nodes(const struct block_population *p)
{
    double node = mean_of(p->node, p->size), both = 0, square = 0;
    double degree = mean_of(p->degree, p->size);
    for (int64_t i = 0; i < p->size; i++) {
        double d = p->degree[i] - degree;
        both += d * (p->node[i] - node);
        square += d * d;
    }
    return square > 0 ? node - both / square *
                                   (degree - blocks_degree(p->blocks))
                      : node;
}

void block_generation(struct block_population *population, double *overlap,
                      double *excess)
{
    struct block_population *p = population;
    int q = p->blocks.q;
    p->step++;
#pragma omp parallel for schedule(dynamic, 256)
    for (int64_t i = 0; i < p->size; i++)
        renew(p, i);
    double *old = p->psi;
    p->psi = p->next;
    p->next = old;
    *overlap = fmax(0, mean_of(p->largest, p->size) - 1.0 / q) /
               (1 - 1.0 / q);
    *excess = -mean_of_nodes(p) +
              blocks_degree(p->blocks) / 2 * mean_of(p->edge, p->size);
}

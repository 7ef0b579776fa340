/* Random graphs: regular ones by pairing and switches, G(n, m). */
#include <assert.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "systems/graph_parts.h"

/* ---- draws --------------------------------------------------------------- */

/* Two 64-bit words a quad. */
static uint64_t draw(struct graph_draws *draws)
{
    uint64_t index = draws->next++;
    if (index % 2)
        return draws->kept;
    struct rng_quad quad =
        rng_philox(draws->seed, RNG_DISORDER, (uint32_t)(index / 2),
                   (uint32_t)(index / 2 >> 32), draws->sample, GRAPH_DRAWS);
    draws->kept = (uint64_t)quad.v[3] << 32 | quad.v[2];
    return (uint64_t)quad.v[1] << 32 | quad.v[0];
}

/* As many bits as it takes, until they are below n: exactly uniform. */
uint64_t graph_below(struct graph_draws *draws, uint64_t n)
{
    int shift = __builtin_clzll(n | 1);
    uint64_t value;
    do
        value = draw(draws) >> shift;
    while (value >= n);
    return value;
}

static struct graph_draws draws_of(const struct graph_request *request)
{
    return (struct graph_draws){.seed = request->seed,
                                .sample = (uint32_t)request->sample};
}

/* ---- regular graphs ------------------------------------------------------ */

struct pairing {
    struct graph_draws *draws;
    int64_t degree, stubs;
    int32_t *partner;
    int32_t *far; /* [stubs] the partner's site */
};

static int64_t site(const struct pairing *p, int64_t stub)
{
    return stub / p->degree;
}

/* How many edges join site a to site b (loops twice). */
static int edges_between(const struct pairing *p, int64_t a, int64_t b)
{
    int edges = 0;
    for (int64_t s = a * p->degree; s < (a + 1) * p->degree; s++)
        edges += p->far[s] == b;
    return edges;
}

static void join(struct pairing *p, int64_t s, int64_t t)
{
    p->partner[s] = (int32_t)t;
    p->partner[t] = (int32_t)s;
    p->far[s] = (int32_t)site(p, t);
    p->far[t] = (int32_t)site(p, s);
}

/* All pairings are equally likely: a shuffle, then neighbours in it. */
static void pair_at_random(struct pairing *p)
{
    int32_t *order = mem_new((size_t)p->stubs, sizeof *order);
    for (int64_t i = 0; i < p->stubs; i++) {
        int64_t j = (int64_t)graph_below(p->draws, (uint64_t)i + 1);
        order[i] = order[j];
        order[j] = (int32_t)i;
    }
    for (int64_t i = 0; i < p->stubs; i += 2)
        join(p, order[i], order[i + 1]);
    free(order);
}

/* Edges s-t and a-b, where a is a random stub, become s-a and t-b, unless
   one of those would be a loop or there already. A move and its reverse are
   equally likely. */
static bool try_switch(struct pairing *p, int64_t s)
{
    int64_t a = (int64_t)graph_below(p->draws, (uint64_t)p->stubs);
    int64_t t = p->partner[s], b = p->partner[a];
    int64_t at_s = site(p, s), at_t = site(p, t);
    int64_t at_a = site(p, a), at_b = site(p, b);
    if (a == s || a == t || at_s == at_a || at_t == at_b ||
        graph_pair_key(at_s, at_a) == graph_pair_key(at_t, at_b) ||
        edges_between(p, at_s, at_a) || edges_between(p, at_t, at_b))
        return false;
    join(p, s, a);
    join(p, t, b);
    return true;
}

static bool is_bad(const struct pairing *p, int64_t s)
{
    int64_t at_s = site(p, s), at_t = p->far[s];
    return at_s == at_t || edges_between(p, at_s, at_t) > 1;
}

/* Loops and double edges are switched away; a switch makes no new ones.
   false when that does not come off: small dense graphs get stuck. */
static bool repair(struct pairing *p)
{
    for (int64_t s = 0; s < p->stubs; s++)
        for (int64_t tries = 0; is_bad(p, s); tries++)
            if (!try_switch(p, s) && tries > 64 + 8 * p->stubs)
                return false;
    return true;
}

int32_t *graph_regular(struct graph_draws *draws, int64_t sites,
                       int64_t degree, int64_t attempts)
{
    struct pairing p = {.draws = draws, .degree = degree,
                        .stubs = sites * degree};
    p.partner = mem_new((size_t)p.stubs, sizeof *p.partner);
    p.far = mem_new((size_t)p.stubs, sizeof *p.far);
    do
        pair_at_random(&p);
    while (!repair(&p));
    for (int64_t i = 0; i < attempts && p.stubs; i++)
        try_switch(&p, (int64_t)graph_below(draws, (uint64_t)p.stubs));
    free(p.far);
    return p.partner;
}

/* Four attempts an edge, so it is taken up eight times: the start is uniform
   but for the few edges that were repaired. The 1024 are for tiny graphs,
   where those are many.
   Degrees above (N - 1) / 2 are complements of those below: as uniform. */
struct graph *graph_random_regular(const struct graph_request *request)
{
    int64_t sites = request->size, degree = request->degree;
    bool dense = degree > (sites - 1) / 2;
    if (dense)
        degree = sites - 1 - degree;
    struct graph_draws draws = draws_of(request);
    int64_t stubs = sites * degree;
    int32_t *partner = graph_regular(&draws, sites, degree,
                                     2 * stubs + 1024);
    struct graph_pairs pairs = graph_pairs_new(stubs / 2);
    for (int64_t s = 0; s < stubs; s++)
        if (s < partner[s])
            graph_pairs_add(&pairs, s / degree, partner[s] / degree);
    free(partner);
    graph_pairs_sort(&pairs);
    assert(pairs.count == stubs / 2);
    if (dense)
        pairs = graph_pairs_others(pairs, sites);
    return graph_of_pairs(pairs, sites);
}

/* ---- G(n, m) ------------------------------------------------------------- */

/* Pairs drawn until `count` differ: every set of so many is as likely. */
static struct graph_pairs draw_pairs(struct graph_draws *draws,
                                     int64_t sites, int64_t count)
{
    struct graph_pairs pairs = graph_pairs_new(count);
    while (pairs.count < count) {
        while (pairs.count < count) {
            uint64_t a = graph_below(draws, (uint64_t)sites);
            uint64_t b = graph_below(draws, (uint64_t)sites);
            if (a != b)
                graph_pairs_add(&pairs, (int64_t)a, (int64_t)b);
        }
        graph_pairs_sort(&pairs);
    }
    return pairs;
}

struct graph *graph_erdos_renyi(const struct graph_request *request)
{
    int64_t sites = request->size, all = sites * (sites - 1) / 2;
    int64_t edges = (sites * request->degree + 1) / 2;
    bool dense = edges > all / 2;
    struct graph_draws draws = draws_of(request);
    struct graph_pairs pairs = draw_pairs(&draws, sites,
                                          dense ? all - edges : edges);
    if (dense)
        pairs = graph_pairs_others(pairs, sites);
    return graph_of_pairs(pairs, sites);
}

/* Wolff's single clusters: from a random site grow along bonds that are
   active with probability 1 - exp(-x), x = lambda.du of turning one end alone
   (x > 0), and turn the cluster. Bonds out of the cluster that stayed
   inactive have the probability exp(-max(x, 0)) before and exp(-max(-x, 0))
   after: detailed balance, nothing rejected. See doc/clusters.md.

   A sweep is a fixed number of clusters, step: after each burn-in round that
   which touches every site once on average. At lazy rungs a cluster stays
   with probability 1/4: where clusters are single sites, flipping a fixed
   number of them would keep the parity of the spins up. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/math.h"
#include "core/bonds.h"
#include "core/dynamics.h"

struct growth {
    const struct sweep *sweep;
    struct turn turn;
    int64_t size;
    int64_t *member;    /* [sites] */
    uint32_t *mark;     /* [sites] number of the last cluster, from 1 */
    uint32_t cluster;
    int64_t drawn;      /* bonds tried in this sweep */
    double x, stays;    /* the last exp(-x) */
};

static void join(struct growth *g, int64_t site)
{
    g->mark[site] = g->cluster;
    g->member[g->size++] = site;
}

static bool active(struct growth *g, const int64_t end[2], int64_t bond)
{
    const struct sweep *s = g->sweep;
    const struct model *model = s->system->model;
    double du[COMPONENTS_MAX];
    model->bond->part(s->system, s->sample, s->state, bond, end, &g->turn,
                      du);
    double x = rung_dot(s->rung->lambda, du, s->system->components);
    if (x <= 0)
        return false;
    if (x != g->x) {
        g->x = x;
        g->stays = num_exp(-x);
    }
    return !draws_below(&s->draws, RNG_BOND, g->drawn++, g->stays);
}

static void grow(struct growth *g, int64_t seed)
{
    const struct system *system = g->sweep->system;
    g->size = 0;
    join(g, seed);
    for (int64_t m = 0; m < g->size; m++) {
        int64_t end[2] = {g->member[m], -1}, bond;
        int places = bonds_places(system, end[0]);
        for (int place = 0; place < places; place++) {
            end[1] = bonds_across(system, end[0], place, &bond);
            if (end[1] >= 0 && g->mark[end[1]] != g->cluster &&
                active(g, end, bond))
                join(g, end[1]);
        }
    }
}

/* Cluster number c, from 0. */
static void update(struct growth *g, int64_t c)
{
    const struct sweep *s = g->sweep;
    const struct bond *bond = s->system->model->bond;
    int64_t seed = draws_integer(&s->draws, RNG_CLUSTER, c,
                                 (uint32_t)s->system->sites);
    bond->choose(s->system, s->rung->lambda, &s->draws, c, s->state, seed,
                 &g->turn);
    g->cluster = (uint32_t)c + 1;
    grow(g, seed);
    if (!dynamics_lazy_stays(s, c))
        for (int64_t m = 0; m < g->size; m++)
            bond->turn(s->system, s->state, g->member[m], &g->turn, 1);
    if (s->success) {
        s->success->tries++;
        s->success->hits += g->size;
    }
}

static void sweep(const struct sweep *s)
{
    const struct system *system = s->system;
    struct growth g = {.sweep = s};
    if (s->rung->exact) {
        system->model->draw(system, s->sample, &s->draws, RNG_FRESH,
                            s->state);
        return;
    }
    g.member = mem_new((size_t)system->sites, sizeof *g.member);
    g.mark = mem_new((size_t)system->sites, sizeof *g.mark);
    for (int64_t c = 0; c == 0 || (double)c < s->rung->step; c++)
        update(&g, c);
    free(g.member);
    free(g.mark);
}

static double first_step(const struct system *system,
                         const struct section *keys)
{
    (void)system;
    (void)keys;
    return 1;
}

static double tune(const struct system *system, const struct section *keys,
                   double step, int64_t tries, int64_t hits)
{
    double sites = (double)system->sites;
    double clusters = nearbyint(sites * (double)tries / (double)hits);
    (void)keys;
    (void)step;
    return clusters < 1 ? 1 : clusters;
}

const struct dynamics dynamics_wolff = {
    .name = "wolff",
    .summary = "Wolff's clusters; a sweep is as many as touch N sites on "
               "average, as found in burn-in",
    .source = "Wolff, Phys. Rev. Lett. 62, 361 (1989); antiferromagnetic "
              "Potts: Wang, Swendsen, Kotecky, Phys. Rev. Lett. 63, 109 "
              "(1989)",
    .exact = true,
    .needs = FACET_BOND,
    .sweep = sweep,
    .first_step = first_step,
    .step = "clusters a sweep",
    .tune = tune};

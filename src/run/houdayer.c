#include "run/houdayer.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "core/bonds.h"
#include "core/pack.h"
#include "par/par.h"

char *houdayer_states(const struct engine *e)
{
    size_t one = pack_bytes(e->system);
    char *mine = mem_new((size_t)e->hosted->walkers, one);
    char *state = mem_new(1, e->system->state_bytes);
    for (int w = 0; w < e->hosted->walkers; w++) {
        hosted_get(e->hosted, w, state);
        pack_state(e->system, state, mine + (size_t)w * one);
    }
    free(state);
    if (par_size() == 1)
        return mine;
    char *all = mem_new((size_t)e->exchange->walkers, one);
    par_allgather_blocks(mine, all, e->plan->first, one);
    free(mine);
    return all;
}

/* What one pair needs. */
struct pair {
    const struct engine *e;
    int64_t walker[2];
    char *state[2];
    int32_t *differs;  /* sites where they do, then the cluster's queue */
    bool *open;        /* [sites] differs and not yet in the cluster */
};

static int value(const struct pair *p, int which, int64_t site)
{
    const struct system *system = p->e->system;
    return system->model->local->get(system, p->state[which], site);
}

static int64_t find_differences(const struct pair *p)
{
    int64_t count = 0;
    for (int64_t i = 0; i < p->e->system->sites; i++) {
        p->open[i] = value(p, 0, i) != value(p, 1, i);
        if (p->open[i])
            p->differs[count++] = (int32_t)i;
    }
    return count;
}

/* The cluster around `first` changes hands. */
static void exchange_cluster(const struct pair *p, int32_t first)
{
    const struct system *system = p->e->system;
    int32_t *queue = p->differs;
    int64_t next = 0, count = 0, bond;
    p->open[first] = false;
    queue[count++] = first;
    while (next < count) {
        int32_t site = queue[next++];
        int a = value(p, 0, site), b = value(p, 1, site);
        system->model->local->set(system, p->state[0], site, b);
        system->model->local->set(system, p->state[1], site, a);
        for (int place = 0; place < bonds_places(system, site); place++) {
            int64_t other = bonds_across(system, site, place, &bond);
            if (other >= 0 && p->open[other]) {
                p->open[other] = false;
                queue[count++] = (int32_t)other;
            }
        }
    }
}

static bool here(const struct engine *e, int64_t walker)
{
    return walker >= e->hosted->first &&
           walker < e->hosted->first + e->hosted->walkers;
}

static void move_pair(struct pair *p, const char *all, uint64_t place)
{
    const struct engine *e = p->e;
    size_t one = pack_bytes(e->system);
    for (int i = 0; i < 2; i++)
        unpack_state(e->system, all + (size_t)p->walker[i] * one,
                     p->state[i]);
    int64_t count = find_differences(p);
    struct rng_quad q = rng_philox(
        e->input->run->seed, RNG_HOUDAYER, (uint32_t)e->at.tick,
        (uint32_t)(e->at.tick >> 32), (uint32_t)place,
        (uint32_t)(place >> 32));
    if (!count)
        return;
    int64_t pick = (int64_t)(rng_unit(q.v[0], q.v[1]) * (double)count);
    exchange_cluster(p, p->differs[pick]);
    for (int i = 0; i < 2; i++)
        if (here(e, p->walker[i]))
            hosted_put(e->hosted, (int)(p->walker[i] - e->hosted->first),
                       p->state[i]);
}

static int64_t walker_of(const struct exchange *x, int copy, int64_t place)
{
    int64_t ladder = (int64_t)copy * x->samples + place / x->rungs;
    return ladder * x->rungs + x->walker[ladder * x->rungs +
                                         place % x->rungs];
}

void houdayer_step(struct engine *e, uint64_t step)
{
    const struct exchange *x = e->exchange;
    size_t bytes = e->system->state_bytes, sites = (size_t)e->system->sites;
    int first = x->copies > 2 ? (int)(step % 2) : 0;
    struct pair p = {.e = e,
                     .state = {mem_new(1, bytes), mem_new(1, bytes)},
                     .differs = mem_new(sites, sizeof(int32_t)),
                     .open = mem_new(sites, sizeof(bool))};
    char *all = houdayer_states(e);
    for (int copy = first; copy + 1 < x->copies; copy += 2)
        for (int64_t place = 0; place < (int64_t)x->samples * x->rungs;
             place++) {
            p.walker[0] = walker_of(x, copy, place);
            p.walker[1] = walker_of(x, copy + 1, place);
            if ((here(e, p.walker[0]) || here(e, p.walker[1])) &&
                !e->ladder->rung[place % x->rungs].exact)
                move_pair(&p, all,
                          (uint64_t)(copy * (int64_t)x->samples * x->rungs +
                                     place));
        }
    free(all);
    free(p.state[0]);
    free(p.state[1]);
    free(p.differs);
    free(p.open);
}

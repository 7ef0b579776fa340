/* Swendsen and Wang: all bonds are active with probability 1 - exp(-x), x =
   lambda.du of turning one end alone (x > 0); then every cluster of sites
   joined by active bonds turns by an element of its own, uniformly drawn. See
   doc/clusters.md. Clusters by union-find, the root the lowest number. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/math.h"
#include "core/bonds.h"
#include "core/dynamics.h"

struct forest {
    double x, stays;   /* the last exp(-x) */
    uint32_t *parent;  /* [sites], never above the site itself */
    uint8_t *element;  /* [sites] of roots that were drawn */
};

static uint32_t root_of(struct forest *f, uint32_t site)
{
    while (f->parent[site] != site) {
        f->parent[site] = f->parent[f->parent[site]];
        site = f->parent[site];
    }
    return site;
}

static void join(struct forest *f, int64_t i, int64_t j)
{
    uint32_t a = root_of(f, (uint32_t)i), b = root_of(f, (uint32_t)j);
    if (a < b)
        f->parent[b] = a;
    else
        f->parent[a] = b;
}

static bool active(const struct sweep *s, const struct turn *turn,
                   int64_t bond, const int64_t end[2], struct forest *f)
{
    const struct model *model = s->system->model;
    double du[COMPONENTS_MAX];
    model->bond->part(s->system, s->sample, s->state, bond, end, turn, du);
    double x = rung_dot(s->rung->lambda, du, s->system->components);
    if (x <= 0)
        return false;
    if (x != f->x) {
        f->x = x;
        f->stays = num_exp(-x);
    }
    return !draws_below(&s->draws, RNG_BOND, bond, f->stays);
}

static void join_all(const struct sweep *s, const struct turn *turn,
                     struct forest *f)
{
    int64_t limit = bonds_limit(s->system), end[2];
    for (int64_t i = 0; i < s->system->sites; i++)
        f->parent[i] = (uint32_t)i;
    for (int64_t b = 0; b < limit; b++)
        if (bonds_ends(s->system, b, end) && active(s, turn, b, end, f))
            join(f, end[0], end[1]);
}

static int draw_element(const struct sweep *s, const struct turn *turn,
                        int64_t root)
{
    if (turn->elements == 2)
        return draws_bit(&s->draws, RNG_CLUSTER, root, 0);
    return (int)draws_integer(&s->draws, RNG_CLUSTER, root,
                              (uint32_t)turn->elements);
}

/* Roots come before the rest of their clusters. */
static void turn_all(const struct sweep *s, const struct turn *turn,
                     struct forest *f)
{
    const struct system *system = s->system;
    for (int64_t i = 0; i < system->sites; i++) {
        uint32_t root = root_of(f, (uint32_t)i);
        if (root == i)
            f->element[i] = (uint8_t)draw_element(s, turn, i);
        if (f->element[root])
            system->model->bond->turn(system, s->state, i, turn,
                                      f->element[root]);
    }
}

static void sweep(const struct sweep *s)
{
    const struct system *system = s->system;
    struct turn turn;
    if (s->rung->exact) {
        system->model->draw(system, s->sample, &s->draws, RNG_FRESH,
                            s->state);
        return;
    }
    struct forest f = {.x = 0};
    f.parent = mem_new((size_t)system->sites, sizeof *f.parent);
    f.element = mem_new((size_t)system->sites, sizeof *f.element);
    system->model->bond->choose(system, s->rung->lambda, &s->draws, 0,
                                s->state, -1, &turn);
    join_all(s, &turn, &f);
    turn_all(s, &turn, &f);
    free(f.parent);
    free(f.element);
}

const struct dynamics dynamics_swendsen_wang = {
    .name = "swendsen_wang",
    .summary = "Swendsen-Wang: all clusters of active bonds turn at once",
    .source = "Swendsen, Wang, Phys. Rev. Lett. 58, 86 (1987)",
    .exact = true,
    .needs = FACET_BOND,
    .sweep = sweep};

/* Kawasaki: neighbours exchange their values, Metropolis on the whole du. One
   attempt a site, in order, with a neighbour drawn at random; where a place
   beside a site is vacant (open boundary) nothing happens. The number of sites
   of each value stays what it was: equal parts at the start. At lazy rungs a
   swap is also kept only with probability 3/4: where all values differ and
   every swap is accepted, the parity of the permutation would never mix. */
#include <stdlib.h>
#include "base/alloc.h"
#include "base/math.h"
#include "core/bonds.h"
#include "core/dynamics.h"

/* Two changes, the second felt by the bond between them. Leaves them made. */
static double exchange(const struct sweep *s, const int64_t end[2],
                       const int value[2])
{
    const struct model *model = s->system->model;
    double du[2][COMPONENTS_MAX];
    for (int i = 0; i < 2; i++) {
        model->local->delta(s->system, s->sample, s->state, end[i],
                            value[!i], du[i]);
        model->local->set(s->system, s->state, end[i], value[!i]);
    }
    for (int k = 0; k < s->system->components; k++)
        du[0][k] += du[1][k];
    return rung_dot(s->rung->lambda, du[0], s->system->components);
}

static void update(const struct sweep *s, int64_t site)
{
    const struct local *local = s->system->model->local;
    int places = bonds_places(s->system, site), value[2];
    int64_t end[2] = {site, -1}, bond;
    if (places)
        end[1] = bonds_across(s->system, site,
                              (int)draws_integer(&s->draws, RNG_PROPOSE,
                                                 site, (uint32_t)places),
                              &bond);
    if (end[1] < 0)
        return;
    for (int i = 0; i < 2; i++)
        value[i] = local->get(s->system, s->state, end[i]);
    if (value[0] == value[1])
        return;
    double x = exchange(s, end, value);
    bool accept = x <= 0 || draws_below(&s->draws, RNG_UPDATE, site,
                                        num_exp(-x));
    if (accept && !dynamics_lazy_stays(s, site))
        return;
    for (int i = 0; i < 2; i++)
        local->set(s->system, s->state, end[i], value[i]);
}

static void sweep(const struct sweep *s)
{
    for (int64_t i = 0; i < s->system->sites; i++)
        update(s, i);
}

/* Equal parts of all values (half up), shuffled. */
static void start(const struct sweep *s)
{
    const struct local *local = s->system->model->local;
    int64_t sites = s->system->sites, values = system_values(s->system);
    for (int64_t i = 0; i < sites; i++)
        local->set(s->system, s->state, i, (int)(i * values / sites));
    for (int64_t i = sites - 1; i > 0; i--) {
        int64_t j = draws_integer(&s->draws, RNG_START, i, (uint32_t)i + 1);
        int a = local->get(s->system, s->state, i);
        int b = local->get(s->system, s->state, j);
        local->set(s->system, s->state, i, b);
        local->set(s->system, s->state, j, a);
    }
}

/* Can every site be reached from site 0? */
static bool connected(const struct system *system)
{
    int64_t *queue = mem_new((size_t)system->sites, sizeof *queue);
    bool *seen = mem_new((size_t)system->sites, sizeof *seen);
    int64_t count = 1, bond;
    seen[0] = true;
    for (int64_t next = 0; next < count; next++)
        for (int p = 0; p < bonds_places(system, queue[next]); p++) {
            int64_t other = bonds_across(system, queue[next], p, &bond);
            if (other >= 0 && !seen[other]) {
                seen[other] = true;
                queue[count++] = other;
            }
        }
    free(queue);
    free(seen);
    return count == system->sites;
}

static const char *refuses(const struct system *system)
{
    if (!bonds_limit(system))
        return "its sites have no neighbours";
    if (system->pairs && system->pairs->clamp)
        return "some sites are clamped";
    return connected(system) ? NULL
                             : "it falls into parts, each of which would keep "
                               "its composition";
}

static const struct guide guides[] = {
    {.of = "structure_factor", .power = 1.0 / 3,
     .says = "Lifshitz, Slyozov 1961"},
    {.of = NULL}};

const struct dynamics dynamics_kawasaki = {
    .name = "kawasaki",
    .summary = "Kawasaki: neighbours exchange values, one attempt a site a "
               "sweep; starts with equal parts",
    .source = "Kawasaki, Phys. Rev. 145, 224 (1966)",
    .exact = true,
    .needs = FACET_LOCAL,
    .refuses = refuses,
    .sweep = sweep,
    .conserves = "the number of sites of each value",
    .start = start,
    .guides = guides};

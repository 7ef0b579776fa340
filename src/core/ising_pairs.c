#include "core/ising_pairs.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "core/solver.h"

static const int64_t bonds_most = 20000000;

static bool lattice_spins(const struct system *system)
{
    return !strcmp(system->model->name, "ising");
}

static int64_t bonds_of(const struct system *system)
{
    if (system->pairs)
        return system->pairs->bonds;
    return system->total ? system->sites * (system->sites - 1) / 2
                         : system->lattice->bonds;
}

const char *ising_pairs_refuses(const struct system *system)
{
    if (!system->pairs && !system->total && !lattice_spins(system))
        return "it is for Ising spins that are coupled in pairs: graph, sk, "
               "hopfield, edwards_anderson, ising, long_range, curie_weiss";
    return bonds_of(system) > bonds_most
               ? "more than 20 million pairs are coupled" : NULL;
}

/* The finest unit in which the largest value is below 2^31. */
static double unit_for(double most)
{
    double unit = most > 0 ? ldexp(1, ilogb(most) + 1 - 31) : 1;
    return nearbyint(most / unit) < 0x1p31 ? unit : 2 * unit;
}

static void set_fields(struct pairs *p, double h)
{
    if (h == 0)
        return;
    p->h = mem_new((size_t)p->sites, sizeof *p->h);
    for (int64_t i = 0; i < p->sites; i++)
        p->h[i] = (int32_t)lrint(h / p->unit);
}

static double coupling_along(const struct system *system, int axis)
{
    const struct reals *each = section_reals(system->keys, "J_axis");
    if (!each || !each->count)
        return solver_coupling(system, "J", 1);
    return nearbyint(each->at[axis] / system->resolution) *
           system->resolution;
}

static struct pairs *of_lattice(const struct system *system)
{
    const struct lattice *l = system->lattice;
    struct pairs *p = pairs_of_lattice(l, 1);
    double h = solver_coupling(system, "h", 0), most = fabs(h);
    int64_t b = 0;
    for (int a = 0; a < l->dim; a++)
        most = fmax(most, fabs(coupling_along(system, a)));
    p->unit = unit_for(most);
    for (int64_t i = 0; i < l->sites; i++) /* as pairs_of_lattice numbers */
        for (int a = 0; a < l->dim; a++)
            if (lattice_neighbour(l, i, 2 * a + 1) >= 0)
                p->J[b++] = (int32_t)lrint(coupling_along(system, a) /
                                           p->unit);
    set_fields(p, h);
    return p;
}

/* E = -unit (J M^2 / 2 + h M): M^2 = N + 2 sum_(i<j) s_i s_j. */
static struct pairs *of_total(const struct total *t)
{
    struct pairs *p = pairs_complete(t->sites, 1);
    p->unit = t->unit;
    p->constant = -t->unit * t->J * (double)t->sites / 2;
    for (int64_t b = 0; b < p->bonds; b++)
        p->J[b] = t->J;
    set_fields(p, t->unit * t->h);
    return p;
}

const struct pairs *ising_pairs(const struct system *system,
                                struct pairs **made)
{
    *made = NULL;
    if (system->pairs)
        return system->pairs;
    return *made = system->total ? of_total(system->total)
                                 : of_lattice(system);
}

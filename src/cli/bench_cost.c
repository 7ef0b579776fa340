/* The cost model of `tempera bench` (doc/kernels): planes and operations of
   the bit-sliced kernels, counted from their source. */
#include "cli/bench_parts.h"
#include "core/links.h"

/* count_bits: half adders, a digit's carry counted only where one can be. */
static int count_operations(int z)
{
    int operations = 0;
    for (int i = 1; i < z; i++)
        for (int k = 0; k < 4 && (1 << k) <= i; k++)
            operations += (2 << k) <= i + 1 ? 2 : 1;
    return operations;
}

/* class_mask: the union of its levels; blended by s if they differ. */
static int class_operations(const struct level_class *class)
{
    uint32_t down = class->members[0] & 0xffff;
    uint32_t up = class->members[0] >> 16;
    int downs = __builtin_popcount(down), ups = __builtin_popcount(up);
    int operations = downs > 1 ? downs - 1 : 0;
    if (up == down)
        return operations;
    operations += ups > 1 ? ups - 1 : 0;
    return operations + (downs && ups ? 3 : 1);
}

/* Levels turned into masks: agreeing bonds, their count, its minterms (by
   pairs of digits), classes, the lanes in any class. */
static int mask_operations(const struct levels *levels)
{
    int z = levels->degree, operations = z + count_operations(z);
    operations += 4 + (z + 1);
    for (int c = 0; c < levels->p_count; c++)
        operations += class_operations(&levels->p[c]) + (c > 0);
    for (int c = 0; c < levels->base_count; c++)
        operations += class_operations(&levels->base[c]) + (c > 0);
    return operations;
}

enum { COMPARE = 5, FINISH = 3 }; /* a plane; toggle, any tie, new value */

/* Lanes: every plane of p is put together from the classes' slices. */
static int lanes_operations(const struct levels *levels, bool lazy,
                            bool fresh)
{
    int c = levels->p_count, select = c ? 2 * c - 1 : 0;
    return mask_operations(levels) + levels->base_count +
           LEVELS_PLANES * (COMPARE + select) + FINISH + 3 * lazy +
           3 * fresh;
}

/* Sites: p is one number a class; unions of four classes come from a table,
   and lanes out of use are masked twice. */
static int sites_operations(const struct levels *levels, bool lazy)
{
    int groups = (levels->p_count + 3) / 4, table = 0;
    for (int g = 0; g < groups; g++) {
        int c = levels->p_count - 4 * g < 4 ? levels->p_count - 4 * g : 4;
        table += (1 << c) - c - 1;
    }
    int select = groups ? groups - 1 : 0;
    return mask_operations(levels) + table +
           LEVELS_PLANES * (COMPARE + select) + FINISH + 2 + 2 * lazy;
}

struct bench_cost bench_load_cost(const struct bench_load *load)
{
    const struct bank_spec *spec = bench_load_spec(load);
    bool sites = spec->stream == STREAM_SITE;
    const struct rung *rung = sites ? spec->rung + spec->rungs - 1
                                    : spec->rung;
    int rungs = sites ? 1 : spec->rungs;
    bool lazy = false, fresh = false;
    for (int r = 0; r < rungs; r++) {
        lazy = lazy || (spec->dynamics->binary->lazy && rung[r].lazy &&
                        !rung[r].exact);
        fresh = fresh || rung[r].exact;
    }
    struct links *links = links_new(spec->system);
    struct levels *levels = levels_new(links->degree, links->missing_most,
                                       rungs);
    links_free(links);
    levels_update(levels, spec->system, spec->dynamics, rung);
    struct bench_cost cost = {
        .planes = LEVELS_PLANES + 2 * lazy + fresh,
        .operations = sites ? sites_operations(levels, lazy)
                            : lanes_operations(levels, lazy, fresh)};
    levels_free(levels);
    return cost;
}

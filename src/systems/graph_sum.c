#include "systems/graph_sum.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* ---- states of the frontier ---------------------------------------------- */

/* A state: `bits` bits a slot; w dz/dw besides z. */
struct entry { uint64_t key; double z, d; };

/* Open addressing, twice the room at least. */
struct table {
    int64_t count, room;
    struct entry *at;  /* [room] */
    int32_t *slot;     /* [slots] 1 + index, 0: empty */
    int64_t slots;
};

static struct table table_new(void)
{
    struct table t = {.room = 64, .slots = 256};
    t.at = mem_new((size_t)t.room, sizeof *t.at);
    t.slot = mem_new((size_t)t.slots, sizeof *t.slot);
    return t;
}

static void table_release(struct table *t)
{
    free(t->at);
    free(t->slot);
}

static int64_t place(const struct table *t, uint64_t key)
{
    uint64_t h = key * UINT64_C(0x9E3779B97F4A7C15);
    int64_t i = (int64_t)((h ^ h >> 32) & (uint64_t)(t->slots - 1));
    while (t->slot[i] && t->at[t->slot[i] - 1].key != key)
        i = (i + 1) & (t->slots - 1);
    return i;
}

static void table_grow(struct table *t)
{
    t->room *= 2;
    t->slots *= 2;
    t->at = mem_grow(t->at, (size_t)t->room, sizeof *t->at);
    free(t->slot);
    t->slot = mem_new((size_t)t->slots, sizeof *t->slot);
    for (int64_t i = 0; i < t->count; i++)
        t->slot[place(t, t->at[i].key)] = (int32_t)(i + 1);
}

static void table_add(struct table *t, uint64_t key, double z, double d)
{
    int64_t i = place(t, key);
    if (!t->slot[i]) {
        if (t->count == t->room) {
            table_grow(t);
            i = place(t, key);
        }
        t->at[t->count] = (struct entry){key, 0, 0};
        t->slot[i] = (int32_t)++t->count;
    }
    t->at[t->slot[i] - 1].z += z;
    t->at[t->slot[i] - 1].d += d;
}

static void table_clear(struct table *t)
{
    t->count = 0;
    memset(t->slot, 0, (size_t)t->slots * sizeof *t->slot);
}

/* ---- the walk ------------------------------------------------------------ */

enum { NO_SLOT = -1 };

struct walk {
    enum graph_counted what;
    double q, w;
    int bits, slots;      /* a slot; slots of a key */
    uint64_t mask;
    int64_t sites;
    int32_t *degree, **near;
    int32_t *left;        /* neighbours still to come */
    bool *done;
    int *slot;            /* of a site in the frontier, or NO_SLOT */
    bool *taken;          /* [slots] */
    struct table now, next;
    double ln_scale;
    bool exact;
};

static uint64_t value(const struct walk *walk, uint64_t key, int slot)
{
    return key >> (slot * walk->bits) & walk->mask;
}

static uint64_t with_value(const struct walk *walk, uint64_t key, int slot,
                           uint64_t v)
{
    int shift = slot * walk->bits;
    return (key & ~(walk->mask << shift)) | v << shift;
}

/* Colours by order of appearance, 1, 2, ...; 0 is an empty slot. */
static uint64_t canonical(const struct walk *walk, uint64_t key, int *colours)
{
    uint64_t name[16] = {0}, out = 0;
    *colours = 0;
    for (int s = 0; s < walk->slots; s++) {
        uint64_t v = value(walk, key, s);
        if (v && !name[v])
            name[v] = (uint64_t)++*colours;
        out = with_value(walk, out, s, v ? name[v] : 0);
    }
    return out;
}

static void swap_tables(struct walk *walk)
{
    struct table now = walk->next;
    walk->next = walk->now;
    walk->now = now;
    table_clear(&walk->next);
}

/* ---- a site joins -------------------------------------------------------- */

/* Colours: those of the frontier that no neighbour has, or one of the q - k
   others, which are all alike. */
static void join_colours(struct walk *walk, int64_t site,
                         const struct entry *e)
{
    int colours;
    uint64_t key = canonical(walk, e->key, &colours), banned = 0;
    for (int i = 0; i < walk->degree[site]; i++) {
        int slot = walk->slot[walk->near[site][i]];
        if (slot != NO_SLOT && walk->near[site][i] != site)
            banned |= UINT64_C(1) << value(walk, key, slot);
    }
    for (int v = 1; v <= colours + 1; v++) {
        double ways = v <= colours ? 1 : walk->q - colours;
        if (!(banned >> v & 1) && ways > 0)
            table_add(&walk->next,
                      with_value(walk, key, walk->slot[site], (uint64_t)v),
                      e->z * ways, 0);
    }
}

static void join_set(struct walk *walk, int64_t site, const struct entry *e)
{
    bool free_site = true;
    for (int i = 0; i < walk->degree[site]; i++) {
        int slot = walk->slot[walk->near[site][i]];
        if (slot != NO_SLOT && walk->near[site][i] != site)
            free_site = free_site && !value(walk, e->key, slot);
    }
    table_add(&walk->next, e->key, e->z, e->d);
    if (free_site)
        table_add(&walk->next, with_value(walk, e->key, walk->slot[site], 1),
                  e->z * walk->w, (e->d + e->z) * walk->w);
}

/* At most one of the edges to sites done; 1: matched. */
static void join_matching(struct walk *walk, int64_t site,
                          const struct entry *e)
{
    table_add(&walk->next, e->key, e->z, e->d);
    for (int i = 0; i < walk->degree[site]; i++) {
        int slot = walk->slot[walk->near[site][i]];
        if (slot == NO_SLOT || walk->near[site][i] == site ||
            value(walk, e->key, slot))
            continue;
        uint64_t key = with_value(walk, e->key, slot, 1);
        table_add(&walk->next, with_value(walk, key, walk->slot[site], 1),
                  e->z * walk->w, (e->d + e->z) * walk->w);
    }
}

static void join(struct walk *walk, int64_t site)
{
    for (int64_t i = 0; i < walk->now.count; i++) {
        const struct entry *e = &walk->now.at[i];
        if (walk->what == COUNT_COLORINGS)
            join_colours(walk, site, e);
        else if (walk->what == COUNT_INDEPENDENT_SETS)
            join_set(walk, site, e);
        else
            join_matching(walk, site, e);
    }
    swap_tables(walk);
}

/* ---- a site leaves ------------------------------------------------------- */

static void leave(struct walk *walk, int64_t site)
{
    int slot = walk->slot[site];
    for (int64_t i = 0; i < walk->now.count; i++) {
        const struct entry *e = &walk->now.at[i];
        if (walk->what == COUNT_PERFECT_MATCHINGS &&
            !value(walk, e->key, slot))
            continue;
        table_add(&walk->next, with_value(walk, e->key, slot, 0), e->z, e->d);
    }
    walk->taken[slot] = false;
    walk->slot[site] = NO_SLOT;
    swap_tables(walk);
}

/* By powers of two; sums beyond 2^53 are not exact. */
static void rescale(struct walk *walk)
{
    double most = 0;
    for (int64_t i = 0; i < walk->now.count; i++)
        most = fmax(most, walk->now.at[i].z);
    walk->exact = walk->exact && most <= 0x1p53;
    if (!(most > 0x1p400 || (most > 0 && most < 0x1p-400)))
        return;
    int power = ilogb(most);
    for (int64_t i = 0; i < walk->now.count; i++) {
        walk->now.at[i].z = ldexp(walk->now.at[i].z, -power);
        walk->now.at[i].d = ldexp(walk->now.at[i].d, -power);
    }
    walk->ln_scale += power * 0x1.62e42fefa39efp-1;
}

/* ---- order --------------------------------------------------------------- */

/* How much wider the frontier is after this site. */
static int widening(const struct walk *walk, int64_t site)
{
    int change = walk->left[site] > 0;
    for (int i = 0; i < walk->degree[site]; i++) {
        int64_t other = walk->near[site][i];
        change -= walk->done[other] && walk->left[other] == 1;
    }
    return change;
}

/* The site that widens the frontier least; of those one that is next to what
   is done. */
static int64_t next_site(const struct walk *walk)
{
    int64_t best = -1, least = INT64_MAX;
    for (int64_t i = 0; i < walk->sites; i++) {
        if (walk->done[i])
            continue;
        int64_t cost = (int64_t)widening(walk, i) * 1000000 + walk->left[i];
        if (cost < least) {
            least = cost;
            best = i;
        }
    }
    return best;
}

/* false: no room for it in a key. */
static bool take_slot(struct walk *walk, int64_t site)
{
    for (int s = 0; s < walk->slots; s++)
        if (!walk->taken[s]) {
            walk->taken[s] = true;
            walk->slot[site] = s;
            return true;
        }
    return false;
}

/* One site; false: the frontier is too wide. */
static bool step(struct walk *walk, int64_t most)
{
    int64_t site = next_site(walk);
    if (!take_slot(walk, site))
        return false;
    join(walk, site);
    walk->done[site] = true;
    for (int i = 0; i < walk->degree[site]; i++)
        walk->left[walk->near[site][i]]--;
    for (int i = 0; i < walk->degree[site]; i++) {
        int64_t other = walk->near[site][i];
        if (walk->done[other] && walk->left[other] == 0 &&
            walk->slot[other] != NO_SLOT)
            leave(walk, other);
    }
    if (walk->left[site] == 0 && walk->slot[site] != NO_SLOT)
        leave(walk, site);
    rescale(walk);
    return walk->now.count <= most;
}

/* ---- graphs -------------------------------------------------------------- */

static void connect(struct walk *walk, const struct graph *g)
{
    size_t n = (size_t)g->sites;
    walk->sites = g->sites;
    walk->degree = mem_new(n, sizeof *walk->degree);
    walk->near = mem_new(n, sizeof *walk->near);
    walk->left = mem_new(n, sizeof *walk->left);
    walk->done = mem_new(n, sizeof *walk->done);
    walk->slot = mem_new(n, sizeof *walk->slot);
    walk->taken = mem_new((size_t)walk->slots, sizeof *walk->taken);
    for (int64_t k = 0; k < g->edges; k++) {
        walk->left[g->from[k]]++;
        walk->left[g->to[k]]++;
    }
    for (int64_t i = 0; i < g->sites; i++) {
        walk->near[i] = mem_new((size_t)walk->left[i] + 1, sizeof(int32_t));
        walk->slot[i] = NO_SLOT;
    }
    for (int64_t k = 0; k < g->edges; k++) {
        int32_t a = g->from[k], b = g->to[k];
        walk->near[a][walk->degree[a]++] = b;
        walk->near[b][walk->degree[b]++] = a;
    }
}

static void walk_release(struct walk *walk)
{
    for (int64_t i = 0; i < walk->sites; i++)
        free(walk->near[i]);
    free(walk->near);
    free(walk->degree);
    free(walk->left);
    free(walk->done);
    free(walk->slot);
    free(walk->taken);
    table_release(&walk->now);
    table_release(&walk->next);
}

struct graph_sum graph_sum_over(const struct graph *graph,
                                enum graph_counted what, int64_t q,
                                double fugacity, int64_t most)
{
    struct walk walk = {.what = what, .q = (double)q, .w = fugacity,
                        .bits = what == COUNT_COLORINGS ? 4 : 1,
                        .exact = fugacity == 1};
    struct graph_sum sum = {.done = true, .ln_z = -INFINITY, .count = NAN};
    walk.slots = what == COUNT_COLORINGS ? 15 : 64;
    walk.mask = what == COUNT_COLORINGS ? 15 : 1;
    walk.now = table_new();
    walk.next = table_new();
    connect(&walk, graph);
    table_add(&walk.now, 0, 1, 0);
    for (int64_t i = 0; i < graph->sites && sum.done; i++)
        sum.done = step(&walk, most);
    if (sum.done && walk.now.count && walk.now.at[0].z > 0) {
        sum.ln_z = log(walk.now.at[0].z) + walk.ln_scale;
        sum.size = walk.now.at[0].d / walk.now.at[0].z;
    }
    if (sum.done && walk.exact && walk.ln_scale == 0)
        sum.count = walk.now.count ? walk.now.at[0].z : 0;
    walk_release(&walk);
    return sum;
}

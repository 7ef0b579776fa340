/* Bit-sliced sites: one big 2D or 3D lattice, 256 tiles worked on at once,
   lane = tile. Of each colour a tile's row is an array of words; the
   neighbours of a word are whole words of the other colour, rotated by a lane
   only where they lie in the next tile. Included once per instruction
   set; see kernels/vector.h.

   Limit (doc/kernels): 12 random planes a word, three AES rounds each, and
   one to four logic operations a plane; memory traffic is two bits a site. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/kernel.h"
#include "kernels/pattern.h"
#include "kernels/script.h"
#include "kernels/tiles.h"
#include "kernels/toggle.h"

enum { SITE_DEGREE = 6 };

struct sites {
    struct bank bank;
    struct levels *levels;  /* of the one rung */
    struct tiles tiles;
    const struct tiling *tiling;
    int dim, words;         /* words a row */
    int64_t rows;
    uint64_t *plane[2];     /* by colour: [row][1 + words + 1][4], halo */
    uint64_t *scratch;      /* per thread: rotated neighbour rows */
    int threads;            /* scratch is made for */
    struct fit fit;         /* of the rule to a pattern */
    struct script script;
    bool lazy, fresh;
    rng_planes_fn *planes;
};

/* One row of one colour and where its neighbours are. */
struct row {
    int colour;
    int64_t row;
    uint64_t *self;
    const uint64_t *near[SITE_DEGREE];    /* neighbour words, same index */
    const uint64_t *missing[SITE_DEGREE]; /* lanes without; NULL: none */
    int edge_word;                        /* where missing[1] applies */
    bool open;                            /* any missing at all? */
};

static const char *NAMED(refuses)(const struct bank_spec *spec)
{
    if (!system_binary(spec->system) || !spec->system->lattice ||
        spec->system->pairs)
        return "the model is not two-valued on a lattice with equal bonds";
    if (!spec->dynamics->binary)
        return "the dynamics has no bit-sliced rule";
    if (!spec->system->lattice->tiled)
        return "one-lattice kernels take 2D and 3D lattices whose sizes are "
               "all even";
    return NULL;
}

static size_t NAMED(row_words)(const struct sites *own)
{
    return 4 * ((size_t)own->words + 2);
}

static struct bank *NAMED(create)(const struct bank_spec *spec)
{
    struct sites *own = mem_new(1, sizeof *own);
    const struct lattice *l = spec->system->lattice;
    own->levels = levels_new(2 * l->dim, l->periodic ? 0 : l->dim, 1);
    own->tiling = &l->tiling;
    own->dim = l->dim;
    own->words = l->tiling.words;
    own->rows = l->tiling.rows;
    own->planes = rng_planes_best();
    tiles_init(&own->tiles, l);
    for (int colour = 0; colour < 2; colour++)
        own->plane[colour] = mem_new((size_t)own->rows,
                                     NAMED(row_words)(own) * 8);
    return &own->bank;
}

static void NAMED(destroy)(struct bank *bank)
{
    struct sites *own = (struct sites *)bank;
    levels_free(own->levels);
    free(own->plane[0]);
    free(own->plane[1]);
    free(own->scratch);
}

/* Room for every thread's rotated rows. */
static void NAMED(prepare)(struct sites *own, int threads)
{
    if (threads <= own->threads)
        return;
    free(own->scratch);
    own->scratch = mem_new((size_t)threads * SITE_DEGREE,
                           NAMED(row_words)(own) * 8);
    own->threads = threads;
}

static uint64_t *NAMED(row_of)(const struct sites *own, int colour,
                               int64_t row)
{
    return own->plane[colour] + (size_t)row * NAMED(row_words)(own) + 4;
}

static uint64_t *NAMED(word_at)(const struct sites *own, int64_t site,
                                int *lane)
{
    uint32_t block;
    lattice_address(own->bank.spec.system->lattice, site, &block, lane);
    int64_t row = block / (unsigned)own->words;
    return NAMED(row_of)(own, row >= own->rows, row % own->rows) +
           4 * (block % (unsigned)own->words) + *lane / 64;
}

static void NAMED(put)(struct bank *bank, int lane, const void *state)
{
    struct sites *own = (struct sites *)bank;
    const struct system *system = bank->spec.system;
    (void)lane;
    for (int64_t i = 0; i < system->sites; i++) {
        int at;
        uint64_t *word = NAMED(word_at)(own, i, &at);
        uint64_t bit = UINT64_C(1) << (at % 64);
        bool up = system->model->local->get(system, state, i);
        *word = up ? *word | bit : *word & ~bit;
    }
}

static void NAMED(get)(const struct bank *bank, int lane, void *state)
{
    const struct sites *own = (const struct sites *)bank;
    const struct system *system = bank->spec.system;
    (void)lane;
    for (int64_t i = 0; i < system->sites; i++) {
        int at;
        const uint64_t *word = NAMED(word_at)(own, i, &at);
        system->model->local->set(system, state, i,
                                  (int)(*word >> (at % 64) & 1));
    }
}

static void NAMED(relabel)(struct bank *bank, const int *label, bool all)
{
    struct sites *own = (struct sites *)bank;
    const struct rung *rung = &bank->spec.rung[label[0]];
    if (!all && label[0] == bank->label[0])
        return;
    bank->label[0] = label[0];
    own->fresh = rung->exact;
    own->lazy = rung->lazy && bank->spec.dynamics->binary->lazy;
    levels_update(own->levels, bank->spec.system, bank->spec.dynamics, rung);
    own->fit = pattern_find(own->levels, true);
    script_write(&own->script, own->levels, own->fit.order);
}

/* ---- neighbours of a row ----------------------------------------------- */

static void NAMED(along_last)(struct sites *own, struct row *row, int parity)
{
    uint64_t *other = NAMED(row_of)(own, 1 - row->colour, row->row);
    int last = own->dim - 1, end = 4 * (own->words - 1);
    uint64_t *halo = parity ? other + end + 4 : other - 4;
    tiles_rotate(&own->tiles, last, parity, parity ? other : other + end,
                 halo, 1);
    row->near[0] = other;
    row->near[1] = parity ? other + 4 : other - 4;
    row->missing[0] = NULL;
    row->edge_word = parity ? own->words - 1 : 0;
    row->missing[1] = own->tiles.edge[last][parity];
}

/* The neighbour row along another axis; rotated into scratch if it lies in
   the next tile. */
static void NAMED(along)(struct sites *own, struct row *row, int axis,
                         int forward, int at, int64_t stride,
                         uint64_t *scratch)
{
    int size = own->tiling->size[axis], d = 2 * (axis + 1) + forward;
    bool leaves = at == (forward ? size - 1 : 0);
    int64_t step = leaves ? (forward ? 1 - size : size - 1)
                          : (forward ? 1 : -1);
    const uint64_t *other = NAMED(row_of)(own, 1 - row->colour,
                                          row->row + step * stride);
    row->near[d] = other;
    row->missing[d] = leaves ? own->tiles.edge[axis][forward] : NULL;
    if (!leaves || own->tiles.count[axis] == 1)
        return;
    scratch += (size_t)d * NAMED(row_words)(own);
    tiles_rotate_row(&own->tiles, axis, forward, other, scratch, own->words);
    row->near[d] = scratch;
}

static void NAMED(look_around)(struct sites *own, struct row *row,
                               int colour, int64_t number, int thread)
{
    uint64_t *scratch = own->scratch + (size_t)thread * SITE_DEGREE *
                                           NAMED(row_words)(own);
    int64_t stride = 1;
    uint32_t left = (uint32_t)number, sum = (uint32_t)colour;
    row->colour = colour;
    row->row = number;
    row->self = NAMED(row_of)(own, colour, number);
    row->open = !own->bank.spec.system->lattice->periodic;
    for (int axis = own->dim - 2; axis >= 0; axis--) {
        uint32_t size = (uint32_t)own->tiling->size[axis], at = left % size;
        for (int forward = 0; forward < 2; forward++)
            NAMED(along)(own, row, axis, forward, (int)at, stride, scratch);
        left /= size;
        stride *= size;
        sum += at;
    }
    NAMED(along_last)(own, row, sum % 2);
}

static void NAMED(draw_row)(struct sites *own, int colour, int64_t row,
                            uint64_t tick)
{
    const struct bank_spec *spec = &own->bank.spec;
    struct rng_address address = {.seed = spec->seed, .tick = tick,
                                  .purpose = RNG_FRESH,
                                  .stream = (uint32_t)spec->first_walker};
    struct rng_range range = {.planes = 1, .halves = 2};
    uint64_t *self = NAMED(row_of)(own, colour, row);
    for (int r = 0; r < own->words; r++) {
        uint32_t block =
            (uint32_t)((colour * own->rows + row) * own->words + r);
        own->planes(self + 4 * r, &address, &block, 1, range);
        for (int i = 0; i < 4; i++)
            self[4 * r + i] &= own->tiles.live[i];
    }
}

#include "kernels/sites_update.h"
#include "kernels/sites_team.h"

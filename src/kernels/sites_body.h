/* Bit-sliced sites: one big 2D or 3D lattice, 256 tiles worked on at once,
   lane = tile. Of each colour a tile's row is an array of words; the
   neighbours of a word are whole words of the other colour, rotated by a lane
   only where they lie in the next tile. Included once per instruction
   set; see kernels/vector.h.

   Limit (doc/kernels): 12 random planes a word, then five logic operations a
   plane; memory traffic is two bits a site. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/kernel.h"
#include "kernels/toggle.h"
#include "kernels/tiles.h"

enum { CHUNK = 8, SITE_DEGREE = 6, GROUPS = LEVELS_CLASSES / 4 };

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
    uint8_t digits[GROUPS][LEVELS_PLANES]; /* of 4 classes' p, as an index */
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
    memset(own->digits, 0, sizeof own->digits);
    for (int c = 0; c < own->levels->p_count; c++) {
        uint32_t digits = levels_digits(own->levels->p[c].p[0]);
        for (int k = 0; k < LEVELS_PLANES; k++)
            own->digits[c / 4][k] |= (uint8_t)((digits >> k & 1) << c % 4);
    }
}

/* ---- neighbours of a row ----------------------------------------------- */

static void NAMED(along_last)(struct sites *own, struct row *row, int parity)
{
    uint64_t *other = NAMED(row_of)(own, 1 - row->colour, row->row);
    int last = own->dim - 1, end = 4 * (own->words - 1);
    uint64_t *halo = parity ? other + end + 4 : other - 4;
    tiles_rotate(&own->tiles, last, parity, parity ? other : other + end,
                 halo);
    row->near[0] = other;
    row->near[1] = parity ? other + 4 : other - 4;
    row->edge_word = parity ? own->words - 1 : 0;
    row->missing[1] = own->tiles.edge[last][parity];
}

/* The neighbour row along another axis; rotated into scratch if it lies in
   the next tile. */
static void NAMED(along)(struct sites *own, struct row *row, int axis,
                         int forward, int64_t stride, uint64_t *scratch)
{
    int size = own->tiling->size[axis], d = 2 * (axis + 1) + forward;
    int64_t at = row->row / stride % size;
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
    for (int r = 0; r < own->words; r++)
        tiles_rotate(&own->tiles, axis, forward, other + 4 * r,
                     scratch + 4 * r);
    row->near[d] = scratch;
}

static struct row NAMED(look_around)(struct sites *own, int colour,
                                     int64_t number, int thread)
{
    struct row row = {.colour = colour, .row = number,
                      .self = NAMED(row_of)(own, colour, number)};
    uint64_t *scratch = own->scratch + (size_t)thread * SITE_DEGREE *
                                           NAMED(row_words)(own);
    int64_t stride = 1, sum = 0;
    for (int axis = own->dim - 2; axis >= 0; axis--) {
        sum += number / stride % own->tiling->size[axis];
        for (int forward = 0; forward < 2; forward++)
            NAMED(along)(own, &row, axis, forward, stride, scratch);
        stride *= own->tiling->size[axis];
    }
    NAMED(along_last)(own, &row, (int)((colour + sum) % 2));
    row.open = !own->bank.spec.system->lattice->periodic;
    return row;
}

/* ---- the update -------------------------------------------------------- */

static inline VECTOR NAMED(load)(const uint64_t *at)
{
    VECTOR v;
    memcpy(&v, at, sizeof v);
    return v;
}

/* A word being updated. */
struct word {
    const struct row *row;
    int r, part; /* word of the row, vector of the word */
    uint64_t tick;
    VECTOR s;
    struct count agree, missing;
};

static VECTOR __attribute__((noinline))
NAMED(settle)(const struct sites *own, const struct word *w, VECTOR equal)
{
    const struct bank_spec *spec = &own->bank.spec;
    struct draws draws = {.kind = STREAM_SITE, .seed = spec->seed,
                          .tick = w->tick, .walker = spec->first_walker,
                          .lattice = spec->system->lattice};
    uint32_t block = (uint32_t)((w->row->colour * own->rows + w->row->row) *
                                own->words + w->r);
    VECTOR less = vector_zero();
    for (int i = 0; i < VECTOR_WORDS; i++)
        for (uint64_t left = VECTOR_WORD(equal, i); left; left &= left - 1) {
            int bit = __builtin_ctzll(left), agree = 0, missing = 0;
            for (int k = 0; k < 4; k++) {
                agree |= (int)(VECTOR_WORD(w->agree.digit[k], i) >> bit & 1)
                         << k;
                missing |= (int)(VECTOR_WORD(w->missing.digit[k], i) >> bit &
                                 1) << k;
            }
            double p = levels_p(own->levels, 0,
                                (int)(VECTOR_WORD(w->s, i) >> bit & 1),
                                agree, missing);
            int lane = 64 * (w->part * VECTOR_WORDS + i) + bit;
            int64_t site = lattice_site(spec->system->lattice, block, lane);
            if (draws_below_from(&draws, RNG_UPDATE, site, p, LEVELS_PLANES))
                ((uint64_t *)&less)[i] |= UINT64_C(1) << bit;
        }
    return less;
}

/* Lanes in a class, at open boundaries too. */
static inline VECTOR NAMED(members)(const struct level_class *class,
                                    const struct word *w,
                                    const VECTOR *minterm, int z, bool open)
{
    VECTOR mask = class_mask(class->members[0], minterm, z, w->s);
    if (!open)
        return mask;
    VECTOR lacks[LEVELS_MISSING];
    count_minterms(&w->missing, z / 2, lacks);
    mask &= lacks[0];
    for (int m = 1; m <= z / 2; m++)
        mask |= lacks[m] & class_mask(class->members[m], minterm, z, w->s);
    return mask;
}

/* U < p: the classes' masks are combined, four at a time, into a table of
   unions; each digit looks its union up. */
static inline __attribute__((always_inline)) VECTOR
NAMED(below)(const struct sites *own, const uint64_t *planes,
             const VECTOR *mask, const int classes, VECTOR *equal)
{
    VECTOR table[GROUPS][16], less = vector_zero();
    int groups = (classes + 3) / 4;
    for (int g = 0; g < groups; g++) {
        int used = classes - 4 * g < 4 ? classes - 4 * g : 4;
        table[g][0] = vector_zero();
        for (int c = 0; c < used; c++)
            for (int i = 0; i < 1 << c; i++)
                table[g][(1 << c) + i] = table[g][i] | mask[4 * g + c];
    }
    for (int k = 0; k < LEVELS_PLANES; k++) {
        VECTOR p = groups ? table[0][own->digits[0][k]] : vector_zero();
        for (int g = 1; g < groups; g++)
            p |= table[g][own->digits[g][k]];
        compare_digit(NAMED(load)(planes + 4 * k), p, &less, equal);
    }
    return less;
}

static inline __attribute__((always_inline)) void
NAMED(update)(struct sites *own, struct word *w, const uint64_t *planes,
              const uint64_t *lazy, const int z, const int classes)
{
    const struct levels *levels = own->levels;
    const struct row *row = w->row;
    int at = 4 * w->r + w->part * VECTOR_WORDS;
    VECTOR near[SITE_DEGREE], missing[SITE_DEGREE];
    bool open = row->open;
    w->s = NAMED(load)(row->self + at);
    for (int d = 0; d < z; d++)
        near[d] = ~(w->s ^ NAMED(load)(row->near[d] + at));
    if (open)
        for (int d = 0; d < z; d++) {
            bool lacks = row->missing[d] &&
                         (d != 1 || w->r == row->edge_word);
            missing[d] = vector_zero();
            if (lacks)
                missing[d] = NAMED(load)(row->missing[d] +
                                         w->part * VECTOR_WORDS);
            near[d] &= ~missing[d];
        }
    w->agree = count_bits(near, z);
    if (open)
        w->missing = count_bits(missing, z);
    VECTOR minterm[LEVELS_DEGREE + 1], mask[LEVELS_CLASSES];
    VECTOR equal = vector_zero(), toggle = vector_zero();
    count_minterms(&w->agree, z, minterm);
    for (int c = 0; c < classes; c++) {
        mask[c] = NAMED(members)(&levels->p[c], w, minterm, z, open);
        equal |= mask[c];
    }
    for (int c = 0; c < levels->base_count; c++)
        toggle |= NAMED(members)(&levels->base[c], w, minterm, z, open);
    VECTOR live = NAMED(load)(own->tiles.live + w->part * VECTOR_WORDS);
    equal &= live;
    toggle ^= NAMED(below)(own, planes, mask, classes, &equal);
    if (vector_any(equal))
        toggle ^= NAMED(settle)(own, w, equal);
    if (lazy)
        toggle &= ~(NAMED(load)(lazy) & NAMED(load)(lazy + 4));
    w->s = (w->s ^ toggle) & live;
    memcpy(row->self + at, &w->s, sizeof w->s);
}

static void NAMED(update_words)(struct sites *own, const struct row *row,
                                int first, int count, uint64_t tick,
                                const uint64_t *planes, const uint64_t *lazy)
{
    int z = 2 * own->dim, classes = own->levels->p_count;
    struct word w = {.row = row, .tick = tick};
    for (int i = 0; i < count; i++)
        for (w.part = 0; w.part < VECTORS_A_PLANE; w.part++) {
            int offset = w.part * VECTOR_WORDS;
            const uint64_t *u = planes + 4 * i * LEVELS_PLANES + offset;
            const uint64_t *l = lazy ? lazy + 8 * i + offset : NULL;
            w.r = first + i;
            if (z == 4 && classes == 2 && !row->open)
                NAMED(update)(own, &w, u, l, 4, 2);
            else if (z == 6 && classes == 3 && !row->open)
                NAMED(update)(own, &w, u, l, 6, 3);
            else
                NAMED(update)(own, &w, u, l, z, classes);
        }
}

static void NAMED(sweep_row)(struct sites *own, const struct row *row,
                             uint64_t tick)
{
    const struct bank_spec *spec = &own->bank.spec;
    uint64_t update[CHUNK * LEVELS_PLANES * 4], lazy[CHUNK * 2 * 4];
    struct rng_address address = {.seed = spec->seed, .tick = tick,
                                  .stream = (uint32_t)spec->first_walker};
    struct rng_range range = {.halves = 2};
    uint32_t block[CHUNK];
    int64_t base = (row->colour * own->rows + row->row) * own->words;
    for (int first = 0; first < own->words; first += CHUNK) {
        int count = own->words - first < CHUNK ? own->words - first : CHUNK;
        for (int i = 0; i < count; i++)
            block[i] = (uint32_t)(base + first + i);
        address.purpose = RNG_UPDATE;
        range.planes = LEVELS_PLANES;
        own->planes(update, &address, block, count, range);
        address.purpose = RNG_LAZY;
        range.planes = 2;
        if (own->lazy)
            own->planes(lazy, &address, block, count, range);
        NAMED(update_words)(own, row, first, count, tick, update,
                            own->lazy ? lazy : NULL);
    }
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

#include "kernels/sites_team.h"

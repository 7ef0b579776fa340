/* The part of the one-lattice bodies that updates words. Included by
   kernels/sites_body.h.

   WIDTH vectors are worked on side by side: a digit's case is looked up once
   for all of them, and their chains of operations run next to each other. */

enum { WIDTH = 4 };

/* A thread's random planes. */
struct crew {
    struct rng_address address; /* of update */
    struct feed update, lazy;
};

/* Vectors of a row being updated. */
struct span {
    const struct row *row;
    int at; /* the first one's number in the row */
    int in; /* and in the blocks the feeds have ready */
};

static INLINE VECTOR NAMED(load)(const uint64_t *at)
{
    VECTOR v;
    memcpy(&v, at, sizeof v);
    return v;
}

static INLINE struct feed_view NAMED(look)(const struct feed *feed,
                                           const struct span *span)
{
    return feed_look(feed, span->in / VECTORS_A_PLANE,
                     span->in % VECTORS_A_PLANE * VECTOR_WORDS);
}

static uint32_t NAMED(block_of)(const struct sites *own,
                                const struct row *row)
{
    return (uint32_t)((row->colour * own->rows + row->row) * own->words);
}

/* ---- U < p, a plane at a time ------------------------------------------

   equal: lanes of any class whose digits of U are those of p so far. Where
   they first differ, U < p if p's digit is 1:

       U < p = XOR over k of (equal_k ^ equal_k+1) & p_k
             = XOR over k of equal_k & (p_k ^ p_k-1), p_-1 = 0,

   but for lanes still equal at the end. Digits that all lanes have in common
   make that cheaper. toggle starts as base and takes up the sum. */

static INLINE VECTOR NAMED(unite)(const VECTOR (*table)[1 << SCRIPT_GROUP],
                                  const uint8_t *set, const int groups)
{
    VECTOR all = table[0][set[0]];
    for (int g = 1; g < groups; g++)
        all |= table[g][set[g]];
    return all;
}

static INLINE void NAMED(compare_plane)(
    VECTOR u, const VECTOR (*table)[1 << SCRIPT_GROUP],
    const struct script *script, int k, const int groups, const int digit,
    const int turn, VECTOR *equal, VECTOR *toggle)
{
    if (turn == SCRIPT_ALL)
        *toggle ^= *equal;
    if (turn == SCRIPT_MIXED)
        *toggle ^= *equal & NAMED(unite)(table, script->turn[k], groups);
    if (digit == SCRIPT_NONE)
        *equal &= ~u;
    if (digit == SCRIPT_ALL)
        *equal &= u;
    if (digit == SCRIPT_MIXED)
        *equal &= ~(u ^ NAMED(unite)(table, script->digit[k], groups));
}

static INLINE void NAMED(compare)(
    const struct script *script, struct feed_view feed,
    const VECTOR (*table)[1 << SCRIPT_GROUP], const int groups,
    const int width, VECTOR *equal, VECTOR *toggle)
{
#define CASE(digit, turn)                                                    \
    case SCRIPT_KINDS * digit + turn:                                        \
        for (int w = 0; w < width; w++)                                      \
            NAMED(compare_plane)(feed_plane(&feed, w / VECTORS_A_PLANE,      \
                                            w % VECTORS_A_PLANE *           \
                                                VECTOR_WORDS, k),           \
                                 table + w * groups, script, k, groups,      \
                                 digit, turn, e + w, t + w);                 \
        break;
    /* Copies that no loop indexes stay in registers. */
    VECTOR e[WIDTH], t[WIDTH];
    for (int w = 0; w < width; w++) {
        e[w] = equal[w];
        t[w] = toggle[w];
    }
    for (int k = 0; k < LEVELS_PLANES; k++)
        switch (script->kind[k]) {
            CASE(SCRIPT_NONE, SCRIPT_NONE)
            CASE(SCRIPT_NONE, SCRIPT_ALL)
            CASE(SCRIPT_NONE, SCRIPT_MIXED)
            CASE(SCRIPT_ALL, SCRIPT_NONE)
            CASE(SCRIPT_ALL, SCRIPT_ALL)
            CASE(SCRIPT_ALL, SCRIPT_MIXED)
            CASE(SCRIPT_MIXED, SCRIPT_NONE)
            CASE(SCRIPT_MIXED, SCRIPT_ALL)
            CASE(SCRIPT_MIXED, SCRIPT_MIXED)
        default:
            __builtin_unreachable();
        }
#undef CASE
    for (int w = 0; w < width; w++) {
        equal[w] = e[w];
        toggle[w] = t[w];
    }
}

/* Digit k, however far. */
static INLINE VECTOR NAMED(digit)(const struct script *script,
                                  const VECTOR (*table)[1 << SCRIPT_GROUP],
                                  int k)
{
    uint8_t set[SCRIPT_GROUPS] = {0};
    if (k < SCRIPT_DIGITS)
        return NAMED(unite)(table, script->digit[k], script->groups);
    for (int g = 0; g < script->groups; g++)
        set[g] = (uint8_t)script_union(script, g, (uint32_t)k);
    return NAMED(unite)(table, set, script->groups);
}

/* Ties of vector w: the same with further planes, until no lane is equal.
   (A double's digits end in zeros: equal in all of them is not less.) */
static void __attribute__((noinline))
NAMED(settle)(const struct sites *own, const struct crew *crew,
              const struct span *span, int w,
              const VECTOR (*table)[1 << SCRIPT_GROUP], VECTOR *equal,
              VECTOR *toggle)
{
    const int vector = span->at + w;
    const int part = vector % VECTORS_A_PLANE * VECTOR_WORDS;
    const uint32_t block = NAMED(block_of)(own, span->row) +
                           (uint32_t)(vector / VECTORS_A_PLANE);
    struct rng_range range = {.planes = FEED_MORE, .halves = 2};
    uint64_t planes[FEED_MORE * RNG_PLANE_WORDS];
    VECTOR before = NAMED(digit)(&own->script, table, LEVELS_PLANES - 1);
    feed_more(&crew->update, (span->in + w) / VECTORS_A_PLANE, block, planes);
    for (int k = LEVELS_PLANES; vector_any(*equal); k++) {
        int ahead = (k - LEVELS_PLANES) % FEED_MORE;
        range.first = k;
        if (ahead == 0 && k > LEVELS_PLANES)
            own->planes(planes, &crew->address, &block, 1, range);
        VECTOR u = NAMED(load)(planes + RNG_PLANE_WORDS * ahead + part);
        VECTOR p = NAMED(digit)(&own->script, table, k);
        *toggle ^= *equal & (p ^ before);
        *equal &= ~(u ^ p);
        before = p;
    }
}

/* ---- which lanes are in which class ------------------------------------ */

/* Unions of the masks, groups of at most four. */
static INLINE void NAMED(tabulate)(const VECTOR *mask, const int classes,
                                   VECTOR (*table)[1 << SCRIPT_GROUP])
{
    const int groups = script_groups(classes);
    for (int g = 0; g < groups; g++) {
        int first = script_first(classes, g);
        int used = script_first(classes, g + 1) - first;
        table[g][0] = vector_zero();
        for (int c = 0; c < used; c++)
            for (int i = 0; i < 1 << c; i++)
                table[g][(1 << c) + i] = table[g][i] | mask[first + c];
    }
}

/* One vector by a pattern, which is a constant. base: lanes whose answer to
   U >= p is to toggle. */
static INLINE void NAMED(classify)(const struct sites *own,
                                   const struct row *row, int at,
                                   const struct pattern *pattern,
                                   VECTOR (*table)[1 << SCRIPT_GROUP],
                                   VECTOR *equal, VECTOR *toggle)
{
    const int z = pattern->z;
    VECTOR near[SITE_DEGREE], minterm[LEVELS_DEGREE + 1];
    VECTOR mask[PATTERN_CLASSES], any = vector_zero();
    VECTOR s = NAMED(load)(row->self + at);
    VECTOR like = s ^ vector_all(!own->fit.mirrored);
    VECTOR up = s ^ vector_all(own->fit.swapped);
    for (int d = 0; d < z; d++)
        near[d] = like ^ NAMED(load)(row->near[d] + at);
    struct count agree = count_bits(near, z);
    count_minterms(&agree, z, minterm);
    UNROLL
    for (int c = 0; c < pattern->classes; c++) {
        mask[c] = class_mask(pattern->p[c], minterm, z, up);
        any |= mask[c];
    }
    NAMED(tabulate)(mask, pattern->classes, table);
    *equal = any;
    *toggle = pattern->base ? class_mask(pattern->base, minterm, z, up) : ~any;
}

/* Lanes without a neighbour in direction d. */
static INLINE VECTOR NAMED(missing)(const struct row *row, int at, int d)
{
    bool lacks = row->open && row->missing[d] &&
                 (d != 1 || at / RNG_PLANE_WORDS == row->edge_word);
    return lacks ? NAMED(load)(row->missing[d] + at % RNG_PLANE_WORDS)
                 : vector_zero();
}

struct around {
    VECTOR s, agree[LEVELS_DEGREE + 1], lack[LEVELS_MISSING];
    int z, lack_most;
};

static VECTOR NAMED(members)(const struct around *around,
                             const struct level_class *class)
{
    VECTOR mask = vector_zero();
    for (int m = 0; m <= around->lack_most; m++)
        mask |= around->lack[m] & class_mask(class->members[m],
                                             around->agree, around->z,
                                             around->s);
    return mask;
}

/* One vector by any rule at any boundary, slowly. Lanes at an open boundary
   agree across fewer bonds than z and are told apart by how many they lack. */
static void NAMED(classify_any)(const struct sites *own,
                                const struct row *row, int at,
                                VECTOR (*table)[1 << SCRIPT_GROUP],
                                VECTOR *equal, VECTOR *toggle)
{
    const struct levels *levels = own->levels;
    const int z = levels->degree;
    VECTOR near[SITE_DEGREE], missing[SITE_DEGREE], mask[LEVELS_CLASSES];
    struct around around = {.s = NAMED(load)(row->self + at), .z = z,
                            .lack_most = levels->missing_most};
    for (int d = 0; d < z; d++) {
        missing[d] = NAMED(missing)(row, at, d);
        near[d] = ~(around.s ^ NAMED(load)(row->near[d] + at)) & ~missing[d];
    }
    struct count agree = count_bits(near, z), lack = count_bits(missing, z);
    count_minterms(&agree, z, around.agree);
    count_minterms(&lack, around.lack_most, around.lack);
    *equal = *toggle = vector_zero();
    for (int c = 0; c < levels->p_count; c++) {
        mask[c] = NAMED(members)(&around, &levels->p[c]);
        *equal |= mask[c];
    }
    for (int c = 0; c < levels->base_count; c++)
        *toggle |= NAMED(members)(&around, &levels->base[c]);
    NAMED(tabulate)(mask, levels->p_count, table);
}

/* ---- words ------------------------------------------------------------- */

/* Toggles vectors of the row. */
static INLINE void NAMED(write)(const struct crew *crew,
                                const struct span *span, bool lazy,
                                const int width, const VECTOR *toggle)
{
    uint64_t *self = span->row->self + span->at * VECTOR_WORDS;
    struct feed_view stays = NAMED(look)(&crew->lazy, span);
    for (int w = 0; w < width; w++, self += VECTOR_WORDS) {
        VECTOR s = NAMED(load)(self), t = toggle[w];
        const int block = w / VECTORS_A_PLANE;
        const int word = w % VECTORS_A_PLANE * VECTOR_WORDS;
        if (lazy)
            t &= ~(feed_plane(&stays, block, word, 0) &
                   feed_plane(&stays, block, word, 1));
        s ^= t;
        memcpy(self, &s, sizeof s);
    }
}

/* pattern and width are constants. */
static INLINE void NAMED(update)(const struct sites *own,
                                 const struct crew *crew,
                                 const struct span *span,
                                 const struct pattern *pattern,
                                 const int width)
{
    const int groups = script_groups(pattern->classes);
    VECTOR table[WIDTH * PATTERN_GROUPS][1 << SCRIPT_GROUP];
    VECTOR equal[WIDTH], toggle[WIDTH], tied = vector_zero();
    for (int w = 0; w < width; w++) {
        NAMED(classify)(own, span->row, (span->at + w) * VECTOR_WORDS,
                        pattern, table + w * groups, equal + w,
                        toggle + w);
    }
    NAMED(compare)(&own->script, NAMED(look)(&crew->update, span), table,
                   groups, width, equal, toggle);
    for (int w = 0; w < width; w++)
        tied |= equal[w];
    if (vector_any(tied))
        for (int w = 0; w < width; w++) {
            VECTOR e = equal[w], t = toggle[w];
            if (vector_any(e))
                NAMED(settle)(own, crew, span, w, table + w * groups, &e,
                              &t);
            toggle[w] = t;
        }
    NAMED(write)(crew, span, own->lazy, width, toggle);
}

static void NAMED(update_any)(const struct sites *own,
                              const struct crew *crew,
                              const struct span *span)
{
    VECTOR table[SCRIPT_GROUPS][1 << SCRIPT_GROUP];
    VECTOR equal, toggle;
    NAMED(classify_any)(own, span->row, span->at * VECTOR_WORDS, table,
                        &equal, &toggle);
    if (own->script.groups)
        NAMED(compare)(&own->script, NAMED(look)(&crew->update, span), table,
                       own->script.groups, 1, &equal, &toggle);
    if (vector_any(equal))
        NAMED(settle)(own, crew, span, 0, table, &equal, &toggle);
    NAMED(write)(crew, span, own->lazy, 1, &toggle);
}

/* pattern is a constant, or NULL. */
static INLINE void NAMED(run)(const struct sites *own, struct crew *crew,
                              const struct row *row,
                              const struct pattern *pattern)
{
    uint32_t block = NAMED(block_of)(own, row);
    for (int made, first = 0; first < own->words; first += made) {
        struct span span = {.row = row, .at = first * VECTORS_A_PLANE};
        uint32_t blocks[FEED_BLOCKS];
        for (int i = 0; i < FEED_BLOCKS; i++)
            blocks[i] = block + (uint32_t)(first + i);
        made = feed_make(&crew->update, blocks, own->words - first);
        if (own->lazy)
            feed_make(&crew->lazy, blocks, made);
        const int end = made * VECTORS_A_PLANE;
        for (; pattern && span.in + WIDTH <= end;
             span.at += WIDTH, span.in += WIDTH)
            NAMED(update)(own, crew, &span, pattern, WIDTH);
        for (; span.in < end; span.at++, span.in++)
            if (pattern)
                NAMED(update)(own, crew, &span, pattern, 1);
            else
                NAMED(update_any)(own, crew, &span);
    }
}

static void NAMED(run_any)(const struct sites *own, struct crew *crew,
                           const struct row *row)
{
    NAMED(run)(own, crew, row, NULL);
}

typedef void NAMED(runs)(const struct sites *, struct crew *,
                         const struct row *);
#define PATTERN_ROW(name, ...)                                                   static void NAMED(run_##name)(const struct sites *own,                                                     struct crew *crew, const struct row *row)      {                                                                                NAMED(run)(own, crew, row, &pattern_##name);                             }
PATTERNS(PATTERN_ROW)
#undef PATTERN_ROW

static void NAMED(update_row)(const struct sites *own, struct crew *crew,
                              const struct row *row)
{
#define PATTERN_ROW(name, ...) NAMED(run_##name),
    NAMED(runs) *const run[] = {PATTERNS(PATTERN_ROW) NAMED(run_any)};
#undef PATTERN_ROW
    run[own->fit.name](own, crew, row);
}

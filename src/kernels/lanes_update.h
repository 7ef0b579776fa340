/* The part of the lanes' bodies that updates sites. Included by
   kernels/lanes_body.h.

   Sites of one colour are no neighbours: WIDTH of them are worked on side by
   side, so that a digit of p is loaded once for all and their chains of
   operations run next to each other. */

enum { WIDTH = 2 };

/* A thread's random planes. */
struct crew {
    struct rng_address address; /* of update */
    struct feed update, lazy, fresh;
};

/* Sites being updated. */
struct span {
    const uint32_t *site;
    int in; /* the first one's number in the blocks the feeds have ready */
    int column;
};

static struct feed_view NAMED(look)(const struct lanes *own,
                                    const struct feed *feed,
                                    const struct span *span)
{
    return feed_look(feed, span->in,
                     own->first_word - 2 * own->first_half +
                         span->column * VECTOR_WORDS);
}

/* ---- U < p, a plane at a time ------------------------------------------ */

/* mask[w][c]: lanes of site w in class c; equal: in any. Every lane's p has
   digit k = slice_0,k ^ (slice_c,k if it is in class c > 0). */
static INLINE void NAMED(compare)(const struct lanes *own,
                                  const struct crew *crew,
                                  const struct span *span,
                                  const VECTOR *mask, const int classes,
                                  const int width, VECTOR *equal,
                                  VECTOR *toggle)
{
    const VECTOR *slice = own->slice +
                          span->column * LEVELS_CLASSES * LEVELS_PLANES;
    const struct feed_view feed = NAMED(look)(own, &crew->update, span);
    /* Copies that no loop indexes stay in registers. */
    VECTOR e[WIDTH], t[WIDTH];
    for (int w = 0; w < width; w++) {
        e[w] = equal[w];
        t[w] = toggle[w];
    }
    for (int k = 0; k < LEVELS_PLANES; k++)
        for (int w = 0; w < width; w++) {
            VECTOR p = slice[k];
            for (int c = 1; c < classes; c++)
                p ^= mask[w * classes + c] & slice[c * LEVELS_PLANES + k];
            VECTOR decided = e[w] & (feed_plane(&feed, w, 0, k) ^ p);
            t[w] ^= decided & p;
            e[w] ^= decided;
        }
    for (int w = 0; w < width; w++) {
        equal[w] = e[w];
        toggle[w] = t[w];
    }
}

/* A tie: digits of U from LEVELS_PLANES on, read one by one. */
static bool NAMED(tie_below)(const struct lanes *own, const struct crew *crew,
                             uint32_t site, const uint64_t *planes, int place,
                             double p)
{
    struct draws draws = {.kind = STREAM_LANE, .seed = crew->address.seed,
                          .tick = crew->address.tick,
                          .walker = own->bank.spec.first_walker / 256 * 256 +
                                    place};
    for (uint32_t k = 0; k < FEED_MORE; k++) {
        int u = (int)(planes[RNG_PLANE_WORDS * k + (uint32_t)place / 64] >>
                      place % 64 & 1);
        int digit = binary_digit(p, LEVELS_PLANES + k);
        if (u != digit)
            return digit;
    }
    return draws_below_from(&draws, RNG_UPDATE, site, p,
                            LEVELS_PLANES + FEED_MORE);
}

/* Settles the ties of site w. */
static VECTOR __attribute__((noinline))
NAMED(settle)(const struct lanes *own, const struct crew *crew,
              const struct span *span, int w, const VECTOR *mask,
              VECTOR equal)
{
    const struct bank_spec *spec = &own->bank.spec;
    uint64_t planes[FEED_MORE * RNG_PLANE_WORDS];
    VECTOR less = vector_zero();
    feed_more(&crew->update, span->in + w, span->site[w], planes);
    for (int i = 0; i < VECTOR_WORDS; i++)
        for (uint64_t left = VECTOR_WORD(equal, i); left; left &= left - 1) {
            int bit = __builtin_ctzll(left), c = 0;
            int place = 64 * (own->first_word + span->column * VECTOR_WORDS +
                              i) + bit;
            int lane = place - (int)(spec->first_walker % 256);
            if (lane < 0 || lane >= spec->lanes)
                continue;
            while (!(VECTOR_WORD(mask[c], i) >> bit & 1))
                c++;
            double p = own->levels->p[own->fit.order[c]]
                           .p[own->bank.label[lane]];
            if (NAMED(tie_below)(own, crew, span->site[w], planes, place, p))
                ((uint64_t *)&less)[i] |= UINT64_C(1) << bit;
        }
    return less;
}

/* ---- which lanes are in which class ------------------------------------ */

/* like: s or ~s. near[d]: lanes that agree with neighbour d; z of them. */
static INLINE void NAMED(compare_bonds)(const struct lanes *own, int column,
                                        uint32_t site, VECTOR like,
                                        const int z, VECTOR *near)
{
    const VECTOR *spin = own->spin + column * own->sites;
    const int32_t *other = own->links->other + site * (uint32_t)z;
    for (int d = 0; d < z; d++)
        near[d] = like ^ spin[other[d]];
    if (own->bonds) {
        const VECTOR *sign = own->sign + column * own->bonds;
        const int32_t *bond = own->links->bond + site * (uint32_t)z;
        for (int d = 0; d < z; d++)
            near[d] ^= sign[bond[d]];
    }
}

/* By a pattern, which is a constant. toggle: lanes whose answer to U >= p is
   to toggle. */
static INLINE void NAMED(classify)(const struct lanes *own, int column,
                                   uint32_t site,
                                   const struct pattern *pattern,
                                   VECTOR *mask, VECTOR *equal,
                                   VECTOR *toggle)
{
    const int z = pattern->z;
    VECTOR near[LEVELS_DEGREE], minterm[LEVELS_DEGREE + 1];
    VECTOR s = own->spin[column * own->sites + (int)site];
    VECTOR up = s ^ vector_all(own->fit.swapped), any = vector_zero();
    NAMED(compare_bonds)(own, column, site,
                         s ^ vector_all(!own->fit.mirrored), z, near);
    struct count agree = count_bits(near, z);
    count_minterms(&agree, z, minterm);
    UNROLL
    for (int c = 0; c < pattern->classes; c++) {
        mask[c] = class_mask(pattern->p[c], minterm, z, up);
        any |= mask[c];
    }
    *equal = any;
    *toggle = pattern->base ? class_mask(pattern->base, minterm, z, up)
                            : ~any;
}

/* By any rule; bonds may be missing. */
static void NAMED(classify_any)(const struct lanes *own, int column,
                                uint32_t site, VECTOR *mask, VECTOR *equal,
                                VECTOR *toggle)
{
    const struct levels *levels = own->levels;
    const struct links *links = own->links;
    const int z = links->degree, missing = links->missing[site];
    const int32_t *other = links->other + site * (uint32_t)z;
    const VECTOR *spin = own->spin + column * own->sites;
    const VECTOR *base = own->base + column * LEVELS_CLASSES;
    VECTOR near[LEVELS_DEGREE], minterm[LEVELS_DEGREE + 1], s = spin[site];
    for (int d = 0; d < z; d++) {
        near[d] = vector_zero();
        if (other[d] >= 0)
            near[d] = ~(s ^ spin[other[d]]);
        if (other[d] >= 0 && own->bonds)
            near[d] ^= own->sign[column * own->bonds +
                                 links->bond[(int)site * z + d]];
    }
    struct count agree = count_bits(near, z);
    count_minterms(&agree, z, minterm);
    *equal = *toggle = vector_zero();
    for (int c = 0; c < levels->p_count; c++) {
        mask[c] = class_mask(levels->p[c].members[missing], minterm, z, s);
        *equal |= mask[c];
    }
    for (int c = 0; c < levels->base_count; c++)
        *toggle |= base[c] & class_mask(levels->base[c].members[missing],
                                        minterm, z, s);
}

/* ---- sites ------------------------------------------------------------- */

static INLINE void NAMED(write)(struct lanes *own, const struct crew *crew,
                                const struct span *span, const int width,
                                const VECTOR *toggle)
{
    VECTOR *spin = own->spin + span->column * own->sites;
    const VECTOR lazy = own->lazy[span->column];
    const VECTOR fresh = own->fresh[span->column];
    const struct feed_view stays = NAMED(look)(own, &crew->lazy, span);
    const struct feed_view drawn = NAMED(look)(own, &crew->fresh, span);
    for (int w = 0; w < width; w++) {
        VECTOR t = toggle[w], s = spin[span->site[w]];
        if (own->any_lazy)
            t &= ~(lazy & feed_plane(&stays, w, 0, 0) &
                   feed_plane(&stays, w, 0, 1));
        s ^= t;
        if (own->any_fresh)
            s ^= fresh & (s ^ feed_plane(&drawn, w, 0, 0));
        spin[span->site[w]] = s;
    }
}

/* pattern and width are constants. */
static INLINE void NAMED(update)(struct lanes *own, const struct crew *crew,
                                 const struct span *span,
                                 const struct pattern *pattern,
                                 const int width)
{
    const int classes = pattern->classes;
    VECTOR mask[WIDTH * PATTERN_CLASSES];
    VECTOR equal[WIDTH], toggle[WIDTH], tied = vector_zero();
    for (int w = 0; w < width; w++)
        NAMED(classify)(own, span->column, span->site[w], pattern,
                        mask + w * classes, equal + w, toggle + w);
    NAMED(compare)(own, crew, span, mask, classes, width, equal, toggle);
    for (int w = 0; w < width; w++)
        tied |= equal[w];
    if (vector_any(tied))
        for (int w = 0; w < width; w++)
            toggle[w] ^= NAMED(settle)(own, crew, span, w,
                                       mask + w * classes, equal[w]);
    NAMED(write)(own, crew, span, width, toggle);
}

static void NAMED(update_any)(struct lanes *own, const struct crew *crew,
                              const struct span *span)
{
    VECTOR mask[LEVELS_CLASSES], equal, toggle;
    NAMED(classify_any)(own, span->column, span->site[0], mask, &equal,
                        &toggle);
    NAMED(compare)(own, crew, span, mask, own->levels->p_count, 1, &equal,
                   &toggle);
    if (vector_any(equal))
        toggle ^= NAMED(settle)(own, crew, span, 0, mask, equal);
    NAMED(write)(own, crew, span, 1, &toggle);
}

/* Sites the feeds have ready. pattern is a constant, or NULL. */
static INLINE void NAMED(run)(struct lanes *own, const struct crew *crew,
                              const uint32_t *site, int count,
                              const struct pattern *pattern)
{
    const bool beside = own->links->colours > 1;
    for (int column = 0; column < own->columns; column++) {
        struct span span = {.site = site, .column = column};
        for (; pattern && beside && span.in + WIDTH <= count;
             span.in += WIDTH, span.site += WIDTH)
            NAMED(update)(own, crew, &span, pattern, WIDTH);
        for (; span.in < count; span.in++, span.site++)
            if (pattern)
                NAMED(update)(own, crew, &span, pattern, 1);
            else
                NAMED(update_any)(own, crew, &span);
    }
}

typedef void NAMED(runs)(struct lanes *, const struct crew *,
                         const uint32_t *, int);
#define PATTERN_ROW(name, ...)                                               \
    static void NAMED(run_##name)(struct lanes *own,                         \
                                  const struct crew *crew,                   \
                                  const uint32_t *site, int count)           \
    {                                                                        \
        NAMED(run)(own, crew, site, count, &pattern_##name);                 \
    }
PATTERNS(PATTERN_ROW)
#undef PATTERN_ROW

static void NAMED(run_any)(struct lanes *own, const struct crew *crew,
                           const uint32_t *site, int count)
{
    NAMED(run)(own, crew, site, count, NULL);
}

/* ---- the sweep --------------------------------------------------------- */

static void NAMED(open)(const struct lanes *own, struct crew *crew,
                        uint64_t tick)
{
    const struct bank_spec *spec = &own->bank.spec;
    struct rng_range range = {.planes = LEVELS_PLANES,
                              .first_half = own->first_half,
                              .halves = own->halves};
    crew->address = (struct rng_address){
        .seed = spec->seed, .tick = tick, .purpose = RNG_UPDATE,
        .stream = (uint32_t)(spec->first_walker / 256)};
    struct rng_address address = crew->address;
    feed_open(&crew->update, &address, range);
    address.purpose = RNG_LAZY;
    range.planes = 2;
    feed_open(&crew->lazy, &address, range);
    address.purpose = RNG_FRESH;
    range.planes = 1;
    feed_open(&crew->fresh, &address, range);
}

static void NAMED(update_sites)(struct lanes *own, struct crew *crew,
                                const uint32_t *site, int count)
{
#define PATTERN_ROW(name, ...) NAMED(run_##name),
    NAMED(runs) *const run[] = {PATTERNS(PATTERN_ROW) NAMED(run_any)};
#undef PATTERN_ROW
    for (int made; count > 0; count -= made, site += made) {
        made = feed_make(&crew->update, site, count);
        if (own->any_lazy)
            feed_make(&crew->lazy, site, made);
        if (own->any_fresh)
            feed_make(&crew->fresh, site, made);
        run[own->fit.name](own, crew, site, made);
    }
}

static void NAMED(sweep)(struct bank *bank, uint64_t tick, int threads)
{
    struct lanes *own = (struct lanes *)bank;
    const struct links *links = own->links;
    int team = links->colours > 1 ? threads : 1;
#pragma omp parallel num_threads(team) if (team > 1)
    {
        struct crew crew;
        NAMED(open)(own, &crew, tick);
        for (int colour = 0; colour < links->colours; colour++) {
            int first = links->colour_start[colour];
            int count = links->colour_start[colour + 1] - first;
#pragma omp for schedule(static)
            for (int at = 0; at < count; at += FEED_BLOCKS)
                NAMED(update_sites)(own, &crew, links->order + first + at,
                                    count - at < FEED_BLOCKS ? count - at
                                                             : FEED_BLOCKS);
        }
    }
}

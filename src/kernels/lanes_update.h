/* The part of the lanes' bodies that updates sites. Included by
   kernels/lanes_body.h. */

/* A thread's random planes. */
struct crew {
    struct rng_address address; /* of update */
    struct feed update, lazy, fresh;
};

/* A vector being updated: a column of a site. */
struct spot {
    int site, column;
    int in; /* the site's number among those the feeds have ready */
};

static INLINE VECTOR NAMED(plane)(const struct feed_view *feed, int k)
{
    return feed_plane(feed, 0, 0, k);
}

static INLINE struct feed_view NAMED(look)(const struct lanes *own,
                                           const struct feed *feed,
                                           const struct spot *spot)
{
    return feed_look(feed, spot->in,
                     own->first_word - 2 * own->first_half +
                         spot->column * VECTOR_WORDS);
}

/* ---- U < p, a plane at a time ------------------------------------------ */

/* mask[c]: lanes in class c; equal: in any; at the end, lanes undecided. Digit
   k of a lane's p is slice_0,k, flipped by slice_c,k if it is in class
   c > 0. */
static INLINE void NAMED(compare)(const struct lanes *own,
                                  const struct crew *crew,
                                  const struct spot *spot,
                                  const VECTOR *mask, const int classes,
                                  VECTOR *equal, VECTOR *toggle)
{
    const VECTOR *slice = own->slice +
                          spot->column * LEVELS_CLASSES * LEVELS_PLANES;
    const struct feed_view feed = NAMED(look)(own, &crew->update, spot);
    VECTOR e = *equal, t = *toggle;
    for (int k = 0; k < LEVELS_PLANES; k++) {
        VECTOR p = slice[k];
        for (int c = 1; c < classes; c++)
            p ^= mask[c] & slice[c * LEVELS_PLANES + k];
        VECTOR decided = e & (NAMED(plane)(&feed, k) ^ p);
        t ^= decided & p;
        e ^= decided;
    }
    *equal = e;
    *toggle = t;
}

/* A tie: digits of U from LEVELS_PLANES on, read one by one. */
static bool NAMED(tie_below)(const struct lanes *own, const struct crew *crew,
                             int site, const uint64_t *planes, int place,
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

static VECTOR __attribute__((noinline))
NAMED(settle)(const struct lanes *own, const struct crew *crew,
              const struct spot *spot, const VECTOR *mask, VECTOR equal)
{
    const struct bank_spec *spec = &own->bank.spec;
    uint64_t planes[FEED_MORE * RNG_PLANE_WORDS];
    VECTOR less = vector_zero();
    feed_more(&crew->update, spot->in, (uint32_t)spot->site, planes);
    for (int i = 0; i < VECTOR_WORDS; i++)
        for (uint64_t left = VECTOR_WORD(equal, i); left; left &= left - 1) {
            int bit = __builtin_ctzll(left), c = 0;
            int place = 64 * (own->first_word + spot->column * VECTOR_WORDS +
                              i) + bit;
            int lane = place - (int)(spec->first_walker % 256);
            if (lane < 0 || lane >= spec->lanes)
                continue;
            while (!(VECTOR_WORD(mask[c], i) >> bit & 1))
                c++;
            double p = own->levels->p[own->fit.order[c]]
                           .p[own->bank.label[lane]];
            if (NAMED(tie_below)(own, crew, spot->site, planes, place, p))
                ((uint64_t *)&less)[i] |= UINT64_C(1) << bit;
        }
    return less;
}

/* ---- which lanes are in which class ------------------------------------ */

/* near[d]: lanes that agree with neighbour d (like = ~s), or do not (s). */
static INLINE void NAMED(look_around)(const struct lanes *own,
                                      const struct spot *spot, VECTOR like,
                                      const int z, VECTOR *near)
{
    const VECTOR *spin = own->spin + spot->column * own->sites;
    if (own->bonds) {
        const VECTOR *sign = own->sign + spot->column * own->bonds;
        const uint32_t *around = 1 + own->around +
                                 (1 + 2 * z) * (int64_t)spot->site;
        for (int d = 0; d < z; d++)
            near[d] = like ^ ends_at(spin, around[d]) ^
                      ends_at(sign, around[z + d]);
        return;
    }
    const int32_t *other = own->links->other + spot->site * z;
    for (int d = 0; d < z; d++)
        near[d] = like ^ spin[other[d]];
}

/* By a pattern, which is a constant. toggle: lanes whose answer to U >= p is
   to toggle. */
static INLINE void NAMED(classify)(const struct lanes *own,
                                   const struct spot *spot,
                                   const struct pattern *pattern,
                                   VECTOR *mask, VECTOR *equal,
                                   VECTOR *toggle)
{
    const int z = pattern->z;
    VECTOR near[LEVELS_DEGREE], minterm[LEVELS_DEGREE + 1];
    VECTOR s = own->spin[spot->column * own->sites + spot->site];
    VECTOR up = s ^ vector_all(own->fit.swapped), any = vector_zero();
    NAMED(look_around)(own, spot, s ^ vector_all(!own->fit.mirrored), z,
                       near);
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
static void NAMED(classify_any)(const struct lanes *own,
                                const struct spot *spot, VECTOR *mask,
                                VECTOR *equal, VECTOR *toggle)
{
    const struct levels *levels = own->levels;
    const struct links *links = own->links;
    const int z = links->degree, missing = links->missing[spot->site];
    const int32_t *other = links->other + spot->site * z;
    const VECTOR *spin = own->spin + spot->column * own->sites;
    const VECTOR *sign = own->sign + spot->column * own->bonds;
    const VECTOR *base = own->base + spot->column * LEVELS_CLASSES;
    VECTOR near[LEVELS_DEGREE], minterm[LEVELS_DEGREE + 1];
    VECTOR s = spin[spot->site];
    for (int d = 0; d < z; d++) {
        near[d] = vector_zero();
        if (other[d] >= 0)
            near[d] = ~(s ^ spin[other[d]]);
        if (other[d] >= 0 && own->bonds)
            near[d] ^= sign[links->bond[spot->site * z + d]];
    }
    struct count agree = count_bits(near, z);
    count_minterms(&agree, z, minterm);
    *equal = *toggle = vector_zero();
    for (int c = 0; c < levels->p_count; c++) {
        mask[c] = class_mask_of(
            levels->p[own->fit.order[c]].members[missing], minterm, s);
        *equal |= mask[c];
    }
    for (int c = 0; c < levels->base_count; c++)
        *toggle |= base[c] & class_mask_of(levels->base[c].members[missing],
                                           minterm, s);
}

/* ---- sites ------------------------------------------------------------- */

static INLINE void NAMED(write)(struct lanes *own, const struct crew *crew,
                                const struct spot *spot, VECTOR toggle)
{
    VECTOR *at = own->spin + spot->column * own->sites + spot->site;
    const struct feed_view stays = NAMED(look)(own, &crew->lazy, spot);
    const struct feed_view drawn = NAMED(look)(own, &crew->fresh, spot);
    if (own->any_lazy)
        toggle &= ~(own->lazy[spot->column] & NAMED(plane)(&stays, 0) &
                    NAMED(plane)(&stays, 1));
    VECTOR s = *at ^ toggle;
    if (own->any_fresh)
        s ^= own->fresh[spot->column] & (s ^ NAMED(plane)(&drawn, 0));
    *at = s;
}

/* pattern is a constant, or NULL: any rule, bonds may be missing. */
static INLINE void NAMED(update)(struct lanes *own, const struct crew *crew,
                                 const struct spot *spot,
                                 const struct pattern *pattern)
{
    VECTOR mask[LEVELS_CLASSES], equal, toggle;
    const int classes = pattern ? pattern->classes : own->levels->p_count;
    if (pattern)
        NAMED(classify)(own, spot, pattern, mask, &equal, &toggle);
    else
        NAMED(classify_any)(own, spot, mask, &equal, &toggle);
    NAMED(compare)(own, crew, spot, mask, classes, &equal, &toggle);
    if (vector_any(equal))
        toggle ^= NAMED(settle)(own, crew, spot, mask, equal);
    NAMED(write)(own, crew, spot, toggle);
}

static void NAMED(update_any)(struct lanes *own, const struct crew *crew,
                              const struct spot *spot)
{
    NAMED(update)(own, crew, spot, NULL);
}

/* Sites the feeds have ready. */
static INLINE void NAMED(run)(struct lanes *own, const struct crew *crew,
                              const uint32_t *site, int count,
                              const struct pattern *pattern)
{
    for (int column = 0; column < own->columns; column++)
        for (int i = 0; i < count; i++) {
            const struct spot spot = {.site = (int)site[i], .in = i,
                                      .column = column};
            if (pattern && !own->links->missing[site[i]])
                NAMED(update)(own, crew, &spot, pattern);
            else
                NAMED(update_any)(own, crew, &spot);
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
    feed_open(&crew->update, own->planes, &address, range);
    address.purpose = RNG_LAZY;
    range.planes = 2;
    feed_open(&crew->lazy, own->planes, &address, range);
    address.purpose = RNG_FRESH;
    range.planes = 1;
    feed_open(&crew->fresh, own->planes, &address, range);
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

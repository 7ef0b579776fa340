/* Part of shared_body.h: the sweep. */

struct NAMED(job) {
    struct shared *own;
    int rung, column;
    uint64_t tick;
    struct draws draws;
};

/* U < p of class c: by 32 digits, the rest if they agree. */
static inline bool NAMED(under)(const struct NAMED(job) *job, uint32_t u,
                                int c, uint32_t site)
{
    uint64_t bar = job->own->bar[job->rung * LEVELS_CLASSES + c];
    if (__builtin_expect(u != bar, 1))
        return u < bar;
    return draws_below_from(&job->draws, RNG_UPDATE, site,
                            job->own->levels->p[c].p[job->rung], 32);
}

typedef uint32_t NAMED(block) __attribute__((vector_size(32)));
typedef uint8_t NAMED(bytes) __attribute__((vector_size(8)));

/* How many bars each of eight numbers is under; true if one is equal. */
static inline bool NAMED(kinds_of)(const uint32_t *u, const uint32_t *bar,
                                   uint8_t *kind)
{
    NAMED(block) x, ties = {0}, under = {0};
    uint64_t quad[4];
    memcpy(&x, u, sizeof x);
    for (int i = 0; i < SHARED_BARS; i++) {
        under -= (NAMED(block))(x < bar[i]);
        ties |= (NAMED(block))(x == bar[i]);
    }
    NAMED(bytes) bytes = __builtin_convertvector(under, NAMED(bytes));
    memcpy(kind, &bytes, sizeof bytes);
    memcpy(quad, &ties, sizeof quad);
    return quad[0] | quad[1] | quad[2] | quad[3];
}

/* How many bars a site's number is under, or SHARED_STAYS: [sites]. */
static void NAMED(find_kinds)(const struct NAMED(job) *job, const uint32_t *u,
                              const uint32_t *lazy, uint8_t *kind)
{
    const struct shared *own = job->own;
    const int bars = own->levels->degree / 2;
    uint32_t bar[SHARED_BARS] = {0};
    for (int i = 0; i < bars; i++)
        bar[i] = (uint32_t)own->bar[job->rung * LEVELS_CLASSES +
                                    own->step[i]];
    for (int first = 0; first < own->sites; first += SHARED_BLOCK) {
        int count = own->sites - first < SHARED_BLOCK ? own->sites - first
                                                      : SHARED_BLOCK;
        bool ties = NAMED(kinds_of)(u + first, bar, kind + first);
        for (int i = 0; ties && i < count; i++) {
            kind[first + i] = 0;
            for (int c = 0; c < bars; c++)
                kind[first + i] = (uint8_t)(
                    kind[first + i] +
                    NAMED(under)(job, u[first + i], own->step[c],
                                 (uint32_t)(first + i)));
        }
        for (int i = 0; lazy && i < count; i++)
            if (lazy[first + i] >= 0xC0000000u)
                kind[first + i] = SHARED_STAYS;
    }
}

/* Masks of a kind: lanes under bar 0, 1, 2; lanes that may move. */
struct NAMED(kind) { VECTOR bar[SHARED_BARS], moves; };

static void NAMED(fill_kinds)(struct NAMED(kind) table[SHARED_KINDS])
{
    memset(table, 0, SHARED_KINDS * sizeof *table);
    for (int k = 0; k < SHARED_STAYS; k++) {
        table[k].moves = vector_ones();
        for (int i = 0; i < k; i++)
            table[k].bar[i] = vector_ones();
    }
}

/* Disagreeing bonds d of z = 4 or 6: toggles at d >= z/2, at d = z/2 - 1 under
   bar 0, ... Bars fall, so who is under one is under those before. */
static inline __attribute__((always_inline)) void
NAMED(update_steps)(uint64_t *spin, const uint64_t *sign,
                    const uint32_t *around, const struct NAMED(kind) *kind,
                    const int z)
{
    VECTOR s = ends_at(spin, around[0]), x[6], c0, c1, c2, d0, d1, d2, toggle;
    for (int i = 0; i < z; i++)
        x[i] = ends_at(spin, around[1 + i]) ^
               ends_at(sign, around[1 + z + i]) ^ s;
    d0 = full_adder(x[0], x[1], x[2], &c0);
    if (z == 6) {
        d1 = full_adder(x[3], x[4], x[5], &c1);
        c2 = d0 & d1;
        d0 ^= d1;
        d1 = full_adder(c0, c1, c2, &d2); /* d = d0 + 2 d1 + 4 d2 */
        toggle = d2 | (d1 & d0) | (kind->bar[0] & d1) |
                 (kind->bar[1] & d0) | kind->bar[2];
    } else {
        c1 = d0 & x[3];
        d0 ^= x[3];
        toggle = c0 | c1 | (kind->bar[0] & d0) | kind->bar[1];
    }
    *(VECTOR *)(void *)(spin + around[0]) = s ^ (toggle & kind->moves);
}

/* A rung ready for its sweep: one spin of it is `spin`, its kinds `kind`. */
struct NAMED(ready) { VECTOR *spin; uint8_t *kind; };

/* Rungs side by side: signs and neighbours are read once for all of them,
   and that is what a sweep waits for. */
static inline __attribute__((always_inline)) void
NAMED(sweep_steps)(const struct shared *own, int column,
                   const struct NAMED(ready) *ready, const int abreast,
                   const int z)
{
    const void *sign = own->sign + column * own->bonds;
    const uint32_t *order = own->links->order, *around = own->around;
    struct NAMED(kind) table[SHARED_KINDS];
    void *spin[2];
    NAMED(fill_kinds)(table);
    for (int r = 0; r < abreast; r++)
        spin[r] = ready[r].spin + column * own->sites;
    for (int i = 0; i < own->sites; i++, around += 1 + 2 * z)
        for (int r = 0; r < abreast; r++)
            NAMED(update_steps)(spin[r], sign, around,
                                &table[ready[r].kind[order[i]]], z);
}

static void NAMED(sweep_ready)(const struct shared *own,
                               const struct NAMED(ready) *ready, int abreast)
{
    bool six = own->levels->degree == 6;
    for (int column = 0; column < own->columns; column++)
        if (six && abreast == 2)
            NAMED(sweep_steps)(own, column, ready, 2, 6);
        else if (six)
            NAMED(sweep_steps)(own, column, ready, 1, 6);
        else if (abreast == 2)
            NAMED(sweep_steps)(own, column, ready, 2, 4);
        else
            NAMED(sweep_steps)(own, column, ready, 1, 4);
}

static void NAMED(update_any)(const struct NAMED(job) *job, uint32_t u,
                              uint32_t site, bool stays)
{
    struct shared *own = job->own;
    const struct levels *levels = own->levels;
    int z = levels->degree, missing = own->links->missing[site];
    VECTOR *spin = NAMED(spins)(own, job->rung, job->column);
    const VECTOR *sign = own->sign + job->column * own->bonds;
    VECTOR s = spin[site], agrees[LEVELS_DEGREE];
    VECTOR minterm[LEVELS_DEGREE + 1], toggle = vector_zero();
    for (int d = 0; d < z; d++) {
        int64_t at = (int64_t)site * z + d;
        int32_t other = own->links->other[at];
        agrees[d] = vector_zero();
        if (other >= 0)
            agrees[d] = ~(s ^ spin[other] ^ sign[own->links->bond[at]]);
    }
    struct count agree = count_bits(agrees, z);
    count_minterms(&agree, z, minterm);
    for (int c = 0; c < levels->base_count; c++)
        if (levels->base[c].p[job->rung] != 0)
            toggle |= class_mask(levels->base[c].members[missing], minterm, z,
                                 s);
    for (int c = 0; c < levels->p_count; c++)
        if (NAMED(under)(job, u, c, site))
            toggle ^= class_mask(levels->p[c].members[missing], minterm, z,
                                 s);
    spin[site] = s ^ (stays ? vector_zero() : toggle);
}

/* Words of the sites of a block of eight, [block][8]. */
static uint32_t *NAMED(words)(const struct shared *own, uint64_t tick,
                              uint32_t stream, enum rng_purpose purpose)
{
    enum { AT_ONCE = 64 };
    int blocks = (own->sites + SHARED_BLOCK - 1) / SHARED_BLOCK;
    struct rng_address address = {.seed = own->bank.spec.seed, .tick = tick,
                                  .purpose = purpose, .stream = stream};
    struct rng_range range = {.planes = 1, .halves = 2};
    uint32_t *out = mem_new((size_t)blocks, 32), block[AT_ONCE];
    for (int first = 0; first < blocks; first += AT_ONCE) {
        int count = blocks - first < AT_ONCE ? blocks - first : AT_ONCE;
        for (int i = 0; i < count; i++)
            block[i] = (uint32_t)(first + i);
        own->planes((uint64_t *)(void *)(out + first * SHARED_BLOCK), &address,
                    block, count, range);
    }
    return out;
}

/* At an exact point every lane's spin is its own digit. */
static void NAMED(draw_rung)(struct shared *own, uint64_t tick, int rung,
                             uint32_t stream)
{
    struct rng_address address = {.seed = own->bank.spec.seed, .tick = tick,
                                  .purpose = RNG_FRESH, .stream = stream};
    struct rng_range range = {.planes = 1, .halves = 2};
    uint64_t plane[4];
    for (uint32_t site = 0; site < (uint32_t)own->sites; site++) {
        own->planes(plane, &address, &site, 1, range);
        for (int column = 0; column < own->columns; column++)
            memcpy(NAMED(spins)(own, rung, column) + site,
                   plane + column * VECTOR_WORDS, sizeof(VECTOR));
    }
}

/* Sites one after the other, whatever the rule. */
static void NAMED(sweep_any)(struct NAMED(job) *job, const uint32_t *u,
                             const uint32_t *lazy)
{
    const struct shared *own = job->own;
    for (job->column = 0; job->column < own->columns; job->column++)
        for (int i = 0; i < own->sites; i++) {
            uint32_t site = own->links->order[i];
            NAMED(update_any)(job, u[site], site,
                              lazy && lazy[site] >= 0xC0000000u);
        }
}

/* Sweeps the rung unless its kinds are all it takes: true then. */
static bool NAMED(prepare)(struct shared *own, uint64_t tick, int rung,
                           struct NAMED(ready) *ready)
{
    const struct bank_spec *spec = &own->bank.spec;
    struct NAMED(job) job = {
        .own = own, .rung = rung, .tick = tick,
        .draws = {.kind = STREAM_SHARED, .seed = spec->seed, .tick = tick,
                  .walker = spec->first_walker}};
    draws_share(&job.draws, &spec->sharing, rung);
    if (spec->rung[rung].exact) {
        NAMED(draw_rung)(own, tick, rung, job.draws.shared);
        return false;
    }
    bool lazy = spec->rung[rung].lazy && spec->dynamics->binary->lazy;
    uint32_t *u = NAMED(words)(own, tick, job.draws.shared, RNG_UPDATE);
    uint32_t *l = lazy ? NAMED(words)(own, tick, job.draws.shared, RNG_LAZY)
                       : NULL;
    if (own->ladder_like)
        NAMED(find_kinds)(&job, u, l, ready->kind);
    else
        NAMED(sweep_any)(&job, u, l);
    ready->spin = NAMED(spins)(own, rung, 0);
    free(u);
    free(l);
    return own->ladder_like;
}

enum { SHARED_ABREAST = 2 };

static void NAMED(sweep_rungs)(struct shared *own, uint64_t tick, int first)
{
    struct NAMED(ready) ready[SHARED_ABREAST];
    size_t bytes = (size_t)own->sites + SHARED_BLOCK;
    uint8_t *kind = mem_new(SHARED_ABREAST, bytes);
    int abreast = 0, end = first + SHARED_ABREAST;
    if (end > own->bank.spec.rungs)
        end = own->bank.spec.rungs;
    for (int rung = first; rung < end; rung++) {
        ready[abreast].kind = kind + (size_t)abreast * bytes;
        abreast += NAMED(prepare)(own, tick, rung, &ready[abreast]);
    }
    if (abreast)
        NAMED(sweep_ready)(own, ready, abreast);
    free(kind);
}

static void NAMED(sweep)(struct bank *bank, uint64_t tick, int threads)
{
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)           \
    if (threads > 1)
    for (int rung = 0; rung < bank->spec.rungs; rung += SHARED_ABREAST)
        NAMED(sweep_rungs)((struct shared *)bank, tick, rung);
}

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
        uint32_t ties = 0;
        for (int i = 0; i < SHARED_BLOCK; i++) {
            uint32_t x = u[first + i];
            kind[first + i] = (uint8_t)((x < bar[0]) + (x < bar[1]) +
                                        (x < bar[2]));
            ties |= (uint32_t)(x == bar[0]) | (uint32_t)(x == bar[1]) |
                    (uint32_t)(x == bar[2]);
        }
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
NAMED(update_steps)(const struct shared *own, VECTOR *spin,
                    const VECTOR *sign, uint32_t site,
                    const struct NAMED(kind) *kind, const int z)
{
    const int32_t *other = own->links->other + site * (uint32_t)z;
    const int32_t *bond = own->links->bond + site * (uint32_t)z;
    VECTOR s = spin[site], x[6], c0, c1, c2, d0, d1, d2, toggle;
    for (int i = 0; i < z; i++)
        x[i] = spin[other[i]] ^ sign[bond[i]] ^ s;
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
    spin[site] = s ^ (toggle & kind->moves);
}

static void NAMED(sweep_steps)(const struct NAMED(job) *job,
                               const uint8_t *kind)
{
    const struct shared *own = job->own;
    VECTOR *spin = NAMED(spins)(own, job->rung, job->column);
    const VECTOR *sign = own->sign + job->column * own->bonds;
    const uint32_t *order = own->links->order;
    struct NAMED(kind) table[SHARED_KINDS];
    NAMED(fill_kinds)(table);
    if (own->levels->degree == 6)
        for (int i = 0; i < own->sites; i++)
            NAMED(update_steps)(own, spin, sign, order[i],
                                &table[kind[order[i]]], 6);
    else
        for (int i = 0; i < own->sites; i++)
            NAMED(update_steps)(own, spin, sign, order[i],
                                &table[kind[order[i]]], 4);
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

static void NAMED(sweep_rung)(struct shared *own, uint64_t tick, int rung)
{
    const struct bank_spec *spec = &own->bank.spec;
    struct NAMED(job) job = {
        .own = own, .rung = rung, .tick = tick,
        .draws = {.kind = STREAM_SHARED, .seed = spec->seed, .tick = tick,
                  .walker = spec->first_walker}};
    draws_share(&job.draws, &spec->sharing, rung);
    if (spec->rung[rung].exact) {
        NAMED(draw_rung)(own, tick, rung, job.draws.shared);
        return;
    }
    bool lazy = spec->rung[rung].lazy && spec->dynamics->binary->lazy;
    uint32_t *u = NAMED(words)(own, tick, job.draws.shared, RNG_UPDATE);
    uint32_t *l = lazy ? NAMED(words)(own, tick, job.draws.shared, RNG_LAZY)
                       : NULL;
    uint8_t *kind = mem_new((size_t)own->sites + SHARED_BLOCK, 1);
    if (own->ladder_like)
        NAMED(find_kinds)(&job, u, l, kind);
    for (job.column = 0; job.column < own->columns; job.column++)
        if (own->ladder_like)
            NAMED(sweep_steps)(&job, kind);
        else
            for (int i = 0; i < own->sites; i++) {
                uint32_t site = own->links->order[i];
                NAMED(update_any)(&job, u[site], site,
                                  lazy && l[site] >= 0xC0000000u);
            }
    free(kind);
    free(u);
    free(l);
}

static void NAMED(sweep)(struct bank *bank, uint64_t tick, int threads)
{
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)           \
    if (threads > 1)
    for (int rung = 0; rung < bank->spec.rungs; rung++)
        NAMED(sweep_rung)((struct shared *)bank, tick, rung);
}

/* The part of the perceptron's bodies that moves: a chunk of sites at a time,
   lane after lane. Included by kernels/perceptron_body.h. */

/* Random bytes of a chunk. */
struct perc_chunk {
    int first, count;
    uint8_t update[PERC_CHUNK][2][PERC_GROUP];
    uint8_t lazy[PERC_CHUNK][1][PERC_GROUP];
    uint8_t fresh[PERC_CHUNK][1][PERC_GROUP];
};

static __attribute__((noinline)) bool
perc_exactly(const struct perc *own, uint64_t tick, int lane, int site, int m)
{
    const struct bank_spec *spec = &own->bank.spec;
    return accept_exactly(spec, &spec->rung[own->bank.label[lane]],
                          spec->first_walker + lane, tick, site, m);
}

static INLINE void perc_move(struct perc *own, uint64_t tick, int number,
                             const struct perc_chunk *chunk, int vectors,
                             int edges)
{
    struct perc_lane *lane = &own->lane[number];
    const VECTOR *column = perc_column(own, number, chunk->first);
    const uint32_t *table = lane->table;
    uint8_t *up = lane->up + chunk->first;
    int place = own->first + number, reach = own->reach;
    int64_t errors = lane->errors;
    for (int i = 0; i < chunk->count; i++, column += vectors) {
        int n = perc_common(lane->edge[0], column, vectors), w = up[i];
        if (edges > 1)
            n -= perc_common(lane->edge[1], column, vectors);
        int m = w ? n - lane->base[1] : lane->base[0] - n;
        uint32_t u = (uint32_t)chunk->update[i][0][place] << 8 |
                     chunk->update[i][1][place];
        bool far = abs(m) > reach;
        uint32_t entry = table[far ? 0 : m], level = entry & 0xFFFF;
        bool flips = (entry >> 16) ^ (u < level);
        if (__builtin_expect(far | (u == level), 0))
            flips = perc_exactly(own, tick, number, chunk->first + i, m);
        if (lane->lazy && chunk->lazy[i][0][place] >= 0xC0)
            flips = false;
        if (!flips)
            continue;
        perc_turn(own, lane, column, w, true, vectors, edges);
        up[i] = (uint8_t)!w;
        errors += m;
    }
    lane->errors = errors;
}

/* The numbers of vectors that are most wanted are constants. */
static void perc_lane_moves(struct perc *own, uint64_t tick, int number,
                            const struct perc_chunk *chunk)
{
    if (own->scale.edges > 1)
        perc_move(own, tick, number, chunk, own->vectors, 2);
    else if (own->vectors == PERC_BLOCK)
        perc_move(own, tick, number, chunk, PERC_BLOCK, 1);
    else if (own->vectors == 2 * PERC_BLOCK)
        perc_move(own, tick, number, chunk, 2 * PERC_BLOCK, 1);
    else if (own->vectors == 4 * PERC_BLOCK)
        perc_move(own, tick, number, chunk, 4 * PERC_BLOCK, 1);
    else
        perc_move(own, tick, number, chunk, own->vectors, 1);
}

static void perc_digits(const struct perc *own, uint64_t tick,
                        enum rng_purpose purpose, int planes,
                        const struct perc_chunk *chunk, void *out)
{
    const struct bank_spec *spec = &own->bank.spec;
    struct rng_address address = {
        .seed = spec->seed, .tick = tick, .purpose = purpose,
        .stream = (uint32_t)(spec->first_walker / PERC_GROUP)};
    struct rng_range range = {.planes = planes, .halves = 2};
    uint32_t block[PERC_CHUNK];
    for (int i = 0; i < chunk->count; i++)
        block[i] = (uint32_t)(chunk->first + i);
    own->planes(out, &address, block, chunk->count, range);
}

static void perc_fill(const struct perc *own, uint64_t tick, int first,
                      struct perc_chunk *chunk)
{
    int left = own->sites - first;
    chunk->first = first;
    chunk->count = left < PERC_CHUNK ? left : PERC_CHUNK;
    perc_digits(own, tick, RNG_UPDATE, 2, chunk, chunk->update);
    if (own->any_lazy)
        perc_digits(own, tick, RNG_LAZY, 1, chunk, chunk->lazy);
    if (own->any_fresh)
        perc_digits(own, tick, RNG_FRESH, 1, chunk, chunk->fresh);
}

/* Up where the first digit is set. */
static void perc_draw(struct perc *own, int lane,
                      const struct perc_chunk *chunk)
{
    uint8_t *up = own->lane[lane].up + chunk->first;
    for (int i = 0; i < chunk->count; i++)
        up[i] = chunk->fresh[i][0][own->first + lane] >> 7;
}

static void perc_sweep(struct bank *bank, uint64_t tick, int threads)
{
    struct perc *own = (struct perc *)bank;
    int lanes = bank->spec.lanes;
#pragma omp parallel num_threads(threads) if (threads > 1)
    {
        _Alignas(64) struct perc_chunk chunk;
        for (int first = 0; first < own->sites; first += PERC_CHUNK) {
            perc_fill(own, tick, first, &chunk);
#pragma omp for schedule(static) nowait
            for (int lane = 0; lane < lanes; lane++)
                if (own->lane[lane].fresh)
                    perc_draw(own, lane, &chunk);
                else
                    perc_lane_moves(own, tick, lane, &chunk);
        }
#pragma omp for schedule(static)
        for (int lane = 0; lane < lanes; lane++)
            if (own->lane[lane].fresh)
                perc_settle(own, lane);
    }
}

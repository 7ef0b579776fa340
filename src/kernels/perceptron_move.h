/* The part of the perceptron's bodies that moves: a chunk of sites at a time,
   lane after lane. Included by kernels/perceptron_body.h. */

static __attribute__((noinline)) bool
perc_exactly(const struct perc *own, uint64_t tick, int lane, int site, int m,
             bool away)
{
    const struct bank_spec *spec = &own->bank.spec;
    const double du[2] = {m, away ? 1 : -1};
    return accept_exactly_all(spec, &spec->rung[own->bank.label[lane]],
                              spec->first_walker + lane, tick, site, du,
                              own->sides);
}

static INLINE void perc_move(struct perc *own, uint64_t tick, int number,
                             const struct word_chunk *chunk, int vectors,
                             int edges)
{
    struct perc_lane *lane = &own->lane[number];
    const VECTOR *column = perc_column(own, number, chunk->first);
    const uint32_t *table = lane->table;
    uint8_t *up = lane->up + chunk->first;
    const uint8_t *reference = lane->reference + chunk->first;
    int place = word_place(&own->bank.spec, number), reach = own->reach;
    int away = own->sides > 1 ? 2 * reach + 1 : 0;
    int64_t errors = lane->errors;
    for (int i = 0; i < chunk->count; i++, column += vectors) {
        int n = perc_common(lane->edge[0], column, vectors), w = up[i];
        if (edges > 1)
            n -= perc_common(lane->edge[1], column, vectors);
        int m = w ? n - lane->base[1] : lane->base[0] - n;
        uint32_t u = word_digits(chunk, i, place);
        bool far = abs(m) > reach;
        bool here = w == reference[i];
        uint32_t entry = table[far ? 0 : m + (here ? away : 0)];
        uint32_t level = entry & 0xFFFF;
        bool flips = (entry >> 16) ^ (u < level);
        if (__builtin_expect(far | (u == level), 0))
            flips = perc_exactly(own, tick, number, chunk->first + i, m,
                                 here);
        if (lane->rung.lazy && word_stays(chunk, i, place))
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
                            const struct word_chunk *chunk)
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

static void perc_sweep(struct bank *bank, uint64_t tick, int threads)
{
    struct perc *own = (struct perc *)bank;
    const struct bank_spec *spec = &bank->spec;
#pragma omp parallel num_threads(threads) if (threads > 1)
    {
        _Alignas(64) struct word_chunk chunk;
        for (int first = 0; first < own->sites; first += WORD_CHUNK) {
            word_fill(spec, own->planes, tick, first, own->any, &chunk);
#pragma omp for schedule(static) nowait
            for (int lane = 0; lane < spec->lanes; lane++)
                if (own->lane[lane].rung.fresh)
                    word_draw_near(spec, tick, &chunk, lane,
                                   bank->label[lane],
                                   own->sides > 1 ? own->lane[lane].reference
                                                  : NULL, own->lane[lane].up);
                else
                    perc_lane_moves(own, tick, lane, &chunk);
        }
#pragma omp for schedule(static)
        for (int lane = 0; lane < spec->lanes; lane++)
            if (own->lane[lane].rung.fresh)
                perc_settle(own, lane);
    }
}

/* The part of the fields' bodies that moves: 32 sites of a lane are tried at
   once; the first that flips turns the fields of the chunk, and those behind
   it are tried again. Included by kernels/fields_isa.h. */

enum { FIELDS_VECTORS = FIELDS_CHUNK / NEAR_LANES };

/* A lane's part of the chunk. mask: -1 where m is minus the field, which is
   for spins that are down, or up if lambda < 0. */
struct fields_local {
    near_int field[FIELDS_VECTORS], mask[FIELDS_VECTORS];
    near_int low[FIELDS_VECTORS], high[FIELDS_VECTORS];
};

static void fields_allow(const struct fields *own, struct fields_chunk *chunk)
{
    const int32_t *clamp = own->bank.spec.system->pairs->clamp;
    memset(chunk->allowed, 0, sizeof chunk->allowed);
    for (int k = 0; k < chunk->count; k++)
        if (!clamp || !clamp[chunk->first + k])
            chunk->allowed[k / BARS] |= 1u << (k % BARS);
}

/* Of a site's row the columns from one on. */
static inline const void *fields_row(const struct fields *own, int lane,
                                     int site, int column)
{
    return (const char *)own->twice +
           fields_at(own, own->system[lane], site, column) *
               (own->narrow ? 2 : 4);
}

/* Bits of 32 sites from the chunk's vector `first` on that flip, or are
   open. */
static inline __attribute__((always_inline)) uint32_t
fields_try(const struct fields_local *local, int first, bool logistic)
{
    near_int stays[NEAR_MOST];
    for (int k = 0; k < NEAR_MOST; k++) {
        int v = first + k;
        near_int mask = local->mask[v], m = (local->field[v] ^ mask) - mask;
        if (logistic) {
            near_int down = m >> 31, size = (m ^ down) - down;
            near_int far = size > local->high[v], near = size <= local->low[v];
            stays[k] = (far & ~down) | (near & down);
        } else {
            stays[k] = m > local->high[v];
        }
    }
    return ~near_bits(stays);
}

/* Is the site, that may flip, open? */
static inline bool fields_open(const struct fields_local *local, int k,
                               int32_t m, bool logistic)
{
    int32_t size = logistic && m < 0 ? -m : m;
    return size > local->low[k / NEAR_LANES][k % NEAR_LANES] &&
           size <= local->high[k / NEAR_LANES][k % NEAR_LANES];
}

/* The chunk's fields, from those of a part on, after one of its sites has
   flipped. */
static inline __attribute__((always_inline)) void
fields_turn(const struct fields *own, int lane,
            const struct fields_chunk *chunk, int k, int part, int32_t sign,
            struct fields_local *local)
{
    for (int v = part * NEAR_MOST; v < FIELDS_VECTORS; v += 2) {
        near_int add[2];
        const void *row = fields_row(own, lane, chunk->first + k,
                                     chunk->first + NEAR_LANES * v);
        if (own->narrow)
            near_pair(row, NULL, sign & 0xFFFF, add);
        else
            for (int i = 0; i < 2; i++)
                add[i] = near_signed(near_widen_4((const int32_t *)row +
                                                  NEAR_LANES * i), sign);
        local->field[v] += add[0];
        local->field[v + 1] += add[1];
    }
}

/* Does site k of the chunk flip, that may? m: what it costs. */
static inline bool fields_decide(const struct fields *own, uint64_t tick,
                                 int lane, const struct fields_chunk *chunk,
                                 int k, int32_t m, bool open)
{
    const struct bank_spec *spec = &own->bank.spec;
    const struct rung *rung = &spec->rung[own->bank.label[lane]];
    int place = (int)(spec->first_walker % FIELDS_GROUP) + lane;
    if (rung->lazy && spec->dynamics->binary->lazy &&
        chunk->lazy[place][k] >= 0xC000u)
        return false;
    if (!open)
        return true;
    return accept_exactly(spec, rung, spec->first_walker + lane, tick,
                          chunk->first + k, spec->system->pairs->unit *
                                                (2 * (double)m));
}

/* A flip: in the chunk, in the energy, on the list. m: what it costs. */
static inline __attribute__((always_inline)) void
fields_flip(struct fields *own, int lane, const struct fields_chunk *chunk,
            int k, int part, int32_t m, struct fields_local *local)
{
    const near_int number = {0, 1, 2, 3, 4, 5, 6, 7};
    struct fields_flips *flips = &own->flips[lane];
    near_int *mask = &local->mask[k / NEAR_LANES];
    int32_t down = (*mask)[k % NEAR_LANES] ^ own->scale[lane].turn;
    int32_t sign = down ? 1 : -1;
    flips->site[flips->count] = (uint8_t)k;
    flips->sign[flips->count++] = (int16_t)sign;
    own->energy[lane] += 2 * (int64_t)m;
    *mask ^= number == k % NEAR_LANES;
    fields_turn(own, lane, chunk, k, part, sign, local);
}

static inline __attribute__((always_inline)) void
fields_tried(struct fields *own, uint64_t tick, int lane,
             const struct fields_chunk *chunk, int part, bool logistic,
             struct fields_local *local)
{
    int32_t turn = own->scale[lane].turn;
    int first = part * BARS;
    uint32_t tried, left = chunk->allowed[part];
    while ((tried = left & fields_try(local, first / NEAR_LANES, logistic))) {
        int bit = __builtin_ctz(tried), k = first + bit;
        int32_t field = local->field[k / NEAR_LANES][k % NEAR_LANES];
        int32_t mask = local->mask[k / NEAR_LANES][k % NEAR_LANES];
        int32_t m = (field ^ mask) - mask, cost = (m ^ turn) - turn;
        left &= ~((2u << bit) - 1);
        if (fields_decide(own, tick, lane, chunk, k, cost,
                          fields_open(local, k, m, logistic)))
            fields_flip(own, lane, chunk, k, part, cost, local);
    }
}

/* Tries a chunk of one lane; its fields stay as they were, its flips are
   noted. */
static inline __attribute__((always_inline)) void
fields_chunk_of(struct fields *own, uint64_t tick, int lane,
                const struct fields_chunk *chunk, bool logistic)
{
    int64_t at = (int64_t)lane * own->stride + chunk->first;
    int place = (int)(own->bank.spec.first_walker % FIELDS_GROUP) + lane;
    struct bar_scale scale = own->scale[lane];
    struct fields_flips *flips = &own->flips[lane];
    struct fields_local local;
    for (int v = 0; v < FIELDS_VECTORS; v++) {
        near_int u = near_widen_4(chunk->update[place] + NEAR_LANES * v);
        local.field[v] = near_widen_4(own->field + at + NEAR_LANES * v);
        local.mask[v] = near_widen_4(own->mask + at + NEAR_LANES * v) ^
                        scale.turn;
        bars_of(u, scale.times, logistic, &local.low[v], &local.high[v]);
    }
    flips->count = 0;
    for (int part = 0; part < FIELDS_CHUNK / BARS; part++)
        fields_tried(own, tick, lane, chunk, part, logistic, &local);
    for (int k = flips->count; k % FIELDS_TOGETHER; k++) {
        flips->site[k] = 0;
        flips->sign[k] = 0;
    }
    for (int v = 0; v < FIELDS_VECTORS; v++) {
        near_int mask = local.mask[v] ^ scale.turn;
        memcpy(own->mask + at + NEAR_LANES * v, &mask, sizeof mask);
    }
}

static void fields_chunk_lane(struct fields *own, uint64_t tick, int lane,
                              const struct fields_chunk *chunk)
{
    if (own->bank.spec.dynamics->binary->logistic)
        fields_chunk_of(own, tick, lane, chunk, true);
    else
        fields_chunk_of(own, tick, lane, chunk, false);
}

/* Four rows to the fields of a tile. */
static void fields_add_narrow(int32_t *field, const int16_t *rows,
                              const uint8_t *site, const int16_t *sign)
{
    const int16_t *row[FIELDS_TOGETHER];
    int32_t signs[FIELDS_TOGETHER / 2];
    for (int f = 0; f < FIELDS_TOGETHER; f++)
        row[f] = rows + site[f] * FIELDS_TILE;
    for (int f = 0; f < FIELDS_TOGETHER; f += 2)
        signs[f / 2] = (uint16_t)sign[f] |
                       (int32_t)((uint32_t)sign[f + 1] << 16);
    for (int j = 0; j < FIELDS_TILE; j += 16) {
        near_int a[2], b[2];
        near_pair(row[0] + j, row[1] + j, signs[0], a);
        near_pair(row[2] + j, row[3] + j, signs[1], b);
        for (int k = 0; k < 2; k++) {
            near_int sum = near_widen_4(field + j + 8 * k) + (a[k] + b[k]);
            memcpy(field + j + 8 * k, &sum, sizeof sum);
        }
    }
}

static void fields_add_wide(int32_t *field, const int32_t *rows,
                            const uint8_t *site, const int16_t *sign)
{
    for (int j = 0; j < FIELDS_TILE; j += NEAR_LANES) {
        near_int sum = near_widen_4(field + j);
        for (int f = 0; f < FIELDS_TOGETHER; f++)
            sum += near_signed(near_widen_4(rows + site[f] * FIELDS_TILE + j),
                               sign[f]);
        memcpy(field + j, &sum, sizeof sum);
    }
}

/* The flips of one lane in the chunk from `first` on, to the fields of a
   tile. */
static void fields_spread(struct fields *own, int lane, int first, int column)
{
    const struct fields_flips *flips = &own->flips[lane];
    int32_t *field = own->field + (int64_t)lane * own->stride + column;
    const void *rows = fields_row(own, lane, first, column);
    for (int f = 0; f < flips->count; f += FIELDS_TOGETHER)
        if (own->narrow)
            fields_add_narrow(field, rows, flips->site + f, flips->sign + f);
        else
            fields_add_wide(field, rows, flips->site + f, flips->sign + f);
}

/* The 8-bit replicas decided by bytes: where fields are small integers, each
   lane's threshold is looked up among few levels and the first eight digits
   of U are compared with it; equal bytes (one in 256) are settled by the 32
   digits at hand, equal words (one in 4e9) by the exact path.

   Limit (doc/kernels): three operations a level, two a neighbour, about
   thirty more, and 1024 random bits, for 32 updates. */

typedef int8_t bytes_signed __attribute__((vector_size(32), may_alias));
typedef uint8_t bytes_plain __attribute__((vector_size(32), may_alias));
typedef int16_t bytes_wide __attribute__((vector_size(32), may_alias));

static inline __attribute__((always_inline)) bool
replicas_any_byte(bytes_signed mask)
{
    near_int words;
    memcpy(&words, &mask, sizeof words);
    return near_any(words);
}

/* The lazy rule, and lanes drawn afresh. */
static bytes_signed __attribute__((noinline))
replicas_special(const struct replicas *own,
                 const struct replica_chunk *chunk, int i, const int8_t *mask,
                 bytes_signed toggle)
{
    near_int wide[REPLICA_GROUPS];
    bytes_signed out;
    int8_t cell[REPLICAS];
    memcpy(cell, &toggle, sizeof cell);
    for (int g = 0; g < REPLICA_GROUPS; g++) {
        wide[g] = near_widen_1(cell + g * NEAR_LANES);
        if (own->any_lazy)
            wide[g] &= ~replicas_stays(own, g, chunk->lazy + i * REPLICAS);
        if (own->any_fresh)
            wide[g] = replicas_redrawn(own, g, chunk->fresh + i * REPLICAS,
                                       near_widen_1(mask + g * NEAR_LANES),
                                       wide[g]);
    }
    near_narrow_1(wide, &out);
    return out;
}

/* Thresholds of a rung: floor(2^32 p), or 2^32 where the move is certain. */
static void replicas_thresholds(struct replicas *own)
{
    const struct bank_spec *spec = &own->bank.spec;
    const struct pairs *pairs = spec->system->pairs;
    own->by_bytes = own->width == 1;
    for (int r = 0; r < spec->rungs; r++)
        own->by_bytes &= spec->rung[r].lambda[0] >= 0;
    for (int r = 0; r < spec->rungs && own->by_bytes; r++)
        for (int m = 0; m <= own->most; m++) {
            double p, du = pairs->unit * (2 * m);
            int base;
            spec->dynamics->binary->level(
                rung_dot(spec->rung[r].lambda, &du, 1), &p, &base);
            own->threshold[r * (own->most + 1) + m] =
                base ? UINT64_C(1) << 32 : (uint64_t)(p * 0x1p32);
        }
}

/* The first byte of a lane's thresholds, level by level. */
static void replicas_set_bytes(struct replicas *own, int place, int rung)
{
    const uint64_t *from = own->threshold + rung * (own->most + 1);
    for (int m = 0; m <= own->most; m++) {
        uint64_t byte = from[m] >> 24;
        own->byte[m * REPLICAS + place] = (uint8_t)(byte > 255 ? 255 : byte);
    }
}

/* A bit a lane. */
static inline __attribute__((always_inline)) uint32_t
replicas_bits(bytes_signed mask)
{
#ifdef __AVX2__
    return (uint32_t)_mm256_movemask_epi8((__m256i)mask);
#else
    uint32_t bits = 0;
    for (int i = 0; i < REPLICAS; i++)
        bits |= (uint32_t)(mask[i] & 1) << i;
    return bits;
#endif
}

/* Lanes whose first byte equals the threshold's. */
static void __attribute__((noinline))
replicas_settle_bytes(const struct replicas *own, uint64_t tick, int64_t site,
                      const uint32_t *word, const int8_t *m, bool logistic,
                      const bytes_signed *equal, bytes_signed *below)
{
    const struct bank_spec *spec = &own->bank.spec;
    for (uint32_t left = replicas_bits(*equal); left; left &= left - 1) {
        int place = __builtin_ctz(left), lane = place - own->first;
        int rung = own->bank.label[lane];
        int level = m[place] < 0 ? -m[place] : m[place];
        uint64_t bar = own->threshold[rung * (own->most + 1) + level];
        bool less = word[place] < bar;
        if (word[place] == bar) {
            double du = spec->system->pairs->unit * (2 * m[place]);
            less = accept_exactly(spec, &spec->rung[rung],
                                  spec->first_walker + lane, tick, site, du);
            less ^= logistic && m[place] < 0; /* was toggled, not below */
        }
        ((int8_t *)below)[place] = less ? -1 : 0;
    }
}

/* First bytes of 32 words. */
static inline __attribute__((always_inline)) bytes_plain
replicas_first_bytes(const uint32_t *word)
{
    bytes_plain out;
#ifdef __AVX2__
    __m256i w[4];
    for (int i = 0; i < 4; i++)
        w[i] = _mm256_srli_epi32(
            _mm256_loadu_si256((const __m256i *)word + i), 24);
    out = (bytes_plain)_mm256_permutevar8x32_epi32(
        _mm256_packus_epi16(_mm256_packus_epi32(w[0], w[1]),
                            _mm256_packus_epi32(w[2], w[3])),
        _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
#else
    for (int i = 0; i < REPLICAS; i++)
        out[i] = (uint8_t)(word[i] >> 24);
#endif
    return out;
}

/* energy += 2 m where toggled, in 16 bits until the next flush. */
static inline __attribute__((always_inline)) void
replicas_tally(bytes_wide sum[2], bytes_signed gained)
{
#ifdef __AVX2__
    __m256i low = _mm256_cvtepi8_epi16(
        _mm256_castsi256_si128((__m256i)gained));
    __m256i high = _mm256_cvtepi8_epi16(
        _mm256_extracti128_si256((__m256i)gained, 1));
    sum[0] += (bytes_wide)low;
    sum[1] += (bytes_wide)high;
#else
    for (int i = 0; i < REPLICAS; i++)
        sum[i / 16][i % 16] = (int16_t)(sum[i / 16][i % 16] + gained[i]);
#endif
}

static void replicas_flush(struct replicas *own, bytes_wide sum[2])
{
    for (int g = 0; g < REPLICA_GROUPS; g++) {
        near_int gained = near_widen_2((const int16_t *)sum + g * NEAR_LANES);
        own->energy[g] += gained + gained;
    }
}

static inline __attribute__((always_inline)) void
NAMED_ISA(update_bytes)(struct replicas *own, uint64_t tick, int64_t site,
                        const struct replica_chunk *chunk, int i,
                        bool uniform, bool logistic, bytes_wide sum[2])
{
    const uint32_t *word = chunk->update + i * REPLICAS;
    int8_t move[REPLICAS], *mask = (int8_t *)own->mask + site * REPLICAS;
    bytes_signed m, s, below, equal, toggle, zero = {0};
    bytes_plain bar = {0}, u = replicas_first_bytes(word);
    NAMED_ISA(moves_8)(own, site, uniform, move);
    memcpy(&m, move, sizeof m);
    bytes_signed negative = m < zero, height = m;
    if (logistic)
        height = (m ^ negative) - negative;
    int first = own->odd ? own->parity[site] : 0;
    for (int level = first; level <= own->most; level += 1 + own->odd) {
        bytes_plain here;
        memcpy(&here, own->byte + level * REPLICAS, sizeof here);
        bar |= here & (bytes_plain)(height == (int8_t)level);
    }
    below = (bytes_signed)(u < bar);
    equal = (bytes_signed)(u == bar);
    if (!logistic)
        equal &= m > zero;
    memcpy(&s, own->live_bytes, sizeof s);
    equal &= s;
    if (replicas_any_byte(equal))
        replicas_settle_bytes(own, tick, site, word, move, logistic, &equal,
                              &below);
    if (logistic)
        toggle = negative ^ below;
    else
        toggle = (bytes_signed)(m <= zero) | below;
    if (own->any_lazy | own->any_fresh)
        toggle = replicas_special(own, chunk, i, mask, toggle);
    replicas_tally(sum, m & toggle);
    memcpy(&s, mask, sizeof s);
    s ^= toggle;
    memcpy(mask, &s, sizeof s);
}

static void NAMED_ISA(sweep_bytes)(struct replicas *own, uint64_t tick,
                                   const struct replica_chunk *chunk)
{
    /* a chunk is short: |m| <= 127 fits 16 bits */
    const struct pairs *p = own->bank.spec.system->pairs;
    bool logistic = own->bank.spec.dynamics->binary->logistic;
    bytes_wide sum[2] = {{0}, {0}};
    for (int i = 0; i < chunk->count; i++) {
        int64_t site = chunk->site[i];
        if (p->clamp && p->clamp[site])
            continue;
        if (own->uniform && !logistic)
            NAMED_ISA(update_bytes)(own, tick, site, chunk, i, true, false,
                                    sum);
        else if (own->uniform)
            NAMED_ISA(update_bytes)(own, tick, site, chunk, i, true, true,
                                    sum);
        else
            NAMED_ISA(update_bytes)(own, tick, site, chunk, i, false,
                                    logistic, sum);
    }
    replicas_flush(own, sum);
}

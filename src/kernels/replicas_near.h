/* Replicas of 16 and 32 bits decided by exp in single precision
   (kernels/accept.h). Included by kernels/replicas_isa.h. */

struct replica_moves {
    near_int m[REPLICA_BATCH][REPLICA_GROUPS];
    uint64_t open;      /* bit i: site i has lanes that are left to settle */
};

/* Integers of 16 and 32 bits stand in the order in which bytes widen: place
   8 g + i is lane 4 g + i for i < 4, 16 + 4 g + i - 4 for others. */
static inline int replicas_lane_at(int place)
{
    int g = place / NEAR_LANES, i = place % NEAR_LANES;
    return 4 * g + i % 4 + 16 * (i / 4);
}

static inline int replicas_place_of(int lane)
{
    return lane % 16 / 4 * NEAR_LANES + lane / 16 * 4 + lane % 4;
}

static int replicas_place(int width, int lane)
{
    return width == 1 ? lane : replicas_place_of(lane);
}

/* Two planes of bytes to 16 digits of a group on top of NEAR_INTEGERS. */
static inline __attribute__((always_inline)) near_real
replicas_widen(const uint8_t *planes, int group)
{
#ifdef __AVX2__
    const __m256i top = (__m256i)((near_real){0} + NEAR_INTEGERS);
    const __m256i high = _mm256_srli_epi32(top, 16);
    __m256i a = _mm256_loadu_si256((const __m256i *)planes);
    __m256i b = _mm256_loadu_si256((const __m256i *)(planes + 32));
    __m256i c = group < 2 ? _mm256_unpacklo_epi8(b, a)
                          : _mm256_unpackhi_epi8(b, a);
    const __m256i both = _mm256_or_si256(high, top);
    return (near_real)(group % 2 ? _mm256_unpackhi_epi16(c, both)
                                 : _mm256_unpacklo_epi16(c, both));
#else
    int32_t digits[NEAR_LANES];
    near_real u;
    for (int i = 0; i < NEAR_LANES; i++) {
        int lane = replicas_lane_at(group * NEAR_LANES + i);
        digits[i] = planes[lane] << 8 | planes[32 + lane];
    }
    memcpy(&u, digits, sizeof u);
    return (near_real)((near_int)u | (near_int)((near_real){0} +
                                                NEAR_INTEGERS));
#endif
}

/* Signed bytes of a group. */
static inline near_int replicas_bytes(const uint8_t *plane, int group)
{
    int8_t byte[NEAR_LANES];
    memcpy(byte, plane + 4 * group, 4);
    memcpy(byte + 4, plane + 16 + 4 * group, 4);
    return near_widen_1(byte);
}

/* The lazy rule holds back lanes with both first digits set. */
static inline __attribute__((always_inline)) near_int
replicas_held(const struct replicas *own, const struct replica_batch *batch,
              int i, int group)
{
    near_int u = replicas_bytes(batch->lazy + i * REPLICAS, group);
    return own->lazy[group] & (u < 0) & (u >= -0x40);
}

/* What is drawn afresh is up where the first digit is set. */
static inline __attribute__((always_inline)) near_int
replicas_special(const struct replicas *own,
                 const struct replica_batch *batch, int i, int group,
                 near_int toggle, near_int down)
{
    if (own->any_lazy)
        toggle &= ~replicas_held(own, batch, i, group);
    if (own->any_fresh) {
        near_int fresh = own->fresh[group];
        near_int u = replicas_bytes(batch->fresh + i * REPLICAS, group);
        toggle = (toggle & ~fresh) | (fresh & ((u >= 0) ^ down));
    }
    return toggle;
}

/* Lanes of a group that 16 digits left open, by the exact rule: which of them
   were toggled wrongly, or wrongly not. */
static near_int replicas_settle(const struct replicas *own, uint64_t tick,
                                int64_t site, int group, near_int m,
                                near_int open, near_int toggle)
{
    const struct bank_spec *spec = &own->bank.spec;
    near_int wrong = {0};
    for (int i = 0; i < NEAR_LANES; i++) {
        int lane = replicas_lane_at(group * NEAR_LANES + i) - own->first;
        if (!open[i] || lane < 0 || lane >= spec->lanes)
            continue;
        double du = spec->system->pairs->unit * (2 * m[i]);
        bool flips = accept_exactly(spec, &spec->rung[own->bank.label[lane]],
                                    spec->first_walker + lane, tick, site,
                                    du);
        wrong[i] = flips == (toggle[i] != 0) ? 0 : -1;
    }
    return wrong;
}

/* Site i of a batch once more; wrong: lanes to be turned again. No site of
   the batch has seen another, so this may wait until all are done. */
static void __attribute__((noinline))
replicas_mend(struct replicas *own, uint64_t tick,
              const struct replica_batch *batch,
              const struct replica_moves *moves, int i,
              near_int wrong[REPLICA_GROUPS])
{
    const near_int *m = moves->m[i];
    near_int toggle[REPLICA_GROUPS], open[REPLICA_GROUPS];
    near_real u[REPLICA_GROUPS];
    bool logistic = own->bank.spec.dynamics->binary->logistic;
    for (int g = 0; g < REPLICA_GROUPS; g++)
        u[g] = replicas_widen(batch->update + i * REPLICA_PLANES * REPLICAS,
                              g);
    near_toggle(m, own->slope, u, REPLICA_GROUPS, logistic, toggle, open);
    for (int g = 0; g < REPLICA_GROUPS; g++) {
        open[g] &= ~own->fresh[g];
        if (own->any_lazy)
            open[g] &= ~replicas_held(own, batch, i, g);
        wrong[g] = replicas_settle(own, tick, batch->site[i], g, m[g],
                                   open[g], toggle[g]);
        near_word change = (near_word)m[g] + (near_word)m[g];
        near_word taken = (near_word)toggle[g];
        own->energy[g] += (near_word)wrong[g] & ((change ^ taken) - taken);
    }
}

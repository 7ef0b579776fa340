/* The 8-bit replicas decided by bytes: where fields are small integers, each
   lane's threshold is looked up among few levels, and the first 16 digits of
   U are compared with it, a byte at a time; equal ones (1 in 65536) are
   settled by the exact path.

   Limit (doc/kernels): three operations a neighbour, five a level, about
   thirty more, and 512 random bits, for 32 updates. */

/* The lazy rule, and lanes drawn afresh: up where the first digit is set. */
static inline __attribute__((always_inline)) bytes_signed
replicas_special_bytes(const struct replicas *own,
                       const struct replica_batch *batch, int i,
                       bytes_signed spin, bytes_signed toggle)
{
    bytes_signed lazy = bytes_load(own->lazy_bytes);
    bytes_signed fresh = bytes_load(own->fresh_bytes);
    if (own->any_lazy) {
        bytes_signed u = bytes_load(batch->lazy + i * REPLICAS);
        toggle &= ~(lazy & ((bytes_plain)u >= 0xC0));
    }
    if (own->any_fresh) {
        bytes_signed u = bytes_load(batch->fresh + i * REPLICAS);
        toggle = (toggle & ~fresh) | (fresh & ((u >= 0) ^ (spin < 0)));
    }
    return toggle;
}

/* 16 digits of a rung's thresholds: floor(2^16 p), or as near to 2^16 as
   there is; what equals them is settled exactly. Where lambda < 0 what stands
   here is for -m. */
static void replicas_thresholds(struct replicas *own)
{
    const struct bank_spec *spec = &own->bank.spec;
    const double unit = spec->system->pairs->unit;
    own->top = 0;
    own->negative = false;
    for (int r = 0; r < spec->rungs; r++)
        own->negative |= spec->rung[r].lambda[0] < 0;
    for (int r = 0; r < spec->rungs; r++)
        for (int m = 0; m <= own->most; m++) {
            double p, du = unit * (2 * m);
            int base;
            spec->dynamics->binary->level(
                fabs(rung_dot(spec->rung[r].lambda, &du, 1)), &p, &base);
            double digits = base ? 0xffff : p * 0x1p16;
            own->threshold[r * (own->most + 1) + m] = (uint16_t)digits;
            if (digits >= 1 && m > own->top)
                own->top = m;
        }
}

static void replicas_set_levels(struct replicas *own)
{
    int step = 1 + own->odd, lowest = step;
    if (own->odd && own->batches->sites > 0 && own->parity[0])
        lowest = 1;
    int levels = own->top < lowest ? 1 : (own->top - lowest) / step + 1;
    own->lowest = lowest;
    own->levels = (own->regular || !own->odd) && levels <= REPLICA_LEVELS &&
                          lowest <= own->most ? levels : 0;
}

static void replicas_set_bytes(struct replicas *own, int place, int rung)
{
    const uint16_t *from = own->threshold + rung * (own->most + 1);
    for (int m = 0; m <= own->most; m++) {
        own->bar[m][0][place] = (uint8_t)(from[m] >> 8);
        own->bar[m][1][place] = (uint8_t)from[m];
    }
    own->uphill[place] = own->bank.spec.rung[rung].lambda[0] < 0 ? -1 : 1;
}

/* Lanes whose 16 digits equal the threshold's: what becomes of them. */
static bytes_signed __attribute__((noinline))
replicas_settle_bytes(const struct replicas *own, uint64_t tick, int64_t site,
                      bytes_signed m, uint32_t ties, bytes_signed toggle)
{
    const struct bank_spec *spec = &own->bank.spec;
    for (; ties; ties &= ties - 1) {
        int place = __builtin_ctz(ties), lane = place - own->first;
        if (lane < 0 || lane >= spec->lanes)
            continue;
        double du = spec->system->pairs->unit * (2 * m[place]);
        toggle[place] = accept_exactly(
            spec, &spec->rung[own->bank.label[lane]],
            spec->first_walker + lane, tick, site, du) ? -1 : 0;
    }
    return toggle;
}

/* Couplings of all bonds and lanes: +-1; the same for all lanes; any. */
enum replica_kind { REPLICAS_UNIT, REPLICAS_UNIFORM, REPLICAS_VARIOUS };

/* What a run over sites needs, in registers as far as they go. */
struct replica_rule {
    bool special;        /* lazy lanes, or some drawn afresh */
    bool logistic;
    enum replica_kind kind;
    struct replica_view view;
    int8_t *spin;
    const uint32_t *site; /* of the batch */
    int64_t first;
    int degree, levels;  /* of all sites; 0: look */
    bytes_signed value[REPLICA_LEVELS]; /* of m, above 0 */
    bytes_plain high[REPLICA_LEVELS], low[REPLICA_LEVELS];
    bytes_signed uphill;
};

static inline __attribute__((always_inline)) struct replica_rule
replicas_rule(const struct replicas *own, const struct replica_batch *batch,
              enum replica_kind kind, bool logistic, const int degree,
              const int levels)
{
    struct replica_rule rule = {.kind = kind, .logistic = logistic,
                                .degree = degree, .levels = levels,
                                .view = replicas_look(own),
                                .spin = own->spin, .site = batch->site,
                                .first = batch->first,
                                .special = own->any_lazy | own->any_fresh,
                                .uphill = bytes_load(own->uphill)};
    for (int l = 0; l < levels; l++) {
        int level = own->lowest + l * (1 + own->odd);
        rule.value[l] = (bytes_signed){0} + (int8_t)level;
        rule.high[l] = (bytes_plain)bytes_load(own->bar[level][0]);
        rule.low[l] = (bytes_plain)bytes_load(own->bar[level][1]);
    }
    return rule;
}

/* Thresholds of every lane, by its height. */
static inline __attribute__((always_inline)) void
replicas_bars(const struct replicas *own, const struct replica_rule *rule,
              int64_t visit, bytes_signed height, bytes_plain *high,
              bytes_plain *low)
{
    bytes_plain h = {0}, l = {0};
    for (int k = 0; k < rule->levels; k++) {
        bytes_plain here = (bytes_plain)(height == rule->value[k]);
        h |= here & rule->high[k];
        l |= here & rule->low[k];
    }
    if (!rule->levels)
        for (int level = own->odd ? own->parity[visit] : 0;
             level <= own->top; level += 1 + own->odd) {
            bytes_plain here = (bytes_plain)(height == (int8_t)level);
            h |= here & (bytes_plain)bytes_load(own->bar[level][0]);
            l |= here & (bytes_plain)bytes_load(own->bar[level][1]);
        }
    *high = h;
    *low = l;
}

/* Lanes whose move is made; ties: those that are to be settled. */
static inline __attribute__((always_inline)) bytes_signed
replicas_decide_bytes(const struct replicas *own,
                      const struct replica_rule *rule, int64_t visit,
                      bytes_signed m, const uint8_t *digits,
                      bytes_signed *ties)
{
    bytes_plain high, low;
    bytes_plain u = (bytes_plain)bytes_load(digits);
    bytes_plain v = (bytes_plain)bytes_load(digits + REPLICAS);
    bytes_signed cost = rule->degree ? m
                                     : NAMED_ISA(turned_8)(m, rule->uphill);
    bytes_signed gain = (bytes_signed)(cost < 0), height = cost;
    if (rule->logistic)
        height = (cost ^ gain) - gain;
    replicas_bars(own, rule, visit, height, &high, &low);
    bytes_signed equal = (bytes_signed)(u == high);
    bytes_signed above = equal & ~(bytes_signed)(v <= low);
    bytes_signed below = (bytes_signed)(u <= high) & ~above;
    *ties = equal & (bytes_signed)(v == low);
    if (rule->logistic)
        return gain ^ below;
    return (bytes_signed)(cost < 1) | below;
}

static inline __attribute__((always_inline)) bytes_signed
NAMED_ISA(fields_bytes)(const struct replica_rule *rule, int64_t visit)
{
    const struct replica_view *view = &rule->view;
    const int8_t *spin = view->spin, *h = view->field;
    bytes_signed sum = {0};
    if (rule->kind != REPLICAS_UNIT) {
        NAMED_ISA(fields_8)(view, visit, rule->kind == REPLICAS_UNIFORM,
                            (NAMED_ISA(cells_8) *)&sum);
        return sum;
    }
    if (!rule->degree && h)
        sum = bytes_load(h + visit * REPLICAS);
    if (rule->degree)
        for (int d = 0; d < rule->degree; d++)
            sum += bytes_load(spin + view->link[visit * rule->degree + d].at);
    else
        for (int64_t k = view->start[visit]; k < view->start[visit + 1]; k++)
            sum += bytes_load(spin + view->link[k].at);
    return sum;
}

static inline __attribute__((always_inline)) void
NAMED_ISA(update_bytes)(const struct replicas *own, uint64_t tick,
                        const struct replica_batch *batch, int i,
                        const struct replica_rule *rule, bytes_signed *gained)
{
    bytes_signed toggle, ties;
    int64_t visit = rule->first + i;
    uint32_t site = rule->site[i];
    int8_t *spin = rule->spin + (int64_t)site * 2 * REPLICAS;
    bytes_signed s = bytes_load(spin);
    bytes_signed m = NAMED_ISA(turned_8)(
        NAMED_ISA(fields_bytes)(rule, visit), s);
    toggle = replicas_decide_bytes(own, rule, visit, m,
                                   batch->update + 2 * i * REPLICAS, &ties);
    uint32_t open = bytes_mask(ties);
    if (__builtin_expect(open != 0, 0))
        toggle = replicas_settle_bytes(own, tick, site, m, open, toggle);
    if (rule->special)
        toggle = replicas_special_bytes(own, batch, i, s, toggle);
    *gained += m & toggle;
    s = (s ^ toggle) - toggle;
    memcpy(spin, &s, sizeof s);
    s = -s;
    memcpy(spin + REPLICAS, &s, sizeof s);
}

static void replicas_flush(struct replicas *own, bytes_signed gained)
{
    int8_t cell[REPLICAS];
    memcpy(cell, &gained, sizeof gained);
    for (int g = 0; g < REPLICA_GROUPS; g++) {
        near_word sum = (near_word)near_widen_1(cell + g * NEAR_LANES);
        own->energy[g] += sum + sum;
    }
}

/* Flushes before the sum of m leaves a byte. All but the batch are constants
   where it is called. */
static inline __attribute__((always_inline)) void
NAMED_ISA(run_bytes)(struct replicas *own, uint64_t tick,
                     const struct replica_batch *batch,
                     enum replica_kind kind, bool logistic,
                     const int degree, const int levels)
{
    const int run = own->most > 0 ? INT8_MAX / own->most : batch->count;
    const struct replica_rule rule = replicas_rule(own, batch, kind, logistic,
                                                   degree, levels);
    for (int at = 0; at < batch->count; at += run) {
        int end = at + run < batch->count ? at + run : batch->count;
        bytes_signed gained = {0};
        for (int i = at; i < end; i++)
            NAMED_ISA(update_bytes)(own, tick, batch, i, &rule, &gained);
        replicas_flush(own, gained);
    }
}

#define RUN(name, ...)                                                       \
    static void __attribute__((noinline))                                    \
    NAMED_ISA(run_##name)(struct replicas *own, uint64_t tick,               \
                          const struct replica_batch *batch)                 \
    {                                                                        \
        NAMED_ISA(run_bytes)(own, tick, batch, __VA_ARGS__);                 \
    }
RUN(degree_3, REPLICAS_UNIT, false, 3, 2)
RUN(degree_4, REPLICAS_UNIT, false, 4, 2)
RUN(degree_5, REPLICAS_UNIT, false, 5, 3)
RUN(degree_6, REPLICAS_UNIT, false, 6, 3)
RUN(levels_1, REPLICAS_UNIT, false, 0, 1)
RUN(levels_2, REPLICAS_UNIT, false, 0, 2)
RUN(levels_3, REPLICAS_UNIT, false, 0, 3)
RUN(levels_4, REPLICAS_UNIT, false, 0, 4)
RUN(unit, REPLICAS_UNIT, false, 0, 0)
RUN(uniform, REPLICAS_UNIFORM, false, 0, 0)
RUN(various, REPLICAS_VARIOUS, false, 0, 0)
RUN(heat_unit, REPLICAS_UNIT, true, 0, 0)
RUN(heat_uniform, REPLICAS_UNIFORM, true, 0, 0)
RUN(heat_various, REPLICAS_VARIOUS, true, 0, 0)
#undef RUN

typedef void NAMED_ISA(runs)(struct replicas *, uint64_t,
                             const struct replica_batch *);

static NAMED_ISA(runs) *NAMED_ISA(choose)(const struct replicas *own)
{
    static NAMED_ISA(runs) *const degree[] = {
        NAMED_ISA(run_degree_3), NAMED_ISA(run_degree_4),
        NAMED_ISA(run_degree_5), NAMED_ISA(run_degree_6)};
    static NAMED_ISA(runs) *const levels[] = {
        NAMED_ISA(run_unit), NAMED_ISA(run_levels_1), NAMED_ISA(run_levels_2),
        NAMED_ISA(run_levels_3), NAMED_ISA(run_levels_4)};
    bool heat = own->bank.spec.dynamics->binary->logistic;
    if (heat && own->unit)
        return NAMED_ISA(run_heat_unit);
    if (!own->uniform)
        return heat ? NAMED_ISA(run_heat_various) : NAMED_ISA(run_various);
    if (!own->unit)
        return heat ? NAMED_ISA(run_heat_uniform) : NAMED_ISA(run_uniform);
    if (own->odd && !own->negative && own->degree >= 3 && own->degree <= 6)
        return degree[own->degree - 3];
    return levels[own->levels];
}

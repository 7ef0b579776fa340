/* Replicas side by side: 32 walkers of spins coupled in pairs, in integers of
   8, 16 or 32 bits, whichever holds every field. Included once per
   instruction set and width: CELL is the integer, NAMED(x) the names.

   Spins are -1, +1; a field is sum_j J_ij s_j + h_i, two operations a
   neighbour and vector. A batch of sites that do not see each other goes
   through three loops: moves, decisions (kernels/replicas_isa.h), flips. One
   loop would hold a site from its neighbours to its flip, a chain longer than
   the cpu's window, and the next would wait for it. */

typedef CELL NAMED(cells) __attribute__((vector_size(32), may_alias));
#define CELL_CALL_(name, bytes) name##bytes
#define CELL_CALL(name, bytes) CELL_CALL_(name, bytes)
#define NEAR_WIDEN_CELL CELL_CALL(near_widen_, CELL_BYTES)
#define NEAR_TURN_CELL CELL_CALL(near_turn_, CELL_BYTES)
enum { NAMED(VECTORS) = (int)sizeof(CELL), NAMED(STEP) = 32 / sizeof(CELL),
       NAMED(SITE) = REPLICAS * (CELL_BYTES == 1 ? 2 : 1) };

static inline __attribute__((always_inline)) NAMED(cells)
NAMED(load)(const CELL *from)
{
    NAMED(cells) cells;
    memcpy(&cells, from, sizeof cells);
    return cells;
}

/* x where s = 1, -x where s = -1 */
static inline __attribute__((always_inline)) NAMED(cells)
NAMED(turned)(NAMED(cells) x, NAMED(cells) s)
{
#ifdef __AVX2__
    return (NAMED(cells))(CELL_BYTES == 1
               ? _mm256_sign_epi8((__m256i)x, (__m256i)s)
               : CELL_BYTES == 2 ? _mm256_sign_epi16((__m256i)x, (__m256i)s)
                                 : _mm256_sign_epi32((__m256i)x, (__m256i)s));
#else
    NAMED(cells) down = s >> (8 * CELL_BYTES - 1);
    return (x ^ down) - down;
#endif
}

/* sum_j J_ij s_j + h_i of every lane. visit: the site's place in the order
   of visits. */
static inline __attribute__((always_inline)) void
NAMED(fields)(const struct replica_view *view, int64_t visit, bool uniform,
              NAMED(cells) sum[NAMED(VECTORS)])
{
    const CELL *spin = view->spin, *J = view->J, *h = view->field;
    const int step = NAMED(STEP);
    for (int v = 0; v < NAMED(VECTORS); v++)
        sum[v] = h ? NAMED(load)(h + visit * REPLICAS + v * step)
                   : (NAMED(cells)){0};
    for (int64_t k = view->start[visit]; k < view->start[visit + 1]; k++) {
        const CELL *far = spin + view->link[k].at;
        NAMED(cells) strength =
            (NAMED(cells))((near_word){0} + view->link[k].J);
        for (int v = 0; v < NAMED(VECTORS); v++) {
            if (!uniform)
                strength = NAMED(load)(J + k * REPLICAS + v * step);
            sum[v] += NAMED(turned)(strength, NAMED(load)(far + v * step));
        }
    }
}

/* -1 where a lane's spin is down, group by group. */
static inline __attribute__((always_inline)) near_int
NAMED(down)(const struct replicas *own, int64_t site, int group)
{
    return NEAR_WIDEN_CELL((const CELL *)own->spin + site * NAMED(SITE) +
                           group * NEAR_LANES) >> 31;
}

#if CELL_BYTES > 1
static inline __attribute__((always_inline)) void
NAMED(moves_of)(const struct replicas *own, const struct replica_batch *batch,
                bool uniform, struct replica_moves *moves)
{
    const struct replica_view view = replicas_look(own);
    const CELL *spin = own->spin;
    for (int i = 0; i < batch->count; i++) {
        const CELL *here = spin + (int64_t)batch->site[i] * NAMED(SITE);
        NAMED(cells) m[NAMED(VECTORS)];
        NAMED(fields)(&view, batch->first + i, uniform, m);
        for (int v = 0; v < NAMED(VECTORS); v++)
            m[v] = NAMED(turned)(m[v], NAMED(load)(here + v * NAMED(STEP)));
        for (int g = 0; g < REPLICA_GROUPS; g++)
            moves->m[i][g] = NEAR_WIDEN_CELL((const CELL *)m +
                                             g * NEAR_LANES);
    }
}

static inline __attribute__((always_inline)) void
NAMED(turn)(const struct replicas *own, int64_t site, const near_int *toggle)
{
    CELL *spin = (CELL *)own->spin + site * NAMED(SITE);
    for (int g = 0; g < REPLICA_GROUPS; g++)
        NEAR_TURN_CELL(spin + g * NEAR_LANES, toggle[g]);
}

static inline __attribute__((always_inline)) void
NAMED(flip)(struct replicas *own, const struct replica_batch *batch,
            struct replica_moves *moves, bool logistic)
{
    const int count = REPLICA_GROUPS;
    const bool special = own->any_lazy | own->any_fresh;
    near_word gained[REPLICA_GROUPS] = {{0}};
    uint64_t left = 0;
    for (int i = 0; i < batch->count; i++) {
        int64_t site = batch->site[i];
        const near_int *m = moves->m[i];
        const uint8_t *digits = batch->update + i * REPLICA_PLANES * REPLICAS;
        near_int open[REPLICA_GROUPS], toggle[REPLICA_GROUPS];
        near_real u[REPLICA_GROUPS];
        NEAR_EACH u[k] = replicas_widen(digits, k);
        near_toggle(m, own->slope, u, count, logistic, toggle, open);
        bool any = near_any(open[0] | open[1] | open[2] | open[3]);
        left |= (uint64_t)any << i;
        if (special)
            NEAR_EACH toggle[k] = replicas_special(
                own, batch, i, k, toggle[k], NAMED(down)(own, site, k));
        NEAR_EACH gained[k] += (near_word)(m[k] & toggle[k]);
        NAMED(turn)(own, site, toggle);
    }
    moves->open = left;
    NEAR_EACH own->energy[k] += gained[k] + gained[k];
}

static void NAMED(sweep_batch)(struct replicas *own, uint64_t tick,
                               const struct replica_batch *batch)
{
    struct replica_moves moves;
    if (own->uniform)
        NAMED(moves_of)(own, batch, true, &moves);
    else
        NAMED(moves_of)(own, batch, false, &moves);
    if (own->bank.spec.dynamics->binary->logistic)
        NAMED(flip)(own, batch, &moves, true);
    else
        NAMED(flip)(own, batch, &moves, false);
    for (uint64_t left = moves.open; left; left &= left - 1) {
        int i = __builtin_ctzll(left);
        near_int wrong[REPLICA_GROUPS];
        replicas_mend(own, tick, batch, &moves, i, wrong);
        NAMED(turn)(own, batch->site[i], wrong);
    }
}
#endif

/* ---- one lane, setting up ------------------------------------------------ */

static void NAMED(set_spin)(struct replicas *own, int64_t site, int lane,
                            int spin)
{
    CELL *at = (CELL *)own->spin + site * NAMED(SITE) + lane;
    at[0] = (CELL)spin;
    if (CELL_BYTES == 1)
        at[REPLICAS] = (CELL)-spin;
}

static bool NAMED(is_down)(const struct replicas *own, int64_t site,
                           int lane)
{
    return ((const CELL *)own->spin)[site * NAMED(SITE) + lane] < 0;
}

static void NAMED(count_down)(const struct replicas *own,
                              int32_t down[REPLICAS])
{
    near_int sum[REPLICA_GROUPS] = {{0}};
    for (int64_t i = 0; i < own->bank.spec.system->sites; i++)
        for (int g = 0; g < REPLICA_GROUPS; g++)
            sum[g] -= NAMED(down)(own, i, g);
    memcpy(down, sum, sizeof sum);
}

/* A coupling in every CELL of 32 bits. */
static uint32_t NAMED(pattern)(int32_t J)
{
    return (uint32_t)J & (CELL_BYTES == 1 ? 0xffu
                          : CELL_BYTES == 2 ? 0xffffu : UINT32_MAX);
}

/* Couplings and fields of the lanes, in the order of visits. */
static void NAMED(fill)(struct replicas *own, const struct bank_spec *spec)
{
    const struct pairs *p = spec->system->pairs;
    const struct batches *b = own->batches;
    size_t cells = (size_t)own->start[b->sites] * REPLICAS;
    CELL *J = own->J = own->uniform ? NULL : mem_new(cells, sizeof *J);
    CELL *h = own->field = p->h ? mem_new((size_t)b->sites * REPLICAS,
                                          sizeof *h) : NULL;
    own->spin = mem_new((size_t)(p->sites * NAMED(SITE)), sizeof(CELL));
    for (int lane = 0; lane < spec->lanes; lane++) {
        const int32_t *from = p->J + spec->sample[lane] * p->bonds;
        int place = replicas_place(own->width, own->first + lane);
        for (int64_t visit = 0; visit < b->sites; visit++) {
            int64_t i = b->site[visit], k = p->start[i];
            if (h)
                h[visit * REPLICAS + place] =
                    (CELL)p->h[spec->sample[lane] * p->sites + i];
            for (int64_t to = own->start[visit]; to < own->start[visit + 1];
                 to++, k++) {
                own->link[to].J = NAMED(pattern)(from[p->bond[k]]) *
                                  (CELL_BYTES == 1 ? 0x01010101u
                                   : CELL_BYTES == 2 ? 0x10001u : 1u);
                if (own->unit && from[p->bond[k]] < 0 && lane == 0)
                    own->link[to].at += REPLICAS;
                if (J)
                    J[to * REPLICAS + place] = (CELL)from[p->bond[k]];
            }
        }
    }
}

#undef CELL_CALL_
#undef CELL_CALL
#undef NEAR_WIDEN_CELL
#undef NEAR_TURN_CELL

/* Replicas side by side: 32 walkers of spins coupled in pairs, site by site,
   in integers of 8, 16 or 32 bits, whichever holds every field. Included once
   per instruction set and width: CELL is the integer, NAMED(x) the names.

   mask = -1 where the spin is down. A field is sum_j J_ij s_j + h_i =
   total_i - 2 sum_j (J_ij & mask_j): two operations a neighbour and vector.

   Limit (doc/kernels): for few neighbours the exponential of 32 lanes, about
   four times 25 operations, and the 1024 random bits, 10 cycles; for many the
   neighbours' words, 32 * sizeof(CELL) bytes each. */

typedef CELL NAMED(cells) __attribute__((vector_size(32), may_alias));
#define CELL_CALL_(name, bytes) name##bytes
#define CELL_CALL(name, bytes) CELL_CALL_(name, bytes)
#define NEAR_WIDEN_CELL CELL_CALL(near_widen_, CELL_BYTES)
#define NEAR_NARROW_CELL CELL_CALL(near_narrow_, CELL_BYTES)
enum { NAMED(VECTORS) = (int)sizeof(CELL) };


/* m = s_i (sum_j J_ij s_j + h_i) of every lane. */
static inline __attribute__((always_inline)) void
NAMED(moves)(const struct replicas *own, int64_t site, bool uniform,
             CELL m[REPLICAS])
{
    const struct pairs *p = own->bank.spec.system->pairs;
    const CELL *mask = own->mask, *J = own->J;
    const CELL *total = (const CELL *)own->total + site * REPLICAS;
    NAMED(cells) sum[NAMED(VECTORS)], half, here;
    const int step = 32 / (int)sizeof(CELL);
    for (int v = 0; v < NAMED(VECTORS); v++)
        sum[v] = (NAMED(cells)){0};
    for (int64_t k = p->start[site]; k < p->start[site + 1]; k++) {
        const CELL *other = mask + (int64_t)p->other[k] * REPLICAS;
        for (int v = 0; v < NAMED(VECTORS); v++) {
            NAMED(cells) far, strength;
            memcpy(&far, other + v * step, sizeof far);
            if (uniform)
                strength = (NAMED(cells)){0} + J[k];
            else
                memcpy(&strength, J + k * REPLICAS + v * step,
                       sizeof strength);
            sum[v] += strength & far;
        }
    }
    for (int v = 0; v < NAMED(VECTORS); v++) {
        memcpy(&half, total + v * step, sizeof half);
        memcpy(&here, mask + site * REPLICAS + v * step, sizeof here);
        half -= sum[v] + sum[v];
        half = (half ^ here) - here;
        memcpy(m + v * step, &half, sizeof half);
    }
}

/* -1 where a lane's spin is down, group by group. */
static inline __attribute__((always_inline)) near_int
NAMED(down)(const struct replicas *own, int64_t site, int group)
{
    return NEAR_WIDEN_CELL((const CELL *)own->mask + site * REPLICAS +
                           group * NEAR_LANES);
}

static inline __attribute__((always_inline)) void
NAMED(update)(struct replicas *own, uint64_t tick, int64_t site,
              const struct replica_chunk *chunk, int i, bool uniform,
              bool logistic)
{
    CELL m[REPLICAS], *mask = (CELL *)own->mask + site * REPLICAS;
    near_int move[REPLICA_GROUPS], toggle[REPLICA_GROUPS];
    near_int unsure[REPLICA_GROUPS], open = {0};
    NAMED(moves)(own, site, uniform, m);
    for (int g = 0; g < REPLICA_GROUPS; g++) {
        near_word u;
        memcpy(&u, chunk->update + i * REPLICAS + g * NEAR_LANES, sizeof u);
        move[g] = NEAR_WIDEN_CELL(m + g * NEAR_LANES);
        toggle[g] = near_toggle(move[g], own->scale[g], u, logistic,
                                &unsure[g]);
        unsure[g] &= own->live[g];
        open |= unsure[g];
    }
    if (near_any(open))
        for (int g = 0; g < REPLICA_GROUPS; g++)
            replicas_settle(own, tick, site, g, &move[g], &unsure[g],
                            &toggle[g]);
    for (int g = 0; g < REPLICA_GROUPS; g++) {
        if (own->any_lazy)
            toggle[g] &= ~replicas_stays(own, g, chunk->lazy + i * REPLICAS);
        if (own->any_fresh)
            toggle[g] = replicas_redrawn(own, g, chunk->fresh + i * REPLICAS,
                                         NAMED(down)(own, site, g),
                                         toggle[g]);
        own->energy[g] += (move[g] + move[g]) & toggle[g];
    }
    NEAR_NARROW_CELL(toggle, m);
    for (int v = 0; v < NAMED(VECTORS); v++) {
        NAMED(cells) flips, old;
        memcpy(&flips, m + v * 32 / (int)sizeof(CELL), sizeof flips);
        memcpy(&old, mask + v * 32 / (int)sizeof(CELL), sizeof old);
        old ^= flips;
        memcpy(mask + v * 32 / (int)sizeof(CELL), &old, sizeof old);
    }
}

static void NAMED(sweep_chunk)(struct replicas *own, uint64_t tick,
                               const struct replica_chunk *chunk)
{
    const struct pairs *p = own->bank.spec.system->pairs;
    bool logistic = own->bank.spec.dynamics->binary->logistic;
    for (int i = 0; i < chunk->count; i++) {
        int64_t site = chunk->site[i];
        if (p->clamp && p->clamp[site])
            continue;
        if (own->uniform && !logistic)
            NAMED(update)(own, tick, site, chunk, i, true, false);
        else if (own->uniform)
            NAMED(update)(own, tick, site, chunk, i, true, true);
        else
            NAMED(update)(own, tick, site, chunk, i, false,
                          logistic);
    }
}

static void NAMED(set_spin)(struct replicas *own, int64_t site, int lane,
                            bool down)
{
    ((CELL *)own->mask)[site * REPLICAS + lane] = (CELL)(down ? -1 : 0);
}

static bool NAMED(is_down)(const struct replicas *own, int64_t site,
                           int lane)
{
    return ((const CELL *)own->mask)[site * REPLICAS + lane] != 0;
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

/* Couplings and totals as CELLs. */
static void NAMED(fill)(struct replicas *own, const struct bank_spec *spec)
{
    const struct pairs *p = spec->system->pairs;
    int64_t per = own->uniform ? 1 : REPLICAS;
    CELL *J = own->J = mem_new((size_t)(2 * p->bonds * per), sizeof *J);
    CELL *total = own->total = mem_new((size_t)(p->sites * REPLICAS),
                                       sizeof *total);
    own->mask = mem_new((size_t)(p->sites * REPLICAS), sizeof(CELL));
    for (int lane = 0; lane < spec->lanes; lane++) {
        const int32_t *from = p->J + spec->sample[lane] * p->bonds;
        for (int64_t i = 0; i < p->sites; i++) {
            int32_t sum = p->h ? p->h[spec->sample[lane] * p->sites + i] : 0;
            for (int64_t k = p->start[i]; k < p->start[i + 1]; k++) {
                sum += from[p->bond[k]];
                J[k * per + (per > 1 ? own->first + lane : 0)] =
                    (CELL)from[p->bond[k]];
            }
            total[i * REPLICAS + own->first + lane] = (CELL)sum;
        }
    }
}

#undef CELL_CALL_
#undef CELL_CALL
#undef NEAR_WIDEN_CELL
#undef NEAR_NARROW_CELL

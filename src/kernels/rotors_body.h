/* Unit vectors, 32 replicas at once: stream "word", lane = walker mod 32, a
   column of FLOATS lanes a vector, each lane with its own rung and step. The
   arithmetic is that of core/rotors.c in the same order, so the numbers are
   the same to the bit. Included once per instruction set, see
   kernels/floats.h.

   Acceptance: the first 24 digits of U against a quick exp with a known
   error bound; lanes within the bound (one in 60000) are settled by the
   exact rule, digit by digit.

   Limit (doc/kernels): reflections are bound by the floating-point units and
   the loads; columns go through all their reflections one after the other,
   because a column of a small lattice fits into cache. Metropolis needs two
   words of random bits a lane and some 90 operations a vector. */
#include "kernels/rotors_bank.h"
#include "kernels/rotors_move.h"
#include "kernels/rotors_measure.h"

ROTORS_INLINE void NAMED(attempt)(struct rotor_bank *own,
                                  const struct rotor_chunk *chunk,
                                  struct rotor_attempts *a, const int z,
                                  const int n)
{
    floats *spin = NAMED(column)(own, a->column);
    NAMED(draw_turns)(own, chunk, a, n);
    NAMED(propose)(own, spin, chunk->first + a->first, a, z, n);
    NAMED(decide)(own, chunk, a);
    NAMED(move)(own, spin, chunk->first + a->first, a, n);
}

/* In sequential order sites are taken one by one. */
static void NAMED(attempt_chunk)(struct rotor_bank *own, uint64_t tick,
                                 const struct rotor_chunk *chunk, int column)
{
    struct rotor_attempts a; /* not cleared: it is large */
    a.tick = tick;
    a.column = column;
    a.count = own->links->colours > 1 ? chunk->count : 1;
    for (a.first = 0; a.first < chunk->count; a.first += a.count) {
        ROTORS_CASES(own->degree, own->n, attempt, own, chunk, &a);
    }
}

static void NAMED(reflect_column)(struct rotor_bank *own, int column)
{
    floats *spin = NAMED(column)(own, column);
    for (int pass = 0; pass < own->reflections; pass++) {
        ROTORS_CASES(own->degree, own->n, reflect, own, spin);
    }
}

/* Columns first .. end - 1 are those of the next fills. */
static void NAMED(set_planes)(const struct rotor_bank *own,
                              struct rotor_chunk *chunk, int first, int end)
{
    int word = own->first_word + first * FLOATS;
    int stop = own->first_word + end * FLOATS;
    chunk->first_plane = word / PLANE_WORDS;
    chunk->planes = (stop + PLANE_WORDS - 1) / PLANE_WORDS -
                    chunk->first_plane;
}

static void NAMED(fill)(const struct rotor_bank *own, uint64_t tick,
                        enum rng_purpose purpose, int depth,
                        const struct rotor_chunk *chunk, uint64_t *out)
{
    const struct bank_spec *spec = &own->bank.spec;
    struct rng_address address = {
        .seed = spec->seed, .tick = tick, .purpose = purpose,
        .stream = (uint32_t)(spec->first_walker / ROTORS_LANES)};
    struct rng_range range = {.first = 4 * depth + chunk->first_plane,
                              .planes = chunk->planes, .halves = 2};
    own->planes(out, &address, own->links->order + chunk->first,
                chunk->count, range);
}

/* Uniform directions for the lanes of a column that are drawn afresh. */
static void NAMED(freshen)(struct rotor_bank *own, uint64_t tick,
                           struct rotor_chunk *chunk, int column)
{
    floats *spin = NAMED(column)(own, column);
    ints fresh = own->fresh[column];
    NAMED(set_planes)(own, chunk, column, column + 1);
    for (int d = 0; d < own->n - 1; d++)
        NAMED(fill)(own, tick, RNG_FRESH, d, chunk, chunk->propose[d]);
    int at = NAMED(words_at)(own, chunk, 0, column);
    for (int i = 0; i < chunk->count;
         i++, at += chunk->planes * PLANE_WORDS) {
        floats *s = NAMED(at)(spin, own->place[chunk->first + i]);
        words w = floats_words((const uint32_t *)chunk->propose[0] + at);
        floats y = NAMED(symmetric)(w << 2), y2 = y * y;
        floats sine = y * (ROTORS_SIN0 + y2 * (ROTORS_SIN1 + y2 * (
                           ROTORS_SIN2 + y2 * ROTORS_SIN3)));
        floats cosine = 1 + y2 * (ROTORS_COS1 + y2 * (ROTORS_COS2 + y2 * (
                            ROTORS_COS3 + y2 * ROTORS_COS4)));
        ints second = (ints)(w << 1) >> 31;
        floats radius = floats_all(1);
        if (own->n == 3) {
            floats z = NAMED(symmetric)(floats_words(
                (const uint32_t *)chunk->propose[1] + at));
            radius = floats_sqrt(1 - z * z);
            s[2] = floats_select(fresh, z, s[2]);
        }
        radius = (floats)((words)radius ^ (w & 0x80000000));
        floats x = radius * floats_select(second, sine, cosine);
        y = radius * floats_select(second, cosine, sine);
        s[0] = floats_select(fresh, x, s[0]);
        s[1] = floats_select(fresh, y, s[1]);
    }
}

static void NAMED(sweep_chunk)(struct rotor_bank *own, uint64_t tick,
                               struct rotor_chunk *chunk, int first, int end)
{
    NAMED(set_planes)(own, chunk, first, end);
    NAMED(fill)(own, tick, RNG_UPDATE, 0, chunk, chunk->update);
    for (int d = 0; d < (own->n == 2 ? 1 : 3); d++)
        NAMED(fill)(own, tick, RNG_PROPOSE, d, chunk, chunk->propose[d]);
    for (int column = first; column < end; column++)
        NAMED(attempt_chunk)(own, tick, chunk, column);
    for (int column = first; column < end; column++)
        if (floats_any(own->fresh[column]))
            NAMED(freshen)(own, tick, chunk, column);
}

/* Columns first .. end - 1, all by themselves. */
static void NAMED(sweep_columns)(struct rotor_bank *own, uint64_t tick,
                                 int first, int end)
{
    const struct links *links = own->links;
    struct rotor_chunk chunk;
    for (int column = first; column < end; column++)
        NAMED(reflect_column)(own, column);
    for (int colour = 0; colour < links->colours; colour++) {
        int stop = links->colour_start[colour + 1];
        for (int at = links->colour_start[colour]; at < stop;
             at += chunk.count) {
            chunk.first = at;
            chunk.count = stop - at < ROTORS_CHUNK ? stop - at : ROTORS_CHUNK;
            NAMED(sweep_chunk)(own, tick, &chunk, first, end);
        }
    }
}

static void NAMED(count)(struct rotor_bank *own)
{
    struct bank *bank = &own->bank;
    for (int lane = 0; lane < bank->spec.lanes; lane++) {
        struct rotor_place at = NAMED(place)(bank, lane);
        if (own->fresh[at.column][at.lane])
            continue;
        bank->success[lane].tries += own->sites;
        bank->success[lane].hits += own->hits[at.column][at.lane];
    }
    memset(own->hits, 0, sizeof own->hits);
}

static void NAMED(sweep)(struct bank *bank, uint64_t tick, int threads)
{
    struct rotor_bank *own = (struct rotor_bank *)bank;
    int parts = threads < own->columns ? threads : own->columns;
#pragma omp parallel for num_threads(parts) schedule(static, 1) if (parts > 1)
    for (int part = 0; part < parts; part++)
        NAMED(sweep_columns)(own, tick, own->columns * part / parts,
                             own->columns * (part + 1) / parts);
    NAMED(count)(own);
}

#define ROTORS_KERNEL(isa_, rank_, cpu_)                                     \
    {.name = "rotors_" isa_, .family = "rotors", .isa = isa_,                \
     .summary = "unit vectors: 32 replicas in single precision, a rung "     \
                "each",                                                      \
     .streams = 1u << STREAM_WORD, .rank = rank_, .cpu = cpu_,               \
     .refuses = NAMED(refuses), .create = NAMED(create),                     \
     .destroy = NAMED(destroy), .put = NAMED(put), .get = NAMED(get),        \
     .relabel = NAMED(relabel), .sweep = NAMED(sweep),                       \
     .measure = NAMED(measure)}

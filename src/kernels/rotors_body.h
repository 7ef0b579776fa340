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
#include <stdlib.h>

#include "base/alloc.h"
#include "base/math.h"
#include "core/kernel.h"
#include "core/rotors.h"
#include "kernels/floats.h"

enum { ROTORS_CHUNK = 32, ROTORS_LANES = 32, PLANE_WORDS = 8,
       COLUMNS_MOST = ROTORS_LANES / FLOATS };

struct rotor_bank {
    struct bank bank;
    int n, degree, sites;
    int first_word, columns; /* lane 0 is word first_word of column 0 .. */
    int reflections;
    const struct links *links;
    uint32_t *place, *near;  /* [sites], [sites][degree] in the order of
                                visits: bytes into a column's spins; a missing
                                neighbour is the zero at the end */
    floats *spin;            /* [column][sites + 1][n] */
    floats step[COLUMNS_MOST];
    floats gain[COLUMNS_MOST]; /* lambda J / ln 2 */
    ints hits[COLUMNS_MOST];
    ints fresh[COLUMNS_MOST]; /* masks: lanes at an exact point */
    rng_planes_fn *planes;
};

/* Random words of one chunk of sites of one colour: [site][plane][8]. */
struct rotor_chunk {
    int first, count;        /* in the order of visits */
    int first_plane, planes;
    _Alignas(64) uint64_t update[ROTORS_CHUNK * 4 * RNG_PLANE_WORDS];
    uint64_t propose[3][ROTORS_CHUNK * 4 * RNG_PLANE_WORDS];
};

/* ---- setting up -------------------------------------------------------- */

static const char *NAMED(refuses)(const struct bank_spec *spec)
{
    if (!system_rotors(spec->system))
        return "the model is not of unit vectors";
    if (!spec->dynamics->continuous)
        return "the dynamics is not made of reflections and Metropolis";
    if (spec->system->sites > 1 << 24)
        return "more than 16777216 sites a replica";
    return NULL;
}

static floats *NAMED(column)(const struct rotor_bank *own, int column)
{
    return own->spin + (size_t)column * (size_t)(own->sites + 1) *
                       (size_t)own->n;
}

static void NAMED(set_places)(struct rotor_bank *own)
{
    const struct links *links = own->links;
    uint32_t size = (uint32_t)own->n * (uint32_t)sizeof(floats);
    uint32_t z = (uint32_t)own->degree;
    own->place = mem_new((size_t)own->sites, sizeof *own->place);
    own->near = mem_new((size_t)own->sites * z, sizeof *own->near);
    for (uint32_t i = 0; i < (uint32_t)own->sites; i++) {
        uint32_t site = links->order[i];
        own->place[i] = site * size;
        for (uint32_t d = 0; d < z; d++) {
            int32_t other = links->other[site * z + d];
            own->near[i * z + d] =
                (uint32_t)(other < 0 ? own->sites : other) * size;
        }
    }
}

static struct bank *NAMED(create)(const struct bank_spec *spec)
{
    struct rotor_bank *own = mem_new(1, sizeof *own);
    const struct rotors *rotors = system_rotors(spec->system);
    int first = (int)(spec->first_walker % ROTORS_LANES);
    *own = (struct rotor_bank){
        .n = rotors->components, .degree = rotors->links->degree,
        .sites = (int)spec->system->sites,
        .first_word = first / FLOATS * FLOATS, .links = rotors->links,
        .reflections = spec->dynamics->continuous->reflections(spec->keys),
        .planes = rng_planes_best()};
    own->columns = (first + spec->lanes - own->first_word + FLOATS - 1) /
                   FLOATS;
    size_t vectors = (size_t)own->columns * (size_t)(own->sites + 1) *
                     (size_t)own->n;
    own->spin = mem_new(vectors, sizeof *own->spin);
    NAMED(set_places)(own);
    return &own->bank;
}

static void NAMED(destroy)(struct bank *bank)
{
    struct rotor_bank *own = (struct rotor_bank *)bank;
    free(own->place);
    free(own->near);
    free(own->spin);
}

/* ---- one lane ---------------------------------------------------------- */

struct rotor_place { int column, lane; };

static struct rotor_place NAMED(place)(const struct bank *bank, int lane)
{
    const struct rotor_bank *own = (const struct rotor_bank *)bank;
    int at = (int)(bank->spec.first_walker % ROTORS_LANES) + lane -
             own->first_word;
    return (struct rotor_place){at / FLOATS, at % FLOATS};
}

static void NAMED(put)(struct bank *bank, int lane, const void *state)
{
    struct rotor_bank *own = (struct rotor_bank *)bank;
    struct rotor_place at = NAMED(place)(bank, lane);
    floats *spin = NAMED(column)(own, at.column);
    for (int i = 0; i < own->sites * own->n; i++)
        spin[i][at.lane] = ((const float *)state)[i];
}

static void NAMED(get)(const struct bank *bank, int lane, void *state)
{
    const struct rotor_bank *own = (const struct rotor_bank *)bank;
    struct rotor_place at = NAMED(place)(bank, lane);
    const floats *spin = NAMED(column)(own, at.column);
    for (int i = 0; i < own->sites * own->n; i++)
        ((float *)state)[i] = spin[i][at.lane];
}

static void NAMED(relabel)(struct bank *bank, const int *label, bool all)
{
    struct rotor_bank *own = (struct rotor_bank *)bank;
    double J = system_rotors(bank->spec.system)->J;
    (void)all;
    for (int lane = 0; lane < bank->spec.lanes; lane++) {
        const struct rung *rung = &bank->spec.rung[label[lane]];
        struct rotor_place at = NAMED(place)(bank, lane);
        own->step[at.column][at.lane] = (float)rung->step;
        own->gain[at.column][at.lane] =
            (float)(rung->lambda[0] * J * 0x1.71547652b82fep0);
        own->fresh[at.column][at.lane] = -rung->exact;
        bank->label[lane] = label[lane];
    }
}

/* ---- updates: z neighbours, n components, constants where it matters ---- */

#define ROTORS_INLINE static inline __attribute__((always_inline))

ROTORS_INLINE floats *NAMED(at)(floats *spin, uint32_t bytes)
{
    return (floats *)((char *)spin + bytes);
}

ROTORS_INLINE void NAMED(field)(floats *spin, const uint32_t *near,
                                const int z, const int n, floats *h)
{
    for (int c = 0; c < n; c++)
        h[c] = NAMED(at)(spin, near[0])[c];
    for (int d = 1; d < z; d++)
        for (int c = 0; c < n; c++)
            h[c] += NAMED(at)(spin, near[d])[c];
}

ROTORS_INLINE floats NAMED(dot)(const int n, const floats *a,
                                const floats *b)
{
    floats sum = a[0] * b[0];
    for (int c = 1; c < n; c++)
        sum += a[c] * b[c];
    return sum;
}

ROTORS_INLINE void NAMED(reflect)(const struct rotor_bank *own, floats *spin,
                                  const int z, const int n)
{
    const uint32_t *near = own->near;
    for (int i = 0; i < own->sites; i++, near += z) {
        floats *s = NAMED(at)(spin, own->place[i]), h[ROTORS_MOST];
        NAMED(field)(spin, near, z, n, h);
        floats scale = 2 * NAMED(dot)(n, s, h) /
                       (NAMED(dot)(n, h, h) + ROTORS_TINY);
        for (int c = 0; c < n; c++)
            s[c] = scale * h[c] - s[c];
    }
}

/* 22 digits as an odd multiple of 2^-22 in (-1, 1). */
ROTORS_INLINE floats NAMED(symmetric)(words w)
{
    return (floats)(w >> 9 | 0x40000001) - 3;
}

ROTORS_INLINE void NAMED(cross)(const floats *a, const floats *b, floats *out)
{
    out[0] = a[1] * b[2] - a[2] * b[1];
    out[1] = a[2] * b[0] - a[0] * b[2];
    out[2] = a[0] * b[1] - a[1] * b[0];
}

/* v: cosine and sine */
ROTORS_INLINE void NAMED(turn_2)(const floats *v, const floats *s, floats *to)
{
    to[0] = v[0] * s[0] - v[1] * s[1];
    to[1] = v[1] * s[0] + v[0] * s[1];
}

ROTORS_INLINE void NAMED(turn_3)(const floats *v, const floats *s, floats *to)
{
    floats once[3], twice[3], w = 2 / (1 + NAMED(dot)(3, v, v));
    NAMED(cross)(v, s, once);
    NAMED(cross)(v, once, twice);
    for (int c = 0; c < 3; c++)
        to[c] = s[c] + w * (once[c] + twice[c]);
}

/* Attempts at `count` sites of a chunk, in steps over all of them: one
   site's chain of operations is longer than the cpu looks ahead. */
struct rotor_attempts {
    uint64_t tick;
    int column, first, count; /* first: in the chunk */
    floats to[ROTORS_CHUNK][ROTORS_MOST], d[ROTORS_CHUNK];
    floats over[ROTORS_CHUNK]; /* accepted where > 0 */
};

/* Where the words of the first site begin; one site to the next. */
ROTORS_INLINE int NAMED(words_at)(const struct rotor_bank *own,
                                  const struct rotor_chunk *chunk, int i,
                                  int column)
{
    return (i * chunk->planes - chunk->first_plane) * PLANE_WORDS +
           own->first_word + column * FLOATS;
}

/* What turns the spins: two components cosine and sine, three v. */
ROTORS_INLINE void NAMED(draw_turns)(const struct rotor_bank *own,
                                     const struct rotor_chunk *chunk,
                                     struct rotor_attempts *a, const int n)
{
    int at = NAMED(words_at)(own, chunk, a->first, a->column);
    floats step = own->step[a->column];
    for (int i = 0; i < a->count; i++, at += chunk->planes * PLANE_WORDS)
        for (int k = 0; k < (n == 2 ? 1 : 3); k++) {
            const uint32_t *word = (const uint32_t *)chunk->propose[k] + at;
            floats t = step * NAMED(symmetric)(floats_words(word));
            a->to[i][k] = t;
            if (n == 2) {
                floats w = 2 / (1 + t * t);
                a->to[i][0] = w - 1;
                a->to[i][1] = w * t;
            }
        }
}

/* The proposals, and d = (s' - s).h. */
ROTORS_INLINE void NAMED(propose)(const struct rotor_bank *own, floats *spin,
                                  int first, struct rotor_attempts *a,
                                  const int z, const int n)
{
    const uint32_t *near = own->near + (size_t)first * (size_t)z;
    bool length = a->tick % ROTORS_LENGTHS == 0;
    for (int i = 0; i < a->count; i++, near += z) {
        const floats *s = NAMED(at)(spin, own->place[first + i]);
        floats h[ROTORS_MOST], change[ROTORS_MOST], to[ROTORS_MOST];
        if (n == 2)
            NAMED(turn_2)(a->to[i], s, to);
        else
            NAMED(turn_3)(a->to[i], s, to);
        if (length) {
            floats scale = 1.5f - 0.5f * NAMED(dot)(n, to, to);
            for (int c = 0; c < n; c++)
                to[c] *= scale;
        }
        NAMED(field)(spin, near, z, n, h);
        for (int c = 0; c < n; c++) {
            change[c] = to[c] - s[c];
            a->to[i][c] = to[c];
        }
        a->d[i] = NAMED(dot)(n, change, h);
    }
}

/* The exact rule, for one lane. */
static bool NAMED(accepts)(const struct rotor_bank *own,
                           const struct rotor_attempts *a, uint32_t site,
                           int lane, float d)
{
    const struct bank_spec *spec = &own->bank.spec;
    struct draws draws = {.kind = STREAM_WORD, .seed = spec->seed,
                          .tick = a->tick,
                          .walker = spec->first_walker + lane};
    double du = -system_rotors(spec->system)->J * (double)d;
    double x = rung_dot(spec->rung[own->bank.label[lane]].lambda, &du, 1);
    return x <= 0 || draws_below(&draws, RNG_UPDATE, site, num_exp(-x));
}

/* Decides what the quick exp has left open. */
static void __attribute__((noinline))
NAMED(settle)(const struct rotor_bank *own, int first,
              struct rotor_attempts *a)
{
    int shift = own->first_word + a->column * FLOATS -
                (int)(own->bank.spec.first_walker % ROTORS_LANES);
    for (int i = 0; i < a->count; i++)
        for (int k = 0; k < FLOATS; k++) {
            int lane = shift + k;
            if (fabsf(a->over[i][k]) > FLOATS_EXP_ERROR + 2 || lane < 0 ||
                lane >= own->bank.spec.lanes)
                continue;
            uint32_t site = own->links->order[first + i];
            a->over[i][k] = NAMED(accepts)(own, a, site, lane, a->d[i][k])
                                ? 1 : -1;
        }
}

/* U's first 24 digits are an integer, U is less than one more: accepted when
   exp is well over it. Where x >= 0 the quick exp is 2^24 or more. */
ROTORS_INLINE void NAMED(decide)(struct rotor_bank *own,
                                 const struct rotor_chunk *chunk,
                                 struct rotor_attempts *a)
{
    int at = NAMED(words_at)(own, chunk, a->first, a->column);
    floats gain = own->gain[a->column];
    ints open = {0};
    for (int i = 0; i < a->count; i++, at += chunk->planes * PLANE_WORDS) {
        words w = floats_words((const uint32_t *)chunk->update + at);
        floats u = __builtin_convertvector((ints)(w >> 8), floats);
        floats over = floats_exp2_24(gain * a->d[i]) - u;
        a->over[i] = over;
        open |= (floats)((ints)over & 0x7fffffff) <= FLOATS_EXP_ERROR + 2;
    }
    if (floats_any(open))
        NAMED(settle)(own, chunk->first + a->first, a);
}

ROTORS_INLINE void NAMED(move)(struct rotor_bank *own, floats *spin,
                               int first, const struct rotor_attempts *a,
                               const int n)
{
    ints hits = own->hits[a->column];
    for (int i = 0; i < a->count; i++) {
        floats *s = NAMED(at)(spin, own->place[first + i]);
        ints accept = a->over[i] > 0;
        hits -= accept;
        for (int c = 0; c < n; c++)
            s[c] = floats_select(accept, a->to[i][c], s[c]);
    }
    own->hits[a->column] = hits;
}

/* ---- the sweep --------------------------------------------------------- */

/* z and n as constants where it matters. */
#define ROTORS_CASES(z, n, call, ...)                                        \
    if (z == 4 && n == 2)                                                    \
        NAMED(call)(__VA_ARGS__, 4, 2);                                      \
    else if (z == 6 && n == 3)                                               \
        NAMED(call)(__VA_ARGS__, 6, 3);                                      \
    else if (n == 2)                                                         \
        NAMED(call)(__VA_ARGS__, z, 2);                                      \
    else                                                                     \
        NAMED(call)(__VA_ARGS__, z, 3)

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

/* ---- measuring: the sums of rotors_measure, in its order ---------------- */

struct rotor_vectors {
    doubles bonds, current[LATTICE_DIM][ROTORS_PLANES], moment[ROTORS_MOST];
};

ROTORS_INLINE void NAMED(add)(doubles *sum, floats x)
{
    *sum += __builtin_convertvector(x, doubles);
}

ROTORS_INLINE void NAMED(sum_bond)(const floats *s, const floats *t, int axis,
                                   const int n, struct rotor_vectors *sums)
{
    NAMED(add)(&sums->bonds, NAMED(dot)(n, s, t));
    for (int p = 0; p < (n == 2 ? 1 : 3); p++) {
        int q = n == 2 ? 1 : (p + 1) % 3;
        NAMED(add)(&sums->current[axis][p], s[p] * t[q] - s[q] * t[p]);
    }
}

ROTORS_INLINE void NAMED(sum_column)(const struct rotor_bank *own,
                                     const floats *spin,
                                     struct rotor_vectors *sums, const int z,
                                     const int n)
{
    const int32_t *other = own->links->other;
    for (int i = 0; i < own->sites; i++, other += z) {
        const floats *s = spin + i * n;
        for (int c = 0; c < n; c++)
            NAMED(add)(&sums->moment[c], s[c]);
        for (int a = 0; a < z / 2; a++)
            if (other[2 * a + 1] >= 0)
                NAMED(sum_bond)(s, spin + other[2 * a + 1] * n, a, n, sums);
    }
}

static void NAMED(measure_column)(const struct rotor_bank *own, int column,
                                  struct rotor_vectors *sums)
{
    const floats *spin = NAMED(column)(own, column);
    memset(sums, 0, sizeof *sums);
    ROTORS_CASES(own->degree, own->n, sum_column, own, spin, sums);
}

static struct rotor_sums NAMED(sums_of)(const struct rotor_vectors *from,
                                        int lane)
{
    struct rotor_sums sums = {.bonds = from->bonds[lane]};
    for (int a = 0; a < LATTICE_DIM; a++)
        for (int p = 0; p < ROTORS_PLANES; p++)
            sums.current[a][p] = from->current[a][p][lane];
    for (int c = 0; c < ROTORS_MOST; c++)
        sums.moment[c] = from->moment[c][lane];
    return sums;
}

static void NAMED(measure)(const struct bank *bank, double *statistics,
                           int threads)
{
    const struct rotor_bank *own = (const struct rotor_bank *)bank;
    const struct system *system = bank->spec.system;
    struct rotor_vectors vectors[COLUMNS_MOST];
#pragma omp parallel for num_threads(threads) if (threads > 1)
    for (int column = 0; column < own->columns; column++)
        NAMED(measure_column)(own, column, &vectors[column]);
    for (int lane = 0; lane < bank->spec.lanes; lane++) {
        struct rotor_place at = NAMED(place)(bank, lane);
        struct rotor_sums sums = NAMED(sums_of)(&vectors[at.column], at.lane);
        rotors_statistics(system, &sums,
                          statistics + lane * system->model->statistics);
    }
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

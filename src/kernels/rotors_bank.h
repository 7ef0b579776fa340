/* A bank of the kernels of unit vectors: its layout, setting up, one lane. A
   part of kernels/rotors_body.h, included once per instruction set. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/math.h"
#include "core/kernel.h"
#include "core/rotors.h"
#include "kernels/floats.h"

#define ROTORS_INLINE static inline __attribute__((always_inline))

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
